"""The address of a SQLite database: one file, whatever its folder is called."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bcflow.runner.config.folders import full_path

IN_MEMORY: Final = "sqlite://"
"""An empty database that leaves nothing behind."""
_DRIVERS: Final = ("sqlite", "sqlite+pysqlite")
_EXAMPLE: Final = "sqlite:////srv/bcflow/ledger.sqlite3"


def url_of(file: Path) -> str:
    """Return the address of `file`; what would mean something else in an address is written with %."""
    return sa.URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


def file_of(url: str) -> Path:
    """Return the file that `url` names. Raises ValueError for an address that is not that of one file."""
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise ValueError(f"is not an address such as {_EXAMPLE}") from None
    if address.drivername not in _DRIVERS or address.host or address.username:
        raise ValueError(f"is not an address such as {_EXAMPLE}")
    if "?" in url:
        raise ValueError(f"holds a question mark; write it as %3F: {_EXAMPLE} has nothing behind the file")
    file = address.database or ""
    if not file.startswith("/"):
        raise ValueError(f"must name a full path, after three slashes of its own: {_EXAMPLE}")
    return full_path(file, example=_EXAMPLE)
