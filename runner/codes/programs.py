"""The programs that `BCFLOW_CODE_COMMAND` names, and whether they can be started."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bcflow.runner.policy.programs import search_path

_PASSED_ON: Final = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT")
_SHELLS: Final = frozenset({"sh", "bash", "dash", "ksh", "zsh"})
_QUOTED: Final = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.", re.DOTALL)
# More than a pipeline: what starts when is the shell's to know.
_SCRIPT: Final = re.compile(r"[;&(){}`\n]|\|\|")
_KNOWN_LATER: Final = re.compile(r"[=$<>]")


def stripped(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a child process may see of `environment`: no setting of ours, no secret."""
    passed = {name: environment[name] for name in _PASSED_ON if name in environment}
    return passed | {"PATH": search_path(environment)}


def words_of(command: str) -> list[str]:
    """Return the words of `command`, with the home for `~/`: no shell does it. Raises ValueError for an open quote."""
    return [_at_home(word) for word in shlex.split(command)]


def _at_home(word: str) -> str:
    # Path.expanduser raises where there is no home.
    return os.path.expanduser(word) if word.startswith("~/") else word  # noqa: PTH111


def unquoted(command: str) -> str:
    """Return `command` with as many dots for what is quoted, so that the signs of a shell can be found in it."""
    return _QUOTED.sub(lambda found: "." * len(found[0]), command)


def program_problem(command: str, environment: Mapping[str, str] | None = None) -> str:
    """Return which program of `command` cannot be started and why, or an empty text. Of its arguments nothing is told.

    Of `sh -c '…'` each program of a plain pipeline is looked for, of any other script none. Starts nothing of it.
    """
    child = stripped(os.environ if environment is None else environment)
    words = shlex.split(command)
    if problem := _problem(words[0], child):
        return problem
    named = _piped(words[2]) if _runs_a_script(words) else []
    return next(filter(None, (_problem(name, child, shell=words_of(command)[0]) for name in named)), "")


def _runs_a_script(words: list[str]) -> bool:
    return len(words) > 2 and Path(words[0]).name in _SHELLS and bool(re.fullmatch(r"-\w*c", words[1]))  # noqa: PLR2004


def _piped(script: str) -> Iterator[str]:
    """Yield the programs of a script that is a pipeline, as far as they are known before it runs."""
    shown = unquoted(re.sub(r"\d?>&\d", lambda found: " " * len(found[0]), script))
    if _SCRIPT.search(shown):
        return
    begin = 0
    for part in shown.split("|"):
        try:
            name = shlex.split(script[begin : begin + len(part)])[0]
        except (ValueError, IndexError):
            return
        if not _KNOWN_LATER.search(name):
            yield name
        begin += len(part) + 1


def _problem(name: str, child: Mapping[str, str], *, shell: str | None = None) -> str:
    if "/" not in name:
        there = shutil.which(name, path=child["PATH"]) or (shell and _is_known_to(shell, name, child))
        return "" if there else f"its program '{name}' is not there"
    # A command does not run where we are.
    path = Path(os.sep, _at_home(name))
    if not path.exists():
        return f"its program '{name}' is not there"
    if path.is_dir():
        return f"its program '{name}' is a folder"
    return "" if os.access(path, os.X_OK) else f"its program '{name}' must not be executed: chmod +x makes it a program"


def _is_known_to(shell: str, name: str, child: Mapping[str, str]) -> bool:
    """Whether `shell` knows `name` as a word of its own."""
    asked = [shell, "-c", 'command -v "$1"', "sh", name]
    done = subprocess.run(asked, env=child, cwd=os.sep, capture_output=True, check=False)
    return done.returncode == 0
