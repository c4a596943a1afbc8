"""Where the words that people taught are kept with these settings: a file of this home, or PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.labels.store import LabelStore


def open_labels(home: Path, database: Database | None) -> LabelStore:
    """Return where they are kept, in `database` if that is PostgreSQL; nothing is read or made yet."""
    if database is None or database.is_sqlite:
        from bcflow.runner.storage.labels.file import LabelFile

        return LabelFile(home)
    from bcflow.runner.storage.labels.table import LabelTable

    return LabelTable(database)
