"""All runs of a login that are due, looked at again in one go: who is asked, what is kept, what a bad look does."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.errors import BrowserGone
from bcflow.models.jobs import job_adapter
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.batch import Halted
from bcflow.runner.batches.course import batch_report
from bcflow.runner.batches.follow_up_looks import FollowUps, look_again
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.dispatch import Event
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.notify.channels import Notifier
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.database import Database, as_text
from bcflow.runner.storage.entry import Entry, Terms
from bcflow.runner.storage.history import History, run_id
from bcflow.runner.storage.batch_record import BatchLine
from bcflow.runner.storage.batch_record import BatchRecord
from bcflow.runner.storage.runs import Store
from bcflow.runner.storage.tables import Held

BC, OTHER_BC = "7123456789012345678", "7123456789012345679"
EXPIRED = {"outcome": "waiting", "waiting_for": "you", "message": "the sign-in has expired", "effects": []}


class Desk:
    """Runs that wait, and a dispatcher that looks at them: `answers` by run, else what waits is there now."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.store, self.history = settings, Store(database), History(settings.home)
        self.follow_ups = FollowUps(database)
        self.answers: dict[str, dict[str, Any] | Exception] = {}
        self.requests: list[dict[str, Any]] = []
        self.told: list[str] = []
        self.on_look: Callable[[str], None] = lambda _run: None

    def waiting(self, *people: str, login: str = "default", center: str = BC) -> list[str]:
        """Keep a batch of invitations that wait, each due at once."""
        batch = self.history.new_batch()
        given = {"flow": "invite-member", "business_center": center, "role": "standard", "login": login}
        jobs = [job_adapter().validate_python(given | {"email": f"{name}@acme.example"}) for name in people]
        tasks = [Task(job, name) for job, name in zip(jobs, people, strict=True)]
        entries = [Entry(task, run_id(batch, at)) for at, task in enumerate(tasks, start=1)]
        lines = [BatchLine(job=entry.task.name, run=entry.run, flow="invite-member") for entry in entries]
        record = BatchRecord(id=batch, logins=[login], lines=lines)
        self.history.save_batch(record)
        self.store.add(Held(record, "ended", Terms(), entries))
        runs = [self.keep(entry, batch) for entry in entries]
        batch_report(self.history, record, self.history.runs_of(record))
        return runs

    def keep(self, entry: Entry, batch: str) -> str:
        job = entry.task.job
        run = RunRecord.model_validate(
            {
                "id": entry.run,
                "batch": batch,
                "job": entry.task.name,
                "flow": job.flow,
                "login": job.login,
                "business_center": job.business_center,
                "inputs": job.model_dump(mode="json", exclude_none=True),
                "outcome": "waiting",
                "waiting_for": "invitee",
                "message": "it waits",
                "finished": "2026-11-20T12:00:00+00:00",
                "effects": [self.effect(entry.task.name, job.business_center, "waiting", "invitee")],
            }
        )
        self.store.keep_record(run)
        self.follow_ups.note(run)
        Evidence(self.history.run_folder(run.id)).write_result(run)
        self.due(run.id)
        return run.id

    def due(self, run: str, *, hours: float = -1) -> None:
        at = as_text(datetime.now(UTC) + timedelta(hours=hours))
        with self.store.database.transaction() as connection:
            connection.exec_driver_sql("update follow_ups set due = ? where run = ?", (at, run))

    def effect(self, name: str, center: str | None, outcome: str, who: str | None) -> dict[str, Any]:
        identity = {"kind": "member", "identity": f"{name}@acme.example", "business_center": center}
        return identity | {"outcome": outcome, "waiting_for": who, "seen_at": "2026-11-20T12:00:00+00:00"}

    def attempt(self, login: str, request: dict[str, Any], _on_event: Callable[[Event], None]) -> dict[str, Any]:
        self.requests.append(request)
        self.on_look(request["run"])
        there = self.effect(request["name"], request["job"]["business_center"], "already", None)
        answer = self.answers.get(request["run"], {"outcome": "already", "effects": [there]})
        if isinstance(answer, Exception):
            raise answer
        known = {"id": request["run"], "job": request["name"], "flow": "invite-member", "login": login, "message": ""}
        return RunRecord.model_validate(known | answer).model_dump(mode="json")

    def stop(self, login: str) -> None:
        raise AssertionError(f"a look ends no browser: {login}")

    def close(self) -> None:
        raise AssertionError("a look ends no browser")

    def look(self, runs: list[str], *, stop: Callable[[], str] = lambda: "") -> list[RunRecord]:
        return look_again(
            runs,
            self.settings,
            store=self.store,
            history=self.history,
            dispatcher=self,
            stop=stop,
            tell=self.told.append,
        )

    @property
    def looked(self) -> list[str]:
        return [request["run"] for request in self.requests]

    def rows(self) -> dict[str, int]:
        """How often each run was looked at that will be looked at again."""
        with self.store.database.transaction() as connection:
            return {row.run: row.looks for row in connection.exec_driver_sql("select run, looks from follow_ups")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    env = {"BCFLOW_HOME": str(tmp_path / "home"), "BCFLOW_NOTIFY": "json://127.0.0.1:9/hook"}
    settings = Settings.load(env, cwd=tmp_path)
    settings.make_home()
    with closing(Database(settings.database())) as database:
        yield Desk(settings, database)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []

    def send(_notifier: Notifier, title: str, body: str) -> bool:
        sent.append(f"{title}\n{body}")
        return True

    monkeypatch.setattr(Notifier, "send", send)
    return sent


def test_all_due_runs_of_one_login_are_taken_and_not_twice(desk: Desk) -> None:
    ours = desk.waiting("ana", "bo", "cy")
    theirs = desk.waiting("di", login="acme")
    desk.due(ours[0], hours=-3)
    desk.due(ours[2], hours=1)
    first, second = desk.follow_ups.take(but=set()), desk.follow_ups.take(but=set())
    assert first
    assert (first.login, first.runs) == ("default", ours[:2])
    assert second
    assert (second.login, second.runs) == ("acme", theirs)
    assert desk.follow_ups.take(but=set()) is None


def test_a_login_that_is_busy_is_left_alone(desk: Desk) -> None:
    desk.waiting("ana")
    assert desk.follow_ups.take(but={"default"}) is None
    assert desk.follow_ups.take(but={"acme"}) is not None


def test_all_are_looked_at_in_one_visit_those_of_a_business_center_together(desk: Desk) -> None:
    one, other = desk.waiting("ana", "bo"), desk.waiting("cy", center=OTHER_BC)
    changed = desk.look([one[0], *other, one[1]])
    assert desk.looked == [*one, *other]
    assert {request["visit"]["id"] for request in desk.requests} == {desk.requests[0]["visit"]["id"]}
    assert [request["visit"]["looks"] for request in desk.requests] == [2, 1, 1]
    assert {(request["mode"], request["may_write"], request["may_sign_in"]) for request in desk.requests} == {
        ("look", False, False)
    }
    assert [(run.id, run.outcome) for run in changed] == [(run, "done") for run in (*one, *other)]
    assert desk.rows() == {}


def test_a_look_that_fails_does_not_stop_the_others(desk: Desk) -> None:
    runs = desk.waiting("ana", "bo", "cy")
    desk.answers[runs[0]] = BrowserGone("the browser ended")
    desk.answers[runs[1]] = TimeoutError()
    assert [run.id for run in desk.look(runs)] == runs[2:]
    assert desk.rows() == {runs[0]: 1, runs[1]: 1}
    assert desk.told[0] == f"run {runs[0]} could not be looked at again: the browser ended"


@pytest.mark.parametrize("how", ["asked", "halted"])
def test_between_two_looks_it_can_be_stopped_and_the_rest_stays_due(desk: Desk, how: str) -> None:
    runs = desk.waiting("ana", "bo", "cy")
    due = desk.follow_ups.take(but=set())
    assert due
    if how == "halted":
        desk.answers[runs[1]] = Halted("the worker was stopped")
    changed = desk.look(due.runs, stop=lambda: "the worker was stopped" if how == "asked" and desk.requests else "")
    assert [run.id for run in changed] == runs[:1]
    assert desk.looked == runs[: 1 if how == "asked" else 2]
    left = desk.follow_ups.take(but=set())
    assert left
    assert left.runs == runs[1:]
    assert set(desk.rows().values()) == {0}


@pytest.mark.parametrize("pruned", ["before", "in the middle"])
def test_a_run_that_was_pruned_is_forgotten(desk: Desk, pruned: str) -> None:
    runs = desk.waiting("ana", "bo")

    def prune(run: str) -> None:
        if run == runs[0]:
            with desk.store.database.transaction() as connection:
                connection.exec_driver_sql("delete from runs where id = ?", (runs[1],))

    if pruned == "before":
        prune(runs[0])
    else:
        desk.on_look = prune
    assert [run.id for run in desk.look(runs)] == runs[:1]
    assert (desk.looked, desk.rows()) == (runs[:1], {})


def test_the_reports_are_written_again_if_something_changed(desk: Desk) -> None:
    (run,) = desk.waiting("ana")
    page = desk.history.batch_folder(run.partition("-")[0]) / "report.html"
    own = desk.history.run_folder(run) / "report.html"
    there = desk.effect("ana", BC, "already", "invitee")
    page.write_text("as it was")
    desk.answers[run] = {"outcome": "already", "waiting_for": "invitee", "effects": [there]}
    assert desk.look([run]) == []
    assert page.read_text() == "as it was"
    del desk.answers[run]
    desk.look([run])
    assert "accepted the invitation" in page.read_text()
    assert "accepted the invitation" in own.read_text()
    assert desk.history.load_run(run).outcome == "done"


def test_where_there_is_no_report_of_the_batch_none_is_written(desk: Desk) -> None:
    (run,) = desk.waiting("ana")
    page = desk.history.batch_folder(run.partition("-")[0]) / "report.html"
    page.unlink()
    assert [one.outcome for one in desk.look([run])] == ["done"]
    assert not page.exists()


def test_an_expired_sign_in_is_told_once_until_a_look_works_again(desk: Desk, messages: list[str]) -> None:
    runs = desk.waiting("ana", "bo", "cy", login="acme")
    desk.answers = dict.fromkeys(runs, EXPIRED)
    desk.look(runs)
    assert desk.looked == runs[:1], "the others would come to the same"
    assert desk.told == [
        "login 'acme': the sign-in has expired; looked at later: 3. Sign in: bcflow login --headed --login acme"
    ]
    assert desk.rows() == dict.fromkeys(runs, 1)
    desk.look(runs)
    assert len(desk.told) == 2
    assert [message.splitlines()[0] for message in messages] == ["bcflow needs you to sign in again (acme)"]
    assert "Not looked at: 3 runs that wait for others" in messages[0]
    del desk.answers[runs[0]]
    desk.look(runs)
    assert [message.splitlines()[0] for message in messages] == ["bcflow needs you to sign in again (acme)"] * 2
    assert desk.store.record(runs[0]).outcome == "done"


def test_how_long_it_is_waited_is_a_setting(desk: Desk) -> None:
    (run,) = desk.waiting("ana")
    desk.settings = desk.settings.model_copy(update={"remind_after": 3600.0, "give_up_after": 36 * 3600.0})
    there = desk.effect("ana", BC, "already", "invitee")
    desk.answers[run] = {"outcome": "already", "waiting_for": "invitee", "effects": [there]}
    (after,) = desk.look([run])
    assert (after.outcome, "waited 36 hours for invitee" in after.message) == ("expired", True)
    assert desk.rows() == {}
