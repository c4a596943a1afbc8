"""A desk for every test: a fresh world, a fresh home, signed in already."""

from pathlib import Path

import pytest

from standin.server import StandIn
from tests.support.signed_in_home import Desk


@pytest.fixture
def desk(standin: StandIn, tmp_path: Path) -> Desk:
    made = Desk(standin, tmp_path)
    made.save_sign_in()
    return made
