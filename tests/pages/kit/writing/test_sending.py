"""The one click that sends: never on another thing, never twice, never for another Business Center."""

import pytest
from playwright.sync_api import Page

from bcflow.models.errors import ScreenChanged, WrongPlace
from bcflow.pages.kit.screen import interruptions
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets.surface import on_top, wait_for_surface
from bcflow.pages.kit.writing.aftermath import Aftermath
from bcflow.pages.kit.writing.code_prompt import CodePrompt
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.kit.writing.sending import press
from bcflow.pages.kit.writing.wire import Wire
from standin import seed
from standin.server import StandIn
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

ADDRESS = "a@client.example"


def prepared(site: Site, *, org: str = seed.NORTHWIND) -> Commit:
    dialog = wait_for_surface(site, lambda: None if (now := on_top(site)).is_page else now, title="the dialog")
    return Commit.on(dialog, "confirm", org=org)


def wire_of(site: Site) -> Wire:
    assert isinstance(site.traffic, Wire)
    return site.traffic


def send(site: Site, commit: Commit) -> tuple[Aftermath, int]:
    armed: list[bool] = []
    aftermath = press(commit, wire_of(site), arm=lambda: armed.append(True))
    return aftermath, len(armed)


def invitations(standin: StandIn) -> list[bool]:
    return [write.applied for write in standin.world.writes if write.kind == "invite"]


@pytest.mark.parametrize(
    "prefix",
    nightly_except(
        [pytest.param(p, marks=pytest.mark.standin(axes={"kit_prefix": p})) for p in ("bc-okee", "okee", "byted")],
        "byted",
    ),
)
def test_a_write_is_armed_once_sent_once_and_answered(show: Show, standin: StandIn, prefix: str) -> None:
    site = show("sending")
    aftermath, armed = send(site, prepared(site))
    assert (armed, aftermath.sent.accepted(), aftermath.refused) == (1, True, "")
    assert invitations(standin) == [True], prefix


def test_a_refusal_is_given_in_the_sites_words(show: Show, standin: StandIn) -> None:
    site = show("sending", email=seed.EMAIL)
    aftermath, _ = send(site, prepared(site))
    assert aftermath.refused
    assert [answer.is_yes for answer in aftermath.sent.answers] == [False]
    assert invitations(standin) == [False]


@pytest.mark.nightly
def test_an_overlay_that_comes_with_the_click_is_not_clicked_away(show: Show, standin: StandIn, page: Page) -> None:
    site = show("sending", how="late")
    commit = prepared(site)
    interruptions.clear(site)
    page.set_default_timeout(1500)
    aftermath, armed = send(site, commit)
    assert armed == 1
    assert page.evaluate("BC.dismissed || 0") == 0, "no handler may run while a write is armed"
    assert len(invitations(standin)) <= 1
    assert len(aftermath.sent.writes) == len(invitations(standin))


def test_an_overlay_is_cleared_again_once_the_write_is_over(show: Show, page: Page) -> None:
    site = show("sending")
    send(site, prepared(site))
    page.evaluate("galleryCover('Not now')")
    interruptions.clear(site)
    assert page.locator(".cover").count() == 0


def test_a_click_that_raises_after_the_request_left_is_no_reason_to_send_again(
    show: Show, standin: StandIn, page: Page
) -> None:
    site = show("sending", how="blocked")
    commit = prepared(site)
    page.set_default_timeout(1500)
    aftermath, armed = send(site, commit)
    assert armed == 1
    assert len(aftermath.sent.writes) == 1
    assert invitations(standin) == [True]


def test_the_same_request_a_second_time_does_not_leave(show: Show, standin: StandIn) -> None:
    site = show("sending", how="twice")
    aftermath, _ = send(site, prepared(site))
    assert len(aftermath.sent.stopped) == 1
    assert len(invitations(standin)) == 1


def test_a_request_for_another_business_center_does_not_leave(show: Show, standin: StandIn) -> None:
    site = show("sending", how="other", other="6900000000000000074")
    aftermath, armed = send(site, prepared(site))
    assert armed == 1
    assert aftermath.sent.nothing
    assert aftermath.sent.stopped
    assert invitations(standin) == []


def test_a_page_about_another_business_center_is_not_clicked(show: Show, standin: StandIn) -> None:
    site = show("sending")
    with pytest.raises(WrongPlace):
        send(site, prepared(site, org="6900000000000000074"))
    assert invitations(standin) == []


