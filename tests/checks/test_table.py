"""What a person reads at a terminal, at any width, and what programs read: JSON and JUnit."""

import json
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len

from bcflow.runner.checks.as_json import as_json
from bcflow.runner.checks.compare import compare
from bcflow.runner.checks.findings import Findings
from bcflow.runner.checks.junit import junit
from bcflow.runner.checks.table import table
from tests.support.ui_checks import CONTROLS, OUTLINE, check, element, screen

ACCEPT = 'bcflow labels add "invite member" "Bring aboard"'
HOSTILE = '<b>&"\x1b[31m\u202e\ufffe\x00'
LONG = "同意する " * 30
AWAY = element(concept="role", kind="column", standing="not reached", text="", why="behind a write")
NOW = check(
    element(standing="candidate", text="Bring aboard", why="the only button above the list"),
    element(kind="field", concept="enter email", standing="missing", text="", flows=["add-member", "invite-member"]),
    element(kind="box", concept="", standing="insisted on", text=LONG),
    AWAY,
    screens=[screen(controls=["button: Bring aboard", *CONTROLS[1:-1]], outline=[*OUTLINE, *"abcde"])],
    could_not=["partners: signed out"],
)


@pytest.fixture
def found() -> Findings:
    return compare(check(element(), AWAY), NOW)


@pytest.mark.parametrize("width", [60, 100, 160])
def test_all_is_told_at_every_width_and_only_commands_are_wider(width: int, found: Findings) -> None:
    lines = table(found, width=width)
    text = " ".join(" ".join(lines).split())
    wide = [line for line in lines if cell_len(line) > width]
    assert wide == []
    for said in (
        "blocking",
        "members, list",
        "the only button above the list",
        ACCEPT,
        "add-member",
        "+ a",
        "… and 2 more",
    ):
        assert said in text
    assert text.count("同意する") == 30
    assert "https://business.example · en · 24 Nov 2026, 20:19 UTC · against the baseline" in text
    assert "could not check: partners: signed out" in text
    assert "flows that stop: add-member, invite-member" in text


def test_where_there_is_room_a_finding_is_a_row_and_elsewhere_a_block(found: Findings) -> None:
    assert any(line.split() == ["CLASS", "SCREEN", "WHAT", "STOPS"] for line in table(found, width=100))
    narrow = table(found, width=60)
    assert "blocking  members, list" in narrow
    assert not [line for line in narrow if "CLASS" in line]


def test_the_last_line_is_verdict_coverage_and_one_command(found: Findings) -> None:
    last = table(found, width=220, next_command="bcflow other")[-1]
    summary = "changed: 2 blocking, 1 structure, 1 label, 1 cosmetic; part could not be checked"
    seen = "2 of 3 seen; 1 not reachable here: behind a write 1"
    assert last == f"{summary} · {seen} · next: {ACCEPT}"
    assert table(found, width=60)[-1] == f"next: {ACCEPT}"


def test_without_a_word_to_accept_the_next_command_is_the_callers() -> None:
    same = compare(None, check())
    assert table(same, width=100, next_command="bcflow other")[-1] == "same · 1 of 1 seen · next: bcflow other"
    assert table(same, width=100)[-1] == "same · 1 of 1 seen"
    assert len(table(same, width=100)) == 3
    assert "without a baseline" in table(same, width=100)[0]


def test_a_coverage_that_is_too_low_is_said(found: Findings) -> None:
    assert any("could not check: 66.7% of the elements" in line for line in table(found, width=100, min_coverage=0.9))


def test_a_command_is_never_broken() -> None:
    now = check(element(standing="candidate", text="word " * 40))
    for width in (60, 100):
        assert [line for line in table(compare(None, now), width=width) if line.endswith('word word"')]


def test_no_text_of_a_site_steers_the_terminal() -> None:
    now = check(element(standing="candidate", text=HOSTILE, why=HOSTILE, screen=HOSTILE), could_not=[HOSTILE])
    for width in (60, 100):
        text = "\n".join(table(compare(None, now), width=width, next_command=HOSTILE))
        assert not {"\x1b", "\u202e", "\x00"} & {*text}
        assert "\\x1b[31m\\u202e" in text


