"""What may be deleted of old runs: their evidence and the lists that name them, never what the ledger needs.

The ledger's effects and the log of who did what stay for ever: without them a write could be sent twice.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from bcflow.models.errors import BadInput
from bcflow.models.failures.causes import of_file
from bcflow.models.outcomes import RunRecord
from bcflow.runner.policy.follow_up import moment, waits_for_others
from bcflow.runner.storage.batch_record import BatchRecord
from bcflow.runner.storage.history import BATCH, History
from bcflow.runner.storage.ledger_rows import MAY_HAVE_BEEN_SENT

UNSETTLED: Final = "a write of it may have been sent and is not settled: bcflow settle"
NOT_ENDED: Final = "its batch has not ended"
WAITS: Final = "it waits for others and is looked at again"
OTHER_DATABASE: Final = "it ended unknown, and this database knows nothing of it"
UNREADABLE: Final = "its result cannot be read, so it is not known whose it is"

_BATCH_NAME: Final = re.compile(r"[0-9a-z]{8}")
_RUN_NAME: Final = re.compile(r"([0-9a-z]{8})-[0-9]{3,}")


@dataclass(frozen=True)
class Wanted:
    """What to delete: what ended before a moment, or what is a client's, or what is both."""

    before: datetime | None = None
    client: str | None = None


@dataclass(frozen=True)
class Known:
    """What the database says: runs of `unsettled` effects, all runs of its ledger, which batches have not ended.

    `is_open` gives None for a batch that the database does not know.
    """

    unsettled: Collection[str]
    touched: Collection[str]
    is_open: Callable[[str], bool | None]


@dataclass(frozen=True)
class Stay:
    """A run or a batch that was meant and stays, and why."""

    name: str
    why: str


@dataclass
class Plan:
    """What would go: runs by their batch, whole batches, reports of clients; and what stays."""

    runs: dict[str, list[str]] = field(default_factory=dict)
    batches: list[str] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    size: int = 0

    @property
    def all_runs(self) -> list[str]:
        """Return every run that would go."""
        return [run for runs in self.runs.values() for run in runs]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would go."""
        return not (self.runs or self.batches or self.reports)


class Rows(Protocol):
    """The rows that the database keeps of batches and runs."""

    def remove(self, batch: str) -> None:
        """Forget a batch and its runs; the ledger's effects stay."""

    def remove_runs(self, runs: Sequence[str]) -> None:
        """Forget single runs; the ledger's effects stay."""


