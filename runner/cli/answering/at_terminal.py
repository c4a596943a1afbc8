"""Asking the person at the terminal for a choice, or for the words that a screen has and nobody knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bcflow.models.errors import BadInput
from bcflow.runner.batches.words.answering import Said, said_in, told
from bcflow.runner.cli import frame
from bcflow.runner.cli.answering.shown import lines, meanings, word_below
from bcflow.runner.cli.wording.messages import left_to_inbox
from bcflow.runner.storage.asked_words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.runner.batches.answers import Answers
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.asked_words import AskedWord
    from bcflow.runner.storage.questions import Question

LATER: Final = "later"
TRIES: Final = 3


def choose(question: Question) -> str:
    """Let the person at the terminal choose; an empty text if none of what is possible was given."""
    for line in lines(question):
        frame.complain(line)
    try:
        return question.checked(frame.ask_person(prompt(question), secret=False) or "")
    except BadInput as error:
        frame.complain(f"{error}; {left_to_inbox(question.id)}")
        return ""


def prompt(question: Question) -> str:
    """Return what stands before the cursor."""
    return f"Answer ({', '.join(question.possible)}): " if question.possible else "Answer: "


def ask_words(answers: Answers, settings: Settings, question: Question, *, only: str = "") -> bool:
    """Ask for one word of a question after another, or `only` for one; false if it was left to the inbox.

    What is said of one is taken before the next is asked for. Raises BadInput if there is no such word.
    """
    asked = words_of(question)
    if only and only not in {word.concept for word in asked.words}:
        raise BadInput([f"{question.id}: it asks about {', '.join(word.concept for word in asked.words)}"])
    above = ""
    for line in question.text.strip().splitlines():
        frame.complain(line)
    for concept in [only] if only else [word.concept for word in asked.open]:
        named = [one for one in asked.words if one.concept == concept]
        word = next((one for one in named if one.answer is None), named[0])
        if word.answer is not None and not only:
            # What was said of another word said this, too.
            continue
        same = [word] if only else meanings(asked.words, word)
        for line in word_below(settings, question, same, above=above):
            frame.complain(line)
        above = word.picture or question.picture
        if not _asked_for(answers, settings, question, same):
            frame.complain(left_to_inbox(question.id))
            return False
        still = next((one for one in answers.questions.open() if one.id == question.id), None)
        if still is None:
            return True
        asked = words_of(still)
    return True


def _asked_for(answers: Answers, settings: Settings, question: Question, same: Sequence[AskedWord]) -> bool:
    """Ask about what is asked about together until something was said that fits; false if nothing was."""
    for _ in range(TRIES):
        line = frame.ask_person(_meaning_prompt() if len(same) > 1 else _word_prompt(same[0]), secret=False)
        if line is None or line.strip().casefold() == LATER:
            return False
        try:
            meant = _meant(same, line) if len(same) > 1 else [_said(same[0], line)]
            taken = [answers.word(question, said, by=settings.actor) for said in meant]
        except BadInput as error:
            frame.complain(str(error))
            if all(one.id != question.id for one in answers.questions.open()):
                return True
            continue
        frame.complain(told(taken[-1]))
        return True
    return False


def _meant(same: Sequence[AskedWord], line: str) -> list[Said]:
    """Return what a typed line says of a text that is one of several things: which it is, or that it is none."""
    said = said_in(line)
    if said.choose is None and said.text is None:
        return [Said(concept=one.concept) for one in same]
    found = [one for at, one in enumerate(same, 1) if at == said.choose or one.concept == said.text]
    if not found:
        raise BadInput([f"it is one of 1 to {len(same)}, or none"])
    return [Said(choose=found[0].candidates[0].n, concept=found[0].concept)]


def _said(word: AskedWord, line: str) -> Said:
    """Return what a typed line says; with nothing in it, the proposal, if evidence for it is strong."""
    if line.strip():
        return replace(said_in(line), concept=word.concept)
    if not _is_proposed(word):
        raise BadInput(["evidence alone is not enough here: type the number, none, or the word itself"])
    return Said(choose=word.candidates[0].n, concept=word.concept)


def _is_proposed(word: AskedWord) -> bool:
    return bool(word.candidates) and word.candidates[0].strength == "strong"


def _meaning_prompt() -> str:
    return f"Which is it? (a number, none, or {LATER}): "


def _word_prompt(word: AskedWord) -> str:
    enter = f"Enter for {word.candidates[0].n}, " if _is_proposed(word) else ""
    number = "a number, " if word.candidates else ""
    return f"Which is it? ({enter}{number}none, {LATER}, or the word as the page shows it): "
