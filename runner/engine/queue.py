"""The durable queue: DBOS, in the same database as our rows. The one file that knows it.

A workflow is one session, a login's turn at a batch. It is enqueued in the transaction that changes our rows, so
neither is kept without the other; one login's turns are taken one at a time, as many logins at once as a worker has
slots. Nothing in a session is a recorded step: one that a crash cut off is called again and looks at the rows anew.
So the engine's own tables may be lost; ours say what is to do. The queue is no mutex: the login's lease is.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from loguru import logger

from bcflow.runner.batches.context import Turn
from bcflow.runner.config.postgres_url import connectable
from bcflow.runner.storage.unusable import unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from dbos import DBOS, DBOSClient, EnqueueOptions

NAME: Final = "bcflow"
# A version of the engine's own would change with every edit and strand what is open.
APPLICATION_VERSION: Final = "1"
SHARED: Final = "sessions"
POLL_SECONDS: Final = 0.05
MOST_ENDED: Final = 1000
STOP_SECONDS: Final = 10.0
_WORKFLOW: Final = "session"
_OPEN: Final = ["PENDING", "ENQUEUED", "DELAYED"]
_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Queue:
    """The queue as any process uses it: whoever submits, answers or lifts a switch."""

    def __init__(self, url: str) -> None:
        """Open the queue in the database at `url`; its tables are made if they are not there."""
        self._url = connectable(url)
        self._client: DBOSClient | None = None

    def prepare(self) -> None:
        """Make the engine's tables if they are not there; not to be done inside a transaction."""
        if self._client is None:
            from dbos import DBOS, DBOSClient

            _quiet()
            with _told(self._url):
                DBOS.migrate(self._url)
                self._client = DBOSClient(system_database_url=self._url, application_name=NAME)

    def enqueue(self, connection: sa.Connection, turn: Turn, delay: float) -> None:
        """Put a turn into the queue in the transaction of `connection`, to begin in `delay` seconds."""
        if self._client is None:
            raise RuntimeError("the queue was not prepared")
        options: EnqueueOptions = {
            "queue_name": queue_of(turn.owner),
            "workflow_name": _WORKFLOW,
            "workflow_id": id_of(turn),
            "queue_partition_key": turn.login,
            "app_version": APPLICATION_VERSION,
        }
        if delay > 0:
            options["delay_seconds"] = delay
        self._client.enqueue_in_transaction(
            connection,
            options,
            turn.batch,
            turn.login,
            turn.number,
            turn.owner,
        )

    def close(self) -> None:
        """Let go of the database."""
        if self._client is not None:
            self._client.destroy()
            self._client = None

    def lost(self, turns: Collection[Turn]) -> list[Turn]:
        """Return the turns that the engine will never begin or go on with: it has ended them, or lost its tables."""
        if not turns:
            return []
        self.prepare()
        ids = [id_of(turn) for turn in turns]
        with _told(self._url):
            found = self._known.list_workflows(workflow_ids=ids, status=_OPEN, load_input=False, load_output=False)
        known = {one.workflow_id for one in found}
        return [turn for turn in turns if id_of(turn) not in known]

    def at_work(self, owner: str) -> set[str]:
        """Return the names of the workers that have a turn under way, as the engine believes."""
        with _told(self._url):
            found = self._known.list_workflows(
                status="PENDING", queue_name=queue_of(owner), load_input=False, load_output=False
            )
        return {one.executor_id for one in found if one.executor_id}

    def take_over(self, worker: str, owner: str) -> int:
        """Give the turns of a worker that is dead, and stays so meanwhile, to whoever is free; return how many."""
        queue = queue_of(owner)
        with _told(self._url):
            found = self._known.list_workflows(
                status="PENDING", executor_id=worker, queue_name=queue, load_input=False, load_output=False
            )
            for one in found:
                # Without the queue's name it would go on outside of it, and its login's turns not one at a time.
                self._known.resume_workflow(one.workflow_id, queue_name=queue)
        return len(found)

    def delete_ended(self) -> None:
        """Delete the sessions that have ended: their rows say nothing that ours do not."""
        ended = self._known.list_workflows(status=_ENDED, load_input=False, load_output=False, limit=MOST_ENDED)
        self._known.delete_workflows([one.workflow_id for one in ended])

    def register(self, owner: str, *, slots: int) -> None:
        """Make the queue before the engine starts: one that is made later is noticed a second late."""
        self.prepare()
        with _told(self._url):
            self._known.register_queue(
                queue_of(owner),
                partition_concurrency=1,
                worker_concurrency=slots,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )

    @property
    def _known(self) -> DBOSClient:
        if self._client is None:
            raise RuntimeError("the queue was not prepared")
        return self._client


