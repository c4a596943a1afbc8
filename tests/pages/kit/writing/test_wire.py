"""Real requests from a page while a write is armed: one may leave, none for another Business Center."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page

from bcflow.pages.kit.writing.armed import Sent
from bcflow.pages.kit.writing.wire import Wire
from standin import seed
from standin.server import StandIn
from standin.world import Write

INVITE = "/api/v2/bm/admin/user/invite/"
SEND = """async ([path, body]) => {
  const token = document.cookie.split('; ').find(each => each.startsWith('csrftoken='))?.split('=')[1] ?? '';
  try {
    const answer = await fetch(path, {method: 'POST', body: JSON.stringify(body),
      headers: {'Content-Type': 'application/json', 'X-Csrftoken': token}});
    return answer.status;
  } catch (error) { return 0; }
}"""


@dataclass
class Line:
    """A signed-in page, its wire, and the write log at the other end."""

    page: Page
    wire: Wire
    stopped: list[str]
    received: Callable[[], list[Write]]

    def send(self, path: str, **body: object) -> int:
        """Send one request as the page's own script would; return its HTTP status, 0 if it did not leave."""
        status: int = self.page.evaluate(SEND, [path, body])
        return status


@pytest.fixture
def line(context: BrowserContext, standin: StandIn) -> Line:
    assert context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL}).ok
    page = context.new_page()
    stopped: list[str] = []
    wire = Wire(page, may_load=lambda url: "127.0.0.1" in url, on_stopped=stopped.append)
    page.goto(f"{standin.bc_url}/manage/members?org_id={seed.NORTHWIND}", wait_until="load")
    return Line(page, wire, stopped, lambda: standin.world.writes)


def path_of(org: str = seed.NORTHWIND, path: str = INVITE) -> str:
    return f"{path}?org_id={org}"


def armed_send(line: Line, *paths: str, ids: frozenset[str] = frozenset(), **body: object) -> Sent:
    with line.wire.armed(org=seed.NORTHWIND, ids=ids) as sent:
        for path in paths:
            line.send(path, **body)
    return sent


def test_second_request_of_the_same_write_does_not_leave(line: Line) -> None:
    sent = armed_send(line, path_of(), path_of())
    assert sent.writes == sent.stopped == [f"POST {INVITE}"]
    assert line.stopped == [f"POST {INVITE} (a second time)"]
    assert len(line.received()) == 1


def test_two_at_the_same_moment_are_one(line: Line) -> None:
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset()) as sent:
        line.page.evaluate(
            "path => Promise.allSettled([1, 2, 3].map(() => fetch(path, {method: 'POST', body: '{}'})))", path_of()
        )
    assert len(sent.writes) == len(line.received()) == 1
    assert len(sent.stopped) == 2


@pytest.mark.parametrize("named_in", ["address", "body"])
def test_write_for_another_business_center_does_not_leave(line: Line, named_in: str) -> None:
    other = seed.NORTHWIND_LABS
    sent = armed_send(line, path_of(other)) if named_in == "address" else armed_send(line, INVITE, org_id=other)
    assert (sent.writes, sent.stopped) == ([], [f"POST {INVITE}"])
    assert sent.nothing
    assert line.stopped == [f"POST {INVITE} (for {other})"]
    assert line.received() == []


def test_write_for_another_account_instead_of_ours_does_not_leave(line: Line) -> None:
    sent = armed_send(line, path_of(), ids=frozenset({seed.TWIN_A}), advs=[seed.TWIN_B])
    assert (sent.writes, sent.stopped) == ([], [f"POST {INVITE}"])
    assert line.received() == []


def test_write_that_names_what_was_expected_leaves(line: Line) -> None:
    sent = armed_send(line, path_of(), ids=frozenset({seed.TWIN_A}), advs=[seed.TWIN_A])
    assert sent.writes == [f"POST {INVITE}"]
    assert len(line.received()) == 1


