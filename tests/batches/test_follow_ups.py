"""All runs of a login that are due, looked at again in one go: who is asked, what is kept, what a bad look does."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.errors import BrowserGone
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.follow_ups import NO_BATCH
from bcflow.runner.batches.words.answering import Said
from bcflow.runner.notify.channels import Notifier
from bcflow.runner.storage.database import as_text
from bcflow.runner.storage.switches import Switches
from tests.support.batches import Desk
from tests.support.fake_browser import Died, Given
from tests.support.jobs import BC, make_jobs
from tests.support.words import make_unknown, waits

OTHER_BC = "7123456789012345679"
EXPIRED: dict[str, Any] = {"outcome": "waiting", "waiting_for": "you", "message": "the sign-in has expired"}


class Waiting(Desk):
    """A desk with runs that wait for others; what is looked at again is there now, unless a look says otherwise."""

    def waiting(self, *names: str, login: str = "default", center: str = BC) -> list[str]:
        """Have a batch of invitations made that wait, each due at once; return its runs."""
        self.runs |= dict.fromkeys(names, self._waits)
        self.go(*make_jobs(names, login=login, business_center=center))
        self.looks |= dict.fromkeys(names, self.there)
        self.requests.clear()
        self.opened.clear()
        runs = [run.id for run in self.held.runs]
        for run in runs:
            self.due(run)
        return runs

    def _waits(self, request: dict[str, Any]) -> Given:
        effect = self.effect(request, "waiting", "invitee")
        finished = "2026-11-20T12:00:00+00:00"
        center = request["job"]["business_center"]
        more = {"writes": 1, "effects": [effect], "finished": finished, "business_center": center}
        return {"outcome": "waiting", "waiting_for": "invitee", "message": "it waits"} | more

    def there(self, request: dict[str, Any]) -> Given:
        return {"outcome": "already", "effects": [self.effect(request, "already", None)]}

    def still_waits(self, request: dict[str, Any]) -> Given:
        effect = self.effect(request, "already", "invitee")
        return {"outcome": "already", "waiting_for": "invitee", "effects": [effect]}

    @staticmethod
    def effect(request: dict[str, Any], outcome: str, who: str | None) -> dict[str, Any]:
        job = request["job"]
        identity = {"kind": "member", "identity": job["email"], "business_center": job["business_center"]}
        return identity | {"outcome": outcome, "waiting_for": who, "seen_at": "2026-11-20T12:00:00+00:00"}

    def due(self, run: str, *, hours: float = -1) -> None:
        at = as_text(datetime.now(UTC) + timedelta(hours=hours))
        with self.database.transaction() as connection:
            connection.exec_driver_sql("update follow_ups set due = ? where run = ?", (at, run))

    def look(self, login: str = "default") -> list[str]:
        """Take the login's turn, as if it were time for it; return the runs that were looked at."""
        known = len(self.requests)
        turn = [turn for turn, _ in self.queued if (turn.batch, turn.login) == (NO_BATCH, login)][-1]
        self.take(turn)
        return [request["run"] for request in self.requests[known:]]

    def rows(self) -> dict[str, int]:
        """Return how often each run was looked at that will be looked at again."""
        with self.database.transaction() as connection:
            return {row.run: row.looks for row in connection.exec_driver_sql("select run, looks from follow_ups")}

    def outcome(self, run: str) -> str:
        return self.store.record(run).outcome


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Waiting]:
    notify, login = "json://127.0.0.1:9/hook", "me@acme.example"
    with closing(Waiting(tmp_path / "home", BCFLOW_NOTIFY=notify, BCFLOW_EMAIL__ACME=login)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []

    def send(_notifier: Notifier, title: str, body: str) -> bool:
        sent.append(f"{title}\n{body}")
        return True

    monkeypatch.setattr(Notifier, "send", send)
    return sent


def test_all_due_runs_of_one_login_are_taken_and_not_twice(desk: Waiting) -> None:
    ours = desk.waiting("ana", "bo", "cy")
    theirs = desk.waiting("di", login="acme")
    desk.due(ours[2], hours=1)

    assert desk.look() == ours[:2]
    assert desk.look() == []
    assert desk.look("acme") == theirs
    assert desk.rows() == {ours[2]: 0}


def test_a_login_has_one_turn_at_the_earliest_of_its_runs(desk: Waiting) -> None:
    first = desk.waiting("ana", "bo")
    assert [(turn.batch, turn.login) for turn, _ in desk.queued] == [(NO_BATCH, "default")]
    desk.due(first[0], hours=2)
    desk.due(first[1], hours=3)
    desk.look()

    assert [7000 < delay <= 7200 for _, delay in desk.queued] == [True]


def test_a_login_that_is_busy_is_left_alone_for_a_while(desk: Waiting) -> None:
    (run,) = desk.waiting("ana")
    desk.busy = {"default"}

    assert (desk.look(), desk.rows()) == ([], {run: 0})
    assert [30 < delay <= 60 for _, delay in desk.queued] == [True]
    desk.busy.clear()
    assert desk.look() == [run]


def test_all_are_looked_at_in_one_visit_those_of_a_business_center_together(desk: Waiting) -> None:
    one = desk.waiting("ana", "bo")
    for run in one:
        desk.due(run, hours=1)
    other = desk.waiting("cy", center=OTHER_BC)
    desk.due(one[0], hours=-3)
    desk.due(one[1], hours=-0.5)

    assert desk.look() == [*one, *other]
    assert {request["visit"]["id"] for request in desk.requests} == {desk.requests[0]["visit"]["id"]}
    assert [request["visit"]["looks"] for request in desk.requests] == [2, 1, 1]
    assert {(request["mode"], request["may_write"], request["may_sign_in"]) for request in desk.requests} == {
        ("look", False, False)
    }
    assert [desk.outcome(run) for run in (*one, *other)] == ["done"] * 3
    assert (desk.rows(), desk.opened, desk.queued) == ({}, ["default"], [])


def test_a_look_that_fails_does_not_stop_the_others(desk: Waiting) -> None:
    runs = desk.waiting("ana", "bo", "cy")
    desk.looks |= {"ana": BrowserGone("the browser ended"), "bo": TimeoutError()}

    assert desk.look() == runs
    assert [desk.outcome(run) for run in runs] == ["waiting", "waiting", "done"]
    assert desk.rows() == {runs[0]: 1, runs[1]: 1}
    assert f"run {runs[0]} could not be looked at again: the browser ended" in desk.told


@pytest.mark.parametrize("how", ["the worker ends", "everything is stopped"])
def test_between_two_looks_it_can_be_stopped_and_the_rest_stays_due(desk: Waiting, how: str) -> None:
    runs = desk.waiting("ana", "bo", "cy")

    def stop(request: dict[str, Any]) -> Given:
        if how == "the worker ends":
            desk.shutdown.set()
        else:
            Switches(desk.database).stop("the site looks odd", "ana")
        return desk.there(request)

    desk.looks["ana"] = stop
    assert desk.look() == runs[:1]
    assert desk.rows() == {runs[1]: 0, runs[2]: 0}

    desk.shutdown.clear()
    Switches(desk.database).start("ana")
    assert desk.look() == runs[1:]


def test_a_machine_that_dies_in_the_middle_looks_at_the_rest_when_it_is_back(desk: Waiting) -> None:
    runs = desk.waiting("ana", "bo")
    desk.looks["bo"] = Died()
    with pytest.raises(Died):
        desk.look()
    desk.start()
    desk.looks["bo"] = desk.there

    assert desk.look() == runs[1:]
    assert [desk.outcome(run) for run in runs] == ["done", "done"]


def test_a_turn_that_another_took_the_place_of_looks_at_nothing(desk: Waiting) -> None:
    (run,) = desk.waiting("ana")
    with desk.database.transaction() as connection:
        connection.exec_driver_sql("update sessions set number = number + 1")

    assert (desk.look(), desk.rows(), desk.opened) == ([], {run: 0}, [])


@pytest.mark.parametrize("pruned", ["before", "in the middle"])
def test_a_run_that_was_pruned_is_forgotten(desk: Waiting, pruned: str) -> None:
    runs = desk.waiting("ana", "bo")

    def prune() -> None:
        with desk.database.transaction() as connection:
            connection.exec_driver_sql("delete from runs where id = ?", (runs[1],))

    def look(request: dict[str, Any]) -> Given:
        prune()
        return desk.there(request)

    if pruned == "before":
        prune()
    else:
        desk.looks["ana"] = look
    assert desk.look() == runs[:1]
    assert (desk.outcome(runs[0]), desk.rows()) == ("done", {})


def test_the_reports_are_written_again_if_something_changed(desk: Waiting) -> None:
    (run,) = desk.waiting("ana")
    page = desk.context.history.batch_folder(desk.batch) / "report.html"
    own = desk.context.run_folder(run) / "report.html"
    page.write_text("as it was")
    desk.looks["ana"] = desk.still_waits
    desk.look()
    assert page.read_text() == "as it was"
    assert not desk.told, "what is as it was is not told again"

    desk.looks["ana"] = desk.there
    desk.due(run)
    desk.look()
    assert "accepted the invitation" in page.read_text()
    assert "accepted the invitation" in own.read_text()
    assert desk.context.history.load_run(run).outcome == "done"


def test_where_there_is_no_report_of_the_batch_none_is_written(desk: Waiting) -> None:
    (run,) = desk.waiting("ana")
    page = desk.context.history.batch_folder(desk.batch) / "report.html"
    page.unlink()
    desk.look()

    assert desk.outcome(run) == "done"
    assert not page.exists()


def test_an_expired_sign_in_is_told_once_until_a_look_works_again(desk: Waiting, messages: list[str]) -> None:
    runs = desk.waiting("ana", "bo", "cy", login="acme")
    messages.clear()

    def look() -> list[str]:
        for run in runs:
            desk.due(run)
        return desk.look("acme")

    desk.looks = dict.fromkeys(desk.looks, EXPIRED)
    assert look() == runs[:1], "the others would come to the same"
    said = "login 'acme': the sign-in has expired; looked at later: 3. Sign in: bcflow login --headed --login acme"
    assert desk.told.count(said) == 1
    assert desk.rows() == dict.fromkeys(runs, 1)
    look()
    assert desk.told.count(said) == 2
    assert [message.splitlines()[0] for message in messages] == ["bcflow needs you to sign in again (acme)"]
    assert "Not looked at: 3 runs that wait for others" in messages[0]

    desk.looks["ana"] = desk.there
    look()
    assert [message.splitlines()[0] for message in messages] == ["bcflow needs you to sign in again (acme)"] * 2
    assert desk.outcome(runs[0]) == "done"


def test_how_long_it_is_waited_is_a_setting(tmp_path: Path) -> None:
    with closing(Waiting(tmp_path / "home", BCFLOW_REMIND_AFTER="1h", BCFLOW_GIVE_UP_AFTER="36h")) as desk:
        (run,) = desk.waiting("ana")
        desk.looks["ana"] = desk.still_waits
        desk.look()
        after = desk.store.record(run)

        assert (after.outcome, "waited 36 hours for invitee" in after.message) == ("expired", True)
        assert desk.rows() == {}


def test_a_look_that_meets_unknown_words_asks_and_is_made_again_with_the_answer(desk: Waiting) -> None:
    (run,) = desk.waiting("ana")
    desk.looks["ana"] = waits(make_unknown())
    assert desk.look() == [run]
    assert desk.store.record(run).waiting_for == "invitee", "it waits for them as before"
    (question,) = Answers(desk.context).questions.open()
    assert (question.kind, question.batch, question.run) == ("word", desk.batch, run)
    desk.go(*make_jobs(["bo"]))
    assert [one.id for one in Answers(desk.context).questions.open()] == [question.id], "it is not taken back"

    desk.looks["ana"] = desk.there
    desk.requests.clear()
    Answers(desk.context).word(question, Said(choose=1), by="ana")
    assert desk.look() == [run]
    assert desk.outcome(run) == "done"
    assert [request["mode"] for request in desk.requests] == ["look"], "a word of theirs is no reason to write"
