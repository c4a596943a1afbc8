"""The durable engine behind `Dispatcher`: DBOS dispatches attempts, and nothing else.

One workflow is one attempt. Its result is plain JSON, nothing it saw is ever replayed: an attempt that a crash
cut off is not continued by the engine but made again from the top, by whoever works on its batch, under its
next number. So the engine's own tables may be lost; ours say what is to do.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from loguru import logger

from bcflow.models.errors import BcflowError, LedgerBroken
from bcflow.runner.config.postgres_url import connectable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dbos import DBOS, DBOSClient

    from bcflow.runner.engine.dispatch import Dispatcher, Event, OnEvent

NAME: Final = "bcflow"
# A version of the engine's own would change with every edit and strand what is open.
APPLICATION_VERSION: Final = "1"
POLL_SECONDS: Final = 0.03
LOOK_AGAIN_SECONDS: Final = 1.0
REST_SECONDS: Final = 5.0
"""How long nothing is attempted before the engine rests; it starts again within a tenth of a second."""
MOST_ENDED: Final = 100
"""So many attempts end before they are deleted from the engine's tables."""
_SQLITE: Final = "sqlite:///"
_AT_WORK: Final = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Engine:
    """Dispatches attempts to the slots of this process: one at a time for each login, `slots` logins at once."""

    def __init__(
        self, url: str, hands: Dispatcher, *, executor: str, slots: int, is_current: Callable[[str, int], bool]
    ) -> None:
        """Prepare the engine on the database at `url`; the first attempt starts it.

        `hands` make the attempts. `executor` is this worker's own name: two workers of one name would take each
        other's work. `is_current(run, number)` says whether that attempt is still the one to make.
        """
        self._url = connectable(url)
        self._executor = executor
        self._slots = slots
        self._hands = hands
        self._is_current = is_current
        self._listeners: dict[str, OnEvent] = {}
        self._ended: dict[str, threading.Event] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        self._raised: dict[str, BaseException] = {}
        self._queue = f"attempts of {executor}"
        self._life = threading.Lock()
        self._dbos: type[DBOS] | None = None
        self._last_end = 0.0
        self._to_delete = 0

    def attempt(self, login: str, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        """Have one attempt made with `login` and return its RunRecord as JSON.

        Raises what the attempt raised, and LedgerBroken if the engine's own tables cannot be used.
        """
        name = f"{request['run']}/{request['attempt']}"
        try:
            with self._listening(name, on_event) as dbos:
                answer = self._answer(dbos, name, login, request)
        except sa.exc.SQLAlchemyError as error:
            raise LedgerBroken(f"the engine cannot use the database: {type(error).__name__}") from error
        if name in self._raised:
            raise self._raised.pop(name)
        record: dict[str, Any] = answer["record"]
        return record

    @contextmanager
    def _listening(self, name: str, on_event: OnEvent) -> Iterator[type[DBOS]]:
        """Have the engine run, and hear of one attempt, as long as somebody waits for it."""
        with self._life:
            if self._dbos is None:
                self._dbos = self._start()
            dbos = self._dbos
            self._ended[name] = threading.Event()
            self._listeners[name] = on_event
        try:
            yield dbos
        finally:
            with self._life:
                del self._listeners[name], self._ended[name]
                self._last_end = monotonic()
                self._to_delete += 1
                if self._to_delete >= MOST_ENDED:
                    self._delete_ended()

    def _answer(self, dbos: type[DBOS], name: str, login: str, request: dict[str, Any]) -> dict[str, Any]:
        """Enqueue one attempt and wait until it has ended."""
        from dbos import SetEnqueueOptions, SetWorkflowID

        ended = self._ended[name]
        try:
            with SetWorkflowID(name), SetEnqueueOptions(queue_partition_key=login):
                handle = dbos.enqueue_workflow(self._queue, self._workflow, login, request)
            while not ended.wait(LOOK_AGAIN_SECONDS):
                status = handle.get_status().status
                if status not in _AT_WORK and not ended.is_set():
                    raise BcflowError(f"the attempt was given up ({status.lower()})")
        except KeyboardInterrupt:
            dbos.cancel_workflow(name)
            raise
        return self._answers.pop(name)

    def _start(self) -> type[DBOS]:
        from dbos import DBOS

        _quiet()
        if self._url.startswith(_SQLITE):
            Path(self._url.removeprefix(_SQLITE)).touch(mode=0o600)
        DBOS.destroy(destroy_registry=True)
        config: Any = {
            "name": NAME,
            "system_database_url": self._url,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._executor,
            "log_level": "WARNING",
        }
        DBOS(config=config)
        # Workers share one database: without this each would take what the others enqueue.
        DBOS.listen_queues([self._queue])

        def attempt(login: str, request: dict[str, Any]) -> dict[str, Any]:
            return self._attempt(login, request)

        self._workflow = DBOS.workflow(name="attempt")(attempt)
        self._make_queue()
        DBOS.launch()
        self._delete_ended()
        return DBOS

    def _make_queue(self) -> None:
        """Make the queue before the engine starts: one that is made later is noticed a second late."""
        from dbos import DBOS

        DBOS.migrate(self._url)
        with self._client() as client:
            client.register_queue(
                self._queue,
                partition_concurrency=1,
                worker_concurrency=self._slots,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )

    def _delete_ended(self) -> None:
        """Delete the attempts of this worker that have ended: their rows say nothing that ours do not."""
        with self._client() as client:
            ended = client.list_workflows(status=_ENDED, queue_name=self._queue, load_input=False, load_output=False)
            client.delete_workflows([one.workflow_id for one in ended if one.workflow_id not in self._ended])
        self._to_delete = 0

    @contextmanager
    def _client(self) -> Iterator[DBOSClient]:
        """Give what reaches the engine's tables from any thread, also from one in which Playwright runs a loop."""
        from dbos import DBOSClient

        client = DBOSClient(system_database_url=self._url)
        try:
            yield client
        finally:
            client.destroy()

    def rest(self) -> None:
        """Let the engine rest if nothing was attempted for a while; the next attempt starts it again."""
        with self._life:
            if self._dbos is not None and not self._ended and monotonic() - self._last_end > REST_SECONDS:
                self._end()

    def _end(self) -> None:
        dbos, self._dbos = self._dbos, None
        if dbos is not None:
            try:
                self._delete_ended()
            except sa.exc.SQLAlchemyError as error:
                logger.debug("the engine's tables are cleared next time: {}", type(error).__name__)
            dbos.destroy()

    def _attempt(self, login: str, request: dict[str, Any]) -> dict[str, Any]:
        """Make one attempt, in a thread of the engine. After a crash the engine calls it again, for nothing."""
        name = f"{request['run']}/{request['attempt']}"
        if name not in self._listeners:
            return {"gone": True}

        def hear(event: Event) -> None:
            if name in self._listeners:
                self._listeners[name](event)

        answer = self._made(name, login, request, hear)
        if name in self._ended:
            self._answers[name] = answer
            self._ended[name].set()
        return answer

    def _made(self, name: str, login: str, request: dict[str, Any], hear: OnEvent) -> dict[str, Any]:
        """Return the attempt's record; what it raised is kept for whoever waits for it, and named in the engine."""
        try:
            self._check_current(request)
            return {"record": self._hands.attempt(login, request, hear)}
        except BaseException as error:  # noqa: BLE001 - it is raised again where the attempt is waited for
            self._raised[name] = error
            return {"error": type(error).__name__}

    def _check_current(self, request: dict[str, Any]) -> None:
        if not self._is_current(request["run"], request["attempt"]):
            raise BcflowError("another worker has taken this job up")

    def stop(self, login: str) -> None:
        """End the browser of `login` at once; nothing it was doing goes on."""
        self._hands.stop(login)

    def close(self) -> None:
        """End every browser and let go of the database."""
        self._hands.close()
        with self._life:
            self._end()

    @staticmethod
    def leave(code: int) -> None:
        """End the process at once: the interpreter would wait for the engine's threads."""
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class _ToLoguru(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        logger.opt(exception=record.exc_info).log(record.levelname, "engine: {}", record.getMessage())


def _quiet() -> None:
    """Take the engine's log before it puts a handler of its own there."""
    log = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(_ToLoguru())
    log.propagate = False
    log.setLevel(logging.WARNING)
