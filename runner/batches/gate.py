"""How far a flow that was never seen to work here may go: one write, then five, then all.

After the first write and after the five a person is asked, unless they said beforehand that they
trust it. The first `unknown` or `screen-changed` stops everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bcflow.models.outcomes import RunRecord
from bcflow.runner.storage.proofs import ProvenFlows

UNKNOWN_LANGUAGE: Final = "unknown"
_STOPPING: Final = frozenset({"unknown", "screen-changed"})
_QUESTIONS_AT: Final = (1, 6)


class Gate:
    """One batch's view of what is proven: as it was when the batch began, whatever it writes itself."""

    def __init__(self, site: str, proven: ProvenFlows, *, trust: bool, confirm: Callable[[str], bool] | None) -> None:
        """Take the site's origin, the proofs so far, and how to ask a person (None: nobody is there)."""
        self._site = site
        self._proven = proven
        self._trust = trust
        self._confirm = confirm
        self._languages: dict[str, str] = {}
        self._known: dict[tuple[str, str], bool] = {}
        self._written: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self.stopped = ""

    def is_proven(self, flow: str, login: str) -> bool:
        """Whether `flow` was seen to work before this batch, in the language `login` has its pages in."""
        language = self._languages.get(login) or self._proven.language(site=self._site, login=login)
        key = (flow, language or UNKNOWN_LANGUAGE)
        if key not in self._known:
            self._known[key] = self._proven.is_proven(flow, site=self._site, language=key[1])
        return self._known[key]

    def learn(self, record: RunRecord, login: str, *, wrote: bool) -> None:
        """Take note of how a run ended: it may prove its flow, or, if it was to write, stop the batch."""
        if record.language:
            self._languages[login] = record.language
        proven = self.is_proven(record.flow, login)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        language = record.language or UNKNOWN_LANGUAGE
        self._proven.record(record, site=self._site, language=language, login=login, at=now)
        self._written[record.flow] += bool(record.writes)
        if wrote and record.outcome in _STOPPING and not proven:
            ended = f"job {record.job} ended {record.outcome}"
            self.stopped = f"{record.flow} was never seen to work here before, and {ended}"

    def lets_on(self, flow: str, login: str, *, records: Sequence[RunRecord], left: int) -> bool:
        """Whether one more job of `flow` may write; asks a person when it is time to."""
        if self._trust or self.is_proven(flow, login) or self._asked[flow] >= len(_QUESTIONS_AT):
            return True
        if self._written[flow] < _QUESTIONS_AT[self._asked[flow]]:
            return True
        self._asked[flow] += 1
        return self._confirm is not None and self._confirm(_question(flow, records, left))


def _question(flow: str, records: Sequence[RunRecord], left: int) -> str:
    written = [record for record in records if record.flow == flow and record.writes]
    pictures = [
        f"\n  before the click: {Path(record.evidence) / picture.file}"
        for record in written
        for picture in record.pictures
        if picture.kind == "before"
    ]
    counted = f"{flow}: {len(written)} written, the last ended {written[-1].outcome}" if written else flow
    return f"{counted}{''.join(pictures[-1:])}\nGo on with {left} more?"
