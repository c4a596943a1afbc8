"""The log compared with what it must have seen: batches, and the writes in the ledger.

A chain whose end was cut off is sound in itself. But whoever cut it left the batches and the armed effects, and each
of them was asked for by somebody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from bcflow.runner.storage.tables import audit_entries, batches, events

if TYPE_CHECKING:
    from bcflow.runner.storage.database import Database

NOT_KNOWN: Final = (
    "whether its end was cut off, with what it was about; note the newest hash elsewhere, and give it with --noted",
    "whether the whole log was written anew by somebody who can write to the database",
)
"""What no look at the database alone can tell."""
_ASKED_FOR: Final = ("submitted", "applied")


def missing_entries(database: Database) -> list[str]:
    """Return one line for each batch, kept or only known from the ledger, of which no entry says who asked for it."""
    asked = sa.select(audit_entries.c.subject).where(audit_entries.c.action.in_(_ASKED_FOR))
    armed = sa.select(events.c.run).where(events.c.event == "armed").distinct()
    with database.transaction() as connection:
        noted = set(connection.scalars(asked))
        kept = set(connection.scalars(sa.select(batches.c.id)))
        wrote = {run: run.rpartition("-")[0] or run for run in connection.scalars(armed)}
    lines = [f"batch {batch}: no entry says who asked for it" for batch in sorted(kept - noted)]
    for run, batch in sorted(wrote.items()):
        if batch not in noted:
            lines.append(f"run {run}: may have written, and no entry says who asked for batch {batch}")
    return lines
