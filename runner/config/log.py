"""The program's own log: loguru, one sink, set up once at the entry point."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bcflow.runner.redaction.printable import printable

if TYPE_CHECKING:
    from loguru import Record

_FORMAT = "{level: <7} {message}\n"
_DEBUG_FORMAT = "{time:HH:mm:ss.SSS} {level: <7} {name}:{line} {message}\n"


def set_up_log(*, debug: bool = False, clean: Callable[[str], str] | None = None) -> None:
    """Send warnings (with `debug` everything) to stderr; `clean` removes secrets from each message.

    A message is one line: what a site says in it cannot look like a line of ours.
    Tracebacks are left out: the text of a browser's error may hold what was typed.
    """
    from loguru import logger

    def patch(record: Record) -> None:
        message = record["message"] if clean is None else clean(record["message"])
        record["message"] = printable(message, one_line=True)

    def write(line: str) -> None:
        # The stderr of the moment: while a line of progress moves, what is written there goes above it.
        sys.stderr.write(line)

    logger.remove()
    logger.configure(patcher=patch)
    logger.add(
        write,
        level="DEBUG" if debug else "WARNING",
        # As a function: to a text loguru would add the traceback.
        format=lambda _record: _DEBUG_FORMAT if debug else _FORMAT,
        colorize=False,
        backtrace=False,
        diagnose=False,
    )
