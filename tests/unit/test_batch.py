import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
from bcflow.models.jobs import JobBase, job_adapter
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batch import Batch, Terms, Tools
from bcflow.runner.canary import ProvenFlows
from bcflow.runner.dispatch import InProcess, OnEvent
from bcflow.runner.evidence import Evidence
from bcflow.runner.gate import Gate
from bcflow.runner.progress import Lines
from bcflow.runner.tasks import Entry, Task

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
        gate = Gate(SITE, self.proven, trust=trust, confirm=confirm)
        tools = Tools(
            dispatcher=InProcess(self.make_slot, timeout=60),
            progress=Lines(self.said),
            gate=gate,
            folder=self.folder,
            keep=self.keep,
            left=self.left,
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
        ProvenFlows(home).record(
            run, site=SITE, language=language, login="default", at="2026-11-01T00:00:00+00:00"
        )


def test_looks_at_everything_before_the_first_write(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")]).go()

    assert desk.slot.asked == [("look", "ana"), ("look", "bo"), ("run", "ana"), ("run", "bo")]
    assert desk.outcomes == ["done", "done"]


def test_what_a_look_settles_is_not_written(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"ana": {"outcome": "already"}, "bo": {"outcome": "differs"}}
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo"), make_job("cy")], looks=looks).go()

    assert desk.written == ["cy"]
    assert desk.outcomes == ["already", "differs", "done"]


def test_a_reference_is_filled_in_as_soon_as_its_value_was_seen(tmp_path: Path) -> None:
    runs: dict[str, Answer] = {
        "main": {"outcome": "waiting", "writes": 1, "result": {"aadvid": "7012345678901234567"}}
    }
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")], runs=runs).go()

    assert desk.slot.asked == [("look", "main"), ("run", "main"), ("run", "delta")]
    assert desk.slot.requests[-1]["job"]["ad_accounts"] == [
        {"aadvid": "7012345678901234567", "role": "operator"}
    ]


def test_a_value_seen_by_a_look_is_enough_for_the_next_look(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"main": {"outcome": "already", "result": {"aadvid": "7012345678901234567"}}}
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")], looks=looks)
    desk.batch.look()

    assert desk.slot.asked == [("look", "main"), ("look", "delta")]


@pytest.mark.parametrize("outcome", ["refused", "failed", "differs", "unknown"])
def test_a_job_whose_reference_failed_is_skipped(tmp_path: Path, outcome: str) -> None:
    runs: dict[str, Answer] = {"main": {"outcome": outcome, "result": {"aadvid": "7012345678901234567"}}}
    prove(tmp_path, "create-ad-account")
    jobs = [make_account(), make_share("delta", "${main.aadvid}"), make_job("ana")]
    desk = Desk(tmp_path, jobs, runs=runs).go()

    assert desk.outcomes == [outcome, "skipped", "done"]
    assert desk.message("delta") == f"needs aadvid of job 'main', which ended {outcome}"


def test_a_value_that_does_not_fit_fails_its_job_only(tmp_path: Path) -> None:
    runs: dict[str, Answer] = {"main": {"outcome": "done", "writes": 1, "result": {"aadvid": "nonsense"}}}
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")], runs=runs).go()

    assert desk.outcomes == ["done", "failed"]
    assert "aadvid" in desk.message("delta")


def test_no_more_writes_than_allowed_are_sent(tmp_path: Path) -> None:
    jobs = [make_job("ana"), make_job("bo"), make_job("cy")]
    desk = Desk(tmp_path, jobs, max_writes=2).go()

    assert desk.written == ["ana", "bo"]
    assert desk.outcomes == ["done", "done", "skipped"]
    assert "at most 2 writes" in desk.message("cy")


def test_a_job_that_may_need_more_writes_than_are_left_does_not_start(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_share("delta", "7012345678901234567"), make_job("ana")], max_writes=1).go()

    assert desk.outcomes == ["skipped", "done"]


def test_a_login_that_waits_for_a_person_is_not_tried_again(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"ana": {"outcome": "waiting", "waiting_for": "you", "message": "code"}}
    jobs = [make_job("ana"), make_job("bo"), make_job("cy", login="other")]
    desk = Desk(tmp_path, jobs, looks=looks).go()

    assert desk.slot.asked == [("look", "ana"), ("look", "cy"), ("run", "cy")]
    assert desk.outcomes == ["waiting", "waiting", "done"]
    assert desk.batch.records[1].waiting_for == "you"


def test_an_error_ends_its_job_and_its_browser_and_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs={"ana": BcflowError("broke")}).go()

    assert desk.outcomes == ["failed", "done"]
    assert desk.message("ana") == "broke; nothing was sent"
    assert desk.slot.closed == 1


def test_an_error_after_a_write_was_armed_is_unknown(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], runs={"ana": Armed(TimeoutError("took too long"))}).go()

    assert desk.outcomes == ["unknown"]
    assert "a write may have been sent" in desk.message("ana")
    assert "bcflow settle b-001" in desk.batch.records[0].next_action
    assert (
        RunRecord.model_validate_json((desk.folder("b-001") / "result.json").read_text()).outcome == "unknown"
    )


def test_a_ledger_that_cannot_be_written_stops_the_batch(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs={"ana": LedgerBroken("disk full")}).go()

    assert desk.written == ["ana"]
    assert desk.outcomes == ["failed", "skipped"]


