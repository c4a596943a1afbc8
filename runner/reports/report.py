"""Reports a person reads: one HTML file per run, one per batch.

A report is one file that needs nothing else: its pictures are inside, and its content policy forbids the browser to
fetch anything, and to run anything but the one script by which a batch's rows are searched.
Links from a batch to its runs are relative, so that the
folder can be moved.
"""

from __future__ import annotations

import base64
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bcflow.models.outcomes import EffectRecord, Picture, RunRecord
from bcflow.runner.redaction.playwright_text import rebuild_tree
from bcflow.runner.reports import wording as words
from bcflow.runner.reports.html_page import html_page
from bcflow.runner.reports.planned import plan_items
from bcflow.runner.reports.summary import forever, next_command

_WIDE = 2.5
_NUMBERED = "-candidates.png"
_PNG_SIZE = struct.Struct(">16xII")


@dataclass(frozen=True)
class _Shown:
    """A picture as the template needs it; `data` is empty if the file is gone."""

    caption: str
    kind: str
    file: str
    data: str
    width: int
    height: int

    @property
    def wide(self) -> bool:
        """Whether it is a table row: too wide to be legible beside another picture."""
        return self.width > _WIDE * self.height

    @property
    def numbered(self) -> bool:
        """Whether frames are drawn in it round what may be meant."""
        return self.file.endswith(_NUMBERED)


@dataclass(frozen=True)
class _Pair:
    """One asked property: what was wanted, what the site shows, and whether they are the same."""

    name: str
    want: str
    have: str
    same: bool | None


def run_report_html(record: RunRecord, folder: Path, *, links: Mapping[str, str] | None = None) -> str:
    """Return the report of one run as a complete HTML page.

    `folder` is the run's evidence folder; its pictures and tree are put into the page. A picture that is
    not there is said to be missing. `links` are addresses by what they lead to. `record` must be clean, see
    `report_files.write_run_report`.
    """
    pictures = [_picture(picture, folder) for picture in record.pictures]
    return html_page(
        "run_report.html",
        record=record,
        links=links or {},
        pictures=[p for p in pictures if p.kind != "failure"],
        failures=[p for p in pictures if p.kind == "failure" and not (record.unknown and p.numbered)],
        numbered=[p for p in pictures if p.numbered],
        stands=record.outcome in ("done", "already") or (record.outcome == "waiting" and record.waiting_for != "you"),
        tree=_tree(record, folder),
        effects=[(effect, _pairs(effect)) for effect in record.effects],
    )


