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
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from loguru import logger

from bcflow.models.errors import BcflowError, LedgerBroken

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.runner.dispatch import Dispatcher, Event, OnEvent

NAME: Final = "bcflow"
# A version of the engine's own would change with every edit and strand what is open.
APPLICATION_VERSION: Final = "1"
POLL_SECONDS: Final = 0.03
LOOK_AGAIN_SECONDS: Final = 1.0
_AT_WORK: Final = frozenset({"PENDING", "ENQUEUED", "DELAYED"})


class Engine:
    """Dispatches attempts to the slots of this process: one at a time for each login, `slots` logins at once."""

    def __init__(
        self, url: str, hands: Dispatcher, *, executor: str, slots: int, is_current: Callable[[str, int], bool]
    ) -> None:
        """Start the engine on the database at `url`.

        `hands` make the attempts. `executor` is this worker's own name: two workers of one name would take each
        other's work. `is_current(run, number)` says whether that attempt is still the one to make.
        """
        from dbos import DBOS

        self._hands = hands
        self._is_current = is_current
        self._listeners: dict[str, OnEvent] = {}
        self._ended: dict[str, threading.Event] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        self._raised: dict[str, BaseException] = {}
        self._queue = f"attempts of {executor}"
        _quiet()
        config: Any = {
            "name": NAME,
            "system_database_url": url,
            "application_version": APPLICATION_VERSION,
            "executor_id": executor,
            "log_level": "WARNING",
        }
        DBOS.destroy(destroy_registry=True)
        self._dbos = DBOS
        DBOS(config=config)
        # Workers share one database: without this each would take what the others enqueue.
        DBOS.listen_queues([self._queue])

        def attempt(login: str, request: dict[str, Any]) -> dict[str, Any]:
            return self._attempt(login, request)

        self._workflow = DBOS.workflow(name="attempt")(attempt)
        self._make_queue(url, slots)
        DBOS.launch()

    def _make_queue(self, url: str, slots: int) -> None:
        """Make the queue before the engine starts: one that is made later is noticed a second late."""
        from dbos import DBOSClient

        self._dbos.migrate(url)
        client = DBOSClient(system_database_url=url)
        try:
            client.register_queue(
                self._queue,
                partition_concurrency=1,
                worker_concurrency=slots,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )
        finally:
            client.destroy()

    def attempt(self, login: str, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        """Have one attempt made with `login` and return its RunRecord as JSON.

        Raises what the attempt raised, and LedgerBroken if the engine's own tables cannot be used.
        """
        from dbos import SetEnqueueOptions, SetWorkflowID

        name = f"{request['run']}/{request['attempt']}"
        ended = self._ended[name] = threading.Event()
        self._listeners[name] = on_event
        try:
            with SetWorkflowID(name), SetEnqueueOptions(queue_partition_key=login):
                handle = self._dbos.enqueue_workflow(self._queue, self._workflow, login, request)
            while not ended.wait(LOOK_AGAIN_SECONDS):
                status = handle.get_status().status
                if status not in _AT_WORK and not ended.is_set():
                    raise BcflowError(f"the attempt was given up ({status.lower()})")
            answer = self._answers.pop(name)
        except KeyboardInterrupt:
            self._dbos.cancel_workflow(name)
            raise
        except sa.exc.SQLAlchemyError as error:
            raise LedgerBroken(f"the engine cannot use the database: {type(error).__name__}") from error
        finally:
            del self._listeners[name], self._ended[name]
        if name in self._raised:
            raise self._raised.pop(name)
        record: dict[str, Any] = answer["record"]
        return record

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
        self._dbos.destroy()

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
