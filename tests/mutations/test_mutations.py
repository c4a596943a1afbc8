"""What `bcflow check-ui` says of changes that are known: one of each class, and of none; see `make mutations`."""

from collections.abc import Iterator

import pytest

from bcflow.flows.declared import states_of
from bcflow.runner.network.gateway import Gateway
from standin.server import StandIn
from tests.mutations.bench import Bench
from tests.mutations.clean import clean_checks
from tests.mutations.drawing import draw, named
from tests.mutations.judging import judge
from tests.mutations.targets import ADD, CREATE, INVITE
from tests.support.flow_jobs import make
from tests.support.lent_context import LentContext
from tests.support.nightly import nightly_except

CHANGES = [
    ("removed accounts.send", ADD, "blocking"),
    ("button renamed accounts.send", ADD, "label"),
    ("modal to drawer surface=drawer", ADD, "structure"),
    ("heading above accounts.title", ADD, "cosmetic"),
    ("button renamed members.skip", INVITE, "label"),
    ("disabled members.next", INVITE, "blocking"),
    ("box that must be ticked declaration=invite", INVITE, "blocking"),
    ("field renamed wizard.industry", CREATE, "label"),
]


@pytest.fixture(scope="module")
def bench(standin_server: StandIn, lent_context: LentContext, gateway: Gateway) -> Iterator[Bench]:
    """One bench for this file: its baseline is taken once."""
    yield Bench(standin_server, lent_context, gateway)
    standin_server.reset(seed_number=1, axes={}, faults=[], stranger=0)


@pytest.mark.parametrize(("name", "flow", "severity"), nightly_except(CHANGES, CHANGES[1]))
def test_a_change_is_found_and_called_what_it_does(bench: Bench, name: str, flow: str, severity: str) -> None:
    judged = judge(bench, named(name, flow), {})
    assert judged.worst == severity, judged.details()
    assert judged.is_right, judged.details()
    assert not judged.ended.wrong


@pytest.mark.nightly
def test_other_data_are_no_change(bench: Bench) -> None:
    for clean in clean_checks(bench, (0, 1)):
        assert clean.is_same, clean.line()
        assert clean.findings.coverage.seen > 10


def test_a_flow_does_not_rely_on_the_choice_of_another_one() -> None:
    chosen = {
        flow: {one.concept for state in states_of(make(flow)) for one in state.elements} for flow in (ADD, CREATE)
    }
    assert "request access" in chosen[ADD] - chosen[CREATE]
    assert "create new" in chosen[CREATE] - chosen[ADD]


def test_a_seed_always_stands_for_the_same_change() -> None:
    drawn = [draw(number) for number in range(400)]
    assert [draw(number) for number in range(400)] == drawn
    assert len({(one.name, one.flow) for one, _ in drawn}) > 150
    assert not any(one.breaks - {one.flow} for one, _ in drawn if one.least == "cosmetic")
