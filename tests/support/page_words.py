"""The words of a page that was written as a file, as somebody reads them from top to bottom."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Final

_UNSEEN: Final = frozenset({"head", "script", "style", "svg"})
_IN_A_LINE: Final = frozenset({"a", "b", "code", "em", "i", "span", "strong"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        self._ends_line(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN
        self._ends_line(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.lines[-1] += data

    def _ends_line(self, tag: str) -> None:
        if tag not in _IN_A_LINE:
            self.lines.append("")


def words_of(page: Path) -> str:
    """Return the words of an HTML file, a line for each paragraph, cell and heading."""
    words = _Words()
    words.feed(page.read_text(encoding="utf-8"))
    return "\n".join(" ".join(line.split()) for line in words.lines if line.strip())
