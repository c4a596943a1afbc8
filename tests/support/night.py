"""A server at night with a fake browser and nobody at a terminal, and a person who answers from elsewhere."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.cli import frame
from bcflow.runner.cli.app import run_app
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.questions import About, Questions
from tests.support.fake_site import BC

TRUSTED = ("--yes", "--trust-first-write")
ANA, BO = "ana@acme.example", "bo@acme.example"
EVERYONE = ["Acme US", ANA, BO]
ONE, OTHER = "7012345678901234567", "7012345678901234568"
ACCOUNT = {"kind": "ad-account", "identity": "Acme US", "business_center": BC}
AMBIGUOUS = {"outcome": "refused", "effects": [ACCOUNT | {"outcome": "refused", "candidates": [ONE, OTHER]}]}
CAPTCHA = {"outcome": "waiting", "waiting_for": "you", "needs": "captcha", "message": "The site shows a captcha"}
SHARED = f"""business_center: "{BC}"
jobs:
  - {{flow: create-ad-account, id: main, name: Acme US, country: US, currency: USD}}
  - {{flow: share-with-partner, partner_id: "7345678901234567890",
     ad_accounts: [{{aadvid: "${{main.aadvid}}", role: operator}}]}}
"""


class Night:
    """Submits, works and answers as a server does, with nobody at a terminal."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def shown(self, *words: str) -> str:
        """Run a command and return what a person reads on stdout."""
        self.capsys.readouterr()
        run_app(list(words))
        return self.capsys.readouterr().out

    def document(self, *words: str) -> Any:  # noqa: ANN401 - JSON has no better type
        self.capsys.readouterr()
        run_app([*words, "--json"])
        return json.loads(self.capsys.readouterr().out)

    def submit(self, *how: str) -> str:
        return str(self.document("submit", "jobs.yaml", *how)["batch"])

    def submit_unagreed(self) -> str:
        """Submit as somebody who sits at a terminal and has not agreed to the writes."""
        with self.monkeypatch.context() as patch:
            patch.setattr(frame, "person_is_there", lambda: True)
            return self.submit("--trust-first-write")

    def ask_for_code(self) -> None:
        """Ask as a page does that is open at a worker."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        with closing(Database(f"sqlite:///{self.home / 'bcflow.sqlite3'}")) as database:
            Questions(database).ask(About(kind="code", text="The code, please", login="default"), wait=600)

    def work(self) -> None:
        assert run_app(["worker", "--drain"]) == 0

    def question(self) -> dict[str, Any]:
        (found,) = self.document("inbox")
        return dict(found)

    def answer(self, text: str, question: str = "") -> tuple[int, str, str]:
        """Answer the question that is open; return the exit code and what was said."""
        asked = question or self.question()["id"]
        self.monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))
        self.capsys.readouterr()
        code = run_app(["answer", asked])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def runs(self, batch: str) -> list[dict[str, Any]]:
        return list(self.document("show", batch))

    def outcomes(self, batch: str) -> list[str]:
        return [run["outcome"] for run in self.runs(batch)]

    def set_deadlines(self, when: str) -> None:
        with closing(sqlite3.connect(self.home / "bcflow.sqlite3")) as database, database:
            database.execute("UPDATE questions SET deadline = ?", (when,))
