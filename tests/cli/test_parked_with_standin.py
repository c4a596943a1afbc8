"""Questions of real pages: a code page that is kept and then given up, and a captcha that a person sees to."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.answers import Answers
from bcflow.runner.config.keys import load_key
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.opening import opened
from bcflow.runner.storage.questions import Question
from bcflow.runner.storage.runs import Store
from standin import seed
from standin.server import StandIn
from tests.support.shell import LONGEST, Shell
from tests.support.waiting import descendants, until

JOBS = f"""business_center: "{seed.NORTHWIND}"
jobs:
  - {{flow: invite-member, email: zoe@acme.example, role: standard}}
"""
TRUSTED = ("--yes", "--trust-first-write", "--json")
CODE_WAIT = 8.0


class Office:
    """A worker on the stand-in, and a person who sees to its questions."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.shell = Shell(folder, standin, BCFLOW_CODE_WAIT=f"{CODE_WAIT:.0f}s")
        self.standin = standin
        (folder / "jobs.yaml").write_text(JOBS)

    def submit(self) -> str:
        code, answer, said = self.shell("submit", "jobs.yaml", *TRUSTED)
        assert code == 0, said
        return str(answer["batch"])

    @contextmanager
    def worker(self) -> Iterator[int]:
        """Have a worker at work; gives its process id."""
        with self.shell.start("worker") as process:
            try:
                yield process.pid
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=LONGEST)

    def asked(self, kind: str) -> Question:
        """Wait until a question of this kind is open."""
        until(lambda: any(one.kind == kind for one in self._questions()), f"a question of the kind {kind}")
        return next(one for one in self._questions() if one.kind == kind)

    def answer(self, question: Question, text: str) -> None:
        with self._opened() as (answers, _):
            answers.answer(question, text, by="maria@agency")

    def at_rest(self) -> bool:
        with self._opened() as (_, store):
            return not store.open_batches()

    def runs(self, batch: str) -> list[Any]:
        with self._opened() as (_, store):
            return [run.record for run in store.load(batch).runs]

    def codes_sent(self) -> list[str]:
        """Return the codes that the site has sent, the oldest first."""
        return [row.code for row in self.standin.world.codes]

    def _questions(self) -> list[Question]:
        with self._opened() as (answers, _):
            return answers.questions.open()

    @contextmanager
    def _opened(self) -> Iterator[tuple[Answers, Store]]:
        settings = Settings.load(self.shell.environment, self.shell.folder)
        with opened(settings) as context:
            yield Answers(context, key=load_key(None, settings.home)), Store(context.database)


@pytest.fixture
def office(tmp_path: Path, standin: StandIn) -> Office:
    return Office(tmp_path, standin)


def browsers(worker: int) -> list[str]:
    """Return the browsers that a worker has open."""
    names = []
    for process in descendants(worker):
        try:
            names.append(Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip())
        except OSError:
            continue  # it has just ended
    return [name for name in names if name.startswith(("chrom", "headless"))]


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.standin(axes={"login_code": "six"})
def test_a_live_code_page_is_kept_then_given_up_and_the_answer_sends_a_new_code(office: Office) -> None:
    batch = office.submit()
    with office.worker() as worker:
        live = office.asked("code")
        assert (live.batch, live.run, live.parked, live.secret) == (batch, f"{batch}-001", False, True)
        assert browsers(worker)

        parked = office.asked("sign-in")  # nobody answered
        assert (parked.batch, parked.login, parked.parked) == (batch, "default", True)
        until(office.at_rest, "the batch ends")
        until(lambda: not browsers(worker), "the browser is closed")
        (run,) = office.runs(batch)
        assert (run.outcome, run.waiting_for, run.writes) == ("waiting", "you", 0)
        assert len(office.codes_sent()) == 1

        office.answer(parked, "done")
        again = office.asked("code")
        sent = office.codes_sent()
        assert len(sent) == 2, "the first code is of no use any more"
        office.answer(again, sent[-1])
        until(lambda: waits_for_invitee(office, batch), "the invitation is out")
    assert len(office.codes_sent()) == 2, "the page that asked took the answer"
    (run,) = office.runs(batch)
    assert (run.answered_by, run.approved_by) == ("maria@agency", run.requested_by)
    result = RunRecord.model_validate_json((office.shell.home / "runs" / run.id / "result.json").read_text())
    assert (result.answered_by, result.approved_by) == (run.answered_by, run.approved_by)
    assert len(office.standin.world.writes) == 1


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.standin(axes={"login_code": "six"})
def test_a_worker_that_is_to_end_waits_no_longer_for_the_command_that_gives_codes(office: Office) -> None:
    asked = office.shell.folder / "asked"
    batch = office.submit()
    with office.shell.start("worker", BCFLOW_CODE_COMMAND=f"touch {asked}", BCFLOW_CODE_WAIT="600s") as process:
        try:
            until(asked.exists, "the command is run")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=LONGEST)
        finally:
            process.kill()
    assert process.returncode == 130
    assert office.runs(batch) == [None], "it is still to do"
    assert office.standin.world.writes == []


def waits_for_invitee(office: Office, batch: str) -> bool:
    (run,) = office.runs(batch)
    return run is not None and run.waiting_for == "invitee"


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.standin(faults=["captcha=login"])
def test_a_captcha_is_parked_and_after_a_person_has_seen_to_it_the_run_goes_on(office: Office) -> None:
    batch = office.submit()
    with office.shell.start("worker", "--drain") as process:
        process.communicate(timeout=LONGEST)
    captcha = office.asked("captcha")
    assert "bcflow login --headed" in captcha.text
    assert office.runs(batch)[0].waiting_for == "you"

    office.standin.world.faults.clear()  # somebody has signed in and solved it
    office.answer(captcha, "done")
    with office.shell.start("worker", "--drain") as process:
        process.communicate(timeout=LONGEST)
    assert [(run.outcome, run.waiting_for) for run in office.runs(batch)] == [("waiting", "invitee")]
    assert len(office.standin.world.writes) == 1
