"""One browser for all flow tests, a fresh context and a fresh world for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from standin import seed
from standin.server import StandIn
from tests.flows.desk import Desk


@pytest.fixture
def desk(standin: StandIn, context: BrowserContext, tmp_path: Path) -> Iterator[Desk]:
    """Sit at a browser that is signed in already."""
    answer = context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL})
    assert answer.ok
    made = Desk(standin, context, tmp_path)
    yield made
    made.close()
