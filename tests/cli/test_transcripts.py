"""What a person reads: every command's output at three widths, kept in `transcripts/` and compared.

Renew them with `RENEW_TRANSCRIPTS=1 .venv/bin/pytest -m "" tests/cli/test_transcripts.py`, and read what changed.
"""

import asyncio
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.ui_check import Survey
from bcflow.runner.cli import doctor
from bcflow.runner.cli.running import slot, worker_loop
from bcflow.runner.storage.ledger import Ledger
from tests.support.fake_site import BC, FakeSite
from tests.support.night import AMBIGUOUS, ANA, BO, CAPTCHA, TRUSTED
from tests.support.nightly import nightly_except
from tests.support.transcripts import HOME, Transcripts
from tests.support.ui_checks import CONTROLS, check, element, screen

JOBS = f"""business_center: "{BC}"
jobs:
  - {{flow: create-ad-account, id: main, name: Acme US, country: US, currency: USD,
     time_zone: America/New_York, client: acme}}
  - {{flow: invite-member, email: {ANA}, role: standard, client: acme}}
  - {{flow: invite-member, email: {BO}, role: standard, client: birch}}
"""
LONG = "The invitation was sent and stands in the list as pending; it is on Ana to accept it in her mail"
WAITS = {"outcome": "waiting", "waiting_for": "invitee", "writes": 1, "message": LONG}
WAITS |= {"next_action": "Ana opens the mail from TikTok for Business and accepts the invitation"}
WAITS |= {"business_center": BC}
UNKNOWN = {"outcome": "unknown", "writes": 1, "business_center": BC}
UNKNOWN |= {"message": "The request may have been sent; the list does not show it after 90 s"}
UNKNOWN |= {"next_action": "look on the site, then: bcflow settle"}
CHECKS = [
    doctor.Check(name="Python", ok=True, detail="3.11.2", fix=""),
    doctor.Check(name="browser", ok=False, detail="no browser was found", fix="playwright install chromium"),
]
AWAY = element(concept="role", kind="column", standing="not reached", text="", why="behind a write")
KNOWN = check(element(), AWAY)
RENAMED = element(standing="candidate", text="Bring aboard", why="the only button above the list")
CHANGED = check(
    RENAMED,
    element(kind="field", concept="enter email", standing="missing", text="", flows=["invite-member"]),
    AWAY,
    screens=[screen(controls=["button: Bring aboard", *CONTROLS[1:]])],
)
SURVEYED = Survey(host="business.example", language="en", at=KNOWN.at, elements=CHANGED.elements)
# What may stand beyond the edge of a narrow terminal: what must not be broken, and lines of a log.
MAY_BE_WIDE = re.compile(r"\S{25,}|^2026-11-24T20:19:00Z ")
BROKEN_REPR = re.compile(r"\bNone\b|<[a-z_.]+ object at|\bTrue\b|\bFalse\b|\{'|\['|\bdatetime\(")


class Answers:
    """A browser that only looks: what whoami, list and the checks of QA are told."""

    seen = KNOWN

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        assert timeout is None
        if verb == "login":
            return {"ok": True, "message": "signed in and saved"}
        if verb == "list":
            rows = [
                {"name": "Ana Alvarez", "email": ANA, "role": "standard", "status": "Active", "ad_accounts": 12},
                {"name": "Bo", "email": BO, "role": "admin", "status": "Invitation pending", "ad_accounts": 0},
            ]
            return {"rows": rows, "total": 2}
        if verb in {"check-ui", "survey"}:
            return (self.seen if verb == "check-ui" else SURVEYED).model_dump()
        assert request == {}
        center = {"id": BC, "role": "admin", "name": "Northwind Agency for Advertising and Media"}
        return {"login": "ops@agency.example", "language": "en", "business_centers": [center]}


@contextmanager
def one_slot(*_: object, **__: object) -> Iterator[Answers]:
    yield Answers()


