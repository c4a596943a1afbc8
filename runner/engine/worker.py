"""A worker: one process that works the turns of logins, and takes over those of workers that died."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

import sqlalchemy as sa

from bcflow.models.errors import BadInput, BcflowError
from bcflow.models.failures.causes import in_words
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.context import Context, Turn, close_turn, is_current
from bcflow.runner.batches.follow_up_looks import FollowUpSession
from bcflow.runner.batches.follow_ups import NO_BATCH, FollowUps
from bcflow.runner.batches.moves import advance_all, rest_orphans
from bcflow.runner.batches.session import Services, Session, Watcher
from bcflow.runner.browser.login_browser import LoginBrowsers, MakeSlot
from bcflow.runner.engine.presence import DOING, Presence, living_workers, sign_on, worker_name
from bcflow.runner.engine.queue import Engine, Queue
from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.proofs import take_in_proofs
from bcflow.runner.storage.tables import follow_ups, sessions

if TYPE_CHECKING:
    from bcflow.runner.browser.shutdown import Shutdown
    from bcflow.runner.config.settings import Settings

SIGN_ON_SECONDS: Final = 5.0
"""How long another worker may hold our name while it takes over what we had."""
REST_SECONDS: Final = 5.0
"""How long nothing is to do before the engine rests; it starts again within a tenth of a second."""
SWEEP_SECONDS: Final = 1.0
TICK_SECONDS: Final = 0.05


class Worker:
    """Works what is queued: what any worker may take, or, `alone`, what is its own. A context manager."""

    def __init__(  # noqa: PLR0913 - a worker is put together here
        self,
        settings: Settings,
        make_slot: MakeSlot,
        watcher: Watcher,
        *,
        slots: int,
        shutdown: Shutdown,
        alone: bool = False,
        doing: str = DOING,
        lingers: bool = False,
    ) -> None:
        """Open the database and prepare the engine; nothing is taken before `begin`."""
        self.settings = settings
        self.name = worker_name(settings)
        self.owner = self.name if alone else ""
        self.database = Database(settings.database())
        self._queue = Queue(settings.database())
        self._queue.prepare()
        self.context = Context(settings, self.database, self._queue.enqueue)
        self.browsers = LoginBrowsers(
            settings, make_slot, doing=doing, tell=watcher.tell, shutdown=shutdown, waits=alone
        )
        self._shutdown = shutdown
        self._watcher = watcher
        self._presence = Presence(settings, self.database, self.name, doing=doing)
        self._services = Services(self.context, self.browsers, watcher, shutdown, self._why_cut_off, lingers=lingers)
        self._engine = Engine(
            settings.database(), self._queue, executor=self.name, owner=self.owner, slots=slots, work=self._work
        )
        self._working: set[Turn] = set()
        self._lock = threading.Lock()
        self._last_work = self._last_sweep = 0.0

    def begin(self) -> None:
        """Let others see this worker, and put in order what those before it left."""
        self._presence.begin(patience=SIGN_ON_SECONDS)
        take_in_proofs(self.database, self.settings.home)
        # Whoever had our name before us is gone.
        rest_orphans(self.context, set(self._living()) - {self.name})
        if not self.owner:
            with self.database.transaction() as connection:
                for login in list(connection.scalars(sa.select(follow_ups.c.login).distinct())):
                    FollowUps(connection, self.context).call(login)
            self._repair()
            advance_all(self.context)

    def turn(self) -> bool:
        """Do what is to be done now and then; say whether anything is under way or could begin now.

        Raises LedgerBroken while the database cannot be reached.
        """
        Answers(self.context, say=self._watcher.tell).expire()
        if not self._presence.is_seen():
            self._come_back()
            return True
        waiting = [turn for turn in self._due() if turn not in self._at_work()]
        if waiting or self._at_work():
            self._last_work = monotonic()
            self._engine.start()
            if monotonic() - self._last_sweep > SWEEP_SECONDS:
                self._last_sweep = monotonic()
                self._take_over()
                self._repair(waiting)
            return True
        if self._engine.is_running and monotonic() - self._last_work > REST_SECONDS:
            self._engine.stop()
        return False

    def note_drained(self) -> None:
        """Note that it ends because nothing is left to do: nobody needs to miss it."""
        self._presence.note_drained()

    def is_called(self, batch: str) -> bool:
        """Whether a turn of this batch is on its way, now or later."""
        query = sa.select(sessions.c.login).where(sessions.c.batch == batch, sessions.c.live)
        with self.database.transaction() as connection:
            return connection.execute(query).first() is not None

    def has_more(self) -> bool:
        """Whether a turn at some batch is on its way, now or later."""
        query = sa.select(sessions.c.login).where(
            sessions.c.batch != NO_BATCH, sessions.c.live, sessions.c.owner == self.owner
        )
        with self.database.transaction() as connection:
            return connection.execute(query).first() is not None

    def stop(self) -> None:
        """Take no more turns, and wait until the runs at hand have ended."""
        self._shutdown.set()
        tick = threading.Event()
        while self._at_work():
            tick.wait(TICK_SECONDS)
        self._engine.stop()

    def close(self) -> None:
        """End after the runs at hand, and let go of the database."""
        self.stop()
        self._presence.end()
        self._queue.close()
        self.database.close()

    def _at_work(self) -> set[Turn]:
        with self._lock:
            return set(self._working)

    def _due(self) -> list[Turn]:
        """Return the turns that are to begin by now or are under way somewhere, of those that are ours to take."""
        query = sa.select(sessions).where(sessions.c.live, sessions.c.due <= now(), sessions.c.owner == self.owner)
        with self.database.transaction() as connection:
            rows = connection.execute(query).all()
        return [Turn(row.batch, row.login, row.number, row.owner) for row in rows]

    def _work(self, turn: Turn) -> None:
        """Work one turn, in a thread of the engine; whatever goes wrong with it, the others are worked."""
        with self._lock:
            self._working.add(turn)
        try:
            (Session if turn.batch else FollowUpSession)(self._services, turn).work()
        except BcflowError as error:
            self._watcher.tell(f"batch {turn.batch}: {error}" if turn.batch else str(error))
        except Exception as error:  # noqa: BLE001 - a batch that breaks must not end the others
            self._broke(turn, error)
        finally:
            with self._lock:
                self._working.discard(turn)

    def _broke(self, turn: Turn, error: Exception) -> None:
        self._watcher.tell(f"batch {turn.batch} broke and rests: {in_words(error)}")

    def _why_cut_off(self) -> str:
        return "" if self._presence.is_seen() else "the worker lost its connection to the database"

    def _come_back(self) -> None:
        """When all we had has halted, let the others see us again."""
        if not self._at_work():
            self._presence.come_back()

    def _living(self) -> list[str]:
        return [one.name for one in living_workers(self.settings, self.database)]

    def _take_over(self) -> None:
        """Give the turns of workers that died to whoever is free; none of those can come back meanwhile."""
        if self.database.is_sqlite or self.owner:
            return
        for name in self._queue.at_work(self.owner) - set(self._living()) - {self.name}:
            try:
                lease = sign_on(self.settings, name)
            except BadInput:
                continue
            try:
                self._queue.take_over(name, self.owner)
            finally:
                lease.release()

    def _repair(self, turns: list[Turn] | None = None) -> None:
        """Call the logins anew whose turns the engine does not know: its tables were lost, or a turn broke."""
        lost = self._queue.lost(self._due() if turns is None else turns)
        for turn in lost:
            with self.database.transaction() as connection:
                if turn in self._at_work() or not is_current(connection, turn):
                    continue
                close_turn(connection, turn)
                if not turn.batch:
                    FollowUps(connection, self.context).call(turn.login)
        if lost:
            advance_all(self.context)

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
