"""Help that fits: commands and options in named panels, one meaning for an option, a Tab that completes."""

import ast
import os
import re
import subprocess
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperOption

from bcflow.runner import cli
from bcflow.runner.cli.app import make_app
from tests.support.in_process import run_here
from tests.support.nightly import nightly_except

PANELS = ["Set up", "Work", "Questions", "Look back", "Watch the site", "Keep safe", "Develop", "Options"]
# The same name where it is said of another thing.
OF_ANOTHER_THING = {
    "--business-center": "of the jobs; of a login that has several",
    "--client": "a filter; an input of a job; what is deleted",
    "--dry-run": "of a run; of what is deleted",
    "--json": "of a worker, which has an end with --drain only",
    "--key": "a filter; what a batch is submitted under",
    "--limit": "of batches; of entries of the log",
    "--login": "of a flow's pause",
    "--out": "a plan; a survey",
    "--read-only": "on; off",
    "--yes": "before writing; as an answer; before deleting; of a batch that waits",
}


def shown(folder: Path, *words: str, **environment: str) -> str:
    done = run_here(words, folder=folder, environment={"HOME": str(folder), "COLUMNS": "80"} | environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commands() -> Iterator[tuple[str, typer.core.TyperCommand]]:
    group = typer.main.get_command(make_app(["run", "invite-member"]))
    waiting = [("bcflow", group)]
    while waiting:
        name, command = waiting.pop()
        if isinstance(command, typer.core.TyperGroup):
            waiting += [(f"{name} {each}", one) for each, one in command.commands.items()]
        else:
            assert isinstance(command, typer.core.TyperCommand)
            yield name, command


def test_the_commands_stand_in_named_panels_each_on_one_line(tmp_path: Path) -> None:
    lines = shown(tmp_path, "--help").splitlines()
    assert [found[1] for line in lines if (found := re.match(r"╭─ (.+?) ─", line))] == PANELS
    rows = [line for line in lines if line.startswith("│")]
    assert [row for row in rows if re.match(r"│  ", row)] == [], "no text goes on in a second line"
    assert {len(line) for line in lines if line.startswith(("╭", "│", "╰"))} == {80}


@pytest.mark.parametrize("width", nightly_except(["60", "100", "160"], "60"))
def test_no_page_is_wider_than_the_terminal(tmp_path: Path, width: str) -> None:
    wide = {}
    for name, _ in commands():
        page = shown(tmp_path, *name.split()[1:], "--help", COLUMNS=width)
        wide[name] = [line for line in page.splitlines() if len(line) > int(width)]
    assert len(wide) > 30
    assert {name: lines for name, lines in wide.items() if lines} == {}


def test_a_terminal_without_these_lines_gets_plain_ones(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bcflow.runner.cli", "resume", "--help"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "+- Options ---" in done.stdout
    assert "\\u" not in done.stdout


def test_an_option_has_one_meaning() -> None:
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for _, command in commands():
        for param in command.params:
            if isinstance(param, TyperOption):
                texts[max(param.opts, key=len)].add(param.help or "")
    assert {name for name, found in texts.items() if len(found) > 1} == OF_ANOTHER_THING.keys()


def test_what_several_places_say_is_worded_once() -> None:
    said: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((Path(cli.__file__).parent).rglob("*.py")):
        tree = ast.parse(path.read_text())
        bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
                said[node.value.strip()].append(f"{path.name}:{node.lineno}")
    assert len(said) > 500
    assert {text: where for text, where in said.items() if len(where) > 1 and len(text.split()) > 3} == {}


def test_help_loads_nothing_heavy() -> None:
    script = """
        import sys
        from bcflow.runner.cli.app import run_app
        assert run_app(["--help"]) == 0
        heavy = {"pydantic", "sqlalchemy", "playwright", "dbos", "rich", "loguru", "bcflow.models.jobs"}
        assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def completed(folder: Path, line: str) -> list[str]:
    """Return what bash is told for a line that ends where the cursor is."""
    words = line.split(" ")
    asked = {
        "_BCFLOW_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1),
        "HOME": str(folder),
        "BCFLOW_HOME": str(folder / "home"),
    }
    done = run_here([], folder=folder, environment=asked)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


@pytest.mark.parametrize(
    ("line", "proposed"),
    [
        ("bcflow re", ["rehearse", "resume", "remind", "report"]),
        ("bcflow run inv", ["invite-member"]),
        ("bcflow run jo", ["jobs.yaml"]),
        ("bcflow rehearse nothing --dr", []),
        ("bcflow run invite-member --fin", ["--finance-role"]),
        ("bcflow flows cr", ["create-business-center", "create-ad-account"]),
        ("bcflow check-ui --only inv", ["invite-member"]),
        ("bcflow resume ", ["last", "3b9k2m4q", "2twq9c4k"]),
        ("bcflow show 2t", ["2twq9c4k"]),
        ("bcflow show 2twq9c4k-", ["2twq9c4k-002", "2twq9c4k-001"]),
        ("bcflow settle 2twq9c4k-001", ["2twq9c4k-001"]),
        ("bcflow runs --outcome done,ref", ["done,refused"]),
        ("bcflow whoami --login ", ["acme", "default"]),
        ("bcflow labels forget invite", ["invite member"]),
        ("bcflow list a", ["ad-accounts"]),
    ],
)
def test_a_tab_proposes_what_fits(tmp_path: Path, line: str, proposed: list[str]) -> None:
    (tmp_path / "jobs.yaml").write_text("jobs: []")
    (tmp_path / "jotted.txt").write_text("")
    for name in ("batches/2twq9c4k", "batches/3b9k2m4q", "runs/2twq9c4k-001", "runs/2twq9c4k-002", "logins"):
        (tmp_path / "home" / name).mkdir(parents=True)
    (tmp_path / "home/logins/acme.json").write_text("{}")
    assert completed(tmp_path, line) == proposed


def test_a_tab_in_a_home_that_is_not_there_makes_none(tmp_path: Path) -> None:
    assert completed(tmp_path, "bcflow show ") == ["last"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.nightly
def test_completion_is_installed_and_shown_for_a_shell(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    script = '"$0" -m bcflow.runner.cli --show-completion && "$0" -m bcflow.runner.cli --install-completion; exit $?'
    done = subprocess.run(
        ["/bin/bash", "-c", script, sys.executable],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "_BCFLOW_COMPLETE=complete_bash" in done.stdout
    assert "complete -o default -F _bcflow_completion bcflow" in done.stdout
    assert (tmp_path / ".bash_completions/bcflow.sh").read_text() in done.stdout
    assert ".bash_completions/bcflow.sh" in (tmp_path / ".bashrc").read_text()