@pytest.fixture
def desk(site: FakeSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site that has something of everything, a folder whose name is as long as ever, and no browser."""
    folder = Path(tempfile.mkdtemp(prefix="bcf-", dir="/tmp"))
    assert len(str(folder)) == len(HOME)
    monkeypatch.setenv("BCFLOW_HOME", str(folder / "home"))
    monkeypatch.setenv("BCFLOW_PACE_SECONDS", "0")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(worker_loop, "slots_of", site.factory)
    monkeypatch.setattr(slot, "one_slot", one_slot)
    monkeypatch.setattr(doctor, "checks", lambda _: CHECKS)
    monkeypatch.setenv("BCFLOW_ACTOR", "maria@agency")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    site.runs[ANA] = WAITS | {"started": now, "finished": now}
    site.looks[BO] = {"outcome": "differs", "message": "is an admin there, standard is asked"}
    # A browser that earlier tests of this process had leaves its loop running in this thread; no command has one there.
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield folder
    asyncio._set_running_loop(loop)
    monkeypatch.chdir("/")
    shutil.rmtree(folder)


def first(bcflow: Transcripts) -> None:
    """What an operator runs on the first day."""
    bcflow("nothing-yet", "runs")
    bcflow("cancel-nothing", "cancel")
    bcflow("help", "--help")
    bcflow("help-run", "run", "invite-member", "--help")
    bcflow("no-such-command", "nonsense")
    bcflow("bad-option", "runs", "--limit", "0")
    bcflow("init", "init")
    bcflow("doctor", "doctor")
    bcflow("login", "login")
    bcflow("whoami", "whoami")
    bcflow("list", "list", "members", "--business-center", BC)
    bcflow("flows", "flows")
    bcflow("flows-one", "flows", "share-with-partner")


def work_and_look_back(bcflow: Transcripts) -> None:
    """A plan, a no, a run, and what is told of it."""
    bcflow("run-bad-file", "run", "people.csv")
    bcflow("run-dry", "run", "jobs.yaml", "--dry-run")
    bcflow("rehearse", "rehearse", "jobs.yaml")
    bcflow("plan", "plan", "jobs.yaml", "--out", "plan.json")
    bcflow("apply-no", "apply", "plan.json", "--trust-first-write", typed=["n"])
    bcflow("run", "run", "jobs.yaml", typed=["y", "y"])
    bcflow("runs", "runs")
    bcflow("runs-now", "runs", "--now")
    shown = bcflow("show", "show", "last")
    run = re.search(r"\w{8}-002", shown)
    assert run
    bcflow("show-run", "show", run[0])
    bcflow("show-client", "show", "birch")
    bcflow("report", "report", "last")
    bcflow("waiting", "waiting")
    bcflow("remind", "remind", "acme")


def night(bcflow: Transcripts) -> None:
    """A night that leaves questions, and the morning after."""
    bcflow("submit", "submit", "jobs.yaml", "--key", "night-2026-11-24", *TRUSTED)
    bcflow("status-queued", "status")
    bcflow("worker", "worker", "--drain", alone=True)
    bcflow("status", "status", "--expect", "night-2026-11-24", "--ok")
    asked = bcflow("inbox", "inbox")
    choice = re.search(r"(q\w+)  choice", asked)
    assert choice
    bcflow("answer-wrong", "answer", choice[1], "--choose", "7")
    bcflow("answer", "answer", choice[1], "--none")
    bcflow("settle-none", "settle", "last", "--happened")
    bcflow("cancel", "cancel", "last")
    bcflow("resume-nothing", "resume", "last", alone=True)


def doubt(bcflow: Transcripts) -> None:
    """A write of which nobody can tell what came of it, until a person looks on the site."""
    bcflow("run-unknown", "run", "jobs.yaml", *TRUSTED, alone=True)
    bcflow("settle", "settle", "last", "--did-not-happen")


def look_for_changes(bcflow: Transcripts, monkeypatch: pytest.MonkeyPatch) -> None:
    """What QA runs: a baseline, the same again, a site that changed, and what to give away."""
    bcflow("check-ui-save", "check-ui", "--save")
    bcflow("check-ui-same", "check-ui", "--min-coverage", "50")
    monkeypatch.setattr(Answers, "seen", CHANGED)
    bcflow("check-ui-changed", "check-ui", alone=True)
    bcflow("survey", "survey", "--out", "survey.zip")
    bcflow("dev", "dev", "--help")


def keep(bcflow: Transcripts) -> None:
    """Words, switches, the log, and what is deleted."""
    bcflow("labels-list-none", "labels", "list")
    bcflow("labels-add", "labels", "add", "invite member", "Bring aboard")
    bcflow("labels-list", "labels", "list")
    bcflow("labels-export", "labels", "export", "words.yaml")
    bcflow("labels-forget", "labels", "forget", "invite member")
    bcflow("labels-import", "labels", "import", "words.yaml")
    bcflow("stop", "stop", "--why", "the client called and wants to look at everything first")
    bcflow("start", "start")
    bcflow("log", "log")
    bcflow("log-verify", "log", "--verify")
    bcflow("prune", "prune", "--client", "acme", "--dry-run")


@pytest.mark.parametrize("width", nightly_except([60, 100, 160], 60))
def test_every_command_says_what_it_said(
    desk: Path, site: FakeSite, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    bcflow = Transcripts(desk, width)
    first(bcflow)
    (desk / "jobs.yaml").write_text(JOBS)
    work_and_look_back(bcflow)
    site.looks.clear()
    site.runs |= {"Acme US": AMBIGUOUS, ANA: CAPTCHA}
    night(bcflow)
    site.runs["Acme US"] = UNKNOWN
    monkeypatch.setattr(Ledger, "settle", lambda *_, **__: ["ad-account Acme US"])
    doubt(bcflow)
    look_for_changes(bcflow, monkeypatch)
    keep(bcflow)
    differences = bcflow.compared()
    assert not differences, differences
    for name, text in bcflow.said.items():
        assert "\x1b" not in text, name
        assert not BROKEN_REPR.search(text), (name, BROKEN_REPR.search(text))
        lines = text.splitlines()[1:]
        wide = [line for line in lines if len(line) > width and not MAY_BE_WIDE.search(line)]
        assert wide == [] or name == "remind", f"{name}: only a text to send keeps its own lines"
        said = Counter(line for line in lines if re.match(r"[A-Za-z].{20}", line))
        assert {line: count for line, count in said.items() if count > 2} == {}, name
