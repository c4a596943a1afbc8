"""What a person's answer means: it is taken and done in one transaction, and the batch goes on by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.models.errors import BadInput
from bcflow.models.looks import Effect
from bcflow.runner.batches.advance import advance
from bcflow.runner.batches.context import News
from bcflow.runner.batches.moves import again, approve, cancel, dependents, reopen
from bcflow.runner.batches.needs import ambiguous
from bcflow.runner.batches.telling import tell_news
from bcflow.runner.batches.words.answering import Said, Taken, answer_word, check_said, said_in, told
from bcflow.runner.storage.asked_words import KIND, asked_at_terminal, leave
from bcflow.runner.storage.batch_rows import read_batch, read_records
from bcflow.runner.storage.questions import NO_ANSWERS, Question, Questions, forget_flow, withdraw
from bcflow.runner.storage.runs import Store
from bcflow.runner.storage.switches import lift, read_switches

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Batch

TOO_LATE: Final = "nobody agreed to its writes in time"


class Answers:
    """Takes answers."""

    def __init__(self, context: Context, *, key: bytes = b"", say: Callable[[str], None] = lambda _text: None) -> None:
        """Take them in the database of `context`; the Fernet `key` seals what an open page waits for."""
        self._context = context
        self._say = say
        self.questions = Questions(context.database, key)

    def answer(self, question: Question, text: str, *, by: str) -> str:
        """Do what an answer means, and say what that is. Raises BadInput if it cannot be taken now."""
        if question.kind == KIND:
            return told(self.word(question, said_in(text), by=by))
        answer = question.checked(text)
        if question.kind == "choice" and answer not in NO_ANSWERS:
            # Done before it is taken: killed in between, the question is still there.
            self._choose(question, answer, by)
        with self._context.database.transaction() as connection:
            self._take(connection, question, answer, by)
            said, news = self._mean(connection, question, answer, by)
        tell_news(self._context, news, say=self._say)
        return said

    def word(self, question: Question, said: Said, *, by: str) -> Taken:
        """Take a word, with all that it means. Raises BadInput, with what is possible, if it cannot be taken."""
        check_said(self._context, question, said)
        with self._context.database.transaction() as connection:
            taken = answer_word(connection, self._context, question, said, by=by)
        for news in taken.news:
            tell_news(self._context, news, say=self._say)
        return taken

    def at_terminal(self, batch: str) -> list[Question]:
        """Return what is to be asked at the terminal at which a batch is followed."""
        with self._context.database.transaction() as connection:
            words = asked_at_terminal(connection, batch)
        own = [one for one in self.questions.open() if one.batch == batch and one.kind != KIND]
        return [*own, *words]

    def later(self, question: Question, batch: str) -> None:
        """Leave a question to the inbox, as the person did at whose terminal `batch` is followed."""
        with self._context.database.transaction() as connection:
            if question.kind == KIND:
                leave(connection, question, batch)
            else:
                withdraw(connection, question.batch, only=question.id)
            advance(connection, self._context, batch)

    def expire(self) -> None:
        """Close the questions whose deadline has passed: without a yes, the batch that asked for it is cancelled."""
        for question in self.questions.expire():
            if question.kind == "approval" and Store(self._context.database).has(question.batch):
                with self._context.database.transaction() as connection:
                    detail = {"why": TOO_LATE}
                    self._context.audit.note_within(
                        connection, "cancelled", actor="bcflow", subject=question.batch, detail=detail
                    )
                    news = cancel(connection, self._context, question.batch, TOO_LATE)
                tell_news(self._context, news, say=self._say)

    def _mean(self, connection: sa.Connection, question: Question, answer: str, by: str) -> tuple[str, News]:
        if not question.parked:
            return "the page that waits for it goes on", News(question.batch)
        if question.kind == "approval" and answer in NO_ANSWERS:
            return self._refused(connection, question, by)
        if answer in NO_ANSWERS:
            return "it stays as it is", advance(connection, self._context, question.batch)
        batch = read_batch(connection, question.batch)
        if question.kind == "approval":
            if not question.flow:
                approve(connection, self._context, batch.id, by=by)
        else:
            self._reopen(connection, batch, question, by)
        if batch.phase == "ended" or not batch.queued:
            again(connection, read_batch(connection, batch.id))
        return f"batch {batch.id} is queued again", advance(connection, self._context, batch.id)

    def _refused(self, connection: sa.Connection, question: Question, by: str) -> tuple[str, News]:
        attended = read_batch(connection, question.batch).terms.attended
        if question.flow:
            # A no is not counted among those who agreed, should somebody resume the batch.
            forget_flow(connection, question.id)
            why = (
                f"you stopped after the first writes of {question.flow}"
                if attended
                else (f"{by} stopped after the first writes of {question.flow}")
            )
        else:
            why = "you said no" if attended else f"{by} did not agree to its writes"
        detail = {"why": why}
        self._context.audit.note_within(connection, "cancelled", actor=by, subject=question.batch, detail=detail)
        return f"batch {question.batch} is cancelled", cancel(connection, self._context, question.batch, why)

    def _take(self, connection: sa.Connection, question: Question, answer: str, by: str) -> None:
        self.questions.take(connection, question, answer, by=by)
        detail = {"kind": question.kind, "login": question.login, "batch": question.batch, "run": question.run}
        said = {} if question.secret else {"answer": answer}
        self._context.audit.note_within(connection, "answered", actor=by, subject=question.id, detail=detail | said)

    def _reopen(self, connection: sa.Connection, batch: Batch, question: Question, by: str) -> None:
        """Let the runs that waited for this answer be attempted again, from a look on."""
        if question.kind == "choice":
            chosen = next(run for run in batch.runs if run.id == question.run)
            reopen(connection, batch, which=[chosen.id, *dependents(batch.runs, [chosen])])
            return
        rested = self._lift(connection, batch, question.login, by)
        if rested:
            reopen(connection, batch, which=rested)
        reopen(connection, batch)

    def _lift(self, connection: sa.Connection, batch: Batch, login: str, by: str) -> list[str]:
        """Lift the pauses that came of what a person has seen to; return the runs that were not begun for them."""
        theirs = [run for run in batch.runs if run.login == login]
        read_records(connection, theirs)
        switches = read_switches(connection)
        # A pause names the run that it is for; one for another reason is another person's to lift.
        flows = {
            run.flow
            for run in theirs
            if run.record and run.record.needs and f"run {run.id})" in switches.paused(run.flow, login)
        }
        for flow in sorted(flows):
            lift(connection, flow, login, by)
            detail = {"login": login}
            self._context.audit.note_within(connection, "started-again", actor=by, subject=flow, detail=detail)
        return [run.id for run in theirs if run.flow in flows and run.outcome == "skipped"]

    def _choose(self, question: Question, site_id: str, by: str) -> None:
        """Write down which one is meant."""
        from bcflow.runner.storage.ledger import Ledger

        batch = Store(self._context.database).load(question.batch)
        run = next(one for one in batch.runs if one.id == question.run)
        effect = ambiguous(run.record) if run.record else None
        if effect is None:
            raise BadInput([f"run {question.run} goes on already: there is nothing to choose any more"])
        wanted = Effect(effect.business_center, effect.kind, effect.identity, effect.want)
        ledger = Ledger(self._context.settings.database())
        try:
            ledger.choose(self._context.site, wanted, run=question.run, site_id=site_id, by=by)
        finally:
            ledger.close()
