"""What every command needs: settings, the terminal, and how things are printed."""

from __future__ import annotations

import os
import re
import shlex
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TextIO

from bcflow.runner.cli.wording import layout, messages
from bcflow.runner.redaction.printable import PrintableStream, as_utf_8, json_text, printable, shows_every_letter

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.config.settings import Settings

BYTE_ORDER_MARK: Final = "\ufeff"
PATIENCE: Final = 1.0
"""So many seconds may go by before it is said what takes them."""
_typed: list[str] = []
_DAYS = {"m": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}


def say(*lines: str) -> None:
    """Print `lines` on stdout; a terminal gets those that are too long for it broken between words."""
    _print(sys.stdout, [part for line in lines for part in line.split("\n")])


def say_as_it_is(text: str) -> None:
    """Print on stdout what is to be copied: no line of it is broken."""
    sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Print `line` on stderr, as `say` does."""
    _print(sys.stderr, line.split("\n"))


def _print(stream: TextIO, lines: Iterable[str]) -> None:
    room = layout.room_on(stream)
    stream.writelines("".join(f"{part}\n" for part in layout.fitted(line, room)) for line in lines)
    stream.flush()


def show_plan(records: Sequence[RunRecord], stream: TextIO) -> None:
    """Print the plan that the looks `records` come to; on a terminal apart from what is above it, and in colours."""
    from bcflow.runner.redaction.printable import printable_console
    from bcflow.runner.reports.plan_lines import colour_of, plan_lines

    lines = plan_lines(records, width=layout.width())
    if not stream.isatty():
        stream.write("".join(f"{line}\n" for line in lines))
        return
    console = printable_console(stream)
    console.print()
    for line in lines:
        console.print(line, style=colour_of(line), markup=False, highlight=False, soft_wrap=True)


def document(value: object) -> None:
    """Print the one JSON document of `--json` on stdout."""
    say_as_it_is(json_text(value, indent=2, ascii_only=not shows_every_letter(sys.stdout)))


def table(text: str) -> None:
    """Print CSV: into a file or a pipe always as UTF-8, with the mark by which Excel knows it."""
    if not sys.stdout.isatty():
        as_utf_8(sys.stdout)
        text = BYTE_ORDER_MARK + text
    say_as_it_is(text)


def columns(rows: Iterable[Sequence[object]], *, heads: Sequence[str] = ()) -> list[str]:
    """Return `rows` as aligned text, never cut off, with `heads` above; broken where a terminal is too narrow."""
    return layout.columns(rows, heads=heads, room=layout.room_on(sys.stdout))


def typed_without(*options: str) -> str:
    """Return the command as it was typed, without these options, as a `run`."""
    words = [word for word in _typed if word not in options]
    return shlex.join(["bcflow", *("run" if word == "rehearse" else word for word in words[:1]), *words[1:]])


def note_typed(argv: Sequence[str]) -> None:
    """Keep what was typed, for `typed_without`."""
    _typed[:] = argv


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Say on a terminal's stderr what takes long, once it does, and for how long; take it away afterwards."""
    if not can_move():
        yield
        return
    done, started, stream = threading.Event(), time.monotonic(), sys.stderr

    def draw() -> None:
        while not done.wait(PATIENCE):
            _redraw(stream, f"{printable(what, one_line=True)} … {time.monotonic() - started:.0f} s")

    drawer = threading.Thread(target=draw, daemon=True)
    drawer.start()
    try:
        yield
    finally:
        done.set()
        drawer.join()
        _redraw(stream, "")


def _redraw(stream: TextIO, text: str) -> None:
    raw = stream.raw if isinstance(stream, PrintableStream) else stream
    raw.write(f"\r\x1b[K{text[: layout.width() - 1]}")
    raw.flush()


def require_anything(settings: Settings) -> None:
    """Raise BadInput if nothing is kept yet that a command could be about; nothing is made for it."""
    from bcflow.models.errors import BadInput

    if not settings.has_database():
        said = messages.nothing_run if settings.home.exists() else messages.nothing_here
        raise BadInput([said(settings.home)])


def load_settings(*, make_home: bool = True, only_looks: bool = False, confirm_site: str | None = None) -> Settings:
    """Read the settings, set up the log, and say what is odd about them. Raises BadInput.

    A command that `only_looks` makes no home and says where one would be: perhaps another one is meant.
    A site that is not TikTok's is asked about once; `confirm_site` is one that the person has just named.
    """
    from bcflow.runner.config import confirmed_sites
    from bcflow.runner.config.log import set_up_log
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.redaction.redact import Redactor

    settings = Settings.load()
    set_up_log(debug=bool(os.environ.get("BCFLOW_DEBUG")), clean=Redactor(settings.secrets()).secrets_only)
    for warning in settings.warnings:
        complain(f"warning: {warning}")
    if confirm_site is not None:
        _confirm(settings, confirm_site)
    confirmed_sites.check(settings, ask=ask_yes_no if person_is_there() else None)
    if only_looks:
        if not settings.home.exists():
            complain(f"{settings.home}: there is no such folder yet; if another home is meant, set BCFLOW_HOME")
    elif make_home:
        settings.make_home()
    return settings


def _confirm(settings: Settings, named: str) -> None:
    from bcflow.models.errors import BadInput
    from bcflow.runner.config import confirmed_sites
    from bcflow.runner.config.site_address import site

    try:
        wanted = site(named)
    except ValueError as error:
        raise BadInput([f"--confirm-site: {error}"]) from None
    if wanted not in (settings.business_center_url, settings.ads_manager_url):
        raise BadInput([f"--confirm-site: {wanted} is not a site of these settings"])
    confirmed_sites.confirm(settings, wanted)


def person_is_there() -> bool:
    """Whether somebody can be asked: stdin and stderr are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def can_move() -> bool:
    """Whether stderr is a terminal whose lines can be drawn again."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def ask_yes_no(question: str) -> bool:
    """Ask the person at the terminal; only a clear yes is a yes."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


def ask_person(question: str, secret: bool) -> str | None:
    """Ask for a line of text, unseen if `secret`; None when nobody is there or nothing was given."""
    if not person_is_there():
        return None
    try:
        if secret:
            return _unseen(question)
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline()
    except (EOFError, KeyboardInterrupt):
        return None


def _unseen(question: str) -> str:
    """Read a line without showing it; the terminal shows letters again however this program ends."""
    import atexit
    import getpass
    import termios

    atexit.register(termios.tcsetattr, sys.stdin, termios.TCSANOW, termios.tcgetattr(sys.stdin))
    # It writes to the terminal itself, past our streams.
    return getpass.getpass(printable(question), stream=sys.stderr)


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON has no better type
    """Return a pydantic value, or a list of them, as plain JSON."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.model_dump(mode="json")


def moment_of(text: str) -> datetime:
    """Return the moment that `--since` names: `7d` ago, a day or an ISO 8601 time. Raises BadInput."""
    from bcflow.models.errors import BadInput

    ago = re.fullmatch(r"([0-9]{1,5})([mhdw])", text.strip().lower())
    if ago:
        return datetime.now(UTC) - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput([f"--since: '{text}' is no time; write 7d, 12h, 2026-11-24 or 2026-11-24T18:00"]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
