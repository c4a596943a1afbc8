r"""The one way out for text: what came from a site or a file never steers a terminal, a viewer or a reader's eye.

Escape sequences move cursors, rename windows and hide lines; bidirectional controls make a name read as another.
Both are shown instead, as `\x1b` or `\u202e`: nothing is dropped, so what was really there can be told. So is a letter
that a terminal or a log cannot hold: what was done is told whatever the locale is.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

if TYPE_CHECKING:
    from rich.console import Console

# C0 but tab and line feed, DEL, C1; then what turns, ends or hides a line in Unicode; halves of characters, which no
# file can hold.
_CONTROLS: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_UNICODE: Final = "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE: Final = re.compile(f"[{_CONTROLS}{_UNICODE}]")
_UNSAFE_IN_A_LINE: Final = re.compile(f"[\n\t{_CONTROLS}{_UNICODE}]")
_SHORT: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BYTE: Final = 0xFF


def printable(text: str, *, one_line: bool = False) -> str:
    """Return `text` with every control and bidirectional character spelled out; line breaks and tabs stay.

    With `one_line` they are spelled out too: text of others then cannot look like another line of ours. What went
    through here once is not changed by a second time.
    """
    pattern = _UNSAFE_IN_A_LINE if one_line else _UNSAFE
    return pattern.sub(lambda found: _spelled(found[0]), text.replace("\r\n", "\n"))


def json_text(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return `value` as JSON that is safe to show: the same value when it is read, no unsafe character as such."""
    plain = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    # Such a character can only stand inside a string, where JSON spells it like this.
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


class PrintableStream:
    """A text stream in front of `raw` that lets through only what is printable."""

    def __init__(self, raw: TextIO) -> None:
        """Write to `raw`; everything else is asked of it as well."""
        self.raw = raw

    def write(self, text: str) -> int:
        """Write `text` as it may be shown; return its length."""
        self.raw.write(printable(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream behind has
        return getattr(self.raw, name)


@contextmanager
def printable_output() -> Iterator[None]:
    """Let stdout and stderr of this process be printable streams, whoever writes to them and whatever they encode."""
    before = sys.stdout, sys.stderr
    with ExitStack() as stack:
        for stream in before:
            stack.enter_context(_never_strict(stream))
        sys.stdout, sys.stderr = (cast("TextIO", PrintableStream(stream)) for stream in before)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


@contextmanager
def _never_strict(stream: TextIO) -> Iterator[None]:
    """Have `stream` spell out what its encoding lacks, where it would raise; afterwards it is as it was."""
    if not isinstance(stream, TextIOWrapper):
        yield
        return
    encoding, errors = stream.encoding, stream.errors
    stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        with suppress(OSError):  # what it could not take is flushed once more
            stream.reconfigure(encoding=encoding, errors=errors)


def shows_every_letter(stream: TextIO) -> bool:
    """Whether the encoding of `stream` has every letter there is."""
    return codecs.lookup(stream.encoding or "utf-8").name.startswith("utf")


def as_utf_8(stream: TextIO) -> None:
    """Let `stream` write UTF-8 from now on, whatever the locale is: for what programs read."""
    raw = stream.raw if isinstance(stream, PrintableStream) else stream
    if isinstance(raw, TextIOWrapper):
        raw.reconfigure(encoding="utf-8", errors="backslashreplace")


def printable_console(stream: TextIO) -> Console:
    """Return a rich console on `stream`: rich's own control codes go through, those in a text do not."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class PrintableConsole(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else printable(text), style, control)

    return PrintableConsole(file=stream.raw if isinstance(stream, PrintableStream) else stream)


def wrapped(text: str, width: int, *, indent: str = "") -> list[str]:
    """Break a text between words, by what a terminal shows: letters of some scripts take two columns."""
    line = printable(text, one_line=True)
    if line.isascii() and len(line) <= width:
        return [line.rstrip()]
    from rich.console import Console
    from rich.text import Text

    # Not given a width, rich would ask the terminal.
    console = Console(file=StringIO(), width=width, color_system=None)
    plain = Text(line)
    first, *rest = [line.plain.rstrip() for line in plain.wrap(console, width)] or [""]
    if not rest:
        return [first]
    others = Text(line[len(first) :].strip()).wrap(console, width - len(indent))
    return [first, *(indent + line.plain.rstrip() for line in others)]


def _spelled(letter: str) -> str:
    number = ord(letter)
    return _SHORT.get(letter) or (f"\\x{number:02x}" if number <= _BYTE else f"\\u{number:04x}")
