"""What is said of the things that flows rely on, each by itself."""

import subprocess

import pytest

from bcflow.models.ui_check import DISABLED, EMPTY, Standing
from bcflow.runner.checks.compare import compare
from bcflow.runner.checks.findings import Finding, labels_command
from tests.support.ui_checks import check, element

ABOARD = "Bring aboard"


def the_one(*, before: object = None, **changed: object) -> Finding:
    """Return the only finding on an element that is `changed`, against a baseline that has it as in `before`."""
    earlier = None if before is None else check(before, screens=[])  # type: ignore[arg-type]
    (found,) = compare(earlier, check(element(**changed), screens=[])).items
    return found


@pytest.mark.parametrize("standing", ["missing", "ambiguous"])
@pytest.mark.parametrize("before", [None, element(), element(standing="missing"), element(standing="not reached")])
def test_needed_and_not_found_blocks_its_flows_whatever_was_there_before(standing: Standing, before: object) -> None:
    found = the_one(before=before, standing=standing, text="", flows=["share-with-partner", "invite-member"])
    assert (found.severity, found.change) == ("blocking", standing)
    assert found.flows == ("invite-member", "share-with-partner")
    assert "button “invite member”" in found.what
    assert found.command == ""


@pytest.mark.parametrize("standing", ["missing", "ambiguous"])
def test_what_flows_can_do_without_is_a_change_of_structure_that_breaks_none(standing: Standing) -> None:
    found = the_one(before=element(needed=False), needed=False, standing=standing, text="")
    assert (found.severity, found.change, found.flows) == ("structure", standing, ())
    assert found.before == "Invite member"


@pytest.mark.parametrize("before", [None, *(element(needed=False, standing=one) for one in ("missing", "not reached"))])
def test_what_flows_can_do_without_and_was_never_there_is_nothing_to_say(before: object) -> None:
    earlier = None if before is None else check(before, screens=[])  # type: ignore[arg-type]
    found = compare(earlier, check(element(needed=False, standing="missing", text="")))
    assert [one for one in found.items if one.change != "screen new"] == []


@pytest.mark.parametrize("before", [None, element(kind="field", concept="", standing="insisted on")])
def test_what_a_form_insists_on_blocks(before: object) -> None:
    found = the_one(before=before, kind="field", concept="", text="Tax number", standing="insisted on")
    assert (found.severity, found.change, found.after) == ("blocking", "insisted on", "Tax number")
    assert found.flows == ("invite-member",)
    assert "the field “Tax number”" in found.what


def test_a_candidate_is_a_word_to_accept_and_stops_its_flows_until_then() -> None:
    found = the_one(before=element(), standing="candidate", text=ABOARD, why="the only button above the list")
    assert (found.severity, found.flows) == ("label", ("invite-member",))
    assert (found.before, found.after, found.proposal) == ("Invite member", ABOARD, ABOARD)
    assert found.why == "the only button above the list"
    assert found.command == 'bcflow labels add "invite member" "Bring aboard"'


def test_a_candidate_stays_one_as_long_as_its_word_is_not_accepted() -> None:
    same = element(standing="candidate", text=ABOARD)
    (found,) = compare(check(same), check(same)).items
    assert found.severity == "label"


def test_a_candidate_that_no_flow_needs_stops_none() -> None:
    found = the_one(needed=False, standing="candidate", text=ABOARD)
    assert (found.severity, found.flows) == ("label", ())


def test_nothing_is_proposed_where_nothing_is_known() -> None:
    found = the_one(standing="candidate", text="")
    assert (found.proposal, found.command) == ("", "")
    assert "nothing is proposed" in found.what


@pytest.mark.parametrize("standing", ["as expected", "another known word"])
def test_another_known_word_than_before_is_cosmetic_and_breaks_nothing(standing: Standing) -> None:
    found = the_one(before=element(), standing=standing, text="Invite people")
    assert (found.severity, found.change, found.flows) == ("cosmetic", "another word", ())
    assert (found.before, found.after) == ("Invite member", "Invite people")


