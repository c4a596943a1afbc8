"""A fake browser for the command line, and what tests ask of it."""

import json
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bcflow.models.errors import BrowserGone
from bcflow.models.outcomes import RunRecord
from bcflow.runner.browser.login_browser import MakeSlot, OnEvent
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.proofs import Proofs

BC = "7123456789012345678"
SITE = "https://business.tiktok.com"
JOBS = f"""business_center: "{BC}"
jobs:
  - {{flow: create-ad-account, id: main, name: Acme US, country: US, currency: USD, client: acme}}
  - {{flow: invite-member, email: ana@acme.example, role: standard, client: acme}}
  - {{flow: invite-member, email: bo@acme.example, role: standard, client: acme}}
"""


Given = dict[str, Any] | BaseException


class FakeSite:
    """What the fake browser answers, by e-mail or name of the job; `written` are the jobs it wrote."""

    def __init__(self) -> None:
        self.looks: dict[str, Given | Callable[[], Given]] = {}
        self.runs: dict[str, Given | Callable[[], Given]] = {}
        self.looked: list[str] = []
        self.written: list[str] = []
        self.open = 0
        self.ended = Event()

    def factory(self, *_: object, **__: object) -> MakeSlot:
        return self.slot

    def slot(self, _login: str, _on_event: OnEvent, _may_write: Callable[[], bool]) -> "FakeSite":
        self.open += 1
        return self

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        assert verb == "attempt"
        assert timeout
        job, only_look = request["job"], request["mode"] == "look"
        about = job.get("email") or job.get("name")
        (self.looked if only_look else self.written).append(about)
        default: dict[str, Any] = {"outcome": "planned"} if only_look else {"outcome": "done", "writes": 1}
        given = (self.looks if only_look else self.runs).get(about, default)
        answer = given() if callable(given) else given
        if isinstance(answer, KeyboardInterrupt):
            # As Ctrl-C at a terminal: it comes to the command, which ends the browser.
            self.ended.clear()
            signal.raise_signal(signal.SIGINT)
            if self.ended.wait(timeout):
                raise BrowserGone("the browser was ended")
        if isinstance(answer, BaseException):
            raise answer
        values = {
            "id": request["run"],
            "job": "",
            "client": job.get("client"),
            "flow": job["flow"],
            "message": "said so",
            "language": "en",
            "inputs": job,
            "dry_run": request.get("dry_run", False),
            "source": request["source"],
            "approved_by": request.get("approved_by", ""),
            "business_center_name": "Northwind",
        }
        record = RunRecord.model_validate(values | answer)
        folder = Path(request["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "result.json").write_text(record.model_dump_json())
        return record.model_dump(mode="json")

    def close(self) -> None:
        self.open -= 1
        self.ended.set()


def outcomes(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, int]]:
    """Return (job, outcome, writes) of the one JSON document on stdout."""
    found = json.loads(capsys.readouterr().out)
    return [(run["job"], run["outcome"], run["writes"]) for run in found["runs"]]


def prove(home: Path, *flows: str) -> None:
    home.mkdir(mode=0o700, exist_ok=True)
    with closing(Database(f"sqlite:///{home / 'bcflow.sqlite3'}")) as database, database.transaction() as connection:
        for flow in flows:
            run = RunRecord(id="x", job="x", flow=flow, outcome="done", message="", writes=1, language="en")
            Proofs(connection).learn(run, site=SITE, at="2026-11-01T00:00:00+00:00")
