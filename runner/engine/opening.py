"""The database and the engine's queue, opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bcflow.runner.batches.context import Context
from bcflow.runner.batches.moves import rest_orphans
from bcflow.runner.engine.presence import living_workers
from bcflow.runner.engine.queue import Queue
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.proofs import take_in_proofs

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Context]:
    """Give what moving a batch needs; what a process that is gone was to work alone rests."""
    settings.make_home()
    with ExitStack() as stack:
        database = Database(settings.database())
        stack.callback(database.close)
        queue = Queue(settings.database())
        stack.callback(queue.close)
        queue.prepare()
        take_in_proofs(database, settings.home)
        context = Context(settings, database, queue.enqueue)
        rest_orphans(context, [one.name for one in living_workers(settings, database)])
        yield context