def unsettled_runs(events: Iterable[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """Return the runs that have to do with an effect which may have been sent, and all the ledger knows.

    `events` are `Ledger.history()`: oldest first, each with its effect and run.
    """
    state: dict[int, str] = {}
    touched: defaultdict[int, set[str]] = defaultdict(set)
    for event in events:
        touched[event["effect"]].add(event["run"])
        if event["event"] != "looked":
            state[event["effect"]] = event["event"]
    unsettled = [touched[effect] for effect, last in state.items() if last in MAY_HAVE_BEEN_SENT]
    return set[str]().union(*unsettled), set[str]().union(*touched.values())


def plan(history: History, wanted: Wanted, known: Known) -> Plan:
    """Return what of `history` would go. Raises BadInput if nothing says what is wanted."""
    if wanted.before is None and wanted.client is None:
        raise BadInput(["prune: say --older-than 90d, --client NAME or both"])
    found = Plan()
    for batch, runs in sorted(_batches(history).items()):
        _Judge(history, wanted, known, batch).put_into(found, runs)
    folders = _folders(history.home / "reports")
    found.reports = [path for path in folders if _report_is_meant(history, path, wanted)]
    going = [*(history.run_folder(run) for run in found.all_runs), *map(history.batch_folder, found.batches)]
    found.size = sum(map(_size, [*going, *found.reports]))
    return found


def carry_out(found: Plan, history: History, rows: Rows) -> list[Stay]:
    """Delete what the plan names, and return what could not be deleted. It can be done again after a crash."""
    troubles: list[Stay] = []
    for batch, runs in found.runs.items():
        left = [one for one in (_deleted(history.run_folder(run)) for run in runs) if one is not None]
        troubles += left
        gone = [run for run in runs if run not in {one.name for one in left}]
        rows.remove_runs(gone)
        if left or batch not in found.batches:
            _shorten(history, batch, gone)
    unfinished = {one.name.partition("-")[0] for one in troubles}
    for batch in found.batches:
        if batch not in unfinished:
            rows.remove(batch)
            troubles += filter(None, [_deleted(history.batch_folder(batch))])
    troubles += filter(None, map(_deleted, found.reports))
    return troubles


@dataclass(frozen=True)
class _Judge:
    """Judges one batch and its runs."""

    history: History
    wanted: Wanted
    known: Known
    batch: str

    def put_into(self, found: Plan, runs: Sequence[str]) -> None:
        try:
            record = self._record()
        except BadInput as error:
            found.stays.append(Stay(self.batch, str(error)))
            return
        meant = [run for run in runs if self._is_meant(run, record)]
        lines = {line.run for line in record.lines} if record else set()
        empty = not runs and not lines and self._is_old(self.history.batch_folder(self.batch))
        if not meant and not empty:
            return
        if self._is_open(record):
            found.stays.append(Stay(self.batch, NOT_ENDED))
            return
        stays = [Stay(run, why) for run in meant if (why := self._why_stay(run))]
        found.stays += stays
        going = [run for run in meant if run not in {one.name for one in stays}]
        if going:
            found.runs[self.batch] = going
        if not (set(runs) | lines) - set(going):
            found.batches.append(self.batch)

    def _record(self) -> BatchRecord | None:
        folder = self.history.batch_folder(self.batch)
        return self.history.load_batch(self.batch) if (folder / BATCH).is_file() else None

    def _is_open(self, record: BatchRecord | None) -> bool:
        kept = self.known.is_open(self.batch)
        return (record is not None and not record.ended) if kept is None else kept

    def _is_meant(self, run: str, batch: BatchRecord | None) -> bool:
        try:
            record = self._run(run)
        except BadInput:
            return True  # it stays, and is told
        line = next((one for one in batch.lines if one.run == run), None) if batch else None
        client = record.client if record else line.client if line else None
        if self.wanted.client is not None and client != self.wanted.client:
            return False
        said = (record and (record.finished or record.started)) or (batch and (batch.ended or batch.started))
        if self.wanted.before is None:
            return True
        return moment(said) < self.wanted.before if said else self._is_old(self.history.run_folder(run))

    def _why_stay(self, run: str) -> str:
        try:
            record = self._run(run)
        except BadInput:
            return UNREADABLE
        if run in self.known.unsettled:
            return UNSETTLED
        if record is None:
            return ""
        if record.outcome == "unknown" and run not in self.known.touched:
            return OTHER_DATABASE
        # Whoever names a client wants it gone; by age alone nothing is lost that still goes on.
        return WAITS if self.wanted.client is None and waits_for_others(record) else ""

    def _run(self, run: str) -> RunRecord | None:
        return self.history.load_run(run) if self.history.has_run(run) else None

    def _is_old(self, folder: Path) -> bool:
        return self.wanted.client is None and self.wanted.before is not None and _changed(folder) < self.wanted.before


def _batches(history: History) -> dict[str, list[str]]:
    """Return every batch of which something is on disk or in its list, with its runs; nothing of other names."""
    found: dict[str, list[str]] = {}
    for folder in _folders(history.batch_folder("")):
        if _BATCH_NAME.fullmatch(folder.name):
            found[folder.name] = []
    for folder in _folders(history.run_folder("")):
        name = _RUN_NAME.fullmatch(folder.name)
        if name:
            found.setdefault(name[1], []).append(folder.name)
    for batch, runs in found.items():
        for run in _listed(history, batch):
            if run not in runs:
                runs.append(run)
    return found


def _listed(history: History, batch: str) -> list[str]:
    try:
        return list(dict.fromkeys(line.run for line in history.load_batch(batch).lines))
    except BadInput:
        return []


def _shorten(history: History, batch: str, gone: Sequence[str]) -> None:
    """Take the lines of deleted runs out of a batch that stays, and make its report anew."""
    from bcflow.runner.batches.telling import batch_report

    if not gone or not (history.batch_folder(batch) / BATCH).is_file():
        return
    record = history.load_batch(batch)
    record.lines = [line for line in record.lines if line.run not in gone]
    history.save_batch(record)
    batch_report(history, record, [one for run in _listed(history, batch) if (one := _readable(history, run))])


def _readable(history: History, run: str) -> RunRecord | None:
    try:
        return history.load_run(run)
    except BadInput:
        return None


def _report_is_meant(history: History, folder: Path, wanted: Wanted) -> bool:
    """Whether a client's report is to go; it can be made again from the runs that are left."""
    names = {history.client_folder(wanted.client).name, _old_name(wanted.client)} if wanted.client else {folder.name}
    if folder.name not in names:
        return False
    return wanted.before is None or _changed(folder) < wanted.before


def _old_name(client: str) -> str:
    """Return how a report's folder was called when clients of alike names still shared one."""
    return "".join(letter if letter.isalnum() else "-" for letter in client) or "client"


def _folders(folder: Path) -> list[Path]:
    """Return the folders in `folder`, never one that is only a link to another place."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())


def _deleted(folder: Path) -> Stay | None:
    """Delete a folder, or say why it could not be; one that is gone already is fine."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Stay(folder.name, f"it could not be deleted: {of_file(error)}")
    return None


def _changed(folder: Path) -> datetime:
    return (
        datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC) if folder.exists() else datetime.min.replace(tzinfo=UTC)
    )


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
