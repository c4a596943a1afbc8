"""Following a batch at the terminal: its rows say how far it is, its questions are asked here."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.errors import BadInput
from bcflow.runner.batches import proposal
from bcflow.runner.batches.answers import Answers
from bcflow.runner.cli import frame
from bcflow.runner.cli.answering.at_terminal import ask_words, choose
from bcflow.runner.cli.wording import layout
from bcflow.runner.redaction.printable import wrapped
from bcflow.runner.reports.summary import run_line
from bcflow.runner.storage.asked_words import KIND
from bcflow.runner.storage.batch_rows import read_batch, read_records

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.batches.context import Context
    from bcflow.runner.batches.steps import Step
    from bcflow.runner.reports.progress import Progress
    from bcflow.runner.storage.batch_rows import Batch, Run
    from bcflow.runner.storage.questions import Question

LOOK_AGAIN_SECONDS: Final = 0.2


class Follower:
    """Shows one batch on its way. As a watcher it hears at once what the sessions of this process do."""

    def __init__(self, progress: Progress) -> None:
        """Show it with `progress`."""
        self.progress = progress
        self.batch = ""
        self.refused: BadInput | None = None
        self._moved = threading.Event()
        self._shown: dict[str, str | None] = {}
        self._told: dict[str, RunRecord] = {}
        self._title = ""
        self._to_look = self._to_write = self._left = 0
        self._one_at_a_time = threading.Lock()

    def begins(self, batch: str, step: Step) -> None:
        """Say which job is at work."""
        if batch == self.batch:
            self._enter({"look": "Looking", "run": "Writing"}[step.mode])
            self.progress.job(step.title)

    def happens(self, batch: str, event: dict[str, Any]) -> None:
        """Say which step of it is at work."""
        if batch == self.batch and event.get("name"):
            self.progress.step(str(event["name"]))

    def ends(self, batch: str, record: RunRecord) -> None:
        """Say how it ended."""
        if batch == self.batch:
            self._tell_once(record)

    def moved(self, batch: str) -> None:
        """Look at the batch's rows now."""
        if batch == self.batch:
            self._moved.set()

    def refuses(self, batch: str, error: BadInput) -> None:
        """Keep why the batch cannot be worked here."""
        if batch == self.batch:
            self.refused = error

    def tell(self, text: str) -> None:
        """Say something to whoever is there."""
        frame.complain(text)

    def follow(self, context: Context, batch: str, *, key: bytes, keep_on: Callable[[Batch], bool]) -> Batch:
        """Show the batch until it has ended or rests, or `keep_on` says no; ask what it asks, if somebody is there."""
        self.batch = batch
        answers = Answers(context, key=key, say=self.tell)
        try:
            while True:
                self._moved.clear()
                held = self._show(context)
                if held.phase == "ended" or not held.queued:
                    return held
                if not self._asked(context, answers) and not keep_on(held):
                    return held
                self._moved.wait(LOOK_AGAIN_SECONDS)
        finally:
            self.progress.end()

    def _show(self, context: Context) -> Batch:
        with context.database.transaction() as connection:
            held = read_batch(connection, self.batch)
            read_records(connection, [run for run in held.runs if self._is_new(run)])
        if not self._title:
            # What an earlier session did is not shown again.
            self._shown = {run.id: run.outcome for run in held.runs}
            self._to_look = sum(run.outcome is None for run in held.runs)
            self._to_write = len(held.to_do)
            self._enter("Looking" if held.phase == "look" else "Writing")
        for run in held.runs:
            if run.record is not None and self._is_new(run):
                self._tell_once(run.record)
        self._to_write = len(held.to_do)
        if held.phase == "write" and held.to_do:
            self._enter("Writing")
        return held

    def _is_new(self, run: Run) -> bool:
        return run.outcome not in {None, self._shown.get(run.id)}

    def _tell_once(self, record: RunRecord) -> None:
        """Say how an attempt ended: the rows and the session that wrote them both say it, in either order."""
        with self._one_at_a_time:
            before = self._told.get(record.id)
            if before and (before.started, before.outcome) == (record.started, record.outcome):
                return
            self._shown[record.id], self._told[record.id] = record.outcome, record
            self._tell(record)

    def _enter(self, title: str) -> None:
        """Begin a pass over the jobs, if it has not begun."""
        with self._one_at_a_time:
            if title == self._title:
                return
            if self._title:
                self.progress.end()
            self._title = title
            self._left = self._to_look if title == "Looking" else self._to_write
            if self._left:
                self.progress.begin(title, self._left, batch=self.batch)

    def _tell(self, record: RunRecord) -> None:
        """Say how a run ended; counted is only what the pass is about, and each once."""
        if self._left:
            self._left -= 1
            self.progress.ended(record)
        else:
            self.progress.note(run_line(record))

    def _asked(self, context: Context, answers: Answers) -> bool:
        """Ask what the batch asks; say whether there was something."""
        if not frame.person_is_there():
            return False
        mine = answers.at_terminal(self.batch)
        for question in mine:
            if question.kind == KIND:
                with self.progress.paused():
                    is_answered = ask_words(answers, context.settings, question)
                if not is_answered:
                    answers.later(question, self.batch)
                continue
            with self.progress.paused():
                text = self._answer(context, question)
            try:
                if text:
                    answers.answer(question, text, by=context.settings.actor)
                else:
                    answers.later(question, self.batch)
            except BadInput as error:
                frame.complain(str(error))
        return bool(mine)

    def _answer(self, context: Context, question: Question) -> str:
        """Ask the person; an empty text if it is left to the inbox."""
        if question.kind == "choice":
            return choose(question)
        if question.kind != "approval":
            return frame.ask_person(f"{question.text} ", secret=question.secret) or "no"
        if question.flow:
            return "yes" if frame.ask_yes_no(question.text) else "no"
        with context.database.transaction() as connection:
            held = read_batch(connection, self.batch, whole=True)
            notes = proposal.notes(connection, context, held)
        frame.show_plan(proposal.looks(context, held), sys.stderr)
        for line in (part for note in notes for part in wrapped(note, layout.width(), indent="  ")):
            frame.complain(line)
        return "yes" if frame.ask_yes_no(proposal.may_it(context, held)) else "no"
