"""Finding and reading `secrets.env`: in the working directory, and in BCFLOW_HOME.

A working directory may be anybody's: a folder that was unpacked, a checkout, a share. So the file there may only
say who signs in and how patiently (`FROM_ANYWHERE`); where secrets go and what is started comes from the
environment or from the file in BCFLOW_HOME.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bcflow.models.identity import quotes_round
from bcflow.runner.config.comments import lost_behind
from bcflow.runner.config.folders import home_folder
from bcflow.runner.redaction.private_files import secrets_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dotenv.parser import Binding

FILE_NAME: Final = "secrets.env"
_LARGEST: Final = 1_000_000
_PREFIX: Final = "BCFLOW_"
_QUOTES: Final = ("'", '"')


@dataclass
class SecretsFiles:
    """What the files say together, which they are, and what is wrong with them."""

    values: dict[str, str] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)
    """The file and the line that set a name last."""

    def place(self, name: str, env: Mapping[str, str]) -> str:
        """Return the name of a setting with the line it stands in, if it is not from the environment."""
        return name if env.get(name, "").strip() or name not in self.lines else f"{self.lines[name]}: {name}"


def read_secrets_files(env: Mapping[str, str], cwd: Path, *, from_anywhere: Callable[[str], bool]) -> SecretsFiles:
    """Return what the file in the home says, and over it what the one in `cwd` says.

    `from_anywhere(name)` says which settings the latter may hold; any other is a problem that names where to put it.
    """
    files = SecretsFiles()
    try:
        home = home_folder(env.get("BCFLOW_HOME"))
    except ValueError:  # named among the problems when the settings are read
        home = None
    if home is not None:
        _add(files, home / FILE_NAME)
    if home is None or not _is_same(cwd, home):
        at_home = home / FILE_NAME if home else f"BCFLOW_HOME/{FILE_NAME}"
        for name in _add(files, cwd / FILE_NAME):
            if not from_anywhere(name):
                files.problems.append(
                    f"{cwd / FILE_NAME}: {name} may not be set from the working directory; "
                    f"put it into {at_home} or the environment"
                )
    return files


def _add(files: SecretsFiles, path: Path) -> list[str]:
    """Read the file, if it is there, and return the names it sets. Nothing is put in `os.environ`."""
    if not path.is_file():
        return []
    files.paths.append(path)
    try:
        lines = _lines(path, files)
    except UnicodeDecodeError:
        files.problems.append(f"{path}: is not UTF-8 text")
        return []
    except OSError as error:
        files.problems.append(f"{path}: cannot be read: {error.strerror}")
        return []
    last: dict[str, Binding] = {}
    for line in lines:
        where = f"{path}:{_number(line)}"
        if line.error or (line.key and line.value is None):
            files.warnings.append(f"{where}: is not NAME=value and was ignored")
        if line.key and line.key.startswith(_PREFIX):
            files.problems += [f"{where}: {line.key}: {why}" for why in _not_as_it_stands(line)]
            before = last.get(line.key)
            if before is not None and before.value != line.value:
                first = _number(before)
                files.warnings.append(
                    f"{where}: {line.key} is set in line {first} as well, to something else; this one counts"
                )
        if line.key:
            last[line.key] = line
    values = {name: line.value for name, line in last.items() if line.value}
    files.values |= values
    files.lines |= {name: f"{path}:{_number(line)}" for name, line in last.items() if line.value}
    return list(values)


def _not_as_it_stands(line: Binding) -> Iterator[str]:
    """Say what of a value would be lost or changed by the file's own rules; never the value itself."""
    value = line.value or ""
    written = line.original.string.partition("=")[2]
    quote = written.lstrip()[:1]
    if quote in _QUOTES:
        if not written.lstrip().startswith(f"{quote}{value}{quote}"):
            yield "holds a backslash that would not be taken as it stands; use single quotes, or none"
        return
    if lost_behind(written, written.index(value) + len(value)):
        yield "what stands behind ' #' is a comment and no part of it; put it in quotes, or a space behind the #"
    if len(quotes_round(value)) > 1:
        yield "stands in quotes that would be part of it; use straight ones"


def _lines(path: Path, files: SecretsFiles) -> list[Binding]:
    """Return the file's lines as they are: a `$` in a password stays a `$`. Checked is the very file that is read."""
    from dotenv.parser import parse_stream

    with path.open(encoding="utf-8-sig") as stream:
        found = os.fstat(stream.fileno())
        problems = secrets_problems(path, found)
        if not problems and found.st_size > _LARGEST:
            problems = [f"{path}: is larger than {_LARGEST} bytes"]
        files.problems += problems
        lines = [] if problems else list(parse_stream(stream))
    if not problems and os.name != "nt" and found.st_mode & stat.S_IRGRP:
        files.warnings.append(f"{path}: its group can read it; better run: chmod 600 {path}")
    return lines


def _number(line: Binding) -> int:
    """Return the number of a line; the library counts blank ones before it as part of it."""
    text = line.original.string
    return int(line.original.line) + text[: len(text) - len(text.lstrip())].count("\n")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False