def test_bad_input_at_the_first_job_starts_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], looks={"ana": BadInput(["BCFLOW_KEY: is too short"])})

    with pytest.raises(BadInput):
        desk.batch.look()
    assert desk.batch.records == []


def test_an_interruption_leaves_true_results(tmp_path: Path) -> None:
    jobs = [make_job("ana"), make_job("bo"), make_job("cy")]
    desk = Desk(tmp_path, jobs, runs={"bo": KeyboardInterrupt()})
    desk.batch.look()
    with pytest.raises(KeyboardInterrupt):
        desk.batch.write()
    desk.batch.cancel("interrupted")

    assert desk.outcomes == ["done", "cancelled", "cancelled"]
    assert desk.slot.closed == 1
    kept = [RunRecord.model_validate_json(path.read_text()) for path in desk.home.glob("runs/*/result.json")]
    assert sorted((record.job, record.outcome) for record in kept) == [
        ("bo", "cancelled"),
        ("cy", "cancelled"),
    ]


def test_an_attempt_that_ended_on_its_way_out_is_believed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], runs={"ana": KeyboardInterrupt()})
    desk.batch.look()
    seen = RunRecord(id="b-001", job="ana", flow="invite-member", outcome="waiting", message="seen", writes=1)
    desk.slot.at_close = lambda: desk.keep(seen)
    with pytest.raises(KeyboardInterrupt):
        desk.batch.write()

    assert [(record.outcome, record.writes) for record in desk.batch.records] == [("waiting", 1)]


def test_what_a_look_settled_in_a_real_run_is_no_dry_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], looks={"ana": {"outcome": "already", "dry_run": True}}).go()

    assert not desk.batch.records[0].dry_run
    assert not RunRecord.model_validate_json((desk.folder("b-001") / "result.json").read_text()).dry_run


def test_a_dry_run_writes_nothing_and_plans_what_it_could_not_look_at(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")])
    desk.batch.look()
    desk.batch.keep_as_planned()

    assert desk.written == []
    assert desk.outcomes == ["planned", "planned"]
    assert "needs another job's result" in desk.message("delta")


def test_an_unproven_flow_writes_one_then_five_then_all(tmp_path: Path) -> None:
    questions: list[str] = []

    def confirm(question: str) -> bool:
        questions.append(question)
        return True

    desk = Desk(tmp_path, [make_job(f"p{n}") for n in range(9)], trust=False, confirm=confirm).go()

    assert desk.outcomes == ["done"] * 9
    assert [question.splitlines()[-1] for question in questions] == [
        "Go on with 8 more?",
        "Go on with 3 more?",
    ]


def test_the_question_after_the_first_write_shows_its_picture(tmp_path: Path) -> None:
    questions: list[str] = []

    def confirm(question: str) -> bool:
        questions.append(question)
        return False

    picture = {"file": "01-before-send.png", "caption": "before", "kind": "before"}
    runs: dict[str, Answer] = {"ana": {"outcome": "done", "writes": 1, "pictures": [picture]}}
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs=runs, trust=False, confirm=confirm).go()

    assert desk.written == ["ana"]
    assert desk.outcomes == ["done", "cancelled"]
    assert str(tmp_path / "runs" / "b-001" / "01-before-send.png") in questions[0]


def test_a_first_write_that_is_not_seen_stops_everything(tmp_path: Path) -> None:
    jobs = [make_job("ana"), make_job("bo"), make_account()]
    for outcome in ("unknown", "screen-changed"):
        home = tmp_path / outcome
        desk = Desk(home, jobs, runs={"ana": {"outcome": outcome, "writes": 1}}).go()

        assert desk.written == ["ana"]
        assert desk.outcomes == [outcome, "skipped", "skipped"]


def test_a_proven_flow_goes_on_after_an_unknown_and_asks_nothing(tmp_path: Path) -> None:
    prove(tmp_path, "invite-member")
    runs: dict[str, Answer] = {"ana": {"outcome": "unknown", "writes": 1}}
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs=runs, trust=False).go()

    assert desk.outcomes == ["unknown", "done"]


def test_proof_holds_for_its_language_only(tmp_path: Path) -> None:
    prove(tmp_path, "invite-member", language="vi")
    desk = Desk(tmp_path, [make_job("ana")], trust=False)
    desk.batch.look()

    assert desk.batch.unproven() == ["invite-member"]


def test_a_refused_or_unwritten_run_proves_nothing(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"bo": {"outcome": "already"}}
    jobs = [make_job("ana"), make_job("bo")]
    desk = Desk(tmp_path, jobs, looks=looks, runs={"ana": {"outcome": "refused", "writes": 1}}).go()
    assert desk.proven.proofs("invite-member") == []

    Desk(tmp_path, [make_job("cy")]).go()
    assert [proof.language for proof in desk.proven.proofs("invite-member")] == ["en"]


def test_progress_in_plain_lines_counts_and_says_how_jobs_ended(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")]).go()

    assert "Looking: 1 job\n[1/1] invite-member ana@acme.example\n" in desk.said.getvalue()
    assert "[1/1] ✓ done" in desk.said.getvalue()
    assert "writes: 1" in desk.said.getvalue()
