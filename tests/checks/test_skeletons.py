"""What the skeletons say: what is new, gone, doubled, moved or built otherwise; and nothing twice."""

import pytest

from bcflow.models.ui_check import ScreenSeen
from bcflow.runner.checks.compare import compare
from bcflow.runner.checks.findings import Finding
from tests.support.ui_checks import CONTROLS, OUTLINE, check, element, screen

TAKEN = {"standing": "not reached", "text": "", "why": "no partner"}


def found(now: ScreenSeen, before: ScreenSeen | None = None) -> list[tuple[str, str]]:
    """Return class and kind of what is found on a screen that is otherwise as before."""
    items = compare(check(screens=[before or screen()]), check(screens=[now])).items
    return [(one.severity, one.change) for one in items]


def findings(now: ScreenSeen) -> tuple[Finding, ...]:
    return compare(check(), check(screens=[now])).items


def test_the_same_is_the_same() -> None:
    assert found(screen()) == []


def test_without_a_baseline_skeletons_say_nothing() -> None:
    assert compare(None, check(screens=[screen(controls=[])])).items == ()


def test_a_new_control_is_structure() -> None:
    (one,) = findings(screen(controls=[*CONTROLS, "tab: Groups"]))
    assert (one.severity, one.change, one.kind, one.before, one.after) == (
        "structure",
        "control new",
        "tab",
        "",
        "Groups",
    )
    assert one.flows == ()


def test_a_control_that_is_gone_is_structure() -> None:
    (one,) = findings(screen(controls=CONTROLS[:-1]))
    assert (one.severity, one.change, one.before, one.after) == ("structure", "control gone", "Export", "")


def test_a_doubled_control_is_structure_and_one_of_two_that_is_gone_as_well() -> None:
    twice = screen(controls=[*CONTROLS, "button: Export"])
    assert found(twice) == [("structure", "control doubled")]
    assert found(screen(), before=twice) == [("structure", "control gone")]


def test_another_order_is_structure_and_names_what_moved() -> None:
    (one,) = findings(screen(controls=[CONTROLS[-1], *CONTROLS[:-1]]))
    assert (one.severity, one.change) == ("structure", "controls moved")
    assert "button “Export”" in one.what
    assert "Search" not in one.what
    assert one.before == "Invite member · Search · Name · Role · Export"
    assert one.after == "Export · Invite member · Search · Name · Role"


def test_another_word_at_the_same_place_is_cosmetic() -> None:
    (one,) = findings(screen(controls=[*CONTROLS[:-1], "button: Download"]))
    assert (one.severity, one.change) == ("cosmetic", "control renamed")
    assert (one.before, one.after) == ("Export", "Download")


@pytest.mark.parametrize("changed", ["link: Download", "field: Export"])
def test_another_kind_at_the_same_place_is_not_another_word(changed: str) -> None:
    assert found(screen(controls=[*CONTROLS[:-1], changed])) == [
        ("structure", "control gone"),
        ("structure", "control new"),
    ]


def test_another_word_elsewhere_is_not_another_word() -> None:
    changes = found(screen(controls=["button: Download", *CONTROLS[:-1]]))
    assert sorted(changes) == [("structure", "control gone"), ("structure", "control new")]


def test_another_word_on_what_flows_rely_on_is_never_cosmetic() -> None:
    now = check(element(**TAKEN), screens=[screen(controls=["button: Bring aboard", *CONTROLS[1:]])])
    changes = [(one.severity, one.change) for one in compare(check(), now).items]
    assert sorted(changes) == [("structure", "control gone"), ("structure", "control new")]


@pytest.mark.parametrize(
    ("changed", "controls", "change"),
    [
        ({"standing": "missing", "text": ""}, CONTROLS[1:], "missing"),
        ({"standing": "candidate", "text": "Bring aboard"}, ["button: Bring aboard", *CONTROLS[1:]], "candidate"),
        ({"text": "Invite people"}, ["button: Invite people", *CONTROLS[1:]], "another word"),
        ({"standing": "ambiguous"}, [CONTROLS[0], *CONTROLS], "ambiguous"),
    ],
)
def test_what_an_element_says_is_not_said_again(changed: dict[str, str], controls: list[str], change: str) -> None:
    kinds = {"okee": 12 + len(controls) - len(CONTROLS), "tux": 3}
    lines = [f'- {kind} "{word}"' for kind, word in (one.split(": ") for one in controls)]
    before = [f'- {kind} "{word}"' for kind, word in (one.split(": ") for one in CONTROLS)]
    now = check(element(**changed), screens=[screen(controls=controls, kit=kinds, outline=lines)])
    assert [one.change for one in compare(check(screens=[screen(outline=before)]), now).items] == [change]


def test_a_box_that_is_insisted_on_is_not_told_again_as_a_new_field() -> None:
    box = element(kind="box", concept="", text="I agree", standing="insisted on")
    now = check(element(), box, screens=[screen(controls=[*CONTROLS, "field: I agree"])])
    assert [one.change for one in compare(check(), now).items] == ["insisted on"]


def test_what_came_back_is_not_told_again_as_a_new_control() -> None:
    before = check(element(standing="missing", text=""), screens=[screen(controls=CONTROLS[1:])])
    assert [one.change for one in compare(before, check()).items] == ["there now"]


def test_a_word_that_is_another_does_not_hide_that_its_control_moved() -> None:
    now = check(
        element(standing="candidate", text="Bring aboard"),
        screens=[screen(controls=[*CONTROLS[1:], "button: Bring aboard"])],
    )
    assert [one.change for one in compare(check(), now).items] == ["controls moved", "candidate"]


