"""Help pages: commands and options in named panels, as wide as the terminal, at most 100 columns.

Typer has panels too, drawn by rich: that takes twice as long to load as all of help does here, breaks the lines of
examples anywhere, and reads what stands in square brackets as markup. The names of the panels are given as to typer.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any, Final, TextIO

from typer.core import TyperCommand, TyperGroup, TyperOption

from bcflow.runner.cli.wording import layout
from bcflow.runner.redaction.printable import PrintableStream, shows_every_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONS: Final = "Options"
FEW: Final = 6
"""So many options need no panels of their own."""
_WIDEST: Final = 100
_NAMES_SHARE: Final = 0.45
_COMPLETION: Final = {
    "install_completion": "Let this shell complete commands with the Tab key.",
    "show_completion": "Print what that puts into the shell's settings.",
}
_DIM, _BOLD, _NAME = "2", "1", "1;36"
_ROUND, _PLAIN = tuple("╭─╮│╰╯"), tuple("+-+|++")
# Typer says it of a number that must not be negative, or not nothing, and of what the usage says already.
_NO_RANGE: Final = re.compile(r"; x>=[01](?=\])| *\[x>=[01]\]| *\[required\]")

Rows = list[tuple[str, str]]


class Command(TyperCommand):
    """A command whose help is a page of ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002, D102 - typer's own signature
        _Page(sys.stdout).show(self, ctx)


class Group(TyperGroup):
    """A group of commands whose help is a page of ours."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer names no type of it
        """Return the options, those for the shell told in a line."""
        params = super().get_params(ctx)
        for param in params:
            if param.name in _COMPLETION and isinstance(param, TyperOption):
                param.help = _COMPLETION[param.name]
        return params

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002, D102 - typer's own signature
        _Page(sys.stdout).show(self, ctx)


def short(text: str) -> str:
    """Return the first sentence of a command's help: what the list of commands has of it."""
    first = " ".join(inspect.cleandoc(text).split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=\.)\s", first, maxsplit=1)[0]


class _Page:
    """Draws on a stream: in colour where a terminal shows it, with lines where its letters have them."""

    def __init__(self, stream: TextIO) -> None:
        # What is written here is ours alone: no text of others that could steer the terminal.
        self._stream = stream.raw if isinstance(stream, PrintableStream) else stream
        self.width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        self._colours = stream.isatty() and not plain
        self._box = _ROUND if shows_every_letter(self._stream) else _PLAIN

    def show(self, command: TyperCommand | TyperGroup, ctx: Any) -> None:  # noqa: ANN401 - typer names no type of it
        """Write the page of a command."""
        lines = [*self._usage(command, ctx), *self._text(command.help or "")]
        for panels in (_commands(command, ctx), _parameters(command, ctx)):
            names = self._names([row for rows in panels.values() for row in rows])
            for title, rows in panels.items():
                lines += self._panel(title, rows, names)
        if command.epilog:
            lines += ["", *self._paragraph(command.epilog)]
        self._stream.write("\n".join(lines) + "\n")

    def _usage(self, command: TyperCommand | TyperGroup, ctx: Any) -> list[str]:  # noqa: ANN401 - as above
        words = [ctx.command_path, *command.collect_usage_pieces(ctx)]
        lines = textwrap.wrap(f"Usage: {' '.join(words)}", self.width, subsequent_indent=" " * 7, **_WORDS)
        return [self._paint(lines[0][:6], _BOLD) + lines[0][6:], *lines[1:]]

    def _text(self, text: str) -> list[str]:
        """Return paragraphs, each broken anew; what follows a backspace stands line by line, as in click."""
        lines = []
        for paragraph in inspect.cleandoc(text).split("\n\n"):
            kept = paragraph.removeprefix("\b\n")
            lines += ["", *(self._examples(kept) if kept != paragraph else self._paragraph(paragraph))]
        return [*lines, ""]

    def _paragraph(self, text: str) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), self.width, initial_indent=" ", subsequent_indent=" ", **_WORDS)

    def _examples(self, text: str) -> list[str]:
        head, *lines = text.split("\n")
        found = [f" {self._paint(head, _BOLD)}"]
        for line in lines:
            found += layout.folded_command(line.strip(), self.width, indent=3)
        return found

    def _names(self, rows: Rows) -> int:
        """Return how wide the names stand: as the longest that leaves room for what is said of it."""
        most = int((self.width - 4) * _NAMES_SHARE)
        return max((len(name) for name, _ in rows if len(name) <= most), default=0)

    def _panel(self, title: str, rows: Rows, names: int) -> list[str]:
        top_left, line, top_right, side, low_left, low_right = self._box
        inner = self.width - 4
        rule = line * (self.width - len(title) - 5)
        lines = [self._paint(f"{top_left}{line} ", _DIM) + title + self._paint(f" {rule}{top_right}", _DIM)]
        bar = self._paint(side, _DIM)
        for text, painted in self._rows(rows, inner, names):
            lines.append(f"{bar} {painted}{' ' * (inner - len(text))} {bar}")
        return [*lines, self._paint(low_left + line * (self.width - 2) + low_right, _DIM)]

    def _rows(self, rows: Rows, width: int, names: int) -> Iterator[tuple[str, str]]:
        """Yield each line of a panel, as it is and as it is painted."""
        for name, text in rows:
            lines = textwrap.wrap(" ".join(text.split()), width - names - 2, **_WORDS) or [""]
            if len(name) > names:
                yield name, self._paint(name, _NAME)
                head = ""
            else:
                head = name
            for each in lines:
                yield f"{head:{names}}  {each}", self._paint(f"{head:{names}}", _NAME) + f"  {each}"
                head = ""

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours and text.strip() else text


_WORDS: Final[dict[str, Any]] = {"break_long_words": False, "break_on_hyphens": False}


def _commands(command: TyperCommand | TyperGroup, ctx: Any) -> dict[str, Rows]:  # noqa: ANN401 - as above
    """Return the commands of a group, by panel."""
    found: dict[str, Rows] = {}
    if isinstance(command, TyperGroup):
        for name in command.list_commands(ctx):
            each = command.get_command(ctx, name)
            if each is not None and not each.hidden:
                title = getattr(each, "rich_help_panel", None) or "Commands"
                found.setdefault(title, []).append((name, short(each.help or "")))
    return found


def _parameters(command: TyperCommand | TyperGroup, ctx: Any) -> dict[str, Rows]:  # noqa: ANN401 - as above
    """Return arguments and options, by panel; those without one, and all where there are few, come last."""
    shown = [(param, record) for param in command.get_params(ctx) if (record := param.get_help_record(ctx))]
    arguments = [
        (param.metavar or name, _NO_RANGE.sub("", text)) for param, (name, text) in shown if _is_argument(param)
    ]
    options = [(param, record) for param, record in shown if not _is_argument(param)]
    found: dict[str, Rows] = {"Arguments": arguments} if arguments else {}
    titles = [getattr(param, "rich_help_panel", None) or OPTIONS for param, _ in options]
    for title, (_, (name, text)) in zip(titles, options, strict=True):
        alone = len(options) <= FEW or titles.count(title) == 1
        found.setdefault(OPTIONS if alone else title, []).append((name, _NO_RANGE.sub("", text)))
    last = found.pop(OPTIONS)
    return found | {OPTIONS: last}


def _is_argument(param: Any) -> bool:  # noqa: ANN401 - as above
    return bool(param.param_type_name == "argument")
