from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from bcflow.models.outcomes import Outcome, RunReport
from bcflow.runner.config.log import set_up_log
from bcflow.runner.config.parsing import addresses
from bcflow.runner.config.settings import Settings
from bcflow.runner.notify.channels import Notifier
from bcflow.runner.notify.events import Asked, batch_ended, job_missed, question_asked
from tests.support.message_inbox import Inbox, listening


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with listening() as server:
        yield server


@pytest.fixture(autouse=True)
def log(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    del capfd  # it must be there first: the log writes to the stderr of now
    set_up_log(debug=True)
    yield
    logger.remove()


def make_run(outcome: Outcome, **overrides: Any) -> RunReport:  # noqa: ANN401 - fields of a model
    given = {"id": "r1", "job": "j1", "flow": "invite-member", "outcome": outcome, "message": "planted words of a page"}
    return RunReport.model_validate(given | overrides)


def test_every_address_gets_the_message(inbox: Inbox) -> None:
    assert Notifier([inbox.url(), inbox.url("ana:pw@")]).send("bcflow needs you", "line 1\nline *2* <b>")

    assert [message["title"] for message in inbox.messages] == ["bcflow needs you"] * 2
    assert inbox.messages[0]["message"] == "line 1\nline *2* <b>"


def test_one_address_that_fails_does_not_keep_the_others_from_hearing(
    inbox: Inbox, capfd: pytest.CaptureFixture[str]
) -> None:
    told = Notifier(["json://u:planted-pw@127.0.0.1:1/planted-token", inbox.url()]).send("title", "body")

    assert told
    assert len(inbox.messages) == 1
    said = capfd.readouterr()
    assert "BCFLOW_NOTIFY no. 1 (json): the message was not sent" in said.err
    assert "no. 2" not in said.err
    assert "planted" not in said.err + said.out


def test_a_server_that_says_no_is_a_failure_without_its_secrets(
    inbox: Inbox, capfd: pytest.CaptureFixture[str]
) -> None:
    inbox.status = 500

    assert not Notifier([inbox.url("u:planted-pw@")]).send("title", "body")
    said = capfd.readouterr()
    assert "no. 1 (json)" in said.err
    assert "planted" not in said.err + said.out


@pytest.mark.parametrize(
    "url", ["", "planted", "nonsense://planted", "json://[planted", "tgram://planted", "json://a b"]
)
def test_a_wrong_address_never_raises_and_is_told_to_the_doctor(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    problems = Notifier.problems(["json://127.0.0.1", url])

    assert len(problems) == 1
    assert problems[0].startswith("BCFLOW_NOTIFY no. 2")
    assert not Notifier([url]).send("title", "body")
    assert "planted" not in "".join([*problems, *capfd.readouterr()])


def test_a_service_that_breaks_only_warns(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise RuntimeError("planted")

    monkeypatch.setattr("apprise.Apprise.notify", broken)

    assert not Notifier([inbox.url()]).send("title", "body")


def test_who_wants_only_failures_hears_of_nothing_else(inbox: Inbox) -> None:
    urls = [f"failures:{inbox.url()}", f"heartbeat:http://127.0.0.1:{inbox.server_port}/beat"]
    assert not Notifier(urls, calm=True).send("all is well", "body")
    assert Notifier(urls).send("one is refused", "body")
    assert [message["title"] for message in inbox.messages] == ["one is refused"]
    assert inbox.beats == []

    Notifier(urls).beat()
    assert inbox.beats == ["/beat"]
    assert len(inbox.messages) == 1


@pytest.mark.parametrize("url", ["heartbeat:http://127.0.0.1:1/planted", "heartbeat:file:///etc/planted"])
def test_a_heartbeat_that_is_not_taken_only_warns(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    Notifier(["json://a", url]).beat()
    said = capfd.readouterr()
    assert "BCFLOW_NOTIFY no. 2 (" in said.err
    assert "the heartbeat was not taken" in said.err
    assert "planted" not in said.err + said.out


def test_what_is_no_address_for_its_purpose_is_told_to_the_doctor() -> None:
    urls = ["failures:json://a", "heartbeat:https://a.example/b", "failures:planted://b", "heartbeat:json://planted"]
    assert [problem.partition(";")[0] for problem in Notifier.problems(urls)] == [
        "BCFLOW_NOTIFY no. 3 (planted): is no complete address of a known service",
        "BCFLOW_NOTIFY no. 4 (json): is no web address",
    ]


def test_no_part_of_an_address_is_ever_logged(tmp_path: Path) -> None:
    given = {"BCFLOW_HOME": str(tmp_path / "home"), "BCFLOW_NOTIFY": "failures:json://u:pw@planted.example"}
    assert "json://u:pw@planted.example" in Settings.load(given, cwd=tmp_path).secrets()


def test_nobody_to_tell_is_no_one_told() -> None:
    assert not Notifier([])
    assert not Notifier([]).send("title", "body")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("json://a", ("json://a",)),
        ("json://a json://b", ("json://a", "json://b")),
        ("json://a failures:json://a,heartbeat:https://b", ("json://a", "failures:json://a", "heartbeat:https://b")),
        ("json://a,\n json://b , json://a", ("json://a", "json://b")),
        ("mailto://u:p@x.example?to=a@b.example,c json://b", ("mailto://u:p@x.example?to=a@b.example,c", "json://b")),
    ],
)
def test_addresses_are_split_where_the_next_one_begins(text: str, parts: tuple[str, ...]) -> None:
    assert tuple(one.get_secret_value() for one in addresses(text)) == parts


def test_a_question_says_what_for_whom_until_when_and_how_to_answer() -> None:
    notice = question_asked(
        Asked(
            question="q7", kind="code", run="r1", flow="invite-member", client="Acme", deadline="2026-11-24T19:30+02:00"
        )
    )

    assert notice.title == "bcflow needs a verification code (Acme)"
    assert notice.body.splitlines() == [
        "Flow: invite-member",
        "Client: Acme",
        "Run: r1",
        "Login: default",
        "Until: 2026-11-24 17:30 UTC. After that the page is given up, and your answer sends a new code.",
        "",
        "Answer: bcflow answer q7",
    ]


def test_a_captcha_is_answered_at_a_screen_or_carried_over_from_one() -> None:
    body = question_asked(Asked(question="q8", kind="captcha", login="acme")).body

    assert "bcflow login --headed --login acme\n" in body
    assert "bcflow login --headed --login acme --export FILE" in body
    assert "bcflow login --login acme --import FILE" in body


def test_a_kind_that_is_new_is_still_a_question() -> None:
    assert question_asked(Asked(question="q9", kind="other")).title == "bcflow needs your answer"


def test_a_name_with_a_line_break_makes_no_second_line() -> None:
    notice = question_asked(Asked(question="q 1", kind="approval", client="A\r\nBcc: x@y.example"))

    assert "\n" not in notice.title
    assert "Client: A Bcc: x@y.example" in notice.body
    assert "bcflow answer 'q 1'" in notice.body


def test_a_batch_that_ended_tells_counts_and_who_must_act_and_no_words_of_a_page() -> None:
    runs = [
        make_run("done"),
        make_run("waiting", client="Acme", waiting_for="partner", next_action="ask them to accept"),
        make_run("waiting", client="Beta", waiting_for="partner", next_action="ask them to accept"),
        make_run("unknown", client="Acme", next_action="bcflow settle r1 --happened"),
        make_run("already", waiting_for="you", next_action="accept the terms"),
    ]
    notice = batch_ended("b3", runs, file="jobs.yaml")

    assert notice.title == "bcflow: batch ended: 1 done · 1 already · 2 waiting · 1 unknown (you must act)"
    assert notice.body.splitlines() == [
        "Batch: b3",
        "File: jobs.yaml",
        "1 done · 1 already · 2 waiting · 1 unknown",
        "",
        "Who must act next:",
        "  you: bcflow settle r1 --happened (1 run: Acme)",
        "  you: accept the terms (1 run: invite-member)",
        "  partner: ask them to accept (2 runs: Acme, Beta)",
        "",
        "See it: bcflow show b3",
    ]


def test_a_large_batch_makes_a_short_message() -> None:
    runs = [make_run("refused", client=f"c{n}", next_action=f"step {n % 15}") for n in range(300)]
    body = batch_ended("b4", runs).body

    assert len(body.splitlines()) < 20
    assert "and 5 more" in body


def test_a_batch_that_went_well_wants_nobody() -> None:
    assert "Nobody must act." in batch_ended("b5", [make_run("done"), make_run("already")]).body


def test_what_was_told_after_the_last_run_of_the_file_is_only_counted() -> None:
    asks = {"waiting_for": "invitee", "next_action": "accept"}
    runs = [make_run("already", id="r1", **asks), make_run("refused", id="r2", next_action="change the job")]
    assert not batch_ended("b6", runs, unchanged={"r1"}).calm
    notice = batch_ended("b6", runs, unchanged={"r1", "r2"})

    assert notice.calm
    assert notice.title == "bcflow: batch ended: 1 already · 1 refused"
    assert "Who must act: as after the last run of this file: 2 runs\n" in notice.body
    assert "change the job" not in notice.body


def test_a_job_that_did_not_run_tells_since_when() -> None:
    notice = job_missed("nightly", expected="2026-11-24T02:00:00+00:00", last="2026-11-23T02:01:09.120Z")

    assert notice.title == "bcflow: nightly did not run"
    assert "Expected since: 2026-11-24 02:00 UTC\nLast run: 2026-11-23 02:01 UTC\n" in notice.body
    assert "Last run: none is known" in job_missed("nightly", expected="2026-11-24T02:00:00+00:00").body
