"""Puts the commands together, and turns every error into one clear line and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

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
    status,
    switch,
    waiting,
)
from bcflow.runner.cli.answering.answer import answer
from bcflow.runner.cli.answering.settle import settle
from bcflow.runner.cli.frame import complain, document, note_typed
from bcflow.runner.cli.looking import check_ui, survey
from bcflow.runner.cli.wording import completion
from bcflow.runner.cli.wording.help import Command, Group
from bcflow.runner.redaction.printable import printable_output

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_INTERRUPTED = 130
_BROKEN_PIPE = 141


def run_app(argv: list[str]) -> int:
    """Run the command in `argv` and return its exit code; all it prints is printable."""
    with printable_output():
        try:
            return _run(argv)
        except SystemExit as ended:
            # So typer ends when a shell asked it something.
            return ended.code if isinstance(ended.code, int) else 0


def _run(argv: list[str]) -> int:
    try:
        _require_text(argv)
        note_typed(argv)
        return int(make_app(argv)(args=argv, prog_name="bcflow", standalone_mode=False) or 0)
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


def make_app(argv: Sequence[str]) -> typer.Typer:
    """Return the commands; those that run have the options of the flow that `argv` names. Raises BadInput."""
    app = _group(
        help="Runs scripted flows through the TikTok Business Center web UI.",
        epilog="Start with bcflow init. Options and examples of a command: bcflow COMMAND --help",
        add_completion=True,
    )
    app.callback()(_options)
    words = completion.typed(argv)
    flow = run.flow_in(argv if words is None else words, half=words is not None)
    for panel, commands in _commands(flow).items():
        for name, command in commands.items():
            if isinstance(command, typer.Typer):
                app.add_typer(command, name=name, rich_help_panel=panel)
            else:
                app.command(name, cls=Command, rich_help_panel=panel)(command)
    return app


def _commands(flow: str | None) -> dict[str, dict[str, Callable[..., None] | typer.Typer]]:
    """Return every command in its panel, as `bcflow --help` shows them; those that run have the options of `flow`."""
    taught = _group(help=labels.HELP)
    for name, command in labels.COMMANDS.items():
        taught.command(name, cls=Command)(command)
    development = _group(help="From a checkout: the local stand-in, the rehearsal.")
    development.command("standin", cls=Command, context_settings=dev.ANYTHING)(dev.standin)
    development.command("demo", cls=Command)(dev.demo)
    return {
        "Set up": {
            "init": setup.init,
            "doctor": setup.doctor,
            "login": signin.login,
            "whoami": signin.whoami,
            "flows": flows.flows,
            "schema": setup.schema,
        },
        "Work": {
            "run": run.run_command(flow),
            "rehearse": run.rehearse_command(flow),
            "plan": plan.plan,
            "apply": plan.apply,
            "submit": queue.submit,
            "worker": queue.worker,
            "status": status.status,
            "resume": queue.resume,
            "cancel": queue.cancel,
        },
        "Questions": {
            "inbox": inbox.inbox,
            "answer": answer,
            "settle": settle,
            "waiting": waiting.waiting,
            "remind": waiting.remind,
            "labels": taught,
        },
        "Look back": {
            "runs": past.runs,
            "show": past.show,
            "report": past.report,
            "log": log.log,
        },
        "Watch the site": {
            "list": signin.list_,
            "check-ui": check_ui.check_ui,
            "survey": survey.survey,
        },
        "Keep safe": {
            "stop": switch.stop,
            "start": switch.start,
            "prune": prune.prune,
        },
        "Develop": {"dev": development},
    }


def _group(*, add_completion: bool = False, **texts: Any) -> typer.Typer:  # noqa: ANN401 - typer's own options
    return typer.Typer(
        cls=Group,
        no_args_is_help=True,
        add_completion=add_completion,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        **texts,
    )


def _show(error: Any) -> None:  # noqa: ANN401 - the class is none of typer's public names
    """Say what is wrong with the command line, and where its help is."""
    if error.ctx is not None:
        complain(error.ctx.get_usage())
        complain(f"Try '{error.ctx.command_path} --help' for help.\n")
    complain(f"Error: {error.format_message()}")


def _version_of(wanted: bool) -> None:
    if wanted:
        import importlib.metadata

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
    if not hasattr(error, "show"):
        if os.environ.get("BCFLOW_DEBUG"):
            raise error
        line = f"bcflow: {in_words(error)}"
        complain(line)
    else:
        # The command line library's own usage errors; their class is none of its public names.
        _show(error)
        line = str(getattr(error, "message", "") or "the command line is not complete")
    if as_json:
        with suppress(OSError):  # what could not be printed may be the reason
            document({"errors": [line]})
    return int(getattr(error, "exit_code", 1))
