"""A batch with everything around it but a browser, for tests."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bcflow.models.jobs import JobBase, job_adapter
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.batch import Batch, Tools
from bcflow.runner.batches.gate import Gate
from bcflow.runner.engine.dispatch import InProcess, OnEvent
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.reports.progress import Lines
from bcflow.runner.storage.entry import Entry, Terms
from bcflow.runner.storage.proofs import ProvenFlows

BC = "7123456789012345678"
SITE = "https://business.example"
Answer = dict[str, Any] | BaseException


class Armed(Exception):
    """Arm a write, then end the attempt with this error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class FakeSlot:
    """Answers each job from a script: what a look says, and what an attempt says, by job name."""

    def __init__(self, looks: dict[str, Answer], runs: dict[str, Answer]) -> None:
        self.looks, self.runs = looks, runs
        self.asked: list[tuple[str, str]] = []
        self.requests: list[dict[str, Any]] = []
        self.closed = 0
        self.at_close: Callable[[], None] = lambda: None
        self.hear: OnEvent = lambda _event: None

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        assert (verb, timeout) == ("attempt", 60)
        mode, name = request["mode"], request["name"]
        self.asked.append((mode, name))
        self.requests.append(request)
        default = {"outcome": "planned"} if mode == "look" else {"outcome": "done", "writes": 1}
        answer = (self.looks if mode == "look" else self.runs).get(name, default)
        if isinstance(answer, Armed):
            self.hear({"run": request["run"], "event": "armed", "name": "the invitation"})
            raise answer.error
        if isinstance(answer, BaseException):
            raise answer
        if answer.get("writes"):
            self.hear({"run": request["run"], "event": "armed", "name": "armed"})
        return make_record(request, **answer)

    def close(self) -> None:
        self.closed += 1
        self.at_close()


def make_record(request: dict[str, Any], **overrides: object) -> dict[str, Any]:
    values = {
        "id": request["run"],
        "job": "",
        "flow": request["job"]["flow"],
        "message": "said so",
        "language": "en",
        "batch": request["batch"],
    }
    return values | overrides


def make_job(name: str, **overrides: object) -> JobBase:
    values = {
        "flow": "invite-member",
        "email": f"{name}@acme.example",
        "role": "standard",
        "business_center": BC,
    }
    job: JobBase = job_adapter().validate_python({"id": name} | values | overrides)
    return job


class Desk:
    """A batch with everything around it, and what was kept."""

    def __init__(
        self,
        home: Path,
        jobs: Iterable[JobBase],
        *,
        looks: dict[str, Answer] | None = None,
        runs: dict[str, Answer] | None = None,
        confirm: Callable[[str], bool] | None = None,
        trust: bool = True,
        max_writes: int | None = None,
    ) -> None:
        self.home = home
        self.slot = FakeSlot(looks or {}, runs or {})
        self.proven = ProvenFlows(home)
        self.said = io.StringIO()
        self.noted: list[tuple[str, bool]] = []
        gate = Gate(SITE, self.proven, trust=trust, confirm=confirm)
        tools = Tools(
            dispatcher=InProcess(self.make_slot, timeout=60),
            progress=Lines(self.said),
            gate=gate,
            folder=self.folder,
            keep=self.keep,
            left=self.left,
            note=lambda entry: self.noted.append((entry.run, entry.ended)),
        )
        entries = [Entry(Task(job, job.id or "?"), f"b-{n:03d}") for n, job in enumerate(jobs, start=1)]
        self.batch = Batch("b", entries, terms=Terms(actor="me", max_writes=max_writes), tools=tools)

    def make_slot(self, _login: str, on_event: OnEvent) -> FakeSlot:
        self.slot.hear = on_event
        return self.slot

    def folder(self, run: str) -> Path:
        return self.home / "runs" / run

    def keep(self, record: RunRecord) -> None:
        Evidence(self.folder(record.id)).write_result(record)

    def left(self, run: str) -> RunRecord | None:
        file = self.folder(run) / "result.json"
        return RunRecord.model_validate_json(file.read_text()) if file.exists() else None

    def go(self) -> "Desk":
        self.batch.look()
        self.batch.write()
        return self

    @property
    def outcomes(self) -> list[str]:
        return [record.outcome for record in self.batch.records]

    def message(self, name: str) -> str:
        return next(record.message for record in self.batch.records if record.job == name)

    @property
    def written(self) -> list[str]:
        return [name for mode, name in self.slot.asked if mode == "run"]


def make_account(name: str = "main", **overrides: object) -> JobBase:
    values = {"flow": "create-ad-account", "name": "Acme US", "business_center": BC}
    job: JobBase = job_adapter().validate_python({"id": name} | values | overrides)
    return job


def make_share(name: str, account: str) -> JobBase:
    values = {
        "flow": "share-with-partner",
        "id": name,
        "business_center": BC,
        "partner_id": "7345678901234567890",
        "ad_accounts": [{"aadvid": account, "role": "operator"}],
    }
    job: JobBase = job_adapter().validate_python(values)
    return job


def prove(home: Path, *flows: str, language: str = "en") -> None:
    for flow in flows:
        run = RunRecord(id="x", job="x", flow=flow, outcome="done", message="", writes=1)
        ProvenFlows(home).record(run, site=SITE, language=language, login="default", at="2026-11-01T00:00:00+00:00")
