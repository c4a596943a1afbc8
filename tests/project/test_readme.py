"""What the documents tell people to type and to open is there, and the demo's table fits the demo."""

import os
import re
import shlex
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bcflow.models.jobs import FLOWS
from bcflow.runner.cli import dev
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.source import Wanted, read_order
from scripts import picture_report
from tests.support.in_process import run_here

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "onboarding.yaml"
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "standin" / "README.md"])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
IN_LINE = re.compile(r"`((?:bcflow|make) [^`\n]+)`")
ENDS_A_COMMAND = {"|", ">", "<", "&&", "||", ";", "\\"}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def commands(text: str) -> Iterator[list[str]]:
    """Yield every `bcflow …` and `make …` in blocks and in running text, split into words."""
    blocks = [block.replace("\\\n", " ") for kind, block in FENCE.findall(text) if kind in ("sh", "")]
    lines = [line for block in blocks for line in block.splitlines()]
    for line in [*lines, *IN_LINE.findall(FENCE.sub("", text))]:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # an apostrophe of plain English
            continue
        words = words[next((at for at, word in enumerate(words) if word.endswith("bcflow")), 0) :]
        end = next((at for at, word in enumerate(words) if word in ENDS_A_COMMAND), len(words))
        if words[:1] == ["make"] or (words and words[0].endswith("bcflow")):
            yield words[:end]


@cache
def help_of(*command: str) -> str:
    """Return what `bcflow COMMAND --help` prints, or nothing if there is no such command."""
    ended = run_here([*command, "--help"], folder=ROOT, environment={"COLUMNS": "200", "PATH": ""})
    return ended.stdout if ended.returncode == 0 else ""


def command_in(words: list[str]) -> tuple[str, ...]:
    """Return the part of a command line that decides which options it has."""
    plain = [word for word in words if not word.startswith("-")]
    if plain[:1] == ["run"]:
        return tuple(word for word in plain[:2] if word == "run" or word in FLOWS)
    return tuple(plain[:2] if plain[:1] in (["dev"], ["labels"]) else plain[:1])


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_links_lead_to_files_that_are_there(path: Path) -> None:
    targets = [link.split("#")[0] for link in LINK.findall(path.read_text(encoding="utf-8"))]
    missing = [each for each in targets if each and "://" not in each and not (path.parent / each).exists()]
    assert missing == []


@pytest.mark.nightly
@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_commands_and_their_options_are_there(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    wrong = []
    for words in commands(path.read_text(encoding="utf-8")):
        if words[0] == "make":
            wrong += [word for word in words[1:2] if not re.search(rf"^{re.escape(word)}:", makefile, re.MULTILINE)]
            continue
        command = command_in(words[1:])
        if command in {("COMMAND",), ("dev", "standin")}:  # a placeholder; options that go through to another
            continue
        options = [word.split("=")[0] for word in (each.strip("[]") for each in words[1:]) if word.startswith("--")]
        wrong += [" ".join(words)] * any(option not in help_of(*command) for option in [*options, "--help"])
    assert wrong == []


def test_tables_of_the_demo_are_those_of_the_example() -> None:
    block = README.partition("<!-- demo")[2].partition("<!-- /demo -->")[0].partition("```text\n")[2]
    first, second = ([line.split() for line in table.splitlines()[1:8]] for table in block.split("\n\n"))
    tasks = read_order(Wanted(target=str(EXAMPLE)), Settings.load({}, ROOT / "examples")).tasks
    jobs = [[task.name, task.job.flow] for task in tasks]
    assert [row[:2] for row in first] == [row[:2] for row in second] == jobs
    assert {row[2] for row in first} <= set(dev._EXPECTED)
    assert {row[2] for row in second} <= set(dev._AGAIN)
    assert [row[4] for row in second] == ["0"] * len(jobs)
    assert [row[5:] for row in first] == [row[5:] for row in second]


def test_every_decision_is_in_the_list_and_has_its_three_parts() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        assert f"](decisions/{path.name})" in index
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"]


def test_readme_says_that_the_live_site_was_never_tried() -> None:
    assert "Nobody has run bcflow against the live site yet" in README.partition("## ")[0]


def test_the_picture_of_a_report_is_what_its_command_makes(tmp_path: Path) -> None:
    """Of the first of the demo's two runs, which wrote; in the size that the command gives it, and quick to load."""
    png = (ROOT / "docs" / "report.png").read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert (png[1:4], width, height) == (b"PNG", picture_report.WIDTH, picture_report.HEIGHT)
    assert len(png) < 200_000
    for number, name in enumerate(["older", "newer"]):
        for batch in ("2qb", "2qa"):
            report = tmp_path / name / "batches" / batch / "report.html"
            report.parent.mkdir(parents=True)
            report.touch()
            os.utime(report, (number, number + (batch == "2qa")))
        os.utime(tmp_path / name, (number, number))
    assert picture_report.newest(tmp_path) == tmp_path / "newer" / "batches" / "2qb" / "report.html"
