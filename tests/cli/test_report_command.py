"""`bcflow report`: from a run to what is beside it, and into a web browser."""

import re
import webbrowser
from pathlib import Path

import pytest

from bcflow.runner.cli.app import run_app
from tests.support.fake_site import FakeSite


def test_a_run_leads_to_its_batch_and_to_the_runs_beside_it(home: Path, site: FakeSite) -> None:
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    assert site.written
    (batch,) = (home / "batches").iterdir()
    folders = sorted((home / "runs").iterdir())
    (folders[1] / "log.jsonl").write_text("{}\n")
    (folders[1] / "report.html").unlink(missing_ok=True)
    for folder in folders:
        assert run_app(["report", folder.name]) == 0

    ways = [re.findall(r'<a href="([^"]*)">([^<]*)</a>', (folder / "report.html").read_text()) for folder in folders]
    assert [[name for _, name in each] for each in ways] == [
        [f"Batch {batch.name}", "Run after"],
        [f"Batch {batch.name}", "Run before", "Run after", "Log"],
        [f"Batch {batch.name}", "Run before"],
    ]
    for folder, each in zip(folders, ways, strict=True):
        assert all((folder / address).is_file() for address, _ in each)


@pytest.mark.parametrize(("opens", "said"), [(True, ""), (False, "no web browser could be opened here")])
@pytest.mark.usefixtures("home", "site")
def test_a_report_opens_in_the_web_browser_if_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], opens: bool, said: str
) -> None:
    opened: list[str] = []

    def open_it(address: str) -> bool:
        opened.append(address)
        return opens

    monkeypatch.setattr(webbrowser, "open", open_it)
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    capsys.readouterr()
    assert run_app(["report", "last", "--open"]) == 0
    told = capsys.readouterr()
    assert opened == [Path(told.out.strip()).as_uri()]
    assert told.err.startswith(said)
    assert run_app(["report", "last", "--open", "--csv"]) == 2
