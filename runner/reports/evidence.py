"""The folder of one run: its result, log, pictures and the tree of a failed screen.

A run that is taken up again adds to them. Everything here is for people to read later, so nothing here may stop a
run: what cannot be written is said once and the run goes on. (What must stop a run when it cannot be written is the
ledger.)
"""

from __future__ import annotations

import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from loguru import logger
from pydantic import SecretStr

from bcflow.models.failures.causes import in_words
from bcflow.models.outcomes import Picture, RunRecord, StepRecord
from bcflow.runner.redaction.playwright_text import rebuild_tree
from bcflow.runner.redaction.printable import json_text, printable
from bcflow.runner.redaction.private_files import make_private_folder, write_private
from bcflow.runner.redaction.records import clean_record
from bcflow.runner.redaction.redact import Redactor
from bcflow.runner.reports import run_log

if TYPE_CHECKING:
    from loguru import Message

RESULT, LOG, TREE, REPORT = "result.json", "log.jsonl", "tree.txt", "report.html"
_PNG = b"\x89PNG\r\n\x1a\n"


class Evidence:
    """Writes what one run leaves behind into `folder` (its name is the run's id).

    Every text is printable, and passes through `redactor`, which knows `secrets`; add what the run learns later
    (a code, a cookie) with `redactor.add`. E-mail addresses in `keep` and in the record's own inputs stay readable.
    No method raises when something cannot be written; the first problem is logged as a warning and kept in
    `problem`.
    """

    def __init__(self, folder: Path, *, secrets: Sequence[SecretStr | str] = (), keep: Iterable[str] = ()) -> None:
        self.folder = folder
        self.redactor = Redactor(secrets, keep=keep)
        self.problem = ""
        self._lock = threading.RLock()
        self._pictures = 0
        self._in_sink = threading.local()
        with self.only_warn("make the folder"):
            make_private_folder(folder)

    def begin(self, run: str) -> None:
        """Begin an attempt at `run`; one that is taken up again adds to what the others left in its folder.

        A folder that is not the run's own has room for one look: the next one takes its place.
        """
        if self.folder.name != run:
            return
        with self.only_warn("go on in the folder"):
            numbers = (path.name.partition("-")[0] for path in self.folder.glob("*.png"))
            self._pictures = max((int(number) for number in numbers if number.isdigit()), default=0)
            if (self.folder / TREE).exists():
                earlier = len(list(self.folder.glob("tree-*.txt"))) + 1
                (self.folder / TREE).rename(self.folder / f"tree-{earlier}.txt")
        self.append_log({"event": run_log.ATTEMPT})

    def note_step(self, name: str, at: str) -> None:
        """Keep that a step began: should the attempt be killed, this is what is known of it."""
        self.append_log({"event": run_log.STEP, "name": name, "at": at})

    def note_steps(self, steps: Sequence[StepRecord]) -> None:
        """Keep the steps of an attempt that came to its end, in place of their beginnings."""
        self.append_log({"event": run_log.STEPS, "steps": [step.model_dump(mode="json") for step in steps]})

    def write_result(self, record: RunRecord) -> None:
        """Write `result.json`, whole, in place of an earlier one.

        Steps and pictures of the run's earlier attempts are put into `record` first: none drops them.
        """
        if record.id == self.folder.name:
            with self.only_warn("read what earlier attempts left"):
                run_log.complete(record, self.folder, log=LOG, result=RESULT, clean=self.redactor.text)
        with self.only_warn("write the result"):
            content = json_text(self.clean(record).model_dump(mode="json"), indent=1)
            write_private(self.folder / RESULT, content.encode())

    def clean(self, record: RunRecord) -> RunRecord:
        """Return `record` as it may be stored: no secrets, other people's addresses masked."""
        return clean_record(record, self.redactor)

    def append_log(self, event: dict[str, Any]) -> None:
        """Add one line to `log.jsonl`; `at` (ISO 8601, UTC) is added if missing."""
        with self.only_warn("write the log"):
            self._append(self.redactor.value({"at": _utc(), **event}))

    def _append(self, line: dict[str, Any]) -> None:
        """Add a line that holds no secret. Begins a new one if a kill cut the last one short. Raises OSError."""
        content = (json_text(line) + "\n").encode()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        with self._lock, os.fdopen(os.open(self.folder / LOG, flags, 0o600), "a+b", 0) as file:
            if file.seek(0, os.SEEK_END) and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
                content = b"\n" + content
            file.write(content)

    def log_sink(self) -> Callable[[Message], None]:
        """Return a loguru sink that keeps the lines bound to this run (`logger.bind(run=<id>)`).

        An exception is kept as its type, its rebuilt words and the places it passed, never with values.
        """

        def sink(message: Message) -> None:
            record = message.record
            extra = {k: v for k, v in record["extra"].items() if k != "run"}
            if record["extra"].get("run") != self.folder.name:
                return
            event = {
                "at": record["time"].astimezone(UTC).isoformat(timespec="milliseconds"),
                "level": record["level"].name.lower(),
                "message": record["message"],
                "where": f"{record['name']}:{record['line']}",
                **({"extra": extra} if extra else {}),
            }
            if record["exception"] and record["exception"].value:
                event["error"] = self._error(record["exception"].value)
            self._in_sink.yes = True
            try:
                self.append_log(event)
            finally:
                self._in_sink.yes = False

        return sink

    def save_picture(
        self, png: bytes, *, name: str, caption: str, kind: Literal["before", "after", "failure", "view"]
    ) -> Picture:
        """Keep a PNG and return how the record names it. The caller sees to it that no secret shows."""
        with self._lock:
            self._pictures += 1
            number = self._pictures
        slug = re.sub(r"[^a-z0-9]+", "-", self.redactor.text(name).casefold()).strip("-")[:48] or kind
        picture = Picture(file=f"{number:02d}-{kind}-{slug}.png", caption=self.redactor.text(caption), kind=kind)
        with self.only_warn("keep a picture"):
            if not png.startswith(_PNG):
                raise OSError("it is not a PNG")
            write_private(self.folder / picture.file, png)
            self._append({"at": _utc(), "event": run_log.PICTURE, "picture": picture.model_dump(mode="json")})
        return picture

    def save_tree(self, text: str, *, spelled: bool = False) -> str:
        """Keep an `aria_snapshot()` without field values; return its file's name for `RunRecord.tree`.

        With `spelled` single letters go too: something secret is being typed, and the page may spell it out.
        """
        with self.only_warn("keep the accessible tree"):
            rebuilt = rebuild_tree(text, spelled=spelled)
            write_private(self.folder / TREE, printable(self.redactor.text(rebuilt)).encode())
        return TREE

    def _error(self, error: BaseException) -> dict[str, Any]:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        cause = error.__cause__ or error.__context__
        return {
            **self.redactor.value(error),
            "places": places,
            **({"cause": type(cause).__name__} if cause else {}),
        }

    @contextmanager
    def only_warn(self, what: str) -> Iterator[None]:
        """Warn if evidence cannot be written: a run goes on without."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a fault in a report must not touch a write that is on its way
            self._warn(f"cannot {what} in {self.folder}: {in_words(error)}; the run goes on without")

    def _warn(self, text: str) -> None:
        with self._lock:
            if self.problem:
                return
            self.problem = text
        if getattr(self._in_sink, "yes", False):  # loguru refuses to log from inside a sink
            sys.stderr.write(f"warning: {text}\n")
        else:
            logger.warning(text)


def _utc() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
