"""Questions that hold nothing but their row: raised when a batch ends or rests, answered whenever a person comes.

No browser, no login and no thread waits for them. Whoever takes an answer does what it means: the batch goes back
to the queue, or is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.errors import BadInput
from bcflow.models.looks import Effect
from bcflow.models.resolving import references
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.questions import NO_ANSWERS, About, Question, Questions
from bcflow.runner.storage.switches import Switches

if TYPE_CHECKING:
    from bcflow.models.outcomes import EffectRecord, RunRecord
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.entry import Entry, Terms
    from bcflow.runner.storage.history import History
    from bcflow.runner.storage.runs import Store
    from bcflow.runner.storage.tables import Held, Phase

TOO_LATE: Final = "nobody agreed to its writes in time"
# A page that waited for a code is gone when the question is parked: what is left to do is to sign in.
_PARKED_AS: Final = {"code": "sign-in"}
_THEN: Final = {
    "code": "Answer done when you can give a code: a new one is sent then and asked for",
    "captcha": "Solve it in a window",
    "consent": "Decide in a window",
}


class Parked:
    """Raises parked questions, and does what an answer means."""

    def __init__(self, settings: Settings, store: Store, history: History, *, key: bytes = b"") -> None:
        """Keep the questions in the database of `store`, with the pictures in `history`.

        The Fernet `key` is for whoever answers: it seals what an open page waits for.
        """
        self._settings = settings
        self._store = store
        self._history = history
        self._audit = Audit(store.database, secrets=settings.secrets())
        self.questions = Questions(store.database, key)

    def ask(self, held: Held, records: Iterable[RunRecord], *, plan: Sequence[str] = ()) -> list[Question]:
        """Ask what runs of a batch need of a person, and whether to carry out its `plan`, if that is asked for.

        Nothing is asked twice, nor for a batch that only looked or was cancelled.
        """
        if held.terms.dry_run or self._store.cancelled(held.record.id):
            return []
        about = [*_approval(held, plan), *self._needs(held, list(records)), *self._which(held, records)]
        return self._put(held, about)

    def ask_which(self, held: Held, records: Iterable[RunRecord]) -> list[Question]:
        """Ask which one is meant, for each run that found several and has not been asked about."""
        return [] if held.terms.dry_run else self._put(held, self._which(held, records))

    def answer(self, question: Question, text: str, *, by: str) -> str:
        """Do what an answer means, and say what that is. Raises BadInput if it cannot be taken now."""
        answer = question.checked(text)
        if not question.parked:
            self._take(question, answer, by)
            return "the page that waits for it goes on"
        if question.kind == "approval" and answer in NO_ANSWERS:
            self._take(question, answer, by)
            self._cancel(question.batch, f"{by} did not agree to its writes", by=by)
            return f"batch {question.batch} is cancelled"
        with self._at_rest(question.batch):
            self.questions.find(question.id)
            # What an answer means is done before it is taken: killed in between, the question is still there.
            if answer in NO_ANSWERS:
                self._take(question, answer, by)
                return "it stays as it is"
            if question.kind == "approval":
                self._store.approve(question.batch, by)
                self._audit.note("approved", actor=by, subject=question.batch)
            else:
                self._reopen(self._store.load(question.batch), question, answer, by)
            self._take(question, answer, by)
            self._store.queue(question.batch)
        return f"batch {question.batch} is queued and goes on"

    def choose(self, held: Held, question: Question, text: str, *, by: str) -> set[str]:
        """Take an answer of the person at the terminal to `ask_which`; return the runs that go on by it."""
        answer = question.checked(text)
        self._take(question, answer, by)
        return set() if answer in NO_ANSWERS else self._choose(held, question, answer, by)

    def expire(self) -> None:
        """Close the questions whose deadline has passed: without a yes, the batch that asked for it is cancelled."""
        for question in self.questions.expire():
            if question.kind == "approval" and self._store.has(question.batch):
                self._cancel(question.batch, TOO_LATE, by="bcflow")

    def _put(self, held: Held, about: Iterable[About]) -> list[Question]:
        known = self.questions.of(held.record.id)
        # Who said "none of these" has said it for good; all else may come up again.
        asked = {_same(one) for one in known if one.state == "open" or (one.kind, one.state) == ("choice", "answered")}
        new = [one for one in about if _same(one) not in asked]
        return [self.questions.ask(one, wait=self._settings.answer_wait, parked=True) for one in new]

    def _needs(self, held: Held, records: list[RunRecord]) -> Iterator[About]:
        """Yield one question for each login and kind of help, however many runs wait for it."""
        waiting = [one for one in records if one.outcome == "waiting" and one.waiting_for == "you"]
        first: dict[tuple[str, str], RunRecord] = {}
        for record in waiting:
            if record.needs:
                first.setdefault((record.login, _PARKED_AS.get(record.needs, record.needs)), record)
        for (login, kind), record in first.items():
            many = sum(one.login == login for one in waiting)
            text = f"{record.message}\n{_how(record)}. Runs that wait for it: {many}"
            picture = self._picture(record)
            yield About(kind=kind, text=text, login=login, batch=held.record.id, picture=picture)

    def _which(self, held: Held, records: Iterable[RunRecord]) -> Iterator[About]:
        for record in records:
            effect = _ambiguous(record)
            if record.outcome == "refused" and effect is not None:
                what = effect.kind.replace("-", " ")
                choices = [(one, f"the {what} with this id") for one in effect.candidates]
                yield About(
                    kind="choice",
                    text=f"{record.message}\nWhich {what} is '{effect.identity}'?",
                    login=record.login,
                    batch=held.record.id,
                    run=record.id,
                    choices=(*choices, ("none", "none of these; the run stays refused")),
                    picture=self._picture(record),
                )

    def _picture(self, record: RunRecord) -> str:
        """Return the newest picture of a run, relative to BCFLOW_HOME; none was taken while a secret showed."""
        if not record.pictures:
            return ""
        path = self._history.run_folder(record.id) / record.pictures[-1].file
        return str(path.relative_to(self._settings.home)) if path.is_file() else ""

    def _take(self, question: Question, answer: str, by: str) -> None:
        self.questions.answer(question, answer, by=by)
        detail = {"kind": question.kind, "login": question.login, "batch": question.batch, "run": question.run}
        said = {} if question.secret else {"answer": answer}
        self._audit.note("answered", actor=by, subject=question.id, detail=detail | said)

    def _reopen(self, held: Held, question: Question, answer: str, by: str) -> None:
        """Let the runs that waited for this answer be attempted again, from a look on."""
        if question.kind == "choice":
            self._store.reopen_runs(held.record.id, self._choose(held, question, answer, by))
        else:
            self._store.reopen_runs(held.record.id, self._lift(held, question.login, by))
            self._store.reopen(held.record.id, ())
        self._store.move(held.record.id, begins_again(held.terms))

    def _lift(self, held: Held, login: str, by: str) -> set[str]:
        """Lift the pauses that came of what a person has seen to; return the runs that were not begun for them."""
        switches = Switches(self._store.database)
        waiting = [one.record for one in held.entries if one.record and one.record.needs and one.login == login]
        # A pause names the run that it is for; one for another reason is another person's to lift.
        flows = {one.flow for one in waiting if f"run {one.id})" in switches.paused(one.flow, login)}
        for flow in sorted(flows):
            switches.resume(flow, login, by)
            self._audit.note("started-again", actor=by, subject=flow, detail={"login": login})
        rest = (one for one in held.entries if one.flow in flows and one.login == login)
        return {one.run for one in rest if one.record is not None and one.record.outcome == "skipped"}

    def _choose(self, held: Held, question: Question, site_id: str, by: str) -> set[str]:
        """Write down which one is meant; return its run, and those that were skipped for want of its result."""
        from bcflow.runner.storage.ledger import Ledger

        entry = next(one for one in held.entries if one.run == question.run)
        effect = _ambiguous(entry.record) if entry.record else None
        if effect is None:
            raise BadInput([f"run {question.run} goes on already: there is nothing to choose any more"])
        wanted = Effect(effect.business_center, effect.kind, effect.identity, effect.want)
        ledger = Ledger(self._settings.database())
        try:
            ledger.choose(self._settings.business_center_url, wanted, run=question.run, site_id=site_id, by=by)
        finally:
            ledger.close()
        return {question.run, *_dependents(held.entries, entry)}

    def _cancel(self, batch: str, why: str, *, by: str) -> None:
        from bcflow.runner.batches.cancel import cancel_resting

        self._audit.note("cancelled", actor=by, subject=batch, detail={"why": why})
        cancel_resting(self._store, self._history, self._settings, batch, why)

    @contextmanager
    def _at_rest(self, batch: str) -> Iterator[None]:
        """Hold a batch that nobody works on. Raises BadInput if somebody does."""
        from bcflow.runner.engine.worker import batch_lease

        busy = BadInput([f"batch {batch} is worked on just now; answer again in a moment"])
        if self._store.load(batch).worker:
            raise busy
        try:
            lease = batch_lease(self._settings, batch)
        except BadInput:
            raise busy from None
        try:
            yield
        finally:
            lease.release()


def begins_again(terms: Terms) -> Phase:
    """Return where a batch whose runs are tried again begins; what a plan rests on is looked at and compared first."""
    may_write = terms.approved_by and not terms.dry_run and terms.plan is None
    return "write" if may_write else "look"


def _approval(held: Held, plan: Sequence[str]) -> Iterator[About]:
    if plan:
        yield About(kind="approval", text="\n".join(plan), batch=held.record.id)


def _how(record: RunRecord) -> str:
    login = "" if record.login == "default" else f" --login {record.login}"
    window = f"bcflow login --headed{login}"
    carried = f"(or {window} --export FILE on a laptop and bcflow login{login} --import FILE here)"
    then = _THEN.get(record.needs, "Sign in")
    return f"{then}; or sign in: {window} {carried}" if record.needs == "code" else f"{then}: {window} {carried}"


def _ambiguous(record: RunRecord) -> EffectRecord | None:
    return next((one for one in record.effects if one.candidates), None)


def _dependents(entries: Sequence[Entry], entry: Entry) -> Iterator[str]:
    """Yield the runs that were skipped because they refer to this one; a job only ever refers to one above it."""
    names = {entry.task.job.id} - {None}
    for other in entries:
        needed = {name for _, name, _ in references(other.task.job)}
        if names & needed and other.record is not None and other.record.outcome == "skipped":
            names.add(other.task.job.id)
            yield other.run


def _same(about: About) -> tuple[Any, ...]:
    return about.kind, about.login, about.run
