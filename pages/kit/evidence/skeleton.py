"""A screen without what is anybody's: its outline, its controls and its requests, in the screen's own words only.

What the site's answers hold is data, so a text that is in one of them is left out, wherever it stands; so is all that
looks like an id, an address or a number. Words that label files have are nobody's and always stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.identity import fold
from bcflow.models.ui_check import ScreenSeen
from bcflow.pages.kit import css
from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.evidence.sought import known_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.declared import State
    from bcflow.pages.kit.screen.site import Site

SHAPES_AT_MOST: Final = 200
SNAPSHOT_MS: Final = 5000
MOST_LINES: Final = 400
_LEAST: Final = 4
"""A shorter text of an answer is left out only where it is all that a control says."""
_OF_CODE: Final = re.compile(r"[a-z0-9_./:-]+|[A-Z0-9_]+")
"""So is a name of the page's own code, such as `partners`: as a part of a text it is nobody's."""
_LINE = re.compile(
    r"\s*- (?P<role>[a-z]+)(?: \"(?P<name>(?:[^\"\\]|\\.)*)\")?(?P<marks>(?: \[[^\]]*\])*)(?P<rest>:.*)?"
)
_ID_OR_ADDRESS = re.compile(r"\d{6,}|\S@\S")
_SOMEBODYS = re.compile(r"\d{3,}|\S@\S|@")
_PRESSED = frozenset({"button", "link"})
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
        written: list[str] = self._site.page.evaluate(_WRITTEN)
        for text in _texts([*bodies, *written, *session.business_centers.values(), session.own_email or ""]):
            self._data.add(fold(text))
            if len(text) >= _LEAST and not _OF_CODE.fullmatch(text):
                self._names.add(fold(text))

    def knows(self, text: str) -> bool:
        """Whether `text` is a word that label files have."""
        return known_as(self._site, text) is not None

    def is_somebodys(self, text: str) -> bool:
        """Whether `text` is, as a whole, a name that one of the site's answers holds."""
        return fold(text) in self._names

    def word(self, text: str) -> str:
        """Return `text` if it is the site's own, else an empty text."""
        plain = " ".join(text.split())
        known, said, plain = self.knows(plain), fold(plain), re.sub(r"\d+", "#", plain)
        if known:
            return plain
        if not said or _SOMEBODYS.search(said) or said in self._data:
            return ""
        return "" if any(one in said for one in self._names) else plain


def skeleton(site: Site, root: Locator, state: State, *, name: str, masks: Masks) -> ScreenSeen:
    """Return what stands below `root`, a state of a screen called `name`, without anybody's data."""
    masks.learn()
    families: list[str] = site.page.evaluate(_FAMILIES)
    controls = list(_controls(root, masks, cards=state.is_form))
    return ScreenSeen(
        screen=state.screen,
        state=name,
        path=re.sub(r"\d{5,}", "…", site.path),
        kit=dict.fromkeys(sorted([*families, str(root.evaluate(_STANDS_IN))]), 1),
        outline=list(_outline(root.aria_snapshot(timeout=SNAPSHOT_MS), masks, controls)),
        controls=controls,
    )


def _outline(snapshot: str, masks: Masks, controls: Sequence[str]) -> Iterator[str]:
    """Yield each line once that says what the screen is made of: what differs with the data is left out.

    Of what can be pressed only the controls are told: in the shell's head, a button may be somebody's name.
    """
    own = {control.partition(": ")[2].removesuffix(" (required)") for control in controls}
    seen: set[str] = set()
    for found in map(_LINE.fullmatch, snapshot.splitlines()):
        if found is None or found["role"] in _OF_DATA:
            continue
        word = masks.word((found["name"] or "").replace('\\"', '"'))
        if found["role"] in _PRESSED and word not in own and not masks.knows(word):
            continue
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
        if word and each.kind != "entry" and each.place not in ("menu", "header", "row", "pager") and line not in seen:
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


_WRITTEN = r"""() => [...document.scripts].filter(e => !e.src).flatMap(
  e => [...e.textContent.matchAll(/"((?:[^"\\]|\\.){2,120})"/g)].map(found => found[1]))"""
_STANDS_IN = """e => e === document.body ? 'a page' : e.closest('[class*="drawer"]') ? 'a drawer' : 'a dialog'"""
_FAMILIES = r"""() => {
  const kinds = {}, ofData = 'tbody, [class*="-table-row"], [class*="-pager"], [class*="-pagination"]';
  for (const e of document.querySelectorAll('[class]'))
    for (const name of e.closest(ofData) ? [] : e.classList) {
      const family = (name.match(/^([a-z]{2,8}(?:-okee)?)-[a-z]/) || [])[1];
      if (family) (kinds[family] = kinds[family] || new Set()).add(name);
    }
  const states = ['is', 'has', 'js', 'no'];
  return Object.keys(kinds).filter(family => kinds[family].size >= 4 && !states.includes(family));
}"""
_HEADINGS = r"""root => [...root.querySelectorAll('thead th, [class*="-table-cell-head"]')]
  .filter(e => e.getClientRects().length).map(e => e.innerText)"""


def shapes(root: Locator, masks: Masks) -> list[str]:
    """Return every other text below `root` as its shape, each once: letters are "a" and "A", digits "9"."""
    lines = {" ".join(line.split()) for line in root.inner_text().splitlines()}
    found = {shape(line) for line in lines if line and not masks.knows(line)}
    return sorted(found)[:SHAPES_AT_MOST]


def shape(text: str) -> str:
    """Return what a text looks like, and nothing that it says."""
    plain = "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in text)
    return re.sub(r"(.)\1+", r"\1", plain)[:60]


def classes(root: Locator) -> list[str]:
    """Return the class names below `root`, without those that have a number in them."""
    found: list[str] = root.evaluate(_CLASSES)
    return sorted(found)


_CLASSES = r"""root => [...new Set([...root.querySelectorAll('[class]')].flatMap(e => [...e.classList]))]
  .filter(name => /^[a-zA-Z_-]{2,60}$/.test(name)).slice(0, 500)"""


def masked_picture(site: Site) -> bytes:
    """Return a picture of the window with rows, values, ids, addresses and the login's Business Centers covered."""
    page = site.page
    values = [page.locator(each) for each in (css.ROWS, css.FILLED_IN, css.CARD_NAME)]
    values.append(page.get_by_text(_ID_OR_ADDRESS))
    values += [page.get_by_text(name) for name in site.session.business_centers.values()]
    return page.screenshot(timeout=SNAPSHOT_MS, animations="disabled", mask=values, mask_color="#d9d9e3")
