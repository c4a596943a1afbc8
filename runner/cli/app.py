"""Puts the commands together, and turns every error into one clear line and an exit code."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from bcflow.models.errors import BadInput, BcflowError, NeedsPerson, ScreenChanged
from bcflow.models.failures.causes import in_words
from bcflow.models.identity import quoted
from bcflow.runner.cli import (
    dev,
    flows,
    inbox,
    labels,
    log,
    past,
    plan,
    prune,
    queue,
    run,
    setup,
    signin,
    switch,
    waiting,
)
from bcflow.runner.cli.frame import complain, document
from bcflow.runner.cli.looking import check_ui, survey
from bcflow.runner.redaction.printable import printable_output

_INTERRUPTED = 130
_BROKEN_PIPE = 141


def run_app(argv: list[str]) -> int:
    """Run the command in `argv` and return its exit code; all it prints is printable."""
    with printable_output():
        return _run(argv)


def _run(argv: list[str]) -> int:
    try:
        _require_text(argv)
        return int(_app(argv)(args=argv, prog_name="bcflow", standalone_mode=False) or 0)
    except KeyboardInterrupt:
        complain("interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away; nothing is left to say to it, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except typer.Abort:
        complain("stopped")
        return _INTERRUPTED
    except BcflowError as error:
        return _told(error, as_json="--json" in argv)
    except Exception as error:  # noqa: BLE001 - the outermost place: a clear line, never a traceback
        return _other(error, as_json="--json" in argv)


def _require_text(argv: list[str]) -> None:
    """Raise BadInput for what is no text: it could not be kept, and not be told again as it was."""
    wrong = [word for word in argv if any("\ud800" <= letter <= "\udfff" for letter in word)]
    if wrong:
        raise BadInput([f"{quoted(word)}: is not UTF-8; rename the file, or write it in UTF-8" for word in wrong])


def _app(argv: list[str]) -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Runs scripted flows through the TikTok Business Center web UI.",
        epilog="Start with: bcflow doctor, bcflow login --headed, bcflow whoami, bcflow run FILE --dry-run",
    )
    app.callback()(_options)
    for group in (setup, flows, signin):
        group.register(app)
    run.register(app, argv)
    for later in (queue, plan, inbox, labels, check_ui, survey, waiting, past, switch, log, prune, dev):
        later.register(app)
    return app


def _version_of(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"bcflow {importlib.metadata.version('bcflow')}\n")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", is_eager=True, callback=_version_of),
    ] = False,
) -> None:
    """Run scripted flows through the TikTok Business Center web UI."""


def _told(error: BcflowError, *, as_json: bool) -> int:
    lines = error.problems if isinstance(error, BadInput) else [str(error)]
    for line in lines:
        complain(line)
    if as_json:
        document({"errors": lines})
    if isinstance(error, BadInput):
        return 2
    if isinstance(error, NeedsPerson):
        return 3
    return 4 if isinstance(error, ScreenChanged) else 1


def _other(error: Exception, *, as_json: bool) -> int:
    """Tell a mistake in the command line, or one of ours; neither with a traceback."""
    show = getattr(error, "show", None)
    if show is None:
        if os.environ.get("BCFLOW_DEBUG"):
            raise error
        line = f"bcflow: {in_words(error)}"
        complain(line)
    else:
        # The command line library's own usage errors; their class is none of its public names.
        show()
        line = str(getattr(error, "message", "") or "the command line is not complete")
    if as_json:
        with suppress(OSError):  # what could not be printed may be the reason
            document({"errors": [line]})
    return int(getattr(error, "exit_code", 1))