def batch_report_html(
    records: Sequence[RunRecord],
    *,
    title: str,
    source: str = "",
    sha256: str = "",
    seconds: float | None = None,
    links: Mapping[str, str] | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> str:
    """Return the report of a batch as a complete HTML page, what needs a person first; of one that looked, its plan.

    `records` are in the order of the input; `source` and its `sha256` say what was asked for; `seconds` is
    how long it took in all (left out: the sum of the runs); `links` gives the address of a run's own
    report by the run's id, `elsewhere` the machine that has its pictures, if it is another one.
    """
    only_looked = _only_looked(records)
    # What a rehearsal saw leave is in the messages of its runs.
    rehearsed = any(effect.would_send for record in records for effect in record.effects)
    items = plan_items(records) if only_looked and not rehearsed else []
    numbered = sorted(enumerate(records, 1), key=lambda item: (*words.urgency(item[1]), item[0]))
    counts = Counter(record.outcome for record in records)
    waits: dict[str, dict[str, list[tuple[int, RunRecord]]]] = {}
    for number, record in numbered:
        if actor := words.acts_next(record):
            waits.setdefault(actor, {}).setdefault(words.next_step(record), []).append((number, record))
    choices = _choices(records)
    return html_page(
        "batch_report.html",
        script="batch_report.js" if len(records) > 1 else "",
        title=words.plain(title),
        runs=numbered,
        place=_places(records),
        choices=choices,
        rules="\n".join(_rule(name) for names in choices.values() for name in names.values()),
        following=_following(records),
        totals=[(outcome, counts[outcome]) for outcome in words.OUTCOME_WORDS if counts[outcome]],
        bar=_bar(counts),
        waits=waits,
        yours=sum(words.acts_next(record) == "you" for record in records),
        facts=_batch_facts(records, source, sha256, seconds),
        links=links or {},
        elsewhere=elsewhere or {},
        only_looked=only_looked,
        plan=[(number, *each) for number, each in enumerate(zip(records, items, strict=True), 1)] if items else [],
        would=counts["planned"],
        never=forever((record.flow, record.inputs) for record in records if record.outcome == "planned"),
    )


def _only_looked(records: Sequence[RunRecord]) -> bool:
    """Whether it was a dry run, or waits for somebody to agree to what it would write."""
    if not records or any(record.writes for record in records):
        return False
    return all(record.dry_run for record in records) or any(record.outcome == "planned" for record in records)


def _places(records: Sequence[RunRecord]) -> dict[str, str]:
    """Return where the input has each run, by its id: its lines, with the file where there are several."""
    files = {record.source.rpartition(":")[0] for record in records if record.lines}
    return {
        record.id: Path(record.source).name if len(files) > 1 else ", ".join(map(str, record.lines))
        for record in records
        if record.lines
    }


def _following(records: Sequence[RunRecord]) -> str:
    """Return the one command to go on with a batch, but for that which leads here."""
    batches = {record.batch for record in records}
    found = next_command(batches.pop(), records) if len(batches) == 1 else ""
    return "" if found.startswith("bcflow report ") else found


def _choices(records: Sequence[RunRecord]) -> dict[str, dict[str, str]]:
    """Return by what the rows can be filtered: outcomes and clients, each with the class of its rows."""
    there = {record.outcome for record in records}
    outcomes: dict[str, str] = {outcome: f"is-{outcome}" for outcome in words.OUTCOME_WORDS if outcome in there}
    clients = dict.fromkeys(filter(None, (record.client for record in records)))
    every = {"outcome": outcomes, "client": {client: f"for-{at}" for at, client in enumerate(clients)}}
    return {name: found for name, found in every.items() if len(found) > 1}


def _rule(name: str) -> str:
    """Return the style that leaves only the rows of one choice: a filter that needs no script."""
    return f"section:has(option[value={name}]:checked) tbody tr:not(.{name}) {{ display: none; }}"


def _picture(picture: Picture, folder: Path) -> _Shown:
    data = b""
    path = folder / picture.file
    if Path(picture.file).name == picture.file and path.is_file():
        data = path.read_bytes()
    width, height = _PNG_SIZE.unpack_from(data) if len(data) >= _PNG_SIZE.size else (0, 0)
    return _Shown(picture.caption, picture.kind, picture.file, base64.b64encode(data).decode(), width, height)


def _tree(record: RunRecord, folder: Path) -> str:
    """Return the text of the tree, which the record names by its file (or, in old records, holds)."""
    name = record.tree
    if "\n" in name:
        return rebuild_tree(name)
    path = folder / name
    if not name or Path(name).name != name or not path.is_file():
        return ""
    return path.read_text(encoding="utf-8", errors="replace")


def _pairs(effect: EffectRecord) -> list[_Pair]:
    names = [*effect.want, *(name for name in effect.have if name not in effect.want)]
    return [_pair(name, effect) for name in names]


def _pair(name: str, effect: EffectRecord) -> _Pair:
    want, have = words.shown(effect.want.get(name)), words.shown(effect.have.get(name))
    if name not in effect.want or name not in effect.have:
        return _Pair(name, want, have, None)
    # What a screen does not show differs from nothing, unless that it has none is just what differs.
    if effect.have[name] is None and effect.want[name] is not None and effect.outcome != "differs":
        return _Pair(name, want, "not shown", None)
    return _Pair(name, want, have, want.casefold() == have.casefold())


def _bar(counts: Counter[Any]) -> list[tuple[str, float, float]]:
    """Return (tone, start, length) of each part of the bar, in hundredths of its length."""
    total, at = counts.total() or 1, 0.0
    parts: list[tuple[str, float, float]] = []
    for outcome, meaning in words.OUTCOME_WORDS.items():
        length = 100 * counts[outcome] / total
        if length:
            parts.append((meaning.tone, round(at, 3), round(length, 3)))
        at += length
    return parts


def _batch_facts(
    records: Sequence[RunRecord], source: str, sha256: str, seconds: float | None
) -> list[tuple[str, str]]:
    def each(values: list[str]) -> str:
        return ", ".join(dict.fromkeys(value for value in values if value))

    centers = each([f"{r.business_center_name} {r.business_center}".strip() for r in records])
    facts = [
        ("Input file" if sha256 else "Command", source),
        ("Its SHA-256", sha256),
        ("Asked for by", each([r.requested_by for r in records])),
        ("Agreed to by", each([r.approved_by for r in records])),
        ("Answered by", each([r.answered_by for r in records])),
        ("Login", each([r.login for r in records])),
        ("Business Centers", centers),
        ("Site", each([r.site for r in records])),
        ("Started", words.moment(min((r.started for r in records if r.started), default=""))),
        ("Finished", words.moment(max((r.finished for r in records if r.finished), default=""))),
        ("Duration", words.duration(sum(r.seconds for r in records) if seconds is None else seconds)),
        ("Write requests sent", str(sum(r.writes for r in records))),
        ("Versions", each([f"{name} {v}" for r in records for name, v in r.versions.items()])),
    ]
    return [(name, words.plain(value)) for name, value in facts if value]
