"""A home recorded with an earlier state of the code goes on with today's: kept from version 0.1.0 on.

`jobs.yaml` of tests/cli was run against the fake site and interrupted in its second job. The engine's own file is
not part of it: it may be lost at any time. A change that cannot read this file strands what is open in real homes.
"""

import json
import shutil
from pathlib import Path

import pytest

from bcflow.runner.cli.app import run_app
from tests.support.fake_site import FakeSite

RECORDED = Path(__file__).parent.parent / "recorded"
VERSIONS = sorted(folder.name for folder in RECORDED.iterdir() if folder.is_dir())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recorded_batch_is_resumed(
    version: str, home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(RECORDED / version, home)
    home.chmod(0o700)
    assert run_app(["resume", "last", "--json"]) == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [run["outcome"] for run in runs] == ["done"] * 3
    assert site.written == ["ana@acme.example", "bo@acme.example"]
    assert run_app(["log", "--verify"]) == 0


def test_there_is_a_recording() -> None:
    assert "0.1.0" in VERSIONS
