"""Signed out in the middle: sign in again, look again, then go on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from standin import control
from standin.server import StandIn
from standin.switches import parse_fault
from tests.support.flow_jobs import FLOWS, WRITE_KIND, make
from tests.support.nightly import nightly_except
from tests.support.slots import Operator, slot_on


@pytest.fixture(scope="module")
def one_slot(standin_server: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """One slot for this file: the start of a browser is what takes long."""
    with slot_on(standin_server, tmp_path_factory.mktemp("slot")) as made:
        yield made


@pytest.fixture
def operator(one_slot: Operator) -> Operator:
    one_slot.forget()
    return one_slot


@pytest.mark.parametrize("flow", nightly_except(FLOWS, "invite-member"))
def test_a_session_that_ended_before_the_look_is_renewed(operator: Operator, standin: StandIn, flow: str) -> None:
    before = operator.sign_ins
    record = operator.run(make(flow))
    assert record["outcome"] in ("done", "waiting"), record["message"]
    assert operator.sign_ins == before + 1
    assert len(standin.world.writes) == record["writes"] == 1


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "invite-member"))
def test_signed_out_at_the_click_nothing_is_applied_and_the_answer_is_honest(
    operator: Operator, standin: StandIn, flow: str
) -> None:
    standin.world.faults.append(parse_fault(f"signed_out=next_write:{WRITE_KIND[flow]}:1"))
    record = operator.run(make(flow))
    applied = [entry for entry in standin.world.writes if entry.applied]
    assert len(standin.world.writes) == 1
    assert applied == []
    assert record["outcome"] in ("refused", "unknown", "failed"), record["message"]


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "share-with-partner"))
def test_signed_out_after_the_click_it_signs_in_and_looks_before_anything_else(
    operator: Operator, standin: StandIn, flow: str
) -> None:
    standin.world.faults.append(parse_fault(f"signed_out=after_write:{WRITE_KIND[flow]}:1"))
    record = operator.run(make(flow))
    assert record["outcome"] in ("done", "waiting"), record["message"]
    assert len(standin.world.writes) == 1
    assert standin.world.writes[0].applied


LATE = 25


@pytest.fixture(scope="module")
def late_records(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[dict[str, Any], int]]:
    """All flows that are to be looked at, at the same time, on sites that go to the log-in page only after 25 s."""
    wanted = [item for item in request.session.items if "late_records" in getattr(item, "fixturenames", ())]
    flows = [str(item.callspec.params["flow"]) for item in wanted if isinstance(item, pytest.Function)]

    def one(flow: str) -> tuple[dict[str, Any], int]:
        folder: Path = tmp_path_factory.mktemp(flow)
        with StandIn() as site, slot_on(site, folder) as operator:
            assert operator.slot.call("login", {}, 100)["ok"]
            site.world.set_axes({"late_redirect": str(LATE)})
            control.expire_sessions(site.world, {})
            return operator.run(make(flow)), len(site.world.writes)

    with ThreadPoolExecutor(len(flows)) as together:
        return dict(zip(flows, together.map(one, flows), strict=True))


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "invite-member"))
def test_a_shell_that_shows_for_25_seconds_without_a_session_proves_nothing(
    late_records: dict[str, tuple[dict[str, Any], int]], flow: str
) -> None:
    record, received = late_records[flow]
    assert record["outcome"] in ("done", "waiting"), record["message"]
    assert record["seconds"] > LATE
    assert received == record["writes"] == 1
