"""What a check amounts to: its order, its coverage, its verdict and exit code; and two looks that must agree."""

import pytest

from bcflow.models.ui_check import ElementSeen, UiCheck
from bcflow.runner.checks.compare import compare, confirmed
from tests.support.ui_checks import CONTROLS, OUTLINE, check, element, screen

GONE = element(standing="missing", text="")
BEHIND = element(concept="role", standing="not reached", text="", why="behind a write")


def not_reached(number: int, why: str) -> ElementSeen:
    return element(concept=f"{why} {number}", standing="not reached", text="", why=why)


def test_findings_come_worst_first_and_of_the_same_class_first_what_breaks_a_flow() -> None:
    before = check(element(), element(concept="role", kind="column", text="Role"), element(concept="admin", text="A"))
    now = check(
        element(standing="candidate", text="Bring aboard"),
        element(concept="role", kind="column", text="Rights"),
        element(concept="admin", standing="missing", text=""),
        element(concept="export", standing="candidate", text="Get", needed=False),
        screens=[screen(path="/people", controls=["button: Bring aboard", *CONTROLS[1:]])],
    )
    found = compare(before, now)
    assert [one.severity for one in found.items] == ["blocking", "structure", "label", "label", "cosmetic"]
    assert [one.concept for one in found.items][2:4] == ["invite member", "export"]
    assert found.counts == {"blocking": 1, "structure": 1, "label": 2, "cosmetic": 1}


def test_flows_that_break_are_named_once_and_sorted() -> None:
    now = check(
        element(standing="missing", text="", flows=["share-with-partner", "invite-member"]),
        element(concept="role", standing="candidate", text="x", flows=["invite-member"]),
        element(concept="name", text="Names", flows=["create-ad-account"]),
    )
    assert compare(None, now).flows == ["invite-member", "share-with-partner"]


def test_coverage_says_why_the_rest_was_not_seen_and_does_not_count_what_is_no_flows() -> None:
    here = [element(concept=str(number)) for number in range(40)]
    rest = [not_reached(n, "no partner") for n in range(9)] + [not_reached(n, "behind a write") for n in range(13)]
    extra = element(concept="", text="Tax number", standing="insisted on")
    found = compare(None, check(*here, GONE, *rest, extra))
    assert str(found.coverage) == "41 of 63 seen; 22 not reachable here: no partner 9, behind a write 13"
    assert found.coverage.share == 41 / 63


def test_all_seen_is_said_without_reasons() -> None:
    assert str(compare(None, check()).coverage) == "1 of 1 seen"


@pytest.mark.parametrize(
    ("now", "least", "code", "summary"),
    [
        (check(), None, 0, "same"),
        (check(), 1.0, 0, "same"),
        (check(element(), BEHIND), None, 0, "same"),
        (check(element(), BEHIND), 0.5, 0, "same"),
        (check(element(), BEHIND), 0.51, 1, "could not check"),
        (check(BEHIND), None, 1, "could not check"),
        (check(elements=[]), None, 1, "could not check"),
        (check(could_not=["partners: signed out"]), None, 1, "could not check"),
        (check(GONE), None, 4, "changed: 1 blocking"),
        (check(GONE, could_not=["partners: signed out"]), None, 4, "changed: 1 blocking; part could not be checked"),
        (check(GONE, BEHIND), 0.9, 4, "changed: 1 blocking; part could not be checked"),
    ],
)
def test_exit_code_is_zero_only_where_all_was_seen_that_had_to_be(
    now: UiCheck, least: float | None, code: int, summary: str
) -> None:
    found = compare(None, now)
    assert (found.exit_code(least), found.summary(least)) == (code, summary)


