"""`bcflow answer`: a person's answer, by an option, at the terminal or on standard input."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.wording import messages
from bcflow.runner.cli.wording.options import Json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bcflow.runner.batches.answers import Answers
    from bcflow.runner.batches.context import Context
    from bcflow.runner.batches.words.answering import Said
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.questions import Question


@dataclass(frozen=True)
class _Options:
    """What the options of `answer` say."""

    choose: int | None
    text: str | None
    none: bool
    yes: bool
    no: bool
    concept: str

    @property
    def given(self) -> list[str]:
        """The names of those that were given."""
        given = {"--choose": self.choose is not None, "--text": self.text is not None}
        return [name for name, is_given in (given | self._flags).items() if is_given]

    @property
    def _flags(self) -> dict[str, bool]:
        return {"--none": self.none, "--yes": self.yes, "--no": self.no}


_Choose = Annotated[int | None, typer.Option("--choose", help="The candidate of that number.", metavar="N")]
_Text = Annotated[str | None, typer.Option("--text", help="A word, as the page shows it.", metavar="TEXT")]
_Concept = Annotated[
    str, typer.Option("--concept", help="Which word of several (default: the first one left).", metavar="NAME")
]


def answer(  # noqa: PLR0913 - one for each option
    question: Annotated[str, typer.Argument(help="The question, or the start of its id.", metavar="QUESTION")],
    *,
    choose: _Choose = None,
    text: _Text = None,
    none: Annotated[bool, typer.Option("--none", help="Nothing of it is meant.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Yes, or done.")] = False,
    no: Annotated[bool, typer.Option("--no", help="No.")] = False,
    concept: _Concept = "",
    as_json: Json = False,
) -> None:
    """Answer a question of the inbox. You are asked for it, it is read from standard input, or an option says it.

    A code is any text, and never an argument. An approval takes yes or no, a captcha, a consent or a sign-in done or
    no, a choice one of its ids or none, a word the number of a candidate, the word itself, or none. What you answer
    is done at once: the batch goes back to the queue, or is cancelled. Of several words each is answered by itself.

    \b
    Examples:
      bcflow answer q7f3k
      pass show tiktok-code | bcflow answer q7f3k
      bcflow answer q8m2x --yes
      bcflow answer q9d4p --choose 1
      bcflow answer q9d4p --text "Bring aboard"
      bcflow answer q9d4p --none
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.storage.asked_words import KIND

    options = _Options(choose, text, none, yes, no, concept)
    if len(options.given) > 1:
        raise BadInput([f"{' and '.join(options.given)}: give one of them"])
    settings = load_settings(make_home=False)
    frame.require_anything(settings)
    with opened(settings) as (answers, context):
        asked = answers.questions.find(question)
        if options.concept and asked.kind != KIND:
            raise BadInput([f"--concept: {asked.id} asks for no word"])
        if asked.kind == KIND:
            _answer_word(settings, answers, context, asked, options, as_json=as_json)
        else:
            said = answers.answer(asked, _given(context, asked, options), by=settings.actor)
            _tell(asked, said, as_json=as_json)
            if asked.parked:
                _say_who_goes_on(settings, context, [asked.batch])


def _given(context: Context, asked: Question, options: _Options) -> str:
    """Return the answer that was given by an option, at the terminal, or on standard input."""
    from bcflow.models.errors import BadInput

    if options.given and not asked.possible:
        raise BadInput([f"{asked.id}: a {asked.kind} is never an argument; it is asked for, or read from stdin"])
    if options.choose is not None:
        if not 1 <= options.choose <= len(asked.choices):
            raise BadInput([f"{asked.id}: the answer is one of: {', '.join(asked.possible)}"])
        return asked.choices[options.choose - 1][0]
    words = {"--none": "none", "--yes": "done" if "done" in asked.possible else "yes", "--no": "no"}
    for name in options.given:
        return options.text or "" if name == "--text" else words[name]
    text = _asked_for(context, asked) if frame.person_is_there() else sys.stdin.readline()
    if not text.strip():
        raise BadInput(["nothing was given as the answer"])
    return text


