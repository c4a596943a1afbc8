"""`bcflow inbox` and `answer`: what waits for a person, and a person's answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import Json, complain, document, load_settings, say

if TYPE_CHECKING:
    from bcflow.runner.batches.answers import Answers
    from bcflow.runner.batches.context import Context
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.batch_rows import Batch
    from bcflow.runner.storage.questions import Question


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `app`."""
    app.command("inbox")(inbox)
    app.command("answer")(answer)


def inbox(as_json: Json = False) -> None:
    """List what waits for a person now: questions, batches that rest, flows that a breaker let rest.

    \b
    Example:
      bcflow inbox
    """
    from bcflow.runner.storage.runs import Store
    from bcflow.runner.storage.switches import Switches

    settings = load_settings()
    with _opened(settings) as (answers, context):
        answers.expire()
        questions = answers.questions.open()
        asked = {one.batch for one in questions}
        resting = [one for one in Store(context.database).open_batches() if not one.queued and one.id not in asked]
        switches = Switches(context.database).all()
    if as_json:
        document(
            {
                "questions": [vars(one) for one in questions],
                "batches": [{"batch": one.id, "next": one.phase} for one in resting],
                "switches": [str(one) for one in switches],
            }
        )
        return
    lines = [line for one in questions for line in _told(settings, one)]
    lines += [_rests(one) for one in resting]
    lines += [str(one) for one in switches]
    say(*(lines or ["nothing waits for you here"]))


def answer(
    question: Annotated[str, typer.Argument(help="The question, or the start of its id.", metavar="QUESTION")],
) -> None:
    """Answer a question: you are asked for it, or it is read from standard input. It is never an argument.

    A code is any text; an approval takes yes or no, a captcha, a consent or a sign-in done or no, a choice one of
    its ids or none. What you answer is done at once: the batch goes back to the queue, or is cancelled.

    \b
    Examples:
      bcflow answer q7f3k
      pass show tiktok-code | bcflow answer q7f3k
      echo yes | bcflow answer q8m2x
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.engine.presence import living_workers

    settings = load_settings()
    with _opened(settings) as (answers, context):
        asked = answers.questions.find(question)
        text = _asked_for(settings, asked) if frame.person_is_there() else sys.stdin.readline()
        if not text.strip():
            raise BadInput(["nothing was given as the answer"])
        said = answers.answer(asked, text, by=settings.actor)
        is_left = asked.parked and _is_queued(context, asked.batch) and not living_workers(settings, context.database)
    say(f"{asked.id} is answered: {said}")
    if is_left:
        complain(f"no worker is running: bcflow resume {asked.batch} goes on, or start one")


def choose(question: Question) -> str:
    """Let the person at the terminal choose; an empty text if none of what is possible was given."""
    from bcflow.models.errors import BadInput

    for line in _lines(question):
        complain(line)
    try:
        return question.checked(frame.ask_person(_prompt(question), secret=False) or "")
    except BadInput as error:
        complain(f"{error}; it waits in the inbox: bcflow answer {question.id}")
        return ""


def _asked_for(settings: Settings, question: Question) -> str:
    for line in _told(settings, question):
        complain(line)
    return frame.ask_person(_prompt(question), secret=question.secret) or ""


def _prompt(question: Question) -> str:
    return f"Answer ({', '.join(question.possible)}): " if question.possible else "Answer: "


def _told(settings: Settings, question: Question) -> list[str]:
    """Return a question as it is listed: what kind, about what, until when, then its words."""
    about = f"login {question.login}" if question.login else f"batch {question.batch}"
    until = f"until {question.deadline[:16].replace('T', ' ')} UTC"
    picture = [f"  picture: {settings.home / question.picture}"] if question.picture else []
    return [
        f"{question.id}  {question.kind}  {about}  {until}  bcflow answer {question.id}",
        *_lines(question),
        *picture,
    ]


def _lines(question: Question) -> list[str]:
    choices = [f"  {value}  {label}" for value, label in question.choices]
    return [*(f"  {line}" for line in question.text.strip().splitlines()), *choices]


def _rests(batch: Batch) -> str:
    return f"{batch.id}  rests, next: {batch.phase}  bcflow resume {batch.id}"


def _is_queued(context: Context, batch: str) -> bool:
    from bcflow.runner.storage.runs import Store

    return Store(context.database).load(batch).queued


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Answers, Context]]:
    from bcflow.runner.batches.answers import Answers
    from bcflow.runner.config.keys import load_key
    from bcflow.runner.engine.opening import opened

    with opened(settings) as context:
        key = load_key(settings.key.get_secret_value() if settings.key else None, settings.home)
        yield Answers(context, key=key, say=complain), context
