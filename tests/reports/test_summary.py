import pytest

from bcflow.models.effect_words import job_title
from bcflow.models.outcomes import Outcome, RunReport
from bcflow.runner.reports.summary import (
    NEW_PLAN,
    end_counts,
    exit_code,
    forever,
    look_counts,
    next_command,
    resting,
    summary,
    who_must_act,
)


def make_report(outcome: Outcome = "done", **overrides: object) -> RunReport:
    values = {
        "id": "b-001",
        "job": "ana",
        "flow": "invite-member",
        "outcome": outcome,
        "message": "said so",
    }
    return RunReport.model_validate(values | overrides)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (["done", "already"], 0),
        (["waiting", "planned"], 0),
        (["skipped", "cancelled"], 0),
        (["done", "differs"], 1),
        (["refused"], 1),
        (["failed"], 1),
        (["unknown"], 1),
        (["expired"], 1),
        (["unknown", "screen-changed", "refused"], 4),
    ],
)
def test_the_exit_code_is_the_first_that_applies(outcomes: list[Outcome], code: int) -> None:
    assert exit_code([make_report(outcome) for outcome in outcomes]) == code


def test_you_must_act_comes_after_what_went_wrong() -> None:
    yours = make_report("waiting", waiting_for="you")

    assert exit_code([yours, make_report()]) == 3
    assert exit_code([yours, make_report("refused")]) == 1
    assert exit_code([make_report("waiting", waiting_for="owner")]) == 0


def test_a_job_that_was_not_begun_and_needs_a_person_is_not_done() -> None:
    assert exit_code([make_report("done"), make_report("skipped", next_action=resting("invite-member", "acme"))]) == 1


def test_an_interruption_comes_first() -> None:
    assert exit_code([make_report("screen-changed")], interrupted=True) == 130


def test_a_look_is_counted_in_the_words_of_a_plan() -> None:
    outcomes = ["planned"] * 5 + ["already"] * 3 + ["differs", "refused"]

    assert look_counts(outcomes) == "5 to do · 3 already · 1 differs · 1 cannot"


def test_no_job_at_all_is_nothing_to_do() -> None:
    assert look_counts([]) == "nothing to do"
    assert end_counts([]) == "nothing ran"


def test_what_can_never_be_changed_is_named() -> None:
    facts = {"name": "Acme US", "country": "US", "time_zone": "America/New_York", "currency": None}
    lines = forever([("create-ad-account", facts), ("invite-member", {"email": "a@b.example"})])

    said = "country US, time zone America/New_York, currency as the form has it; it cannot be deleted"
    assert lines == [f"ad account 'Acme US': {said}"]


def test_the_summary_is_counts_what_did_not_end_well_and_who_must_act() -> None:
    runs = [
        make_report(job="ana", writes=1),
        make_report("waiting", job="bo", waiting_for="invitee", next_action="accept the mail", writes=1),
        make_report("waiting", job="bea", waiting_for="invitee", next_action="accept the mail", writes=1),
        make_report("refused", job="cy", next_action="change the job"),
        make_report("waiting", job="dee", waiting_for="you", next_action="type the code"),
    ]
    acts = [
        "",
        "Who must act next:",
        "  you: change the job (invite-member cy)",
        "  you: type the code (invite-member dee)",
        "  invitee: accept the mail (invite-member bo; invite-member bea)",
    ]

    counts = "1 done · 3 waiting · 1 refused · writes: 3"
    told = ["", "… waiting        invite-member dee: said so", "! refused        invite-member cy: said so"]
    assert summary(runs) == [counts, *told, *acts]
    assert summary(runs, listed=False) == [counts, *acts]


def test_a_long_summary_is_cut_off_with_how_many_are_left() -> None:
    lines = summary([make_report("differs", job=f"job {n}", next_action="change it") for n in range(100)])

    assert len(lines) == 26
    assert "  and 80 more" in lines
    assert lines[-1].endswith("invite-member job 4 and 95 more)")


def test_what_a_look_would_do_is_listed() -> None:
    assert summary([make_report("planned"), make_report("already")])[2:] == [
        "+ planned        invite-member ana: said so"
    ]


@pytest.mark.parametrize(
    ("runs", "command"),
    [
        ([make_report(), make_report("already")], ""),
        ([make_report("planned"), make_report("skipped")], ""),
        ([make_report("waiting", waiting_for="owner"), make_report()], "bcflow waiting"),
        ([make_report("already", waiting_for="owner")], "bcflow waiting"),
        ([make_report("waiting", waiting_for="owner"), make_report("refused")], "bcflow report b"),
        ([make_report("differs"), make_report("waiting", waiting_for="you")], "bcflow inbox"),
        ([make_report("unknown"), make_report("waiting", waiting_for="you")], "bcflow resume b"),
        (
            [make_report("screen-changed"), make_report("skipped", next_action=resting("add-ad-account", "acme"))],
            "bcflow start add-ad-account --login acme",
        ),
        (
            [make_report("skipped", next_action=NEW_PLAN, source="a job.yaml:3, 9"), make_report("cancelled")],
            "bcflow plan 'a job.yaml'",
        ),
    ],
)
def test_one_command_comes_next(runs: list[RunReport], command: str) -> None:
    assert next_command("b", runs) == command


def test_what_is_already_there_may_still_wait_for_somebody() -> None:
    run = make_report("already", waiting_for="invitee", next_action="accept the mail")

    assert who_must_act([run]) == ["invitee: accept the mail (invite-member ana)"]
    assert who_must_act([make_report("already")]) == []


def test_a_job_is_called_by_what_it_is_about() -> None:
    assert job_title("invite-member", {"email": "a@b.example", "name": "x"}) == "invite-member a@b.example"
    assert job_title("create-ad-account", {}) == "create-ad-account"
