"""What the page shows of each state of a screen: its findings, its two pictures, and its lines that changed."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from bcflow.runner.checks.reach import reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bcflow.models.ui_check import ScreenSeen, UiCheck
    from bcflow.runner.checks.findings import Finding, Findings

Sign = Literal["gone", "new", "moved away", "moved here", "same", "gap"]
_CONTEXT: Final = 1
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE: Final = struct.Struct(">16xII")


@dataclass(frozen=True)
class Line:
    """One line of a skeleton, and what became of it."""

    sign: Sign
    text: str = ""


@dataclass(frozen=True)
class Shown:
    """A picture; `data` is its Base64, empty if there is none or no room for it: then `file` says which it is."""

    name: str
    file: str = ""
    data: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Card:
    """One state of a screen."""

    number: int
    screen: str
    state: str
    path: str
    findings: list[Finding] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    controls: list[Line] = field(default_factory=list)
    outline: list[Line] = field(default_factory=list)

    @property
    def outline_changed(self) -> bool:
        """Whether its outline says something that nothing else does."""
        return any(item.change == "outline" for item in self.findings)


class Album:
    """Reads pictures as long as there is room for them in a page: `most` bytes in all."""

    def __init__(self, pictures: Path, earlier: Path | None, most: int) -> None:
        self._folders = {"now": pictures, "before": earlier}
        self._left = most

    def show(self, name: Literal["before", "now"], screen: ScreenSeen | None) -> Shown:
        """Return the picture of a screen as it is called in the page."""
        folder, file = self._folders[name], Path(screen.picture).name if screen else ""
        path = folder / file if folder and file else None
        content = path.read_bytes() if path and path.is_file() else b""
        if not content.startswith(_PNG) or len(content) < _PNG_SIZE.size:
            return Shown(name)
        if len(content) > self._left:
            return Shown(name, file)
        self._left -= len(content)
        width, height = _PNG_SIZE.unpack_from(content)
        return Shown(name, file, base64.b64encode(content).decode(), width, height)


def cards(findings: Findings, now: UiCheck, before: UiCheck | None, album: Album) -> tuple[list[Card], list[Card]]:
    """Return the states with findings, worst first, and those without."""
    by_place: dict[tuple[str, str], list[Finding]] = {}
    for item in findings.items:
        if item.screen:
            by_place.setdefault(item.place, []).append(item)
    new = {one.key: one for one in now.screens}
    old = {one.key: one for one in before.screens} if before else {}
    calm = [place for place in new if place not in by_place]
    same_words = before is not None and before.language == now.language
    made = [
        _card(number, place, by_place.get(place, []), (old.get(place), new.get(place)), album, words=same_words)
        for number, place in enumerate([*by_place, *calm], 1)
    ]
    return made[: len(by_place)], made[len(by_place) :]


def unreached(now: UiCheck, before: UiCheck | None) -> list[tuple[str, str]]:
    """Return the states that are known, of the baseline or of what flows rely on, and that this check did not see."""
    known = [one.key for one in before.screens] if before else []
    known += [(one.screen, one.state) for one in now.elements]
    return [place for place in dict.fromkeys(known) if reach(now, place) == "not reached"]


def _card(
    number: int,
    place: tuple[str, str],
    items: list[Finding],
    seen: tuple[ScreenSeen | None, ScreenSeen | None],
    album: Album,
    *,
    words: bool,
) -> Card:
    old, new = seen
    either = new or old
    shown = [album.show("before", old)] if items and old else []
    shown += [album.show("now", new)] if new else []
    both = (old, new) if old and new and items and words else None
    return Card(
        number,
        *place,
        path=either.path if either else "",
        findings=items,
        pictures=shown,
        controls=diff(*(one.controls for one in both)) if both else [],
        outline=diff(*(one.outline for one in both)) if both else [],
    )


def diff(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Return what changed between two lists of lines, with what stands beside it; nothing if they are the same."""
    if list(old) == list(new):
        return []
    lines, left = list[Line](), False
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        lines += [Line("gap")] if number or group[0][1] else []
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                lines += [Line("same", text) for text in old[start:end]]
            else:
                lines += _changed(old[start:end], new, "gone", "moved away")
                lines += _changed(new[new_start:new_end], old, "new", "moved here")
        left = group[-1][2] < len(old)
    return [*lines, Line("gap")] if left else lines


def _changed(lines: Iterable[str], others: Sequence[str], sign: Sign, moved: Sign) -> list[Line]:
    return [Line(moved if text in others else sign, text) for text in lines]