def test_json_has_stable_names(found: Findings) -> None:
    plain = json.loads(json.dumps(as_json(found)))
    assert {name: plain[name] for name in ("verdict", "language", "against_baseline", "flows")} == {
        "verdict": "changed",
        "language": "en",
        "against_baseline": True,
        "flows": ["add-member", "invite-member"],
    }
    assert plain["counts"] == {"blocking": 2, "structure": 1, "label": 1, "cosmetic": 1}
    assert plain["coverage"] == {"seen": 2, "total": 3, "not_reached": {"behind a write": 1}}
    assert plain["could_not"] == ["partners: signed out"]
    assert plain["findings"][3] == {
        "class": "label",
        "change": "candidate",
        "screen": "members",
        "state": "list",
        "kind": "button",
        "concept": "invite member",
        "what": "The button “invite member” goes by no known word; “Bring aboard” may be it.",
        "before": "Invite member",
        "after": "Bring aboard",
        "flows": ["invite-member"],
        "why": "the only button above the list",
        "proposal": "Bring aboard",
        "command": ACCEPT,
        "removed": [],
        "added": [],
    }
    assert plain["findings"][4]["added"] == [*"abcde"]
    assert as_json(compare(None, check(AWAY, element())), 0.9)["verdict"] == "could not check"


def cases(root: ET.Element) -> dict[str, ET.Element]:
    return {case.get("name", ""): case for case in root.iter("testcase")}


def test_junit_has_a_suite_for_each_screen_and_a_case_for_each_element(found: Findings) -> None:
    root = ET.fromstring(junit(found, NOW))  # noqa: S314 - made here
    assert [suite.get("name") for suite in root] == ["members", "the whole check"]
    by_name = cases(root)
    label = by_name["button invite member"].find("failure")
    assert label is not None
    assert (label.get("type"), ACCEPT in (label.text or "")) == ("label", True)
    missing = by_name["field enter email"].find("failure")
    assert missing is not None
    assert (missing.get("type"), missing.get("message")) == ("blocking", "The field “enter email” is missing.")
    skipped = by_name["column role"].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "behind a write"
    gone = by_name["The button “Export” is gone."]
    assert gone.find("failure") is None
    assert "structure" in (gone.findtext("system-out") or "")
    error = by_name["partners: signed out"].find("error")
    assert error is not None
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "7",
        "failures": "3",
        "errors": "1",
        "skipped": "1",
    }


def test_junit_of_what_is_fine_has_only_cases_that_pass() -> None:
    now = check(element(), element(concept="tab", needed=False, standing="missing", text=""))
    root = ET.fromstring(junit(compare(check(), now), now))  # noqa: S314 - made here
    assert [list(case) for case in root.iter("testcase")] == [[], []]
    assert (root.get("tests"), root.get("failures")) == ("2", "0")


def test_junit_fails_what_flows_need_on_a_screen_that_is_gone() -> None:
    now = check(element(standing="missing", text=""), screens=[])
    root = ET.fromstring(junit(compare(check(), now), now))  # noqa: S314 - made here
    failures = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert failures == ["button invite member", "The screen is gone."]


def test_junit_passes_what_no_flow_needs_on_a_screen_that_is_gone() -> None:
    spare = element(concept="tab", needed=False, standing="missing", text="")
    now = check(element(standing="missing", text=""), spare, screens=[])
    root = ET.fromstring(junit(compare(check(element(), spare), now), now))  # noqa: S314 - made here
    assert list(cases(root)["button tab"]) == []


def test_junit_tells_two_fields_that_a_form_insists_on_apart() -> None:
    fields = [element(kind="field", concept="", text=name, standing="insisted on") for name in ("Tax", "VAT")]
    root = ET.fromstring(junit(compare(None, check(*fields)), check(*fields)))  # noqa: S314 - made here
    said = [failure.get("message") or "" for failure in root.iter("failure")]
    assert [("Tax" in one, "VAT" in one) for one in said] == [(True, False), (False, True)]


def test_junit_fails_under_the_coverage_that_must_be() -> None:
    now = check(element(), AWAY)
    root = ET.fromstring(junit(compare(None, now), now, 0.9))  # noqa: S314 - made here
    assert root.get("errors") == "1"


def test_junit_holds_any_text_of_a_site() -> None:
    now = check(element(standing="candidate", text=HOSTILE, concept=HOSTILE, screen=HOSTILE), could_not=[HOSTILE])
    text = junit(compare(None, now), now)
    root = ET.fromstring(text)  # noqa: S314 - made here
    assert root[0].get("name") == '<b>&"\\x1b[31m\\u202e\\ufffe\\x00'
    assert not {"\x1b", "\u202e", "\x00", "\ufffe"} & {*text}
