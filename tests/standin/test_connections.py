"""Connections stay open, and the log of writes says on which one each request came."""

import socket
from contextlib import closing
from http.client import HTTPConnection
from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from standin import seed
from standin.api.connections import KEEP_ALIVE
from standin.server import StandIn
from tests.standin.conftest import Do
from tests.standin.test_faults import INVITE, NEW, invite
from tests.support.waiting import until

pytestmark = pytest.mark.own_context


def test_connection_is_used_again_and_the_log_says_so(standin: StandIn, shell: Page) -> None:
    assert invite(shell) == "ok"
    assert invite(shell, "second.person@client.example") == "ok"
    first, second = standin.world.writes
    assert first.reused
    assert second.reused
    with closing(HTTPConnection(urlsplit(standin.bc_url).netloc)) as asked:
        asked.request("GET", "/api/v2/bm/user/")
        assert asked.getresponse().getheader("connection") is None
    assert KEEP_ALIVE == 75


def test_request_that_the_browser_sends_again_is_a_second_arrival(standin: StandIn, shell: Page, act: Do) -> None:
    act("faults", faults=["drop_after:invite:1"])
    assert invite(shell).startswith("refused")
    assert [(entry.applied, entry.answered) for entry in standin.world.writes] == [(True, False), (False, True)]
    dropped, again = standin.world.writes
    assert dropped.reused
    assert again.connection != dropped.connection
    assert again.body == dropped.body


AGAIN_APPLIED = [(False, False), (True, True)]
AGAIN_REFUSED = [(True, False), (False, True)]
ONCE = [(True, False)]


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("cut", "ends", "arrivals"),
    [
        ("cut_fin=before-applied", "ok", AGAIN_APPLIED),
        ("cut_rst=before-applied", "ok", AGAIN_APPLIED),
        ("cut_fin=unanswered", "refused", AGAIN_REFUSED),
        ("cut_rst=unanswered", "refused", AGAIN_REFUSED),
        ("cut_fin=headers@0", "refused", AGAIN_REFUSED),
        # An orderly end in the headers passes for the end of the answer; a reset there is sent again.
        ("cut_fin=headers", "broken", ONCE),
        ("cut_rst=headers", "refused", AGAIN_REFUSED),
        ("cut_fin=body", "broken", ONCE),
        ("cut_rst=body", "broken", ONCE),
        ("cut_fin=body@1", "broken", ONCE),
    ],
)
def test_write_on_a_used_connection_that_is_cut(
    standin: StandIn, shell: Page, act: Do, cut: str, ends: str, arrivals: list[tuple[bool, bool]]
) -> None:
    act("faults", faults=[f"{cut}:invite:1"])
    assert invite(shell).partition(":")[0] == ends
    assert [(entry.applied, entry.answered) for entry in standin.world.writes] == arrivals
    assert standin.world.business_centers[seed.NORTHWIND].member(NEW) is not None


def test_browser_sends_again_after_408_on_a_used_connection(standin: StandIn, shell: Page, act: Do) -> None:
    act("faults", faults=["answer_after=408:invite:1"])
    assert invite(shell).startswith("refused")
    assert [(entry.applied, entry.answered) for entry in standin.world.writes] == [(True, True), (False, True)]


def test_cut_at_an_unknown_place_is_no_fault(act: Do) -> None:
    assert "is not like" in act("faults", add=["cut_fin=middle:invite"])["error"]


def test_stand_in_stops_at_once_though_connections_are_open(page: Page) -> None:
    with StandIn() as site:
        page.goto(f"{site.ads_url}/i18n/login")
        page.request.get(f"{site.bc_url}/select")
        started = monotonic()
    assert monotonic() - started < 2
    assert site._thread is not None
    assert not site._thread.is_alive()


def test_write_whose_body_never_came_whole_is_an_arrival_that_was_not_received(standin: StandIn) -> None:
    with socket.create_connection(("127.0.0.1", int(standin.bc_url.rpartition(":")[2]))) as wire:
        wire.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{" % INVITE.encode())
    until(lambda: standin.world.writes, "the request")
    (entry,) = standin.world.writes
    assert (entry.received, entry.applied, entry.answered, entry.body) == (False, False, False, {})