def test_what_the_baseline_saw_and_nobody_reached_again_is_not_called_the_same() -> None:
    role = element(concept="role")
    found = compare(check(element(), role), check(element(), BEHIND))
    assert (found.items, found.verdict, found.exit_code(None)) == ((), "could not check", 1)
    assert found.could_not == ("not reached again, of what the baseline saw: 1 element (behind a write 1)",)
    assert compare(check(element(), BEHIND), check(element(), BEHIND)).verdict == "same"


def test_an_element_that_the_check_forgot_is_not_called_the_same_unless_another_version_has_other_ones() -> None:
    before = check(element(), element(concept="role"))
    assert compare(before, check()).verdict == "could not check"
    assert compare(before, check(version="0.2.0")).verdict == "same"


def test_only_what_both_looks_found_is_confirmed() -> None:
    first = compare(check(), check(screens=[screen(path="/people", controls=CONTROLS[:-1])]))
    second = compare(check(), check(screens=[screen(path="/people", kit={"okee": 1})], at="2026-11-24T20:25:00Z"))
    found = confirmed(first, second)
    assert [one.change for one in found.items] == ["path"]
    assert found.at == "2026-11-24T20:25:00Z"
    assert confirmed(first, compare(check(), check())).verdict == "same"


def test_an_element_that_no_known_word_led_to_in_both_looks_is_confirmed_as_the_second_saw_it() -> None:
    candidate = compare(None, check(element(standing="candidate", text="Bring aboard")))
    found = confirmed(compare(None, check(GONE)), candidate)
    assert [one.change for one in found.items] == ["candidate"]


def test_two_fields_that_a_form_insists_on_are_two() -> None:
    tax, vat = (element(kind="field", concept="", text=name, standing="insisted on") for name in ("Tax", "VAT"))
    found = confirmed(compare(None, check(tax)), compare(None, check(vat)))
    assert found.items == ()


def test_what_is_missing_in_one_look_is_confirmed_by_a_screen_that_is_gone_in_the_other() -> None:
    missing = compare(check(), check(GONE, screens=[screen(controls=CONTROLS[1:])]))
    gone = compare(check(), check(GONE, screens=[screen(state="form")]))
    for pair in ((missing, gone), (gone, missing)):
        assert [one.change for one in confirmed(*pair).items] == ["missing"]


def test_of_an_outline_only_the_lines_that_both_looks_found_are_confirmed() -> None:
    first = compare(check(), check(screens=[screen(outline=[*OUTLINE, "- one", "- banner"])]))
    second = compare(check(), check(screens=[screen(outline=[*OUTLINE, "- one", "- other"])]))
    (found,) = confirmed(first, second).items
    assert (found.removed, found.added) == ((), ("- one",))
    assert "0 lines gone, 1 line new" in found.what
    third = compare(check(), check(screens=[screen(outline=[*OUTLINE, "- third"])]))
    assert confirmed(first, third).items == ()


def test_what_either_look_could_not_do_is_said() -> None:
    first = compare(None, check(could_not=["partners: timeout"]))
    found = confirmed(first, compare(None, check(could_not=["members: timeout"])))
    assert found.could_not == ("partners: timeout", "members: timeout")


def test_a_screen_that_is_gone_in_one_look_and_not_reached_in_the_other_is_open() -> None:
    gone = compare(check(), check(GONE, screens=[screen(state="form")]))
    away = compare(check(), check(element(standing="not reached", text=""), screens=[]))
    found = confirmed(gone, away)
    assert found.items == ()
    assert "members, list: found in one look, not reached in the other: The screen is gone." in found.could_not


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_look_found_and_the_other_did_not_reach_is_neither_confirmed_nor_denied(*, turned: bool) -> None:
    away = element(standing="not reached", text="", why="timeout")
    looks = [compare(check(), check(GONE)), compare(None, check(away, element(concept="role")))]
    found = confirmed(*(reversed(looks) if turned else looks))
    assert (found.items, found.verdict) == ((), "could not check")
    assert any("found in one look, not reached in the other" in line for line in found.could_not)
    assert found.coverage.share == 0.5
