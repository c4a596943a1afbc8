"""Questions only a person can answer, kept until they are answered, withdrawn, or their deadline has passed.

A deadline that passes means no. A live question is waited for by an open page; its answer is sealed with the key
of the sign-ins and taken out when it is read. A parked one holds nothing but its row; see
`bcflow.runner.batches.answers`.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.runner.storage.database import Database, as_text, now
from bcflow.runner.storage.tables import questions as _questions

if TYPE_CHECKING:
    from collections.abc import Collection
    from threading import Event

LOOK_AGAIN_SECONDS: Final = 0.5
NO_ANSWERS: Final = frozenset({"no", "none"})
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
_DONE: Final = ("done", "no")
_WORDS: Final = {"approval": ("yes", "no"), "captcha": _DONE, "consent": _DONE, "sign-in": _DONE}


@dataclass(frozen=True, kw_only=True)
class About:
    """What is asked. `kind` is code, sign-in, captcha, consent, approval, choice or word.

    `choices` are pairs of a value and what it means; `picture` is a path relative to BCFLOW_HOME, or empty; `flow` is
    the one whose first writes an approval is about; `topic` and `words` are those of `asked_words`.
    """

    kind: str
    text: str
    login: str = ""
    batch: str = ""
    run: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    picture: str = ""
    flow: str = ""
    topic: str = ""
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def possible(self) -> tuple[str, ...]:
        """The answers there are; none are named where any text may be one."""
        return tuple(value for value, _ in self.choices) or _WORDS.get(self.kind, ())


@dataclass(frozen=True, kw_only=True)
class Question(About):
    """One question; times are ISO 8601 UTC. `state` is open, answered, withdrawn or expired."""

    id: str
    secret: bool
    asked: str
    deadline: str
    state: str
    answered_by: str = ""
    parked: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be answered now."""
        return self.state == "open" and self.deadline >= now()

    def checked(self, text: str) -> str:
        """Return the answer that `text` means; raises BadInput with what is possible."""
        answer = text.strip()
        if not answer:
            raise BadInput(["nothing was given as the answer"])
        if not self.possible:
            return answer
        answer = answer.casefold()
        if answer not in self.possible:
            raise BadInput([f"{self.id}: the answer is one of: {', '.join(self.possible)}"])
        return answer


class Questions:
    """Asks and answers across processes."""

    def __init__(self, database: Database, key: bytes = b"") -> None:
        """Keep the questions in `database`; the Fernet `key` seals the answers of live ones."""
        self._database = database
        self._key = key

    def ask(self, about: About, *, wait: float, parked: bool = False) -> Question:
        """Put a question that is open for `wait` seconds."""
        with self._database.transaction() as connection:
            return put(connection, about, wait=wait, parked=parked)

    def wait_for(self, question: Question, stop: Event) -> str | None:
        """Wait until a question is answered and return the answer, once; None when it is not, or `stop` is set.

        Raises `BadInput` for an answer that was sealed with another key.
        """
        while True:
            state, answer = self._taken(question.id)
            if state != "open":
                return answer
            if now() > question.deadline or stop.is_set():
                self._close(question.id, "expired" if not stop.is_set() else "withdrawn")
                return None
            stop.wait(LOOK_AGAIN_SECONDS)

    def find(self, name: str) -> Question:
        """Return the open question whose id is or begins with `name`; raises BadInput if there is not one."""
        with self._database.transaction() as connection:
            rows = connection.execute(sa.select(_questions).where(_questions.c.id.startswith(name))).all()
        found = [_question(row) for row in rows]
        still_open = [one for one in found if one.is_open]
        if len(still_open) == 1:
            return still_open[0]
        if len(found) == 1:
            raise BadInput([_why_closed(found[0])])
        raise BadInput([f"'{name}' is no open question; `bcflow inbox` lists them"])

    def answer(self, question: Question, text: str, *, by: str) -> None:
        """Take an answer to a question; of two that come at once one counts, the other raises BadInput."""
        with self._database.transaction() as connection:
            self.take(connection, question, question.checked(text), by=by)

    def take(self, connection: sa.Connection, question: Question, answer: str, *, by: str) -> None:
        """Take an answer in a transaction that is open: with what it means, or not at all. As `answer` otherwise."""
        values: dict[str, Any] = {"state": "answered", "answered_by": by}
        if not question.parked:
            from cryptography.fernet import Fernet

            values["answer"] = Fernet(self._key).encrypt(answer.encode())
        is_open = (_questions.c.id == question.id, _questions.c.state == "open", _questions.c.deadline >= now())
        if not connection.execute(_questions.update().where(*is_open).values(**values)).rowcount:
            raise BadInput([f"{question.id} was closed in the meantime; `bcflow inbox` lists what is open"])

    def open(self) -> list[Question]:
        """Return the open questions, the oldest first."""
        return self._select(_questions.c.state == "open", _questions.c.deadline >= now())

    @staticmethod
    def answered_by(connection: sa.Connection, batch: str, login: str, run: str) -> str:
        """Return who gave the latest answer that `run` went on with; empty if nobody had to."""
        concerns = sa.or_(_questions.c.run == run, sa.and_(_questions.c.run == "", _questions.c.login == login))
        query = (
            sa.select(_questions.c.answered_by)
            .where(_questions.c.batch == batch, _questions.c.state == "answered", _questions.c.kind != "approval")
            .where(concerns)
            .order_by(_questions.c.asked.desc())
        )
        return str(connection.scalar(query.limit(1)) or "")

    def expire(self) -> list[Question]:
        """Close the questions whose deadline has passed and return them: each one to one caller, once."""
        with self._database.transaction() as connection:
            late = sa.select(_questions).where(_questions.c.state == "open", _questions.c.deadline < now())
            rows = connection.execute(late.with_for_update(skip_locked=True)).all()
            if rows:
                ids = [row.id for row in rows]
                connection.execute(_questions.update().where(_questions.c.id.in_(ids)).values(state="expired"))
        return [_question(row) for row in rows]

    def forget(self, *, batch: str = "", run: str = "", before: str = "") -> None:
        """Delete the questions of a batch or a run, or those that were asked before a moment and are closed.

        What is asked about words is asked for other batches, too: it stays as long as it is open.
        """
        is_shared = sa.and_(_questions.c.kind == "word", _questions.c.state == "open")
        meant = [
            sa.and_(_questions.c.batch == batch, ~is_shared) if batch else None,
            sa.and_(_questions.c.run == run, ~is_shared) if run else None,
            sa.and_(_questions.c.asked < before, _questions.c.state != "open") if before else None,
        ]
        with self._database.transaction() as connection:
            for which in meant:
                if which is not None:
                    connection.execute(_questions.delete().where(which))

    def _select(self, *where: sa.ColumnElement[bool]) -> list[Question]:
        with self._database.transaction() as connection:
            return read_questions(connection, *where)

    def _taken(self, question: str) -> tuple[str, str | None]:
        """Return how a question stands, and its answer, which is kept no longer."""
        from cryptography.fernet import Fernet, InvalidToken

        with self._database.transaction() as connection:
            row = connection.execute(sa.select(_questions).where(_questions.c.id == question)).one()
            if row.answer is None:
                return row.state, None
            connection.execute(_questions.update().where(_questions.c.id == question).values(answer=None))
        try:
            return row.state, Fernet(self._key).decrypt(row.answer).decode()
        except InvalidToken:
            raise BadInput(["the answer was sealed with another key; use the same BCFLOW_KEY everywhere"]) from None

    def _close(self, question: str, state: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                _questions.update().where(_questions.c.id == question, _questions.c.state == "open").values(state=state)
            )


