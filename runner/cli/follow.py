"""`bcflow run` beside a running worker: hand the batch over, and tell the same when it has ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from bcflow.runner.cli import frame
from bcflow.runner.engine.worker import WorkerLock
from bcflow.runner.redaction.records import clean_record
from bcflow.runner.redaction.redact import Redactor
from bcflow.runner.reports import summary
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.history import History
from bcflow.runner.storage.runs import Store

if TYPE_CHECKING:
    from bcflow.runner.cli.work import How
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.jobfiles.source import Order
    from bcflow.runner.storage.proofs import ProvenFlows

LOOK_AGAIN_SECONDS = 0.5


def follow(order: Order, settings: Settings, how: How, proven: ProvenFlows, *, on_batch: Callable[[str], None]) -> int:
    """Let the running worker do the batch, wait for its end, print it, and return the same exit code."""
    from dataclasses import replace

    from bcflow.runner.cli.work import submit, tell

    who = WorkerLock(settings, doing="").holder()
    if not how.yes and not how.dry_run:
        frame.complain(f"The worker ({who}) will look at {len(order.tasks)} jobs and then write what is to do.")
        if not frame.ask_yes_no(f"Let it write on {settings.business_center_url}?"):
            frame.complain("you said no; nothing was started")
            return summary.OK
        how = replace(how, yes=True)
    with closing(Database(settings.database())) as database:
        store = Store(database)
        batch = submit(order, settings, how, store, proven)
        on_batch(batch)
        store.queue(batch)
        frame.complain(f"batch {batch} is done by the worker ({who}); Ctrl-C leaves it to it")
        _wait_for_end(store, batch, settings)
        records = [entry.record for entry in store.load(batch).entries if entry.record is not None]
    redactor = Redactor(settings.secrets())
    runs = [clean_record(record, redactor).report() for record in records]
    tell(batch, runs, as_json=how.as_json)
    # The records alone do not say that a plan is out of date.
    kept = History(settings.home).load_batch(batch).exit_code
    return summary.exit_code(runs) if kept is None else kept


def _wait_for_end(store: Store, batch: str, settings: Settings) -> None:
    """Wait until a batch has ended or rests, or until no worker is there any more to go on with it."""
    tick = threading.Event()
    while store.is_open(batch):
        if not WorkerLock(settings, doing="").holder():
            frame.complain(f"the worker has ended; bcflow resume {batch} goes on, or start one")
            return
        tick.wait(LOOK_AGAIN_SECONDS)
