"""The examples in deploy/ do what they say: they are read as systemd and cron read them, and their commands are run."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.proofs import Proofs
from standin import seed
from standin.server import StandIn
from tests.support.in_process import run_here
from tests.support.shell import LONGEST
from tests.support.waiting import until

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
PROGRAM, HOME = "/opt/bcflow/.venv/bin/bcflow", "/srv/bcflow"
JOBS = f"""business_center: "{seed.NORTHWIND}"
jobs:
  - {{flow: invite-member, email: zoe@acme.example, role: standard}}
"""

Unit = dict[str, dict[str, list[str]]]


def unit(name: str) -> Unit:
    """Return a unit's settings by section and name, each with its values in order."""
    found: Unit = {}
    section = ""
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = {}
        elif line and not line.startswith("#"):
            setting, _, value = line.partition("=")
            found[section].setdefault(setting, []).append(value)
    return found


def cron_lines() -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Return the environment and the (when, user, command) of each line, as cron hands it to the shell."""
    environment: dict[str, str] = {}
    jobs = []
    for line in (DEPLOY / "bcflow-night.cron").read_text(encoding="utf-8").splitlines():
        if re.match(r"[A-Z_]+=", line):
            name, _, value = line.partition("=")
            environment[name] = value
        elif line and not line.startswith("#"):
            *when, user, command = line.split(None, 6)
            assert not re.search(r"(?<!\\)%", command)
            jobs.append((" ".join(when), user, command.replace(r"\%", "%")))
    return environment, jobs


class Server:
    """A server as docs/night.md sets it up, in a folder: program, home, secrets, a job file."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.home = folder / "srv"
        self.program = folder / "bcflow"
        self.home.mkdir(mode=0o700)
        self.program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bcflow.runner.cli "$@"\n')
        self.program.chmod(0o755)
        secrets = self.home / "secrets.env"
        secrets.touch(mode=0o600)
        secrets.write_text(
            f"BCFLOW_BUSINESS_CENTER_URL={standin.bc_url}\nBCFLOW_ADS_MANAGER_URL={standin.ads_url}\n"
            f"BCFLOW_EMAIL={seed.EMAIL}\nBCFLOW_PASSWORD='{seed.PASSWORD}'\nBCFLOW_SETTLE_SECONDS=6\n"
        )
        (self.home / "night.yaml").write_text(JOBS)
        self.site = standin.bc_url

    def here(self, text: str) -> str:
        """Return `text` with the paths of the examples made those of this server."""
        return text.replace(PROGRAM, str(self.program)).replace(HOME, str(self.home))

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "PLAYWRIGHT_BROWSERS_PATH") if name in os.environ}
        return kept | {"HOME": str(self.home)} | {name: self.here(value) for name, value in more.items()}

    def start(self, name: str) -> subprocess.Popen[str]:
        """Start the command of a service as systemd does."""
        service = unit(name)["Service"]
        (command,) = service["ExecStart"]
        return subprocess.Popen(
            shlex.split(self.here(command.replace("%%", "%").replace("$$", "$"))),
            cwd=self.here(service["WorkingDirectory"][0]),
            env=self.environment(dict(value.split("=", 1) for value in service["Environment"])),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def service(self, name: str) -> tuple[int, str, str]:
        """Run the command of a service to its end; return exit code, stdout and stderr."""
        with self.start(name) as process:
            out, err = process.communicate(timeout=LONGEST)
        return process.returncode, out, err

    def cron(self, number: int) -> tuple[int, str, str]:
        """Run a line of the crontab as cron does; return exit code, stdout and stderr."""
        environment, jobs = cron_lines()
        ended = subprocess.run(
            [environment["SHELL"], "-c", self.here(jobs[number][2])],
            cwd=self.home,
            env=self.environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        return ended.returncode, ended.stdout, ended.stderr

    def asked(self, *words: str) -> dict[str, object]:
        """Return the document of a command with --json."""
        ended = run_here([*words, "--json"], folder=self.home, environment=self.environment({"BCFLOW_HOME": HOME}))
        found: dict[str, object] = json.loads(ended.stdout)
        return found

    def prove(self) -> None:
        """Note that the first write was made by hand, as docs/night.md asks for."""
        record = RunRecord(id="1", job="1", flow="invite-member", outcome="waiting", message="", writes=1)
        record.language = "en"
        with (
            closing(Database(f"sqlite:///{self.home / 'bcflow.sqlite3'}")) as database,
            database.transaction() as connection,
        ):
            Proofs(connection).learn(record, site=self.site, at="2026-11-24T12:00:00+00:00")


@pytest.fixture
def server(tmp_path: Path, standin: StandIn) -> Server:
    return Server(tmp_path, standin)


@pytest.mark.parametrize("name", [path.name for path in UNITS])
def test_units_have_the_sections_of_their_kind(name: str) -> None:
    kind = "Timer" if name.endswith(".timer") else "Service"
    assert {"Unit", kind} <= set(unit(name)) <= {"Unit", kind, "Install"}
    if kind == "Timer":
        assert (DEPLOY / name.replace(".timer", ".service")).is_file()
        assert unit(name)["Install"]["WantedBy"] == ["timers.target"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path, server: Server) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    for path in UNITS:
        (folder / path.name).write_text(server.here(path.read_text(encoding="utf-8")))
    command = ["systemd-analyze", "verify", "--man=no", *(str(folder / path.name) for path in UNITS)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_services_may_write_in_their_home_only_and_hold_no_secret() -> None:
    for path in DEPLOY.glob("*.service"):
        service = unit(path.name)["Service"]
        assert service["User"] == ["bcflow"]
        assert (service["NoNewPrivileges"], service["ProtectSystem"]) == (["yes"], ["strict"])
        assert service["ReadWritePaths"] == service["WorkingDirectory"] == [HOME]
        assert service["Environment"] == [f"BCFLOW_HOME={HOME}"]
        assert "EnvironmentFile" not in service


def test_a_stopped_worker_is_started_again_unless_systemd_stopped_it() -> None:
    service = unit("bcflow-worker.service")["Service"]
    assert (service["Restart"], service["KillSignal"], service["KillMode"]) == (["always"], ["SIGTERM"], ["mixed"])


def test_cron_is_told_who_when_and_where() -> None:
    environment, jobs = cron_lines()
    assert environment["BCFLOW_HOME"] == HOME
    assert [(when, user) for when, user, _ in jobs] == [("30 1 * * *", "bcflow"), ("30 6 * * *", "bcflow")]


@pytest.mark.slow
def test_the_morning_asks_whether_the_jobs_ended_well() -> None:
    _, ((_, _, _), (_, _, morning)) = cron_lines()
    (service,) = unit("bcflow-status.service")["Service"]["ExecStart"]
    for command in (morning, service):
        assert re.search(r"status --expect \S+ .*--ok|status --expect .*\" --ok", command)
        assert "worker" not in command


@pytest.mark.nightly
def test_the_night_by_cron(server: Server, standin: StandIn) -> None:
    night, morning = 0, 1
    code, _, said = server.cron(night)
    assert (code, "was never seen to work on this site" in said) == (2, True)
    assert "no batch was submitted under the key 'night-" in server.cron(morning)[2]
    assert standin.world.writes == []

    server.prove()
    code, submitted, _ = server.cron(night)
    assert (code, len(standin.world.writes)) == (0, 1)
    assert "submitted: 1 jobs" in submitted
    code, submitted, _ = server.cron(night)
    assert (code, len(standin.world.writes)) == (0, 1)
    assert "was submitted before" in submitted
    assert server.cron(morning) == (0, "", "")
    assert server.asked("status")["drained"]


@pytest.mark.nightly
@pytest.mark.slow
def test_the_night_by_systemd(server: Server, standin: StandIn) -> None:
    code, _, said = server.service("bcflow-status.service")
    assert (code, "no batch was submitted under the key 'night-" in said) == (1, True)
    server.prove()
    with server.start("bcflow-worker.service") as worker:
        try:
            until(lambda: worker.poll() is not None or server.asked("status")["workers"], "the worker is there")
            assert server.service("bcflow-night.service")[0] == 0
            until(lambda: worker.poll() is not None or server.asked("status")["open"] == [], "the batch ends")
            assert worker.poll() is None
            assert server.service("bcflow-status.service")[0] == 0
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.communicate(timeout=LONGEST)
    assert [str(worker.returncode)] == unit("bcflow-worker.service")["Service"]["SuccessExitStatus"]
    assert len(standin.world.writes) == 1
    assert server.service("bcflow-status.service")[0] == 1
