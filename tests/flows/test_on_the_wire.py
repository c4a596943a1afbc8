"""What a page and a connection may do round one write: the site receives one request, or we say that we do not know.

Each history here ended in a second account, a wrong outcome or an unread confirmation once.
"""

import pytest

from bcflow.pages.kit.screen.page_scan import scan
from bcflow.pages.kit.writing import aftermath
from bcflow.pages.kit.writing.aftermath import ClickWatch
from bcflow.pages.kit.writing.code_prompt import CodePrompt
from standin import seed
from standin.switches import parse_fault
from tests.support.flow_desk import Desk, Ran
from tests.support.flow_jobs import FLOWS, WRITE_KIND, make, make_create_ad_account, make_invite_member
from tests.support.nightly import nightly_except

CREATES = "create-ad-account"
EITHER = pytest.mark.parametrize("flow", nightly_except([CREATES, "invite-member"], "invite-member"))
"""What is of the wire, not of a flow: with every change in the quicker one."""


def strike(desk: Desk, *faults: str, flow: str = "invite-member") -> None:
    kind = WRITE_KIND[flow]
    desk.standin.world.faults += [parse_fault(f"{fault}:{kind}:1") for fault in faults]


def received(desk: Desk, flow: str = "invite-member") -> list[bool]:
    return [write.applied for write in desk.writes(WRITE_KIND[flow])]


def made(desk: Desk) -> int:
    name = make_create_ad_account().name
    return sum(account.name == name for account in desk.standin.world.ad_accounts.values())


def invited(desk: Desk) -> bool:
    return desk.standin.world.business_centers[seed.NORTHWIND].member(make_invite_member().email) is not None


def brought_about(desk: Desk, flow: str) -> int:
    return made(desk) if flow == CREATES else int(invited(desk))


def run_twice(desk: Desk, flow: str, settle: float = 1) -> tuple[Ran, Ran]:
    return desk.run(make(flow), settle=settle), desk.run(make(flow), settle=settle)


@pytest.mark.parametrize("cut", nightly_except(["cut_fin", "cut_rst"], "cut_rst"))
@pytest.mark.parametrize("where", nightly_except(["before-applied", "unanswered", "headers", "body"], "before-applied"))
@EITHER
def test_a_connection_that_is_cut_anywhere_brings_one_request(desk: Desk, cut: str, where: str, flow: str) -> None:
    strike(desk, f"{cut}={where}", flow=flow)
    first, second = run_twice(desk, flow)
    assert len(received(desk, flow)) == 1
    assert brought_about(desk, flow) == (where != "before-applied")
    assert first.first.outcome == ("unknown" if where == "before-applied" else "waiting"), first.said
    assert second.writes == 0


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "invite-member"))
def test_no_flow_lets_the_browser_send_again(desk: Desk, flow: str) -> None:
    strike(desk, "cut_rst=unanswered", flow=flow)
    first, second = run_twice(desk, flow)
    assert received(desk, flow) == [True]
    assert set(first.outcomes) <= {"done", "waiting"}, first.said
    assert second.writes == 0


@pytest.mark.nightly
@pytest.mark.parametrize(
    "fault",
    nightly_except(
        ["answer_after=408", "answer_after=409", "answer_after=429", "internal_error_after"], "answer_after=409"
    ),
)
@EITHER
def test_an_answer_that_is_no_known_no_is_looked_behind(desk: Desk, fault: str, flow: str) -> None:
    strike(desk, fault, flow=flow)
    first, second = run_twice(desk, flow, settle=5)
    assert (brought_about(desk, flow), len(received(desk, flow))) == (1, 1)
    assert first.first.outcome == "waiting", first.said
    assert second.first.outcome == "already"


@pytest.mark.nightly
@pytest.mark.parametrize(
    "fault", nightly_except(["answer_before=409", "answer_before=429", "internal_error_before"], "answer_before=429")
)
def test_what_was_not_seen_after_such_an_answer_is_unknown_in_the_sites_words(desk: Desk, fault: str) -> None:
    strike(desk, fault)
    ran = desk.run(make_invite_member(), settle=1)
    assert ran.first.outcome == "unknown"
    assert fault.rpartition("=")[2][:3] in ran.said or "System error" in ran.said, ran.said
    assert received(desk) == [False]


