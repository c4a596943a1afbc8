"""Old runs and what is left of them, for the tests of `bcflow prune`."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer

from bcflow.models.looks import Effect
from bcflow.models.outcomes import RunRecord
from bcflow.runner.cli import prune
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.history import History
from bcflow.runner.storage.ledger import Ledger

NOW = datetime.now(UTC)
OLD, NEW = NOW - timedelta(days=100), NOW - timedelta(days=10)
BC = "7123456789012345678"
JOB = {"flow": "invite-member", "business_center": BC, "email": "ana@acme.example", "role": "standard"}
SITE = "https://business.tiktok.com"


def make_run(history: History, run: str, at: datetime, **overrides: Any) -> None:  # noqa: ANN401
    values = {"id": run, "job": "ana", "flow": "invite-member", "outcome": "done", "message": "ok"}
    record = RunRecord.model_validate(values | {"finished": at.isoformat()} | overrides)
    evidence = Evidence(history.run_folder(run))
    evidence.write_result(record)
    evidence.append_log({"event": "step"})


def arm(url: str, run: str, *, settled: bool = False) -> None:
    with closing(Ledger(url)) as ledger:
        effect = Effect(BC, "member", run, {})
        entry = ledger.prepare(SITE, effect, run=run)
        ledger.arm([(entry, effect)], run=run, before=())
        ledger.looked(SITE, effect, run="looker01-001", found="nothing")
        if settled:
            ledger.settle(run, happened=True)


def run(*words: str) -> None:
    app = typer.Typer()
    app.command()(prune.prune)
    assert not app(args=list(words), standalone_mode=False)  # the only command of an app has no name


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
