"""Runs and batches on disk: `home`/runs/<id>/result.json and `home`/batches/<id>/batch.json."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.redaction.private_files import make_private_folder, write_private
from bcflow.runner.storage.batch_record import BatchRecord

Kind = TypeVar("Kind", bound=BaseModel)

RESULT = "result.json"
BATCH = "batch.json"

# Digits and letters that sort as they read and that nobody mixes up (no i, l, o, u).
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_ID_LETTERS = 8
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_SLUG = 60


@dataclass(frozen=True)
class Found:
    """What a name on the command line stands for: runs, and the batch or client they were found by."""

    runs: list[RunRecord]
    batch: BatchRecord | None = None
    client: str | None = None


class History:
    """The runs and batches of one BCFLOW_HOME."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._runs = home / "runs"
        self._batches = home / "batches"

    def nothing(self) -> str:
        """Say that nothing was run here, and where that is."""
        return f"nothing was run here yet ({self.home})"

    def new_batch(self, now: datetime | None = None) -> str:
        """Make the folder of a new batch and return its id: 8 letters that sort by time."""
        make_private_folder(self._batches)
        now = now or datetime.now(UTC)
        while True:
            batch = new_id(now)
            try:
                (self._batches / batch).mkdir(mode=0o700)
            except FileExistsError:
                now += timedelta(milliseconds=1)
                continue
            return batch

    def run_folder(self, run: str) -> Path:
        """Return the evidence folder of `run`; it is not made here."""
        return self._runs / run

    def batch_folder(self, batch: str) -> Path:
        """Return the folder of `batch`."""
        return self._batches / batch

    def client_folder(self, client: str) -> Path:
        """Return the folder of a client's report: no two clients share one, however alike their names are."""
        slug = "".join(letter if letter.isalnum() else "-" for letter in client)[:_LONGEST_SLUG] or "client"
        mark = sha256(client.encode(errors="surrogatepass")).hexdigest()[:8]
        return self.home / "reports" / f"{slug}-{mark}"

    def save_batch(self, batch: BatchRecord) -> None:
        """Write batch.json in one move; a batch that another machine submitted gets its folder here."""
        make_private_folder(self.batch_folder(batch.id))
        write_private(self.batch_folder(batch.id) / BATCH, batch.model_dump_json(indent=1).encode())

    def drop_batch(self, batch: str) -> None:
        """Forget a batch of which nothing was started."""
        shutil.rmtree(self.batch_folder(batch))

    def load_batch(self, batch: str) -> BatchRecord:
        """Read batch.json; raises BadInput if there is none or it cannot be read."""
        return _load(self.batch_folder(batch) / BATCH, BatchRecord)

    def load_run(self, run: str) -> RunRecord:
        """Read result.json; raises BadInput if there is none or it cannot be read."""
        return _load(self.run_folder(run) / RESULT, RunRecord)

    def batches(self) -> list[BatchRecord]:
        """Return every batch that can be read, the newest first."""
        return list(self._readable_batches())

    def runs_of(self, batch: BatchRecord) -> list[RunRecord]:
        """Return the runs of `batch` in file order, without those that left no result."""
        runs = dict.fromkeys(line.run for line in batch.lines)
        return [self.load_run(run) for run in runs if self.has_run(run)]

    def has_run(self, run: str) -> bool:
        """Whether `run` has left a result."""
        return (self.run_folder(run) / RESULT).is_file()

    def find(self, name: str) -> Found:
        """Return what `name` means: `last`, a batch, a run, the start of one's id, or a client.

        Raises BadInput if it means nothing or more than one thing.
        """
        if name == "last":
            return self._last()
        ids = self._matching(name)
        if len(ids) > 1:
            raise BadInput([f"'{name}' is the start of several ids: {', '.join(ids[:5])}"])
        if ids:
            return self._by_id(ids[0])
        runs = self.runs_of_client(name)
        if runs:
            return Found(runs, client=name)
        raise BadInput([f"'{name}' is no run, batch or client here; `bcflow runs` lists them"])

    def has_batch(self, batch: str) -> bool:
        """Whether `batch` has left its list here."""
        return (self.batch_folder(batch) / BATCH).is_file()

    def of_key(self, key: str) -> str:
        """Return the batch that was submitted under `key`. Raises BadInput if there is none."""
        raise BadInput([f"no batch was submitted under the key '{key}'"])

    def is_here(self, run: str) -> bool:
        """Whether the evidence of `run` is on this machine."""
        return self.has_run(run)

    def batch_names(self) -> list[str]:
        """Return the ids of all batches, the oldest first."""
        return _names(self._batches)

    def run_names(self) -> list[str]:
        """Return the ids of all runs, the oldest first."""
        return _names(self._runs)

    def runs_of_client(self, client: str) -> list[RunRecord]:
        """Return the runs of `client`, the oldest first."""
        every = (self.load_run(run) for run in _names(self._runs) if self.is_here(run))
        return [run for run in every if run.client == client]

    def _last(self) -> Found:
        for batch in self._readable_batches():
            return Found(self.runs_of(batch), batch=batch)
        raise BadInput([self.nothing()])

    def _by_id(self, found: str) -> Found:
        if "-" in found:
            return Found([self.load_run(found)])
        batch = self.load_batch(found)
        return Found(self.runs_of(batch), batch=batch)

    def _matching(self, name: str) -> list[str]:
        """Return the id equal to `name`, else those that start with it (a batch before its runs)."""
        ids = [*self.batch_names(), *(run for run in self.run_names() if "-" in run)]
        if name in ids:
            return [name]
        found = [one for one in ids if one.startswith(name)] if len(name) > 1 else []
        return [one for one in found if one.partition("-")[0] not in found or "-" not in one]

    def _readable_batches(self) -> Iterator[BatchRecord]:
        for name in reversed(self.batch_names()):
            if self.has_batch(name):
                yield self.load_batch(name)


def new_id(now: datetime) -> str:
    """Return a short id that sorts by time: eight digits in base 32 that count steps of 1/1024 s since 2024."""
    steps = max(0, (now - _EPOCH) // _MICROSECOND * 1024 // 1_000_000)
    stamp = ""
    for _ in range(_ID_LETTERS):
        steps, digit = divmod(steps, len(_LETTERS))
        stamp = _LETTERS[digit] + stamp
    return stamp


def run_id(batch: str, number: int) -> str:
    """Return the id of the `number`th run (from 1) of `batch`."""
    return f"{batch}-{number:03d}"


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    except FileNotFoundError:
        return []


def _load(path: Path, kind: type[Kind]) -> Kind:
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput([f"{path.parent.name}: has left no {path.name}"]) from None
    except ValidationError as error:
        raise BadInput([f"{path}: cannot be read ({error.error_count()} problems)"]) from None