def test_answer_of_the_site_is_heard(line: Line) -> None:
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset()) as sent:
        line.send(path_of(), emails=[], role="standard")
        while not sent.answers:
            line.page.evaluate("() => new Promise(requestAnimationFrame)")
    (answer,) = sent.answers
    assert answer.path == INVITE
    assert (answer.is_yes, answer.status, answer.code) == (False, 200, 40021)


def test_questions_go_through_as_often_as_the_page_likes(line: Line) -> None:
    ask = path_of(path="/api/v2/bm/member/query/")
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset()) as sent:
        answered = [line.send(ask), line.send(ask)]
    # The stand-in has no such call, and says so itself.
    assert answered == [404, 404]
    assert (sent.writes, sent.stopped, line.stopped) == ([], [], [])


def test_what_is_not_armed_is_left_alone_and_not_counted(line: Line) -> None:
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset()) as sent:
        pass
    line.wire.open_again()
    line.send(path_of())
    line.send(path_of())
    assert sent.nothing
    assert line.stopped == []
    assert len(line.received()) == 2


def test_after_the_armed_write_nothing_leaves_before_the_page_is_left(line: Line) -> None:
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset()) as sent:
        pass
    assert line.send(path_of()) == 0
    assert (sent.nothing, sent.stopped) == (True, [f"POST {INVITE}"])
    assert line.received() == []


TWICE = "const source = `fetch('${location.origin + path}', {method: 'POST', body: '{}', mode: 'no-cors'});`"
SENDERS = {
    "beacons": "navigator.sendBeacon(path, 'x'); navigator.sendBeacon(path, 'x')",
    "keepalive": "for (const at of [1, 2]) fetch(path, {method: 'POST', body: '{}', keepalive: true})",
    "pings": """const a = document.createElement('a'); a.href = '#x'; a.ping = path; document.body.append(a);
        a.click(); a.click()""",
    "worker": f"{TWICE}; new Worker(URL.createObjectURL(new Blob([source + source])))",
    "shared worker": f"{TWICE}; new SharedWorker(URL.createObjectURL(new Blob([source + source])))",
    "v2 beside v3": "for (const at of ['v2', 'v3']) fetch(path.replace('v2', at), {method: 'POST', body: '{}'})",
    "slash": "for (const at of ['/?', '?']) fetch(path.replace('/?', at), {method: 'POST', body: '{}'})",
    "GET": "fetch(path); fetch(path)",
}


@pytest.mark.nightly
@pytest.mark.parametrize("sender", SENDERS)
def test_whoever_sends_it_one_leaves(line: Line, sender: str) -> None:
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset()) as sent:
        line.page.evaluate(f"path => {{ {SENDERS[sender]} }}", path_of())
        while len(sent.writes) + len(sent.stopped) < 2 or sent.busy:
            line.wire.tick()
            line.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert (len(sent.writes), len(sent.stopped)) == (1, 1), line.stopped
    assert len(line.received()) <= 1


def test_form_that_is_posted_as_a_page_does_not_leave(line: Line) -> None:
    form = """path => { const form = document.createElement('form'); form.method = 'POST'; form.action = path;
      form.target = 'elsewhere'; document.body.append(form); form.submit(); }"""
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset()) as sent:
        line.page.evaluate(form, path_of())
        while not sent.stopped:
            line.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert sent.nothing
    assert "contents cannot be read" in line.stopped[0]
    assert line.received() == []


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"context": [{"bc_id": int(seed.NORTHWIND_LABS)}]}},
        {"data": {"org_id": seed.NORTHWIND_LABS}},
        {"note": f"see {seed.NORTHWIND_LABS}"},
    ],
    ids=["number in depth", "text in depth", "anywhere"],
)
def test_another_business_center_is_stopped_wherever_it_is_named(line: Line, body: dict[str, object]) -> None:
    known = frozenset({seed.NORTHWIND_LABS})
    with line.wire.armed(org=seed.NORTHWIND, ids=frozenset(), known_ids=known) as sent:
        line.send(path_of(), **body)
    assert (sent.nothing, sent.stopped) == (True, [f"POST {INVITE}"])
    assert line.received() == []