@pytest.mark.nightly
def test_words_a_person_said_are_a_no_are_one_from_then_on(desk: Desk) -> None:
    strike(desk, "internal_error_before")
    unknown = desk.run(make_invite_member(), settle=1)
    assert unknown.first.outcome == "unknown", unknown.said
    desk.ledger.settle("run-1", happened=False, by="a person", remember=True)
    strike(desk, "internal_error_before")
    again = desk.run(make_invite_member(), settle=1)
    assert again.first.outcome == "refused", again.said
    assert received(desk) == [False, False]
    assert not invited(desk)


@pytest.mark.nightly
@EITHER
def test_an_unrelated_toast_is_no_answer(desk: Desk, flow: str) -> None:
    strike(desk, "toast=Notifications could not be loaded", "stale_list=30", flow=flow)
    first, second = run_twice(desk, flow)
    assert (brought_about(desk, flow), received(desk, flow)) == (1, [True])
    assert first.first.outcome == "unknown", first.said
    assert "Notifications" in first.said
    assert second.writes == 0


@pytest.mark.nightly
@EITHER
def test_a_write_that_would_leave_after_we_gave_up_does_not_leave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, flow: str
) -> None:
    monkeypatch.setattr(aftermath, "SILENCE_SECONDS", 1.0)
    strike(desk, "late_write=1.2", flow=flow)
    ran = desk.run(make(flow), settle=1)
    assert (ran.first.outcome, ran.writes) == ("failed", 0), ran.said
    assert received(desk, flow) == []
    desk.standin.world.faults.clear()
    assert desk.run(make(flow)).first.outcome == "waiting"
    assert (brought_about(desk, flow), received(desk, flow)) == (1, [True])


def test_a_late_write_is_waited_for(desk: Desk) -> None:
    strike(desk, "late_write=2.5")
    ran = desk.run(make_invite_member())
    assert (ran.first.outcome, ran.writes) == ("waiting", 1), ran.said
    assert received(desk) == [True]


def test_a_dialog_that_nobody_knows_is_not_confirmed(desk: Desk) -> None:
    strike(desk, "fee_dialog")
    ran = desk.run(make_invite_member(), settle=1)
    assert ran.first.outcome == "screen-changed"
    assert "monthly fee" in ran.said
    assert (desk.writes("fee"), desk.writes("invite")) == ([], [])
    assert not invited(desk)


@pytest.mark.nightly
def test_a_question_of_the_page_before_its_write_is_not_taken_for_the_write(desk: Desk) -> None:
    strike(desk, "precheck")
    ran = desk.run(make_invite_member())
    assert ran.first.outcome == "waiting", ran.said
    assert (len(desk.writes("precheck")), received(desk)) == (1, [True])


@pytest.mark.nightly
def test_a_question_that_is_refused_ends_it_before_the_write(desk: Desk) -> None:
    strike(desk, "precheck=no")
    ran = desk.run(make_invite_member(), settle=1)
    assert ran.first.outcome == "refused", ran.said
    assert received(desk) == []


@pytest.mark.nightly
def test_an_answer_that_comes_when_nobody_waits_for_it_any_more_is_one_write(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aftermath, "ANSWER_SECONDS", 3.0)
    strike(desk, "slow=4")
    ran = desk.run(make_invite_member(), settle=20)
    assert (ran.first.outcome, ran.writes) == ("waiting", 1), ran.said
    assert received(desk) == [True]
    again = desk.run(make_invite_member())
    assert (again.first.outcome, again.writes, received(desk)) == ("already", 0, [True]), again.said


@pytest.mark.nightly
def test_reads_that_all_come_late_change_nothing(desk: Desk) -> None:
    desk.site.patience = 45
    desk.standin.world.faults.append(parse_fault("slow=1.5:read"))
    ran = desk.run(make_invite_member(), settle=20)
    assert (ran.first.outcome, ran.writes, received(desk)) == ("waiting", 1, [True]), ran.said


