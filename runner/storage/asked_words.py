"""Words that nobody knows, as a question keeps them: what is looked for, what may be meant, what was answered.

All that is not known of one screen is one question, whatever number of runs and batches wait for it: they have its
topic, and the answer lets all of them go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from bcflow.models.unknown import UnknownWord, UnknownWords
from bcflow.runner.storage.questions import Question, read_questions
from bcflow.runner.storage.tables import questions, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bcflow.models.outcomes import RunRecord

KIND: Final = "word"
FOUND: Final = "found"
"""Kept beside the topics that a run still waits for: some word of the others was found."""
# The number of the lock under which words are asked about and answered in PostgreSQL; any will do that never changes.
_ASKING: Final = 7_165_091_244


class WordAnswer(BaseModel):
    """What a person said, who and when (ISO 8601 UTC): the word, or an empty text if nothing there is it."""

    model_config = ConfigDict(extra="forbid")

    text: str
    by: str
    at: str


class AskedWord(UnknownWord):
    """One word of a question; `earlier` are answers to it that did not work, in words.

    Its `picture` is relative to BCFLOW_HOME.
    """

    earlier: list[str] = Field(default_factory=list)
    answer: WordAnswer | None = None


class AskedWords(BaseModel):
    """The words of one question; `left` are the batches at whose terminal it was left for later."""

    model_config = ConfigDict(extra="forbid")

    site: str
    screen: str
    language: str
    words: list[AskedWord]
    left: list[str] = Field(default_factory=list)

    @property
    def place(self) -> tuple[str, str, str]:
        """Where the words are: an answer holds for all questions about the same place."""
        return self.site, self.screen, self.language

    @property
    def open(self) -> list[AskedWord]:
        """The words that were not answered yet."""
        return [word for word in self.words if word.answer is None]

    @property
    def found(self) -> bool:
        """Whether a person said of any word that it is there."""
        return any(word.answer.text for word in self.words if word.answer is not None)


def topic_of(site: str, unknown: UnknownWords) -> str:
    """Return what makes two questions the same: the site, the screen, its language and what is looked for."""
    return " | ".join([site, unknown.screen, unknown.language, *sorted({word.concept for word in unknown.words})])


def topics_of(record: RunRecord) -> list[str]:
    """Return the topics of all that a run waits to be told, screen by screen."""
    return [topic_of(record.site, each) for each in record.unknown] if record.needs == KIND else []


def words_of(question: Question) -> AskedWords:
    """Return the words that a question is about."""
    return AskedWords.model_validate(question.words)


def lock_words(connection: sa.Connection) -> None:
    """Ask and answer one after the other, until this transaction ends; to be taken before any batch is read."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ASKING)))


def open_questions(connection: sa.Connection, topics: Collection[str] | None = None) -> list[Question]:
    """Return the open questions about words, the oldest first; those of some topics, or all."""
    which = [questions.c.kind == KIND]
    if topics is not None:
        which.append(questions.c.topic.in_(topics))
    return [one for one in read_questions(connection, *which) if one.is_open]


def keep_words(connection: sa.Connection, question: str, words: AskedWords) -> None:
    """Keep what has become of the words of a question."""
    plain = words.model_dump(mode="json")
    connection.execute(questions.update().where(questions.c.id == question).values(words=plain))


def topics_in(kept: str) -> frozenset[str]:
    """Return the topics that a run's row keeps, a line each."""
    return frozenset(kept.splitlines())


def _waiting(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[tuple[str, frozenset[str]]]:
    """Return the batch of each run that waits for words, and the topics of what it waits for."""
    query = sa.select(runs.c.batch, runs.c.topic).where(runs.c.ended, runs.c.topic != "", *which)
    return [(row.batch, topics_in(row.topic)) for row in connection.execute(query)]


def waiting_batches(connection: sa.Connection, topics: Iterable[str]) -> list[str]:
    """Return the batches with runs that wait for words, in the order in which they are to be locked."""
    wanted = frozenset(topics)
    return sorted({batch for batch, waits in _waiting(connection) if waits & wanted})


def asked_at_terminal(connection: sa.Connection, batch: str) -> list[Question]:
    """Return the open questions about words that a batch waits for and that were not left for later there."""
    topics = {topic for _, waits in _waiting(connection, runs.c.batch == batch) for topic in waits}
    found = open_questions(connection, topics) if topics else []
    return [one for one in found if batch not in words_of(one).left]


def leave(connection: sa.Connection, question: Question, batch: str) -> None:
    """Note that a question was left to the inbox at the terminal at which `batch` is followed."""
    lock_words(connection)
    for one in open_questions(connection, [question.topic]):
        words = words_of(one)
        keep_words(connection, one.id, words.model_copy(update={"left": [*words.left, batch]}))


def withdraw_idle(connection: sa.Connection, *, but: str = "") -> None:
    """Take back the questions about words that no run waits for any more; those of the batch `but` do not count."""
    if but:
        connection.execute(runs.update().where(runs.c.batch == but).values(topic=""))
    waits = {topic for _, topics in _waiting(connection) for topic in topics}
    idle = (questions.c.kind == KIND, questions.c.state == "open", questions.c.topic.not_in(waits))
    connection.execute(questions.update().where(*idle).values(state="withdrawn"))
