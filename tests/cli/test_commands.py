"""The command line: exit codes, one JSON document, and no browser for bad input.

Most commands run in this process: one that starts takes longer than what is looked at. That the program itself keeps
what is promised is seen once for each kind.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import run_here

BC = "7123456789012345678"
GOOD = f"""business_center: "{BC}"
jobs:
  - {{flow: invite-member, email: ana@acme.example, role: standard}}
"""
BAD = """jobs:
  - {flow: invite-member, email: not-an-address, rôle: standard}
  - {flow: invite-membr, email: bo@acme.example, role: standard}
  - {flow: add-ad-account, business_center: 7123456789012345678, aadvid: 7.01E+18, role: admin}
"""


Done = subprocess.CompletedProcess[str]


class Shell:
    """Runs `bcflow` in a folder of its own, with a browser that leaves a file behind if it is started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.browser_started = folder / "browser-started"
        browser = folder / "browser"
        browser.write_text(f"#!/bin/sh\ntouch '{self.browser_started}'\nexit 1\n")
        browser.chmod(0o755)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "BCFLOW_HOME": str(folder / "home"),
            "BCFLOW_BROWSER": str(browser),
        }

    def __call__(self, *words: str, **environment: str) -> Done:
        """Run a command in this process."""
        return run_here(words, folder=self.folder, environment=self.environment | environment)

    def program(self, *words: str) -> Done:
        """Run a command as a program of its own."""
        return subprocess.run(
            [sys.executable, "-m", "bcflow.runner.cli", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return name


@pytest.fixture
def bcflow(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def document(done: Done) -> Any:  # noqa: ANN401 - JSON has no better type
    """Return the one JSON document on stdout; fails if there is more or less than one."""
    return json.loads(done.stdout)


COMMANDS = [
    *("submit", "worker", "resume", "cancel", "status", "inbox", "answer", "plan", "apply"),
    *("waiting", "remind", "prune", "stop", "start", "log"),
    *("labels", "labels list", "labels add", "labels forget", "labels export", "labels import"),
    "doctor",
    "flows",
    "login",
    "whoami",
    "list",
    "run",
    "report",
    "runs",
    "show",
    "settle",
    "schema",
    "init",
    "dev standin",
    "dev demo",
]


@pytest.mark.nightly
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(bcflow: Shell, command: str) -> None:
    done = bcflow(*command.split(), "--help")

    assert done.returncode == 0
    assert "Example" in done.stdout
    assert f"bcflow {command}" in done.stdout


def test_help_lists_every_command(bcflow: Shell) -> None:
    shown = bcflow.program("--help").stdout

    assert [command for command in COMMANDS if f"│ {command.split()[0]} " not in shown] == []


def test_run_shows_the_options_of_the_flow_it_is_given(bcflow: Shell) -> None:
    shown = bcflow("run", "invite-member", "--help").stdout

    assert "--finance-role manager|analyst" in shown
    assert "--ad-account AADVID:ROLE" in shown
    assert "--finance-role" not in bcflow("run", "--help").stdout


def test_flows_says_never_before_anything_was_seen_to_work(bcflow: Shell) -> None:
    found = document(bcflow("flows", "--json"))

    assert [flow["flow"] for flow in found["flows"]] == [
        "create-business-center",
        "create-ad-account",
        "add-ad-account",
        "invite-member",
        "share-with-partner",
    ]
    assert all(flow["seen_to_work"] == [] for flow in found["flows"])
    assert "never" in bcflow("flows").stdout


def test_a_flows_example_is_accepted_as_it_stands(bcflow: Shell) -> None:
    import shlex

    for flow in document(bcflow("flows", "--json"))["flows"]:
        example = document(bcflow("flows", flow["flow"], "--json"))["example"]
        done = bcflow(*shlex.split(example)[1:])

        # Past the checks of its input, it is refused only because nobody is there to be asked.
        assert done.returncode == 2
        assert done.stderr == "nobody is at a terminal to be asked; give --yes to write or --dry-run to look\n"


def test_an_unknown_flow_is_told_with_the_nearest(bcflow: Shell) -> None:
    done = bcflow("flows", "invite-membr")

    assert done.returncode == 2
    assert "did you mean 'invite-member'?" in done.stderr
    assert done.stdout == ""


def test_bad_lines_are_told_all_at_once_and_no_browser_starts(bcflow: Shell) -> None:
    done = bcflow.program("run", bcflow.file("jobs.yaml", BAD), "--yes")

    assert done.returncode == 2
    assert all(line.startswith("jobs.yaml:") for line in done.stderr.splitlines())
    assert {line.split(":")[1] for line in done.stderr.splitlines()} == {"2", "3", "4"}
    assert not bcflow.browser_started.exists()
    assert not (bcflow.folder / "home").exists()


def test_bad_input_is_one_json_document_too(bcflow: Shell) -> None:
    done = bcflow("run", bcflow.file("jobs.yaml", BAD), "--yes", "--json")

    assert done.returncode == 2
    assert document(done)["errors"] == done.stderr.splitlines()


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run"], "Missing argument"),
        (["run", "nothing"], "neither a flow nor a job file"),
        (["run", "missing.yaml"], "does not exist"),
        (["run", "people.csv"], "--from"),
        (["run", "jobs.yaml", "--email", "a@b.example"], "No such option: --email"),
        (["run", "jobs.yaml", "--business-center", BC], "a job file says this itself"),
        (["run", "jobs.yaml", "--max-writes", "0"], "--max-writes"),
        (["run", "jobs.yaml", "--login", "acme"], "a job file says this itself"),
        (["run", "invite-member", "--email", "x"], "--role: "),
        (["run", "invite-member", "--emial", "x"], "No such option: --emial"),
        (["run", "share-with-partner", "--ad-account", "7012345678901234567"], "must be AADVID:ROLE"),
        (["list", "everything"], "members"),
        (["list", "members", "--business-center", "12"], "--business-center: "),
        (["login", "--login", "nobody"], "'nobody' is not set up"),
        (["show", "last"], "nothing was run here yet"),
        (["report", "nobody"], "no run, batch or client"),
        (["settle", "b-001"], "either --happened or --did-not-happen"),
        (["settle", "b-001", "--happened", "--did-not-happen"], "either --happened or --did-not-happen"),
        (["settle", "b-001", "7012345678901234567", "--did-not-happen"], "an id goes with --happened only"),
        (["nonsense"], "No such command"),
    ],
)
def test_bad_usage_ends_with_2_and_a_clear_line(bcflow: Shell, words: list[str], told: str) -> None:
    bcflow.file("jobs.yaml", GOOD)
    done = bcflow(*words)

    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not bcflow.browser_started.exists()


def test_a_wrong_option_is_one_json_document_too(bcflow: Shell) -> None:
    done = bcflow.program("whoami", "--nonsense", "--json")

    assert done.returncode == 2
    assert document(done) == {"errors": ["No such option: --nonsense"]}


def test_a_wrong_setting_ends_with_2_without_its_secret(bcflow: Shell) -> None:
    done = bcflow("whoami", BCFLOW_TOTP_SECRET="planted 0189", BCFLOW_TIMEOUT="soon")

    assert done.returncode == 2
    assert "BCFLOW_TOTP_SECRET" in done.stderr
    assert "BCFLOW_TIMEOUT" in done.stderr
    assert "planted" not in done.stderr


def test_nobody_to_ask_and_no_yes_ends_before_looking(bcflow: Shell) -> None:
    done = bcflow.program("run", bcflow.file("jobs.yaml", GOOD))

    assert done.returncode == 2
    assert "give --yes to write or --dry-run to look" in done.stderr
    assert not bcflow.browser_started.exists()


def test_unattended_a_flow_that_never_worked_here_does_not_write(bcflow: Shell) -> None:
    done = bcflow("run", bcflow.file("jobs.yaml", GOOD), "--yes")

    assert done.returncode == 2
    assert "invite-member: was never seen to work on this site" in done.stderr
    assert "--trust-first-write" in done.stderr
    assert not bcflow.browser_started.exists()


def test_runs_of_an_empty_home_are_an_empty_list(bcflow: Shell) -> None:
    assert document(bcflow("runs", "--json")) == []
    assert bcflow("runs").stdout.startswith("nothing was run here yet (/")


def test_the_schema_is_one_document(bcflow: Shell) -> None:
    found = document(bcflow.program("schema"))

    assert "jobs" in found["properties"]


@pytest.mark.nightly
def test_no_colour_is_written_where_there_is_no_terminal(bcflow: Shell) -> None:
    for words in (["--help"], ["flows"], ["flows", "invite-member"], ["nonsense"]):
        done = bcflow.program(*words)
        assert "\x1b" not in done.stdout + done.stderr


def test_a_closed_pipe_is_no_traceback(bcflow: Shell) -> None:
    command = f"{sys.executable} -m bcflow.runner.cli schema | head -c 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=bcflow.folder,
        env=bcflow.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""


def test_dev_says_where_it_works_when_there_is_no_checkout(bcflow: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from bcflow.models.errors import BadInput
    from bcflow.runner.cli import dev

    monkeypatch.chdir(bcflow.folder)
    monkeypatch.setattr(dev, "__file__", str(bcflow.folder / "site-packages" / "bcflow" / "dev.py"))
    with pytest.raises(BadInput, match="checkout"):
        dev.checkout()