def put(connection: sa.Connection, about: About, *, wait: float, parked: bool = True) -> Question:
    """Put a question that is open for `wait` seconds, in a transaction that is open."""
    asked = datetime.now(UTC)
    question = Question(
        **vars(about),
        id="q" + "".join(secrets.choice(_LETTERS) for _ in range(5)),
        secret=about.kind == "code",
        # Two of one moment stay in their order: their ids are drawn.
        asked=asked.isoformat(timespec="microseconds"),
        deadline=as_text(asked + timedelta(seconds=wait)),
        state="open",
        parked=parked,
    )
    connection.execute(_questions.insert().values(**asdict(question)))
    return question


def questions_of(connection: sa.Connection, batch: str) -> list[Question]:
    """Return every question of a batch, whatever became of it, the oldest first."""
    return read_questions(connection, _questions.c.batch == batch)


def still_open(connection: sa.Connection, questions: Collection[Question]) -> list[Question]:
    """Return those of `questions` that can be answered now, as they stand."""
    these = _questions.c.id.in_([question.id for question in questions])
    return [question for question in read_questions(connection, these) if question.is_open]


def read_questions(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Question]:
    """Return the questions that fit, the oldest first."""
    query = sa.select(_questions).where(*where).order_by(_questions.c.asked, _questions.c.id)
    return [_question(row) for row in connection.execute(query).all()]


def extend(connection: sa.Connection, question: str, deadline: str) -> None:
    """Let an open question be open until `deadline` (ISO 8601 UTC): somebody else waits for it now."""
    connection.execute(_questions.update().where(_questions.c.id == question).values(deadline=deadline))


def close(connection: sa.Connection, question: str, *, by: str) -> None:
    """Note that a question was answered whole, and by whom."""
    connection.execute(_questions.update().where(_questions.c.id == question).values(state="answered", answered_by=by))


def forget_flow(connection: sa.Connection, question: str) -> None:
    """Let a question no longer count for the flow whose first writes it was about."""
    connection.execute(_questions.update().where(_questions.c.id == question).values(flow=""))


def withdraw(connection: sa.Connection, batch: str, *, only: str = "") -> None:
    """Take back what is asked for a batch, or one question of it: whoever waits for it goes on without an answer.

    What is asked about words is not a batch's own: see `asked_words.withdraw_idle`.
    """
    mine = (_questions.c.batch == batch, _questions.c.kind != "word")
    these = _questions.update().where(*mine, _questions.c.state == "open")
    connection.execute((these.where(_questions.c.id == only) if only else these).values(state="withdrawn"))


def _why_closed(question: Question) -> str:
    if question.state == "answered":
        return f"{question.id} was answered already, by {question.answered_by or 'somebody'}"
    if question.state == "withdrawn":
        return f"{question.id} was taken back: what it was about goes on, or has ended"
    return f"{question.id}: its deadline has passed ({question.deadline[:16].replace('T', ' ')} UTC), which means no"


def _question(row: sa.Row[Any]) -> Question:
    values = {each.name: getattr(row, each.name) for each in fields(Question)}
    return Question(**values | {"choices": tuple((value, label) for value, label in row.choices)})
