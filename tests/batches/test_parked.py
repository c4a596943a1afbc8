"""Parked questions on a real PostgreSQL: other machines, other connections, no worker's browser needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches import needs
from bcflow.runner.batches.answers import TOO_LATE, Answers
from bcflow.runner.batches.context import Context, Turn, is_current, live_logins
from bcflow.runner.batches.steps import Step, finish, take
from bcflow.runner.batches.submit import How
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.opening import opened
from bcflow.runner.storage.batch_rows import Batch
from bcflow.runner.storage.questions import Question, withdraw
from bcflow.runner.storage.runs import Store
from tests.support.workshop import KEY, submit_one

JOBS = ["ana@acme.example", "bo@acme.example"]
PLANNED = {"job": "", "flow": "invite-member", "outcome": "planned", "message": ""}


class Machine:
    """One machine of several: a home of its own, a connection of its own."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.answers = Answers(context)

    def load(self, batch: str) -> Batch:
        return Store(self.context.database).load(batch)

    def submit(self) -> str:
        """Submit what nobody has agreed to yet."""
        lines = [("default", job) for job in JOBS]
        return submit_one(self.context, lines, how=How(trust_first_write=True))

    def ask_for_approval(self, batch: str) -> Question:
        """Look at every job, as its login's turn does; return what is asked then."""
        turn = Turn(batch, "default", 1)
        while (step := self._next(turn)) is not None:
            record = RunRecord.model_validate(PLANNED | {"id": step.run})
            with self.context.database.transaction() as connection:
                finish(connection, self.context, turn, step, record)
        (question,) = self.answers.questions.open()
        return question

    def is_called(self, batch: str) -> bool:
        """Whether its login has a turn that is on its way."""
        with self.context.database.transaction() as connection:
            return live_logins(connection, batch) == {"default"}

    def _next(self, turn: Turn) -> Step | None:
        with self.context.database.transaction() as connection:
            found, _ = take(connection, self.context, turn, "visit", first=False, lingers=False, alone=False)
        assert found is None or isinstance(found, Step)
        return found


@contextmanager
def machine(url: str, home: Path) -> Iterator[Machine]:
    environment = {"BCFLOW_HOME": str(home), "BCFLOW_DATABASE_URL": url, "BCFLOW_KEY": KEY}
    with opened(Settings.load(environment, home.parent)) as context:
        yield Machine(context)


@pytest.fixture
def here(postgres: str, tmp_path: Path) -> Iterator[Machine]:
    with machine(postgres, tmp_path / "here") as made:
        yield made


@pytest.fixture
def there(postgres: str, tmp_path: Path) -> Iterator[Machine]:
    with machine(postgres, tmp_path / "there") as made:
        yield made


def test_another_machine_answers_and_the_batch_goes_on(here: Machine, there: Machine) -> None:
    batch = here.submit()
    here.ask_for_approval(batch)
    assert not here.load(batch).queued, "it rests"
    assert not here.is_called(batch)
    (found,) = there.answers.questions.open()
    assert found.text.splitlines()[-1].startswith("Write 2 jobs on ")
    there.answers.answer(found, "yes", by="ben")
    held = here.load(batch)
    assert (held.terms.approved_by, held.phase, held.queued) == ("ben", "write", True)
    assert here.is_called(batch)
    with here.context.database.transaction() as connection:
        assert is_current(connection, Turn(batch, "default", 2)), "a turn of its own, not the one that looked"


def test_of_two_answers_the_second_does_nothing(here: Machine, there: Machine) -> None:
    """Both machines have the question before them; the batch goes on by the first, and is not cancelled under it."""
    batch = here.submit()
    question = here.ask_for_approval(batch)
    there.answers.answer(question, "yes", by="ben")
    with pytest.raises(BadInput, match="was closed in the meantime"):
        here.answers.answer(question, "no", by="maria")
    held = here.load(batch)
    assert (held.terms.approved_by, held.cancelled, held.phase) == ("ben", "", "write")
    assert here.is_called(batch)


def test_a_deadline_that_passes_is_a_no_that_is_carried_out_once(here: Machine, there: Machine) -> None:
    batch = here.submit()
    here.ask_for_approval(batch)
    with here.context.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE questions SET deadline = '2026-11-24T00:00:00.000+00:00'")
    for one in (there, here):
        one.answers.expire()
    held = here.load(batch)
    assert [(one.outcome, TOO_LATE in one.message) for one in held.records] == [("cancelled", True)] * 2
    assert held.phase == "ended"
    assert not here.is_called(batch)
    with here.context.database.transaction() as connection:
        entries = connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'cancelled'").scalar()
    assert entries == 1


def test_one_question_for_a_login_and_kind_is_asked_once_while_it_is_open(here: Machine) -> None:
    held = here.load(here.submit())
    waits = {"job": "", "flow": "invite-member", "outcome": "waiting", "waiting_for": "you", "message": "a captcha"}
    records = [RunRecord.model_validate(waits | {"id": run.id, "needs": "captcha"}) for run in held.runs]
    about = needs.of_people(here.context, held, records)
    assert ["Runs that wait for it: 2" in one.text for one in about] == [True]
    with here.context.database.transaction() as connection:
        assert len(needs.ask(connection, here.context, held, about)[0]) == 1
        assert needs.ask(connection, here.context, held, about) == ([], True)
        withdraw(connection, held.id)
        assert len(needs.ask(connection, here.context, held, about)[0]) == 1