class Engine:
    """The engine as one worker runs it: takes turns from its queue and has them worked."""

    def __init__(
        self, url: str, queue: Queue, *, executor: str, owner: str, slots: int, work: Callable[[Turn], None]
    ) -> None:
        """Prepare it. `executor` is this worker's own name: two of one name would take each other's turns.

        `work` works one turn, in a thread of the engine.
        """
        self._url = connectable(url)
        self._queue = queue
        self._executor = executor
        self._owner = owner
        self._slots = slots
        self._work = work
        self._dbos: type[DBOS] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it takes turns now."""
        return self._dbos is not None

    def start(self) -> None:
        """Take turns from now on; what this worker had when it died is taken up again."""
        if self._dbos is not None:
            return
        from dbos import DBOS

        _quiet()
        with _told(self._url):
            DBOS.destroy(destroy_registry=True)
            config: Any = {
                "name": NAME,
                "system_database_url": self._url,
                "application_version": APPLICATION_VERSION,
                "executor_id": self._executor,
                "log_level": "WARNING",
            }
            DBOS(config=config)
            DBOS.listen_queues([queue_of(self._owner)])

            def session(batch: str, login: str, number: int, owner: str) -> str:
                self._work(Turn(batch, login, number, owner))
                return "over"

            DBOS.workflow(name=_WORKFLOW)(session)
            self._queue.register(self._owner, slots=self._slots)
            DBOS.launch()
        self._dbos = DBOS

    def stop(self) -> None:
        """Take no more turns; those under way are to have ended."""
        dbos, self._dbos = self._dbos, None
        if dbos is not None:
            try:
                self._queue.delete_ended()
            except sa.exc.SQLAlchemyError as error:
                logger.debug("the engine's tables are cleared next time: {}", type(error).__name__)
            # It waits for each of its threads in turn; whoever told us to end waits for none of them so long.
            ending = threading.Thread(target=dbos.destroy, name="the engine ends", daemon=True)
            ending.start()
            ending.join(STOP_SECONDS)
            if ending.is_alive():
                logger.warning("the engine did not end within {:.0f} s and is left behind", STOP_SECONDS)


def id_of(turn: Turn) -> str:
    """Return the engine's id of a turn: it is the one that can be enqueued only once."""
    return f"{turn.batch or 'follow-ups'}/{turn.login}/{turn.number}"


def queue_of(owner: str) -> str:
    """Return the queue that `owner` alone takes from, or the one of all workers."""
    return f"{SHARED} of {owner}" if owner else SHARED


def leave(code: int) -> None:
    """End the process at once: the interpreter would wait for the engine's threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def _told(url: str) -> Iterator[None]:
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        raise unusable(error, url) from error


# What a driver says may hold parts of the database's address.
_OF_A_DRIVER: Final = re.compile(r"psycopg|sqlite3|sqlalchemy|OperationalError")


class _ToLoguru(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if _OF_A_DRIVER.search(said):
            logger.debug("engine: {}", said)
            said = "the database did not answer as it should; it is asked again"
        logger.opt(exception=record.exc_info).log(record.levelname, "engine: {}", said)


def _quiet() -> None:
    """Take the engine's log before it puts a handler of its own there."""
    log = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(_ToLoguru())
    log.propagate = False
    log.setLevel(logging.WARNING)
