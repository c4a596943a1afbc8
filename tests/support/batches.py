"""Batches with all that is around them but a browser and the engine: a real database, sessions, people's answers.

The queue is a table of the same database: a turn is kept with the rows that want it or not at all, and one whose
machine dies is called again. So a test can kill a machine wherever it likes and start another on what is left.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.models.jobs import JobBase
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches import moves
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.context import Context, Turn
from bcflow.runner.batches.follow_up_looks import FollowUpSession
from bcflow.runner.batches.session import Services, Session, Watcher
from bcflow.runner.batches.steps import Step
from bcflow.runner.batches.submit import How, submit
from bcflow.runner.batches.telling import tell_news
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.source import Order
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.batch_rows import Batch
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.questions import Question, questions_of
from bcflow.runner.storage.runs import Store
from tests.support.fake_browser import Answer, Died, FakeBrowser

SITE = "https://business.example"

_queue = sa.Table(
    "queue_of_the_test",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch", sa.String),
    sa.Column("login", sa.String),
    sa.Column("number", sa.Integer),
    sa.Column("owner", sa.String),
    sa.Column("delay", sa.Float),
)


class _Mortal(Database):
    """A database that a dead machine cannot reach."""

    dead = False

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        if self.dead:
            raise Died
        with super().transaction() as connection:
            yield connection


class Desk:
    """One machine that submits, works and answers; `looks` and `runs` say by job name what an attempt says.

    `busy` are the logins that another process has, `lost` those that were taken away in the middle of an attempt.
    """

    def __init__(
        self,
        home: Path,
        *,
        looks: dict[str, Answer] | None = None,
        runs: dict[str, Answer] | None = None,
        **settings: str,
    ) -> None:
        ours = {"BCFLOW_HOME": str(home), "BCFLOW_BUSINESS_CENTER_URL": SITE, "BCFLOW_ACTOR": "me"}
        self.settings = Settings.load(ours | settings, cwd=home.parent)
        self.settings.make_home()
        self.looks, self.runs = looks or {}, runs or {}
        self.requests: list[dict[str, Any]] = []
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.busy: set[str] = set()
        self.lost: set[str] = set()
        self.told: list[str] = []
        self.watcher: Watcher = self
        self.heard: list[tuple[str, str]] = []
        self.batch = ""
        self.start()

    def start(self) -> None:
        """Start the machine, again after it died: nothing is left of it but the database and the files."""
        self.database = _Mortal(self.settings.database())
        self.ledger = Ledger(self.settings.database())
        self.context = Context(self.settings, self.database, self.enqueue)
        self.shutdown = Event()
        self.store = Store(self.database)
        with self.database.transaction() as connection:
            _queue.create(connection, checkfirst=True)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()
        self.ledger.close()

    # The queue.

    def enqueue(self, connection: sa.Connection, turn: Turn, delay: float) -> None:
        values = {"batch": turn.batch, "login": turn.login, "number": turn.number, "owner": turn.owner}
        connection.execute(_queue.insert().values(**values, delay=delay))

    @property
    def queued(self) -> list[tuple[Turn, float]]:
        """The turns that are on their way, each with the seconds until it begins."""
        with self.database.transaction() as connection:
            rows = connection.execute(sa.select(_queue).order_by(_queue.c.id)).all()
        return [(Turn(row.batch, row.login, row.number, row.owner), row.delay) for row in rows]

    def work(self, *, login: str = "") -> "Desk":
        """Work the turns that may begin now, of all logins or one, until there is none or the machine is to end."""
        for _ in range(1000):
            due = [turn for turn, delay in self.queued if not delay and (not login or turn.login == login)]
            if not due or self.shutdown.is_set():
                return self
            self.take(due[0])
        raise AssertionError("the turns never end")

    def take(self, turn: Turn) -> None:
        """Work one turn; one during which the machine dies stays in the queue."""
        services = Services(self.context, self, self.watcher, self.shutdown)
        (Session if turn.batch else FollowUpSession)(services, turn).work()
        this = (_queue.c.batch == turn.batch, _queue.c.login == turn.login, _queue.c.number == turn.number)
        with self.database.transaction() as connection:
            connection.execute(_queue.delete().where(*this))

    def drop(self, owner: str) -> None:
        """Lose the turns that only `owner` would have taken: it does not come back."""
        with self.database.transaction() as connection:
            connection.execute(_queue.delete().where(_queue.c.owner == owner))

    def die(self) -> None:
        """Work until the machine dies, and start it again."""
        try:
            self.work()
        except Died:
            self.start()
        else:
            raise AssertionError("it lived")

    # What the sessions need: browsers, and somebody who watches.

    def open(self, login: str, *, may_write: Callable[[], bool]) -> FakeBrowser | None:
        if login in self.busy:
            return None
        self.opened.append(login)
        return FakeBrowser(self, login, may_write)

    def begins(self, _batch: str, step: Step) -> None:
        self.heard.append(("begins", f"{step.mode} {step.name}"))

    def happens(self, _batch: str, event: dict[str, Any]) -> None:
        self.heard.append(("happens", str(event["event"])))

    def ends(self, _batch: str, record: RunRecord) -> None:
        self.heard.append(("ends", f"{record.job} {record.outcome}"))

    def refuses(self, batch: str, error: BadInput) -> None:
        self.told.append(f"batch {batch} rests: {'; '.join(error.problems)}")

    def moved(self, _batch: str) -> None:
        """Nobody waits for it here."""

    def tell(self, text: str) -> None:
        self.told.append(text)

    # What people do.

    def submit(self, *jobs: JobBase, trust: bool = True, yes: bool = True, owner: str = "", **how: Any) -> str:  # noqa: ANN401
        """Submit jobs as one batch; return its id."""
        order = Order(tuple(Task(job, job.id or "?") for job in jobs), "jobs.yaml")
        self.batch, _ = submit(self.context, order, How(yes=yes, trust_first_write=trust, **how), owner=owner)
        return self.batch

    def go(self, *jobs: JobBase, **how: Any) -> "Desk":  # noqa: ANN401
        """Submit jobs, and work until nothing is left to do."""
        self.submit(*jobs, **how)
        return self.work()

    def answer(self, text: str, *, by: str = "ana") -> str:
        """Answer the one question that is open; return what is asked."""
        (question,) = self.open_questions
        Answers(self.context, say=self.tell).answer(question, text, by=by)
        return question.text

    def cancel(self, why: str = "cancelled by me") -> None:
        """Cancel the latest batch."""
        with self.database.transaction() as connection:
            news = moves.cancel(connection, self.context, self.batch, why)
        tell_news(self.context, news, say=self.tell)

    def resume(self, *, yes: bool = False) -> bool:
        """Resume the latest batch."""
        return moves.resume(self.context, self.batch, yes=yes, attended=False)

    def prove(self, *flows: str, language: str = "en", login: str = "default") -> None:
        """Note that flows were seen to work here."""
        for flow in flows:
            run = RunRecord(id="x-001", job="x", flow=flow, outcome="done", message="", writes=1)
            run.login, run.language = login, language
            with self.database.transaction() as connection:
                Proofs(connection).learn(run, site=SITE, at=datetime.now(UTC).isoformat(timespec="seconds"))

    # What came of it.

    @property
    def held(self) -> Batch:
        """The latest batch as its rows say."""
        return self.store.load(self.batch)

    @property
    def records(self) -> list[RunRecord]:
        """How its runs stand."""
        return self.held.records

    @property
    def outcomes(self) -> list[str]:
        """How its runs ended, in file order; empty for one of which nothing is known."""
        return [run.outcome or "" for run in self.held.runs]

    def message(self, name: str) -> str:
        """What is said of a run, by its job."""
        return next(record.message for record in self.records if record.job == name)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What the browsers were asked for: mode and job."""
        return [(request["mode"], request["name"]) for request in self.requests]

    @property
    def written(self) -> list[str]:
        """The jobs that were attempted and might have written, in order."""
        return [name for mode, name in self.asked if mode == "run"]

    @property
    def questions(self) -> list[Question]:
        """Every question of the latest batch."""
        with self.database.transaction() as connection:
            return questions_of(connection, self.batch)

    @property
    def open_questions(self) -> list[Question]:
        """Those of them that are open."""
        return [question for question in self.questions if question.state == "open"]

    def value(self, query: str) -> Any:  # noqa: ANN401 - whatever a column holds
        """Return the one value that a query finds."""
        with self.database.transaction() as connection:
            return connection.exec_driver_sql(query).scalar()
