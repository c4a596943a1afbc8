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

KIND: Final = "word"
# The number of the lock under which words are asked about and answered in PostgreSQL; any will do that never changes.
_ASKING: Final = 7_165_091_244


class WordAnswer(BaseModel):
    """What a person said, who and when (ISO 8601 UTC): the word, or an empty text if nothing there is it."""

    model_config = ConfigDict(extra="forbid")

    text: str
    by: str
    at: str


class AskedWord(UnknownWord):
    """One word of a question; `earlier` are answers to it that did not work, in words."""

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


def waiting_batches(connection: sa.Connection, topics: Iterable[str]) -> list[str]:
    """Return the batches with runs that wait for words, in the order in which they are to be locked."""
    query = sa.select(runs.c.batch).where(runs.c.ended, runs.c.topic.in_(list(topics))).distinct()
    return sorted(connection.scalars(query))


def asked_at_terminal(connection: sa.Connection, batch: str) -> list[Question]:
    """Return the open questions about words that a batch waits for and that were not left for later there."""
    waits = sa.select(runs.c.topic).where(runs.c.batch == batch, runs.c.ended, runs.c.topic != "").distinct()
    topics = list(connection.scalars(waits))
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
    waits = sa.select(runs.c.id).where(runs.c.ended, runs.c.topic == questions.c.topic).correlate(questions)
    idle = (questions.c.kind == KIND, questions.c.state == "open", ~sa.exists(waits))
    connection.execute(questions.update().where(*idle).values(state="withdrawn"))
