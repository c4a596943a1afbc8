"""A desk at which screens have words that nobody knows, and people who say what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.words.answering import Said, Taken
from bcflow.runner.storage.labels.file import LabelFile
from tests.support.batches import SITE, Desk
from tests.support.words import ABOARD, EXPORT, INVITE, OFF, SEND, make_unknown, make_word, page, waits

if TYPE_CHECKING:
    from bcflow.models.unknown import UnknownWords
    from bcflow.runner.storage.questions import Question

ONE = make_unknown()
TWO = make_unknown(make_word(INVITE, ABOARD, EXPORT), make_word(SEND, OFF, first=3))
MEANS = {INVITE: ABOARD, SEND: OFF}
DONE: dict[str, Any] = {"outcome": "done", "writes": 1}
PLANNED: dict[str, Any] = {"outcome": "planned"}


def show(desk: Desk, unknown: UnknownWords, *names: str, then: dict[str, Any] = DONE) -> None:
    """Have these jobs come to a screen with unknown words, from which they go on as soon as those are known."""
    for name in names:
        desk.looks[name] = page(desk.settings.home, SITE, unknown, means=MEANS, then=PLANNED if then is DONE else then)
        desk.runs[name] = page(desk.settings.home, SITE, unknown, means=MEANS, then=then)


def stick(desk: Desk, unknown: UnknownWords, *names: str) -> None:
    """Have these jobs come to a screen whose words stay unknown."""
    for name in names:
        desk.looks[name] = desk.runs[name] = waits(unknown)


def asked(desk: Desk) -> Question:
    """Return the one question that is open, of whatever batch."""
    (question,) = Answers(desk.context).questions.open()
    return question


def say(desk: Desk, by: str = "ana", **said: Any) -> Taken:  # noqa: ANN401 - as Said takes it
    """Say something to the one question that is open."""
    return Answers(desk.context, say=desk.tell).word(asked(desk), Said(**said), by=by)


def learnt(desk: Desk) -> dict[str, tuple[str, ...]]:
    """Return the words that are used on the desk's site."""
    return dict(LabelFile(desk.settings.home).learnt(SITE).words)
