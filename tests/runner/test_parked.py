"""Parked questions on a real PostgreSQL: other machines, other connections, no worker's browser needed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.answers import TOO_LATE, Parked
from bcflow.runner.config.settings import Settings
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.history import History
from bcflow.runner.storage.questions import Question
from bcflow.runner.storage.runs import Store
from tests.runner.workshop import KEY, submit_one

JOBS = ["ana@acme.example", "bo@acme.example"]


class Machine:
    """One machine of several: a home of its own, a connection of its own."""

    def __init__(self, url: str, home: Path, database: Database) -> None:
        environment = {"BCFLOW_HOME": str(home), "BCFLOW_DATABASE_URL": url, "BCFLOW_KEY": KEY}
        self.settings = Settings.load(environment, home.parent)
        self.settings.make_home()
        self.store = Store(database)
        self.parked = Parked(self.settings, self.store, History(self.settings.home))

    def submit(self) -> str:
        return submit_one(self.settings, self.store, "default", JOBS)

    def ask_for_approval(self, batch: str) -> Question:
        """Ask as the end of a look does that nobody agreed to."""
        self.store.move(batch, "ask")
        (question,) = self.parked.ask(self.store.load(batch), [], plan=["2 to do", "Write 2 jobs?"])
        return question


@pytest.fixture
def here(postgres: str, tmp_path: Path) -> Iterator[Machine]:
    with closing(Database(postgres)) as database:
        yield Machine(postgres, tmp_path / "here", database)


@pytest.fixture
def there(postgres: str, tmp_path: Path) -> Iterator[Machine]:
    with closing(Database(postgres)) as database:
        yield Machine(postgres, tmp_path / "there", database)


def test_another_machine_answers_and_a_worker_takes_the_batch(here: Machine, there: Machine) -> None:
    batch = here.submit()
    here.ask_for_approval(batch)
    assert here.store.claim("worker") is None, "it rests"
    (found,) = there.parked.questions.open()
    assert found.text == "2 to do\nWrite 2 jobs?"
    there.parked.answer(found, "yes", by="ben")
    assert here.store.claim("worker") == batch
    assert here.store.load(batch).terms.approved_by == "ben"


def test_an_answer_to_a_batch_that_is_worked_on_is_not_taken(here: Machine) -> None:
    batch = here.submit()
    question = here.ask_for_approval(batch)
    here.store.queue(batch)
    assert here.store.claim("worker") == batch
    with pytest.raises(BadInput, match="worked on just now"):
        here.parked.answer(question, "yes", by="ben")
    assert here.parked.questions.open() == [question]


def test_a_deadline_that_passes_is_a_no_that_is_carried_out_once(here: Machine, there: Machine) -> None:
    batch = here.submit()
    here.ask_for_approval(batch)
    with here.store.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE questions SET deadline = '2026-11-24T00:00:00.000+00:00'")
    for machine in (there, here):
        machine.parked.expire()
    records = [entry.record for entry in here.store.load(batch).entries]
    assert [(one.outcome, TOO_LATE in one.message) for one in records if one] == [("cancelled", True)] * 2
    assert here.store.load(batch).phase == "ended"


def test_one_question_for_a_login_and_kind_is_asked_once_while_it_is_open(here: Machine) -> None:
    batch = here.submit()
    held = here.store.load(batch)
    waits = {"flow": "invite-member", "outcome": "waiting", "waiting_for": "you", "message": "a captcha"}
    records = [
        RunRecord.model_validate(waits | {"id": entry.run, "job": "", "needs": "captcha"}) for entry in held.entries
    ]
    (question,) = here.parked.ask(held, records)
    assert "Runs that wait for it: 2" in question.text
    assert here.parked.ask(held, records) == []
    here.parked.questions.withdraw(batch)
    assert len(here.parked.ask(held, records)) == 1
