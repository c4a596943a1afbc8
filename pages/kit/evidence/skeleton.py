"""A screen without what is anybody's: its outline, its controls and its requests, in the screen's own words only.

What the site's answers hold is data, so a text that is in one of them is left out, wherever it stands; so is all that
looks like an id, an address or a number. Words that label files have are nobody's and always stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.identity import fold
from bcflow.models.ui_check import ScreenSeen
from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.evidence.sought import known_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.declared import State
    from bcflow.pages.kit.screen.site import Site

SNAPSHOT_MS: Final = 5000
MOST_LINES: Final = 400
_LEAST: Final = 4
"""A shorter text of an answer is left out only where it is all that a control says."""
_OF_CODE: Final = re.compile(r"[a-z0-9_./:-]+|[A-Z0-9_]+")
"""So is a name of the page's own code, such as `partners`: as a part of a text it is nobody's."""
_LINE = re.compile(
    r"\s*- (?P<role>[a-z]+)(?: \"(?P<name>(?:[^\"\\]|\\.)*)\")?(?P<marks>(?: \[[^\]]*\])*)(?P<rest>:.*)?"
)
_SOMEBODYS = re.compile(r"\d{3,}|\S@\S|@")
_OF_DATA = frozenset(
    {"row", "cell", "gridcell", "listitem", "text", "paragraph", "generic", "img", "strong", "emphasis"}
)


class Masks:
    """Tells the site's words from what it shows of somebody; learns from every answer it is given."""

    def __init__(self, site: Site) -> None:
        """Begin with what is known of the login."""
        self._site = site
        self._data: set[str] = set()
        self._names: set[str] = set()

    def learn(self) -> None:
        """Take in what this screen was answered, and which Business Centers and address the login has."""
        session = self._site.session
        bodies = [body for _, _, body in self._site.traffic.heard()]
        for text in _texts([*bodies, *session.business_centers.values(), session.own_email or ""]):
            self._data.add(fold(text))
            if len(text) >= _LEAST and not _OF_CODE.fullmatch(text):
                self._names.add(fold(text))

    def word(self, text: str) -> str:
        """Return `text` if it is the site's own, else an empty text."""
        plain = " ".join(text.split())
        if known_as(self._site, plain) is not None:
            return plain
        said, plain = fold(plain), re.sub(r"\d+", "#", plain)
        if not said or _SOMEBODYS.search(said) or said in self._data:
            return ""
        return "" if any(one in said for one in self._names) else plain


def skeleton(site: Site, root: Locator, state: State, *, name: str, masks: Masks) -> ScreenSeen:
    """Return what stands below `root`, a state of a screen called `name`, without anybody's data."""
    masks.learn()
    families: list[str] = site.page.evaluate(_FAMILIES)
    return ScreenSeen(
        screen=state.screen,
        state=name,
        path=re.sub(r"\d{5,}", "…", site.path),
        kit=dict.fromkeys(sorted(families), 1),
        outline=list(_outline(root.aria_snapshot(timeout=SNAPSHOT_MS), masks)),
        controls=list(_controls(root, masks, cards=state.is_form)),
    )


def _outline(snapshot: str, masks: Masks) -> Iterator[str]:
    """Yield each line once that says what the screen is made of: what differs with the data is left out."""
    seen: set[str] = set()
    for found in map(_LINE.fullmatch, snapshot.splitlines()):
        if found is None or found["role"] in _OF_DATA:
            continue
        word = masks.word((found["name"] or "").replace('\\"', '"'))
        marks = "".join(mark for mark in re.findall(r" \[[^\]]*\]", found["marks"]) if mark == " [disabled]")
        line = f"{found['role']} {word}{marks}" if word else ""
        if line and line not in seen and len(seen) < MOST_LINES:
            seen.add(line)
            yield line


def _controls(root: Locator, masks: Masks, *, cards: bool) -> Iterator[str]:
    """Yield the buttons, fields, tabs, choices and columns in their order, each once.

    Outside a form, `cards` show something of somebody.
    """
    seen: set[str] = set()
    for each in spot(root):
        word = masks.word(each.text)
        kind = f"{each.widget} field" if each.kind == "field" else each.kind
        line = f"{kind}: {word}{' (required)' if each.required else ''}"
        if each.kind == "card" and not cards:
            continue
        if word and each.kind != "entry" and each.place not in ("menu", "row", "pager") and line not in seen:
            seen.add(line)
            yield line
    for heading in root.evaluate(_HEADINGS):
        word = masks.word(heading)
        if word and f"column: {word}" not in seen:
            seen.add(f"column: {word}")
            yield f"column: {word}"


def _texts(value: Any) -> Iterable[str]:  # noqa: ANN401 - whatever JSON the site sends
    """Yield every text in a JSON value that is more than a number or a mark."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str) and re.search(r"[^\W\d_]{2}", value):
        yield value


_FAMILIES = r"""() => {
  const counts = {};
  for (const e of document.querySelectorAll('[class]'))
    for (const name of e.classList) {
      const family = (name.match(/^([a-z]{2,8}(?:-okee)?)-[a-z]/) || [])[1];
      if (family) counts[family] = (counts[family] || 0) + 1;
    }
  const states = ['is', 'has', 'js', 'no'];
  return Object.keys(counts).filter(family => counts[family] >= 12 && !states.includes(family));
}"""
_HEADINGS = r"""root => [...root.querySelectorAll('thead th, [class*="-table-cell-head"]')]
  .filter(e => e.getClientRects().length).map(e => e.innerText)"""
