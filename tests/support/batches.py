"""Batches with all that is around them but a browser and the engine: a real database, sessions, people's answers.

The queue is a table of the same database: a turn is kept with the rows that want it or not at all, and one whose
machine dies is called again. So a test can kill a machine wherever it likes and start another on what is left.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import sqlalchemy as sa

from bcflow.models.jobs import JobBase, job_adapter
from bcflow.models.looks import Effect
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches import moves
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.context import Context, Turn
from bcflow.runner.batches.follow_up_looks import FollowUpSession
from bcflow.runner.batches.session import House, OnEvent, Session, Watcher
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

BC = "7123456789012345678"
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


class Armed(Exception):
    """Arm a write, then end the attempt with this error."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class Died(BaseException):
    """The machine stops here: nothing of it reaches the database any more."""


Given = dict[str, Any] | BaseException
Answer = Given | Callable[[dict[str, Any]], Given]
"""What an attempt says, or what makes it from the request."""


class _Mortal(Database):
    """A database that a dead machine cannot reach."""

    dead = False

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        if self.dead:
            raise Died
        with super().transaction() as connection:
            yield connection


class FakeBrowser:
    """One login's browser: answers each job from the desk's script."""

    def __init__(self, desk: "Desk", login: str, may_write: Callable[[], bool]) -> None:
        self._desk, self._login, self.may_write = desk, login, may_write

    def attempt(self, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        desk, mode = self._desk, request["mode"]
        desk.requests.append(request)
        default = {"outcome": "planned"} if mode == "look" else {"outcome": "done", "writes": 1}
        answer = (desk.looks if mode == "look" else desk.runs).get(request["name"], default)
        given = answer(request) if callable(answer) else answer
        if isinstance(given, Armed) or (isinstance(given, dict) and given.get("writes")):
            self._arm(request, "" if isinstance(given, Armed) else given["outcome"])
            on_event({"run": request["run"], "event": "armed", "name": "the invitation"})
        if isinstance(given, Armed):
            given = given.error
        if isinstance(given, Died):
            desk.database.dead = True
        if isinstance(given, BaseException):
            raise given
        return make_record(request, login=self._login, **given)

    def _arm(self, request: dict[str, Any], outcome: str) -> None:
        effect = Effect(BC, "member", f"{request['run']}/{request['attempt']}", {})
        run, ledger = request["run"], self._desk.ledger
        entry = ledger.prepare(SITE, effect, run=run)
        ledger.arm([(entry, effect)], run=run, before=())
        if outcome == "refused":
            ledger.refused(entry, run=run, words="no")
        elif outcome not in {"", "unknown"}:
            ledger.seen(entry, run=run, site_id=None, have={})

    def holds(self) -> bool:
        return self._login not in self._desk.lost

    def close(self) -> None:
        self._desk.closed.append(self._login)


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
        self.ending = Event()
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
            if not due or self.ending.is_set():
                return self
            self.take(due[0])
        raise AssertionError("the turns never end")

    def take(self, turn: Turn) -> None:
        """Work one turn; one during which the machine dies stays in the queue."""
        house = House(self.context, self, self.watcher, self.ending)
        (Session if turn.batch else FollowUpSession)(house, turn).work()
        this = (_queue.c.batch == turn.batch, _queue.c.login == turn.login, _queue.c.number == turn.number)
        with self.database.transaction() as connection:
            connection.execute(_queue.delete().where(*this))

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

    def begins(self, batch: str, step: Step) -> None:
        self.heard.append(("begins", f"{step.mode} {step.name}"))

    def happens(self, batch: str, event: dict[str, Any]) -> None:
        self.heard.append(("happens", str(event["event"])))

    def ends(self, batch: str, record: RunRecord) -> None:
        self.heard.append(("ends", f"{record.job} {record.outcome}"))

    def moved(self, batch: str) -> None:
        """Nobody waits for it here."""

    def tell(self, text: str) -> None:
        self.told.append(text)

    # What people do.

    def submit(self, *jobs: JobBase, trust: bool = True, yes: bool = True, **how: Any) -> str:  # noqa: ANN401
        """Submit jobs as one batch; return its id."""
        order = Order(tuple(Task(job, job.id or "?") for job in jobs), "jobs.yaml")
        self.batch, _ = submit(self.context, order, How(yes=yes, trust_first_write=trust, **how))
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


def make_record(request: dict[str, Any], **overrides: object) -> dict[str, Any]:
    """Return the record of an attempt as JSON."""
    values = {
        "id": request["run"],
        "job": request["name"],
        "flow": request["job"]["flow"],
        "inputs": request["job"],
        "message": "said so",
        "language": "en",
        "batch": request["batch"],
        "dry_run": request["dry_run"],
    }
    return RunRecord.model_validate(values | overrides).model_dump(mode="json")


def make_job(name: str, **overrides: object) -> JobBase:
    """Return an invitation called `name`."""
    values = {
        "flow": "invite-member",
        "email": f"{name}@acme.example",
        "role": "standard",
        "business_center": BC,
    }
    job: JobBase = job_adapter().validate_python({"id": name} | values | overrides)
    return job


def make_jobs(names: Iterable[str], **overrides: object) -> list[JobBase]:
    """Return an invitation for each name."""
    return [make_job(name, **overrides) for name in names]


def make_account(name: str = "main", **overrides: object) -> JobBase:
    """Return the job of a new ad account."""
    values = {"flow": "create-ad-account", "name": "Acme US", "business_center": BC}
    job: JobBase = job_adapter().validate_python({"id": name} | values | overrides)
    return job


def make_share(name: str, account: str, **overrides: object) -> JobBase:
    """Return the job that shares an ad account; `account` is an id or a reference."""
    values = {
        "flow": "share-with-partner",
        "id": name,
        "business_center": BC,
        "partner_id": "7345678901234567890",
        "ad_accounts": [{"aadvid": account, "role": "operator"}],
    }
    job: JobBase = job_adapter().validate_python(values | overrides)
    return job
