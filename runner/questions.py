"""Questions only a person can answer, kept until they are answered, withdrawn, or their deadline has passed.

A deadline that passes means no. An answer is sealed with the key of the sign-ins and taken out when it is read.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.runner.database import Database, as_text, now, tables

if TYPE_CHECKING:
    from threading import Event

LOOK_AGAIN_SECONDS: Final = 0.5
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
_questions = sa.Table(
    "questions",
    tables,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("login", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("secret", sa.Boolean, nullable=False),
    sa.Column("asked", sa.String, nullable=False),
    sa.Column("deadline", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("answer", sa.LargeBinary),
    sa.Column("answered_by", sa.String, nullable=False, server_default=""),
)


@dataclass(frozen=True)
class Question:
    """One question; times are ISO 8601 UTC. `state` is open, answered, withdrawn or expired."""

    id: str
    login: str
    text: str
    secret: bool
    asked: str
    deadline: str
    state: str
    answered_by: str = ""


class Questions:
    """Asks and answers across processes."""

    def __init__(self, database: Database, key: bytes) -> None:
        """Keep the questions in `database`, their answers sealed with the Fernet `key`."""
        self._database = database
        self._key = key

    def ask(self, login: str, text: str, *, secret: bool, wait: float) -> Question:
        """Put a question that is open for `wait` seconds."""
        asked = datetime.now(UTC)
        question = Question(
            id="q" + "".join(secrets.choice(_LETTERS) for _ in range(5)),
            login=login,
            text=text,
            secret=secret,
            asked=as_text(asked),
            deadline=as_text(asked + timedelta(seconds=wait)),
            state="open",
        )
        with self._database.transaction() as connection:
            connection.execute(_questions.insert().values(**vars(question)))
        return question

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

    def answer(self, name: str, text: str, *, by: str) -> Question:
        """Answer the open question whose id is or begins with `name`; raises BadInput if there is not one."""
        from cryptography.fernet import Fernet

        sealed = Fernet(self._key).encrypt(text.encode())
        with self._database.transaction() as connection:
            rows = connection.execute(_open(sa.select(_questions)).where(_questions.c.id.startswith(name))).all()
            if len(rows) != 1:
                raise BadInput([f"'{name}' is no open question; `bcflow inbox` lists them"])
            connection.execute(
                _questions.update()
                .where(_questions.c.id == rows[0].id)
                .values(state="answered", answer=sealed, answered_by=by)
            )
        return _question(rows[0])

    def open(self) -> list[Question]:
        """Return the open questions, the oldest first."""
        with self._database.transaction() as connection:
            return [_question(row) for row in connection.execute(_open(sa.select(_questions))).all()]

    def withdraw(self, login: str) -> None:
        """Take back what is asked for a login: whoever waits for it goes on without an answer."""
        with self._database.transaction() as connection:
            connection.execute(
                _questions.update()
                .where(_questions.c.login == login, _questions.c.state == "open")
                .values(state="withdrawn")
            )

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


def _open(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.where(_questions.c.state == "open", _questions.c.deadline >= now()).order_by(_questions.c.asked)


def _question(row: sa.Row[Any]) -> Question:
    return Question(**{name: getattr(row, name) for name in Question.__dataclass_fields__})
