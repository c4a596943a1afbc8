"""`bcflow run`, `apply`, `resume`: submit, be a worker if there is none, follow the rows until the batch ends."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.errors import BadInput
from bcflow.runner.batches.moves import resume
from bcflow.runner.batches.results import ended_record
from bcflow.runner.batches.rules import why_not_here, why_read_only, why_stopped
from bcflow.runner.batches.steps import rest
from bcflow.runner.batches.submit import How, may_start, submit
from bcflow.runner.batches.telling import clean_records, write_report
from bcflow.runner.browser.login_browser import leased, slots
from bcflow.runner.browser.shutdown import Shutdown
from bcflow.runner.cli import frame
from bcflow.runner.cli.running.follow import Follower
from bcflow.runner.cli.wording import messages
from bcflow.runner.config.keys import load_key
from bcflow.runner.engine.opening import opened
from bcflow.runner.engine.presence import WorkerLock, living_workers
from bcflow.runner.engine.worker import Worker
from bcflow.runner.reports import summary
from bcflow.runner.reports.evidence import REPORT
from bcflow.runner.reports.progress import progress_on
from bcflow.runner.storage.batch_rows import read_batch, set_batch
from bcflow.runner.storage.runs import Store, in_doubt
from bcflow.runner.storage.switches import read_switches

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.batches.context import Context
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.jobfiles.source import Order
    from bcflow.runner.storage.batch_rows import Batch
    from bcflow.runner.storage.questions import About

WAIT_SECONDS: Final = 0.5
MISSED_SECONDS: Final = 3.0
"""A worker that is not seen for so long has ended."""


def work(
    order: Order,
    settings: Settings,
    how: How,
    *,
    on_batch: Callable[[str], None] = lambda _batch: None,
    to_do: str = "",
) -> int:
    """Run what was asked for; return the exit code, tell `on_batch` its id. Raises BadInput if it may not start.

    `to_do` is the command that does what this one only looks at.
    """
    how = replace(how, attended=frame.person_is_there())
    if not (how.dry_run or how.attended or how.yes):
        raise BadInput([messages.nobody_to_ask()])
    settings.make_home()
    logins = sorted({task.job.login for task in order.tasks})
    with stoppable() as told, desk(settings, logins, told, doing=f"run {order.source}", wait=how.wait) as here:
        may_start(here.context, order, how)
        batch, _ = submit(here.context, order, how, owner=here.owner)
        on_batch(batch)
        return here.follow(batch, as_json=how.as_json, to_do=to_do)


def go_on(settings: Settings, batch: str, *, yes: bool, as_json: bool) -> int:
    """Go on with a batch that is kept; return the exit code."""
    with stoppable() as told, desk(settings, (), told, doing=f"resume {batch}", wait=True) as here:
        if not resume(here.context, batch, yes=yes, attended=frame.person_is_there(), owner=here.owner):
            frame.say(f"batch {batch} has nothing that could be tried again")
            return summary.OK
        return here.follow(batch, as_json=as_json)


class Desk:
    """Where a batch is followed from: beside a worker, or with one of its own."""

    def __init__(
        self,
        context: Context,
        follower: Follower,
        worker: Worker | None,
        told_to_stop: threading.Event,
        *,
        beside: str = "",
    ) -> None:
        """Follow with `follower`; `worker` works the batch here, else the worker `beside` does."""
        self.context = context
        self._told_to_stop = told_to_stop
        self._beside = beside
        self.owner = worker.owner if worker is not None else ""
        self._follower = follower
        self._worker = worker
        self._why = ""
        self._missed_since: float | None = None

    def follow(self, batch: str, *, as_json: bool, to_do: str = "") -> int:
        """Follow a batch to its end, print how it ended, and return the exit code; Ctrl-C lets it rest."""
        settings = self.context.settings
        key = load_key(settings.key.get_secret_value() if settings.key else None, settings.home)
        if self._worker is None:
            frame.complain(f"batch {batch} is done by the worker ({self._beside}); Ctrl-C leaves it to it")
        try:
            self._follower.follow(self.context, batch, key=key, keep_on=self._keep_on)
            interrupted = ""
        except KeyboardInterrupt:
            interrupted = "interrupted"
        if interrupted and self._worker is None:
            return summary.INTERRUPTED
        if self._worker is not None:
            self._let_rest(batch, at_once=bool(interrupted))
        return self._told(batch, interrupted, as_json=as_json, to_do=to_do)

    def _keep_on(self, batch: Batch) -> bool:
        """Have the worker here do what is due; false if nothing is done for the batch any more."""
        if self._told_to_stop.is_set():
            raise KeyboardInterrupt
        if self._worker is None:
            if any(one.is_shared for one in living_workers(self.context.settings, self.context.database)):
                self._missed_since = None
                return True
            # One that comes back after it was cut off is between two leases for a moment.
            self._missed_since = self._missed_since or monotonic()
            if monotonic() - self._missed_since < MISSED_SECONDS:
                return True
            frame.complain(f"the worker has ended; {messages.goes_on(batch.id)}")
            return False
        if batch.phase == "write" and (why := why_not_here(self.context.settings)):
            self._why = why
            return False
        if self._worker.turn() or self._worker.is_called(batch.id):
            return True
        self._why = self._why_stuck(batch)
        return False

    def _why_stuck(self, batch: Batch) -> str:
        with self.context.database.transaction() as connection:
            switches = read_switches(connection)
        if why := why_stopped(switches) or (why_read_only(switches) if batch.phase == "write" else ""):
            return why
        return messages.NOT_AGREED

    def _let_rest(self, batch: str, *, at_once: bool) -> None:
        """Let a batch that has not ended rest, and end its browsers, `at_once` or after the runs at hand."""
        if self._worker is None:
            return
        with self.context.database.transaction() as connection:
            if read_batch(connection, batch).phase != "ended":
                rest(connection, batch)
        if at_once:
            self._worker.browsers.end_all()
        self._worker.stop()

    def _told(self, batch: str, interrupted: str, *, as_json: bool, to_do: str) -> int:
        with self.context.database.transaction() as connection:
            held = read_batch(connection, batch, whole=True)
        if self._follower.refused is not None:
            if not held.records:
                # Nothing was seen: it is as if it had not been asked for.
                Store(self.context.database).remove(batch)
                self.context.history.drop_batch(batch)
            raise self._follower.refused
        if held.phase == "ended" and held.record.exit_code is not None:
            code = held.record.exit_code
        else:
            code = summary.INTERRUPTED if interrupted else summary.YOU_MUST_ACT
            self._keep_code(held, code)
            self._say_not_done(held, interrupted or self._why or messages.NOT_AGREED)
        report = self.context.history.batch_folder(batch) / REPORT
        if held.phase != "ended" or not report.is_file():
            write_report(self.context, held, say=frame.complain)
        records = clean_records(self.context, held)
        is_plan = held.terms.dry_run and not held.terms.rehearse
        if as_json:
            frame.document({"batch": batch, "runs": frame.plain([run.report() for run in records])})
        else:
            place = str(report) if report.is_file() else ""
            tell(
                batch,
                records,
                where=place,
                is_plan=is_plan,
                following=summary.next_command(batch, records, to_do=to_do),
            )
        return summary.INTERRUPTED if interrupted else code

    def _keep_code(self, batch: Batch, code: int) -> None:
        """Keep how the command ended, until the batch goes on."""
        batch.record.ended, batch.record.exit_code = datetime.now(UTC).isoformat(timespec="seconds"), code
        with self.context.database.transaction() as connection:
            set_batch(connection, batch.id, record=batch.record.model_dump(mode="json"))
        self.context.history.save_batch(batch.record)

    def _say_not_done(self, batch: Batch, why: str) -> None:
        """Say of everything that is to do that it was not done; kept is that it is still to do."""
        with self.context.database.transaction() as connection:
            doubt = in_doubt(connection, batch.id)
        for run in batch.to_do:
            sent = "a write may have been sent before that" if run.id in doubt else "nothing was sent"
            said = f"{why}; {sent}"
            run.record = ended_record(run, batch.id, "cancelled", said, next_action=f"bcflow resume {batch.id}")
            run.record.evidence = str(self.context.run_folder(run.id))


@contextmanager
def desk(
    settings: Settings, logins: Sequence[str], told_to_stop: threading.Event, *, doing: str, wait: bool
) -> Iterator[Desk]:
    """Follow from here: with a worker of its own if there is none; without `wait` BadInput if a login is in use."""
    follower = Follower(progress_on(sys.stderr, moving=frame.can_move()))
    with ExitStack() as stack:
        lock = WorkerLock(settings, doing=doing)
        if wait and (who := lock.holder()).endswith("(worker)"):
            yield Desk(stack.enter_context(opened(settings)), follower, None, told_to_stop, beside=who)
            return
        stack.enter_context(_locked(lock, wait=wait))
        if not wait:
            for login in logins:
                leased(settings, login, doing=doing, tell=frame.complain, wait=False).release()
        shutdown = Shutdown()

        def ask(about: About, _stop: threading.Event) -> str | None:
            with follower.progress.paused():
                return frame.ask_person(about.text, secret=about.kind == "code")

        worker = Worker(
            settings,
            slots(settings, ask=ask, shutdown=shutdown),
            follower,
            slots=1,
            shutdown=shutdown,
            alone=True,
            doing=doing,
            lingers=frame.person_is_there(),
        )
        stack.callback(worker.close)
        worker.begin()
        yield Desk(worker.context, follower, worker, told_to_stop)


@contextmanager
def _locked(lock: WorkerLock, *, wait: bool) -> Iterator[None]:
    if not lock.take():
        who = lock.holder()
        if not wait:
            raise BadInput([messages.in_use(who)])
        frame.complain(f"{messages.in_use(who)}; waiting for it")
        tick = threading.Event()
        while not lock.take():
            tick.wait(WAIT_SECONDS)
    try:
        yield
    finally:
        lock.release()


def tell(batch: str, runs: Sequence[RunRecord], *, where: str, is_plan: bool, following: str) -> None:
    """Print how a batch ended; of one that only looked, what it would do; then the command `following`."""
    if is_plan:
        frame.show_plan(runs, sys.stdout)
    else:
        # A terminal shows the progress as well, right above.
        frame.say(*([""] * sys.stdout.isatty()), *summary.summary(runs))
    frame.say("", *([f"Next: {following}"] if following else []))
    frame.say(f"Batch {batch}{f' · {where}' if where else ''}")


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """Let a polite end (SIGTERM, as systemd and cron send it) be what Ctrl-C is.

    Both raise KeyboardInterrupt and set the event: raised in the middle of some library's clean-up, an exception is
    lost.
    """
    told = threading.Event()

    def interrupt(_number: int, _frame: Any) -> None:  # noqa: ANN401 - a frame of the interpreter
        told.set()
        raise KeyboardInterrupt

    is_deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGTERM, *([] if is_deaf else [signal.SIGINT]))
    }
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
