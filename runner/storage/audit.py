"""Who asked for, approved, answered and stopped what: a log that only grows.

Each entry carries the hash of the one before it, so a change in the middle shows:

    hash = sha256 of {"action", "actor", "at", "detail", "id", "previous", "subject"} as JSON, keys sorted, no
    spaces, non-ASCII letters escaped; `detail` in it is a text, itself JSON written in the same way

This tells an honest mistake and a hand in the database. It does not tell a chain that somebody wrote anew as a
whole, nor a cut-off end: for those, note the newest hash elsewhere (`bcflow log --verify` prints it).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import sqlalchemy as sa

from bcflow.runner.redaction.redact import Redactor, emails_in
from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.tables import audit_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Action = Literal[
    "submitted",
    "approved",
    "started",
    "answered",
    "settled",
    "cancelled",
    "resumed",
    "stopped",
    "started-again",
    "pruned",
    "applied",
    "taught",
    "forgotten",
]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


@dataclass(frozen=True)
class AuditEntry:
    """One thing somebody did. `at` is ISO 8601 UTC; `subject` is the id of a run, batch, question or login."""

    id: int
    at: str
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    previous: str
    hash: str


class Audit:
    """Writes and reads the log; there is no way to change or remove an entry."""

    def __init__(self, database: Database, *, secrets: Iterable[str] = ()) -> None:
        """Use `database`; `secrets` (see `Settings.secrets`) are cut out of every entry."""
        self._database = database
        self._clean = Redactor(secrets)

    def note(self, action: Action, *, actor: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """Add an entry; processes that write at once wait for each other. Raises `LedgerBroken`.

        `detail` loses secrets, and e-mail addresses but those of people who act: the actor, and `…_by` fields.
        """
        with self._database.transaction() as connection:
            self.note_within(connection, action, actor=actor, subject=subject, detail=detail)

    def note_within(
        self,
        connection: sa.Connection,
        action: Action,
        *,
        actor: str,
        subject: str,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Add an entry in a transaction that is open: with what it is about, or not at all. As `note` otherwise."""
        given = dict(detail or {})
        self._clean.keep_emails(emails_in([actor, *(given[key] for key in given if key.endswith("_by"))]))
        values: dict[str, Any] = {
            "actor": self._one_line(actor),
            "action": action,
            "subject": self._one_line(subject),
            "detail": _canonical(self._clean.value(given)),
        }
        last = self._locked_last(connection)
        values |= {"id": 1, "previous": ""} if last is None else {"id": last.id + 1, "previous": last.hash}
        values["at"] = now()
        connection.execute(audit_entries.insert().values(**values, hash=_digest(values)))

    def entries(
        self,
        *,
        actor: str | None = None,
        action: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        client: str | None = None,
        limit: int | None = None,
    ) -> list[AuditEntry]:
        """Return the entries that fit every filter given, oldest first; of more than `limit` the newest.

        A batch as `subject` finds its runs' entries too; `client` compares with `client` in the detail.
        `since` must know its time zone.
        """
        query = sa.select(audit_entries).order_by(audit_entries.c.id.desc())
        for column, wanted in ((audit_entries.c.actor, actor), (audit_entries.c.action, action)):
            query = query if wanted is None else query.where(column == wanted)
        if subject is not None:
            of_it = audit_entries.c.subject.startswith(f"{subject}-", autoescape=True)
            query = query.where(sa.or_(audit_entries.c.subject == subject, of_it))
        if since is not None:
            query = query.where(audit_entries.c.at >= _as_written(since))
        if client is None:
            query = query.limit(limit)
        with self._database.transaction() as connection:
            found = map(_entry, connection.execute(query))
            fit = (entry for entry in found if client is None or entry.detail.get("client") == client)
            return list(islice(fit, limit))[::-1]

    def verify(self, *, noted: str = "") -> list[str]:
        """Return what is wrong with the log, each line naming an entry; nothing when it is sound.

        Found are entries that were changed, removed or added in the middle or at the beginning, and moved ones.
        A cut-off end leaves no trace in what remains: it can only be told by comparing with a hash that was
        written down elsewhere. Give such a hash as `noted`, and it must still be in the log.
        """
        query = sa.select(audit_entries).order_by(audit_entries.c.id)
        wrong: list[str] = []
        hashes: set[str] = set()
        last_id, last_hash = 0, ""
        with self._database.transaction() as connection:
            for row in connection.execute(query):
                wrong += _faults(row, last_id, last_hash)
                last_id, last_hash = row.id, row.hash
                hashes.add(row.hash)
        if noted and noted not in hashes:
            wrong.append(f"no entry has the hash {noted}: the end was cut off, or the log was written anew")
        return wrong

    def newest(self) -> AuditEntry | None:
        """Return the last entry, whose hash is worth noting elsewhere; None when there is none yet."""
        last = self.entries(limit=1)
        return last[0] if last else None

    def _one_line(self, text: str) -> str:
        return " ".join(self._clean.secrets_only(text).replace("\0", " ").split())

    def _locked_last(self, connection: sa.Connection) -> sa.Row[Any] | None:
        """Return the last entry, after which nobody else can add one until this transaction ends."""
        if not self._database.is_sqlite:
            # A lock on the last row would not do: whoever waited for it would still hold the old last row.
            # SQLite is locked already, by the way transactions are begun.
            connection.exec_driver_sql("LOCK TABLE audit IN EXCLUSIVE MODE")
        return connection.execute(sa.select(audit_entries).order_by(audit_entries.c.id.desc()).limit(1)).one_or_none()


def _faults(row: sa.Row[Any], last_id: int, last_hash: str) -> list[str]:
    wrong = []
    values = {name: value for name, value in row._mapping.items() if name != "hash"}  # noqa: SLF001 - public in SQLAlchemy
    if _digest(values) != row.hash:
        wrong.append(f"entry {row.id} ({row.action} {row.subject}): was changed after it was written")
    if row.id != last_id + 1:
        gone = f"entry {last_id + 1}" if row.id == last_id + 2 else f"entries {last_id + 1} to {row.id - 1}"
        wrong.append(f"entry {row.id} ({row.action} {row.subject}): {gone} before it: removed")
    elif row.previous != last_hash:
        before = f"entry {last_id}" if last_id else "the beginning"
        wrong.append(
            f"entry {row.id} ({row.action} {row.subject}): does not follow {before}: one of them was moved or replaced"
        )
    return wrong


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(dict(values)).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def _as_written(moment: datetime) -> str:
    from datetime import UTC

    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _entry(row: sa.Row[Any]) -> AuditEntry:
    try:
        detail = json.loads(row.detail)
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        detail = {"unreadable": str(row.detail)}
    return AuditEntry(row.id, row.at, row.actor, row.action, row.subject, detail, row.previous, row.hash)


def plain(entry: AuditEntry) -> dict[str, Any]:
    """Return `entry` as plain JSON."""
    return asdict(entry)