@pytest.mark.parametrize("before", [None, check(element(text="Invite people"))])
def test_another_known_word_is_no_change_where_the_baseline_has_it_or_there_is_none(before: object) -> None:
    now = check(element(standing="another known word", text="Invite people"))
    found = compare(before, now)  # type: ignore[arg-type]
    assert (found.items, found.verdict) == ((), "same")


def test_a_candidate_that_was_accepted_is_no_change_of_the_site() -> None:
    before = check(element(standing="candidate", text=ABOARD))
    assert compare(before, check(element(text=ABOARD))).verdict == "same"


def test_what_was_missing_and_came_back_is_said() -> None:
    found = the_one(before=element(standing="missing", text=""))
    assert (found.severity, found.change, found.flows) == ("structure", "there now", ())


def test_words_of_another_language_are_not_compared() -> None:
    before = check(element(text="Mời thành viên"), language="vi")
    found = compare(before, check(element(standing="candidate", text=ABOARD)))
    language, label = sorted(found.items, key=lambda one: one.severity, reverse=True)
    assert (language.severity, language.change, language.before, language.after) == (
        "structure",
        "language",
        "vi",
        "en",
    )
    assert (label.severity, label.before) == ("label", "")
    known = compare(before, check(element(text="Invite people")))
    assert [one.change for one in known.items] == ["language"]


def test_a_command_cannot_be_made_to_run_what_a_site_writes() -> None:
    texts = ['Say "$(touch /tmp/x)" `id`', "It's", "a\\b", "-x", "!!", "plain"]
    for text in texts:
        command = labels_command("terms", text, "en").replace("bcflow labels add", "printf %s\\\\n", 1)
        said = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True).stdout
        assert said.splitlines()[-2:] == ["terms", text]


def test_a_command_names_the_language_where_it_is_not_english() -> None:
    assert labels_command("terms", "Tôi đồng ý", "vi") == 'bcflow labels add "terms" "Tôi đồng ý" --language vi'
    assert labels_command("terms", "I\n  agree", "en") == 'bcflow labels add "terms" "I agree"'


def test_a_button_that_is_disabled_now_blocks_its_flows() -> None:
    found = the_one(before=element(), why=DISABLED)
    assert (found.severity, found.change, found.flows) == ("blocking", "disabled", ("invite-member",))


@pytest.mark.parametrize("before", [None, element(why=DISABLED)])
def test_a_button_that_was_disabled_already_is_as_it_was(before: object) -> None:
    earlier = None if before is None else check(before, screens=[])  # type: ignore[arg-type]
    assert compare(earlier, check(element(why=DISABLED), screens=[])).items == ()


@pytest.mark.parametrize(("why", "is_said"), [(EMPTY, False), ("behind a write", True)])
def test_a_list_that_is_empty_now_leaves_nothing_unchecked(why: str, is_said: bool) -> None:
    said = element(kind="statuses", concept="status", needed=False, text="")
    now = said.model_copy(update={"standing": "not reached", "why": why})
    found = compare(check(element(), said), check(element(), now))
    assert (bool(found.could_not), found.items) == (is_said, ())


def test_a_new_box_in_a_form_may_stop_its_flows_and_one_that_was_there_does_not() -> None:
    box = element(kind="box", concept="I agree", text="I agree", standing="insisted on", needed=False)
    (found,) = compare(check(element()), check(element(), box)).items
    assert (found.severity, found.change, found.flows) == ("blocking", "insisted on", ("invite-member",))
    assert compare(check(element(), box), check(element(), box)).items == ()
    assert compare(None, check(element(), box)).items == ()
    renamed = box.model_copy(update={"concept": "I consent", "text": "I consent"})
    assert compare(check(element(), box), check(element(), renamed)).items == ()


def test_an_unknown_word_in_the_rows_stops_a_flow_at_a_row_of_its_own() -> None:
    found = the_one(before=element(), kind="statuses", needed=False, standing="candidate", text="Waiting for it")
    assert (found.severity, found.flows) == ("label", ("invite-member",))
