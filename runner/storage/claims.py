"""Whose a batch is: queued for the next free worker, claimed whole by one, or at rest until a person comes."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from bcflow.runner.storage.database import Database
from bcflow.runner.storage.tables import MOST_TAKE_OVERS, batches


class Claims:
    """Moves batches between the queue, workers and rest; every method is one durable transaction."""

    def __init__(self, database: Database) -> None:
        """Keep everything in `database`."""
        self.database = database

    def queue(self, batch: str) -> None:
        """Let the next free worker take a batch."""
        with self.database.transaction() as connection:
            connection.execute(batches.update().where(batches.c.id == batch).values(queued=True, worker=""))

    def rest(self, batch: str) -> None:
        """Take a batch out of the queue: it waits for a person or to be resumed."""
        with self.database.transaction() as connection:
            connection.execute(batches.update().where(batches.c.id == batch).values(queued=False, worker=""))

    def claim(
        self,
        worker: str,
        *,
        dead: Collection[str] = (),
        at_work: Collection[str] = (),
        may_write: bool = True,
    ) -> str | None:
        """Give `worker` the oldest queued batch whose logins nobody works with; unless it `may_write`, one to look at.

        Those of `dead` workers are free, and what `worker` has but is not `at_work` on. One that was taken over
        too often rests instead: a person must look at it.
        """
        with self.database.transaction() as connection:
            waiting = sa.select(batches).where(batches.c.queued).order_by(batches.c.id)
            rows = connection.execute(waiting.with_for_update()).all()
            left = {row.id for row in rows if row.worker in dead or (row.worker == worker and row.id not in at_work)}
            worn = {row.id for row in rows if row.id in left and row.take_overs >= MOST_TAKE_OVERS}
            if worn:
                connection.execute(batches.update().where(batches.c.id.in_(worn)).values(queued=False, worker=""))
            busy = {login for row in rows if row.worker and row.id not in left for login in row.logins}
            free = [row for row in rows if (not row.worker or row.id in left) and row.id not in worn]
            wanted = [row for row in free if may_write or row.phase == "look"]
            found = next((row for row in wanted if not busy & set(row.logins)), None)
            if found is None:
                return None
            taken_over = found.take_overs + bool(found.worker)
            changed = batches.update().where(batches.c.id == found.id).values(worker=worker, take_overs=taken_over)
            connection.execute(changed)
            return str(found.id)

    def outlived(self, worker: str, had: Collection[str]) -> None:
        """Note that `worker` was cut off from batches it `had` and lives: it did not die of them.

        Those that nobody took over are queued again; for the others the take-over does not count.
        """
        with self.database.transaction() as connection:
            theirs = batches.c.id.in_(had)
            connection.execute(batches.update().where(theirs, batches.c.worker == worker).values(worker=""))
            taken = sa.and_(theirs, batches.c.worker.not_in(["", worker]), batches.c.take_overs > 0)
            connection.execute(batches.update().where(taken).values(take_overs=batches.c.take_overs - 1))

    def take_out(self, batch: str, *, dead: Collection[str] = ()) -> bool:
        """Take a batch that has not ended out of the queue; False if a worker that is not `dead` has it."""
        free = sa.or_(batches.c.worker == "", batches.c.worker.in_(dead))
        with self.database.transaction() as connection:
            taken = connection.execute(
                batches.update()
                .where(batches.c.id == batch, batches.c.phase != "ended", free)
                .values(queued=False, worker="")
            )
        return taken.rowcount == 1

    def start_afresh(self, batch: str) -> None:
        """Forget how often a batch was taken over from a worker that died: a person has looked at it."""
        with self.database.transaction() as connection:
            connection.execute(batches.update().where(batches.c.id == batch).values(take_overs=0))

    def working(self) -> dict[str, str]:
        """Return which worker has which batch, by batch."""
        with self.database.transaction() as connection:
            rows = connection.execute(sa.select(batches.c.id, batches.c.worker).where(batches.c.worker != "")).all()
        return {row.id: row.worker for row in rows}
