"""`bcflow inbox` and `answer`: what waits for a person, and a person's answer."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import Json, columns, document, load_settings, say

if TYPE_CHECKING:
    from bcflow.runner.database import Database
    from bcflow.runner.questions import Questions
    from bcflow.runner.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `app`."""
    app.command("inbox")(inbox)
    app.command("answer")(answer)


def inbox(as_json: Json = False) -> None:
    """List what waits for a person now: questions, batches to agree to, flows that a breaker let rest.

    \b
    Example:
      bcflow inbox
    """
    from bcflow.runner.store import Store
    from bcflow.runner.switches import Switches

    settings = load_settings()
    with closing(_database(settings)) as database:
        questions = _questions(settings, database).open()
        resting = [one for one in Store(database).open_batches() if not one.worker and not one.queued]
        switches = Switches(database).all()
    if as_json:
        document(
            {
                "questions": [vars(one) for one in questions],
                "batches": [{"batch": one.record.id, "next": one.phase} for one in resting],
                "switches": [str(one) for one in switches],
            }
        )
        return
    rows = [(one.id, one.login, one.text, f"until {one.deadline[11:16]} UTC") for one in questions]
    rows += [(one.record.id, "", f"rests, next: {one.phase}", f"bcflow resume {one.record.id}") for one in resting]
    say(*(columns(rows) if rows else ["nothing waits for you here"]), *(str(one) for one in switches))


def answer(
    question: Annotated[str, typer.Argument(help="The question, or the start of its id.", metavar="QUESTION")],
) -> None:
    """Answer a question: you are asked for it, or it is read from standard input. It is never an argument.

    \b
    Examples:
      bcflow answer q7f3k
      pass show tiktok-code | bcflow answer q7f3k
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.audit import Audit

    settings = load_settings()
    if frame.person_is_there():
        text = (frame.ask_person("Answer", secret=True) or "").strip()
    else:
        text = sys.stdin.readline().strip()
    if not text:
        raise BadInput(["nothing was given as the answer"])
    with closing(_database(settings)) as database:
        answered = _questions(settings, database).answer(question, text, by=settings.actor)
        Audit(database).note("answered", actor=settings.actor, subject=answered.id, detail={"login": answered.login})
    say(f"{answered.id} is answered")


def _database(settings: Settings) -> Database:
    from bcflow.runner.database import Database

    # Imported first, so that their tables are made when the database is opened.
    from bcflow.runner import audit, questions, store, switches  # noqa: F401 isort: skip

    settings.make_home()
    return Database(settings.database())


def _questions(settings: Settings, database: Database) -> Questions:
    from bcflow.runner.keys import load_key
    from bcflow.runner.questions import Questions

    key = settings.key.get_secret_value() if settings.key else None
    return Questions(database, load_key(key, settings.home))