@pytest.mark.nightly
@pytest.mark.parametrize("seconds", nightly_except(["0.3", "1.2"], "1.2"))
def test_the_second_request_of_a_write_leaves(desk: Desk, seconds: str) -> None:
    strike(desk, f"two_requests={seconds}")
    ran = desk.run(make_invite_member())
    assert (ran.first.outcome, ran.writes) == ("waiting", 2), ran.said
    assert (received(desk), len(desk.writes("bind"))) == ([True], 1)


@pytest.mark.nightly
def test_a_code_that_is_asked_for_after_the_yes_is_given(desk: Desk) -> None:
    desk.answer = lambda _question: desk.standin.world.codes[-1].code
    strike(desk, "code_after_yes=0.7")
    ran = desk.run(make_invite_member())
    assert ran.first.outcome == "waiting", ran.said
    assert received(desk) == [True]
    assert invited(desk)


@pytest.mark.nightly
def test_a_code_that_is_asked_for_while_the_page_is_being_read_is_seen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.answer = lambda _question: desk.standin.world.codes[-1].code
    strike(desk, "code_after_yes=0.7")

    def covered_meanwhile(_watch: ClickWatch, **_more: object) -> str:
        assert desk.site.until(lambda: CodePrompt.on(desk.site) is not None, seconds=20)
        return "answered"

    monkeypatch.setattr(ClickWatch, "_after_answer", covered_meanwhile)
    ran = desk.run(make_invite_member())
    assert ran.first.outcome == "waiting", ran.said
    assert (received(desk), invited(desk)) == ([True], True)


@pytest.mark.nightly
def test_without_a_code_after_the_yes_nothing_is_claimed(desk: Desk) -> None:
    strike(desk, "code_after_yes=0.7")
    ran = desk.run(make_invite_member(), settle=1)
    assert (ran.first.outcome, ran.first.waiting_for, ran.first.needs) == ("waiting", "you", "code"), ran.said
    assert not invited(desk)
    assert "nothing was written" not in ran.said


@pytest.mark.nightly
@pytest.mark.parametrize("how", nightly_except(["captcha=page", "captcha=page_sso", "captcha=write"], "captcha=page"))
def test_a_captcha_at_the_write_waits_for_you_and_sends_no_more(desk: Desk, how: str) -> None:
    strike(desk, how)
    ran = desk.run(make_invite_member(), settle=1)
    assert (ran.first.outcome, ran.first.waiting_for, ran.first.needs) == ("waiting", "you", "captcha"), ran.said
    assert received(desk) == [False]
    assert not invited(desk)


@pytest.mark.nightly
def test_a_captcha_that_a_person_solves_lets_the_same_request_leave_again(desk: Desk) -> None:
    strike(desk, "captcha=page")

    def solve(_kind: str) -> bool:
        desk.page.locator("[class*=captcha] button, button[class*=captcha]").first.click()
        return bool(desk.site.until(lambda: not scan(desk.site).captcha, seconds=20))

    desk.site.session.hand_over = solve
    ran = desk.run(make_invite_member())
    assert ran.first.outcome == "waiting", ran.said
    assert ran.first.waiting_for == "invitee"
    assert received(desk)[-1] is True
    assert sum(received(desk)) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("fault", nightly_except(["retry", "beacon", "other_path"], "retry"))
@EITHER
def test_however_the_page_sends_it_one_is_received(desk: Desk, fault: str, flow: str) -> None:
    strike(desk, fault, *(["500_after"] if fault == "retry" else []), flow=flow)
    first, second = run_twice(desk, flow, settle=5)
    assert (brought_about(desk, flow), received(desk, flow)) == (1, [True])
    assert first.first.outcome == "waiting", first.said
    assert second.writes == 0


@pytest.mark.nightly
def test_what_pages_tell_of_themselves_is_no_write(desk: Desk) -> None:
    desk.standin.world.faults += [parse_fault("noise"), parse_fault("chatty=260")]
    ran = desk.run(make_invite_member())
    assert (ran.first.outcome, ran.writes) == ("waiting", 1), ran.said
    assert received(desk) == [True]