def test_a_button_that_bears_another_word_by_now_is_not_clicked(show: Show, standin: StandIn, page: Page) -> None:
    site = show("sending")
    commit = prepared(site)
    page.set_default_timeout(1000)
    page.evaluate("galleryRename()")
    armed: list[bool] = []
    with pytest.raises(Exception, match=r"Confirm|Timeout"):
        press(commit, wire_of(site), arm=lambda: armed.append(True))
    assert (armed, invitations(standin)) == ([], [])


def test_a_dialog_that_is_gone_or_covered_by_another_is_not_clicked(show: Show, standin: StandIn, page: Page) -> None:
    site = show("sending")
    commit = prepared(site)
    page.keyboard.press("Escape")
    assert site.until(lambda: on_top(site).is_page, seconds=20)
    with pytest.raises(ScreenChanged):
        send(site, commit)
    assert invitations(standin) == []


def test_a_disabled_button_is_not_armed(show: Show, standin: StandIn) -> None:
    site = show("sending", how="disabled")
    armed: list[bool] = []
    with pytest.raises(ScreenChanged, match="disabled"):
        press(prepared(site), wire_of(site), arm=lambda: armed.append(True))
    assert (armed, invitations(standin)) == ([], [])


def test_a_form_that_is_not_as_filled_is_not_armed(show: Show, standin: StandIn) -> None:
    site = show("sending")
    dialog = prepared(site).surface
    filling = Filling(dialog)
    filling.note("role", "admin", lambda _now: "standard")
    with pytest.raises(ScreenChanged, match="role showing admin"):
        send(site, Commit.on(dialog, "confirm", org=seed.NORTHWIND, filling=filling))
    assert invitations(standin) == []


def test_what_is_done_before_the_guard_is_seen_by_it(show: Show, standin: StandIn, page: Page) -> None:
    site = show("sending")
    commit, told = (
        prepared(site),
        "() => document.querySelector('[class*=\"-content-header\"]').textContent = 'Another'",
    )
    armed: list[bool] = []
    with pytest.raises(ScreenChanged, match="Another"):
        press(commit, wire_of(site), arm=lambda: armed.append(True), ready=lambda: page.evaluate(told))
    assert (armed, invitations(standin)) == ([], [])


def test_a_click_that_does_nothing_is_seen_to_have_sent_nothing(show: Show, standin: StandIn) -> None:
    site = show("sending", how="silent")
    aftermath, armed = send(site, prepared(site))
    assert (armed, aftermath.sent.nothing, aftermath.said) == (1, True, "")
    assert invitations(standin) == []


def test_a_bare_question_in_between_is_answered_once(show: Show, standin: StandIn) -> None:
    site = show("sending", how="ask")
    aftermath, _ = send(site, prepared(site))
    assert aftermath.sent.accepted()
    assert invitations(standin) == [True]


def test_a_question_that_says_more_than_is_known_is_not_answered(show: Show, standin: StandIn) -> None:
    site = show("sending", how="ask", text="You accept a monthly fee of $400.")
    aftermath, _ = send(site, prepared(site))
    assert "monthly fee" in aftermath.question
    assert (aftermath.sent.nothing, aftermath.refused) == (True, "")
    assert invitations(standin) == []


@pytest.mark.nightly
def test_nothing_leaves_any_more_once_it_was_concluded_that_nothing_left(
    show: Show, standin: StandIn, page: Page
) -> None:
    site = show("sending", how="silent")
    aftermath, _ = send(site, prepared(site))
    late = "path => fetch(path, {method: 'POST', body: '{}'}).then(() => true, () => false)"
    assert page.evaluate(late, "/api/v2/bm/admin/user/invite/") is False
    assert aftermath.sent.nothing
    assert invitations(standin) == []
    site.leave()
    wire_of(site).open_again()
    assert aftermath.sent.stopped == ["POST /api/v2/bm/admin/user/invite/"]


@pytest.mark.standin(axes={"codes": "invite"})
def test_a_code_that_is_asked_for_stops_and_says_where_it_went(show: Show, standin: StandIn) -> None:
    site = show("sending", how="code")
    aftermath, _ = send(site, prepared(site))
    assert aftermath.wants == "code"
    assert not aftermath.refused
    prompt = CodePrompt.on(site)
    assert prompt is not None
    assert prompt.channel == "email"
    assert invitations(standin) == []
