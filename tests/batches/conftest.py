"""A desk for batches of flows that were seen to work before; a file that wants another one makes its own."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.batches import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home")) as opened:
        opened.prove("invite-member", "create-ad-account", "share-with-partner")
        yield opened
