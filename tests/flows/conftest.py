"""One browser and one context for all flow tests, emptied after each, and a fresh world for each."""

from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from bcflow.runner.network.gateway import Gateway
from standin import seed
from standin.api import writes
from standin.server import StandIn
from tests.support.flow_desk import Desk
from tests.support.on_failure import sections
from tests.support.slots import Operator, slot_on


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say at once what to look at, while the page of the failed test is still there."""
    report = yield
    if report.when == "call" and report.failed:
        given = getattr(item, "funcargs", {})
        report.sections += sections(given.get("desk"), given.get("standin"))
    return report


@pytest.fixture
def context(warm_context: BrowserContext) -> BrowserContext:
    """Take the context that all flow tests share."""
    return warm_context


@pytest.fixture
def desk(standin: StandIn, context: BrowserContext, tmp_path: Path, gateway: Gateway) -> Iterator[Desk]:
    """Sit at a browser that is signed in already."""
    answer = context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL})
    assert answer.ok
    made = Desk(standin, context, tmp_path, gateway)
    yield made
    made.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the requests that the stand-in receives, by path."""
    received: Counter[str] = Counter()
    plain = writes._call

    def counted(request: Any, *others: Any) -> writes.Call:  # noqa: ANN401 - as the stand-in's own
        received[request.url.path] += 1
        return plain(request, *others)

    monkeypatch.setattr(writes, "_call", counted)
    return received


@pytest.fixture(scope="module")
def slot_of_file(standin_server: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """One slot for a file: the start of a browser is what takes long."""
    with slot_on(standin_server, tmp_path_factory.mktemp("slot")) as made:
        yield made


@pytest.fixture
def one_slot(slot_of_file: Operator, standin: StandIn) -> Operator:
    """Begin with an empty ledger and a browser that stays, and learn soon that the new world knows no session."""
    slot_of_file.forget()
    slot_of_file.slot._calls = 0
    standin.world.set_axes({"late_redirect": "0"})
    return slot_of_file