def test_other_changes_of_the_same_screen_are_still_told() -> None:
    now = check(element(standing="missing", text=""), screens=[screen(controls=CONTROLS[1:-1])])
    assert [one.change for one in compare(check(), now).items] == ["missing", "control gone"]


@pytest.mark.parametrize("kit", [{"okee": 13, "tux": 3}, {"okee": 12}, {"okee": 12, "tux": 3, "new": 1}])
def test_another_kit_is_structure(kit: dict[str, int]) -> None:
    assert found(screen(kit=kit)) == [("structure", "kit")]


def test_a_count_of_widgets_is_not_told_where_a_new_control_explains_it_but_another_kit_is() -> None:
    more = [*CONTROLS, "tab: Groups"]
    assert found(screen(controls=more, kit={"okee": 13, "tux": 3})) == [("structure", "control new")]
    other = found(screen(controls=more, kit={"okee": 13, "new": 3}))
    assert other == [("structure", "kit"), ("structure", "control new")]


def test_another_word_does_not_explain_another_count_of_widgets() -> None:
    now = screen(controls=[*CONTROLS[:-1], "button: Download"], kit={"okee": 13, "tux": 3})
    assert found(now) == [("structure", "kit"), ("cosmetic", "control renamed")]


def test_another_address_is_structure() -> None:
    (one,) = findings(screen(path="/people"))
    assert (one.severity, one.change, one.before, one.after) == ("structure", "path", "/members", "/people")


def test_what_else_is_another_in_the_outline_is_cosmetic_with_its_lines() -> None:
    (one,) = findings(screen(outline=['- heading "People"', *OUTLINE[1:]]))
    assert (one.severity, one.change) == ("cosmetic", "outline")
    assert (one.removed, one.added) == (('- heading "Members"',), ('- heading "People"',))


def test_another_order_of_the_outline_is_cosmetic_but_not_where_the_controls_say_it() -> None:
    turned = OUTLINE[::-1]
    assert found(screen(outline=turned)) == [("cosmetic", "outline")]
    assert found(screen(outline=turned, controls=CONTROLS[::-1])) == [("structure", "controls moved")]


def test_a_word_in_the_outline_is_left_out_only_whole() -> None:
    before = screen(outline=['- text "Exports of today"', '- button "Export"'])
    (gone, other) = compare(check(screens=[before]), check(screens=[screen(outline=[], controls=CONTROLS[:-1])])).items
    assert gone.change == "control gone"
    assert other.removed == ('- text "Exports of today"',)


def test_a_new_state_is_cosmetic() -> None:
    now = check(screens=[screen(), screen(state="form")])
    (one,) = compare(check(), now).items
    assert (one.severity, one.change, one.state) == ("cosmetic", "screen new", "form")


@pytest.mark.parametrize("standing", ["not reached", "as expected"])
def test_a_state_that_the_baseline_did_not_get_to_is_no_change(standing: str) -> None:
    """A member's details list no account for one member and some for another: which of them is looked at is chance."""
    before = check(element(), element(state="details", standing=standing))
    now = check(screens=[screen(), screen(state="details")])
    assert [one for one in compare(before, now).items if one.change == "screen new"] == []


def test_a_screen_that_is_gone_blocks_the_flows_that_need_it_and_its_elements_are_not_listed() -> None:
    now = check(element(standing="missing", text=""), screens=[screen(screen="partners")])
    gone, new = compare(check(), now).items
    assert (gone.severity, gone.change, gone.flows) == ("blocking", "screen gone", ("invite-member",))
    assert new.change == "screen new"


def test_a_screen_that_is_gone_and_was_needed_by_none_is_structure() -> None:
    before = check(element(needed=False), element(screen="partners"), screens=[screen(), screen(screen="partners")])
    now = check(
        element(needed=False, standing="missing", text=""),
        element(screen="partners"),
        screens=[screen(screen="partners")],
    )
    (one,) = compare(before, now).items
    assert (one.severity, one.change, one.flows) == ("structure", "screen gone", ())


def test_a_screen_that_was_not_reached_is_not_gone_but_could_not_be_checked() -> None:
    result = compare(check(), check(element(**TAKEN), screens=[]))
    assert result.items == ()
    assert result.verdict == "could not check"
    assert "not looked at again, of the screens in the baseline: members, list" in result.could_not


def test_a_state_without_elements_is_gone_only_if_the_check_got_to_its_screen() -> None:
    before = check(screens=[screen(), screen(state="menu")])
    (gone,) = compare(before, check()).items
    assert (gone.change, gone.state, gone.severity) == ("screen gone", "menu", "structure")
    assert compare(before, check(element(**TAKEN), screens=[])).items == ()
    assert compare(before, check(could_not=["signed out"], elements=[], screens=[])).items == ()


def test_a_screen_of_which_something_was_seen_is_not_gone_without_its_skeleton() -> None:
    result = compare(check(), check(screens=[]))
    assert (result.items, result.verdict) == ((), "could not check")


def test_in_another_language_only_what_is_no_word_is_compared() -> None:
    now = screen(controls=["button: Mời thành viên"], outline=["- heading"], path="/people", kit={"okee": 12})
    result = compare(check(), check(element(text="Mời thành viên"), screens=[now], language="vi"))
    assert sorted(one.change for one in result.items) == ["kit", "language", "path"]


def test_the_first_cards_of_a_form_are_something_to_pick_and_one_more_card_is_not() -> None:
    cards = [*CONTROLS, "card: I am an agency"]
    (found,) = compare(check(), check(screens=[screen(controls=cards)])).items
    assert (found.severity, found.change, found.flows) == ("blocking", "control new", ("invite-member",))
    (found,) = compare(
        check(screens=[screen(controls=cards)]), check(screens=[screen(controls=[*cards, "card: B"])])
    ).items
    assert (found.severity, found.flows) == ("structure", ())