def _answer_word(
    settings: Settings, answers: Answers, context: Context, asked: Question, options: _Options, *, as_json: bool
) -> None:
    from bcflow.runner.batches.words.answering import told
    from bcflow.runner.cli.answering.at_terminal import ask_words
    from bcflow.runner.cli.answering.shown import word_json, word_lines
    from bcflow.runner.storage.asked_words import waiting_batches

    with context.database.transaction() as connection:
        waiting = waiting_batches(connection, [asked.topic])
    if not options.given and frame.person_is_there():
        if not ask_words(answers, settings, asked, only=options.concept):
            raise typer.Exit(3)
        _say_who_goes_on(settings, context, waiting)
        return
    taken = answers.word(asked, _said(asked, options), by=settings.actor)
    more = {"next": word_json(settings, taken.left[0]) if taken.left else None}
    _tell(asked, told(taken), as_json=as_json, more=more, is_open=bool(taken.left))
    if taken.left:
        for line in [] if as_json else word_lines(taken.left[0]):
            say(line)
    else:
        _say_who_goes_on(settings, context, [news.batch for news in taken.news])


def _said(asked: Question, options: _Options) -> Said:
    """Return the word that was said by an option or on standard input."""
    from dataclasses import replace

    from bcflow.models.errors import BadInput
    from bcflow.runner.batches.words.answering import Said, said_in

    if options.yes or options.no:
        raise BadInput([f"{asked.id}: it asks for a word: --choose N, --text TEXT or --none"])
    if not options.given:
        return replace(said_in(sys.stdin.readline()), concept=options.concept)
    return Said(choose=options.choose, text=options.text, concept=options.concept)


def _tell(
    asked: Question, said: str, *, as_json: bool, is_open: bool = False, more: dict[str, Any] | None = None
) -> None:
    if as_json:
        document({"question": asked.id, "said": said, "open": is_open, **(more or {})})
    else:
        say(f"{asked.id} is answered{' in part' if is_open else ''}: {said}")


def _asked_for(context: Context, question: Question) -> str:
    from bcflow.runner.cli.answering.at_terminal import prompt
    from bcflow.runner.cli.answering.shown import told

    if question.kind == "approval" and not question.flow:
        _show_plan(context, question.batch)
    for line in told(context.settings, question):
        complain(line)
    return frame.ask_person(prompt(question), secret=question.secret) or ""


def _show_plan(context: Context, batch: str) -> None:
    """Show what is agreed to, as at the question of `bcflow run`."""
    from bcflow.runner.batches.proposal import looks
    from bcflow.runner.storage.batch_rows import read_batch

    with context.database.transaction() as connection:
        found = looks(context, read_batch(connection, batch, whole=True))
    frame.show_plan(found, sys.stderr)


def _say_who_goes_on(settings: Settings, context: Context, batches: Sequence[str]) -> None:
    """Say which batches nobody is there to go on with."""
    from bcflow.runner.engine.presence import living_workers
    from bcflow.runner.storage.runs import Store

    store = Store(context.database)
    queued = [batch for batch in batches if store.load(batch).queued]
    if queued and not living_workers(settings, context.database):
        for batch in queued:
            complain(f"{messages.NO_WORKER}: {messages.goes_on(batch)}")


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Answers, Context]]:
    """Open the questions of these settings, and what an answer to one of them moves."""
    from bcflow.runner.batches.answers import Answers
    from bcflow.runner.config.keys import load_key
    from bcflow.runner.engine.opening import opened as context_of

    with context_of(settings) as context:
        key = load_key(settings.key.get_secret_value() if settings.key else None, settings.home)
        yield Answers(context, key=key, say=complain), context
