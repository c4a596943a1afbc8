"""Finding and reading `secrets.env`."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bcflow.models.identity import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME: Final = "secrets.env"
_LARGEST: Final = 1_000_000


def home_folder(value: str | None) -> Path:
    """Return BCFLOW_HOME, or the platform's data folder if it is not given.

    Raises ValueError if it cannot be a folder.
    """
    if value and value.strip():
        try:
            home = Path(value.strip()).expanduser().absolute()
            if home.exists() and not home.is_dir():
                raise ValueError(f"{shown(value)} is a file; it must be a folder")
        except (RuntimeError, OSError):  # no such user after ~, a name too long
            raise ValueError(f"{shown(value)} cannot be a folder") from None
        return home
    from platformdirs import user_data_dir

    return Path(user_data_dir("bcflow", appauthor=False))


def secrets_file(env: Mapping[str, str], cwd: Path) -> Path | None:
    """Return the secrets file that counts: in the working directory, else in the home."""
    here = cwd / FILE_NAME
    if here.is_file():
        return here
    try:
        at_home = home_folder(env.get("BCFLOW_HOME")) / FILE_NAME
    except ValueError:  # named among the problems when the settings are read
        return None
    return at_home if at_home.is_file() else None


def values_from(path: Path) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the file's values, its problems and its warnings; it is not put in `os.environ`.

    A `$` in a password stays a `$`: nothing is interpolated.
    """
    from dotenv import dotenv_values

    problems, warnings = _mode(path)
    if problems:
        return {}, problems, warnings
    # Its own message quotes no value but goes to stderr without a file name.
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)
    try:
        if path.stat().st_size > _LARGEST:
            return {}, [f"{path}: is larger than {_LARGEST} bytes"], warnings
        read = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        return {}, [f"{path}: is not UTF-8 text"], warnings
    except OSError as error:
        return {}, [f"{path}: cannot be read: {error.strerror}"], warnings
    warnings += _broken_lines(path)
    return {name: value for name, value in read.items() if value}, problems, warnings


def _mode(path: Path) -> tuple[list[str], list[str]]:
    if os.name == "nt":
        return [], []
    mode = path.stat().st_mode
    if mode & stat.S_IROTH:
        return [f"{path}: every user of this machine can read it; run: chmod 600 {path}"], []
    if mode & stat.S_IRGRP:
        return [], [f"{path}: its group can read it; better run: chmod 600 {path}"]
    return [], []


def _broken_lines(path: Path) -> list[str]:
    from dotenv.parser import parse_stream

    with path.open(encoding="utf-8-sig") as stream:
        lines = [binding.original.line for binding in parse_stream(stream) if binding.error]
    return [f"{path}:{line}: is not NAME=value and was ignored" for line in lines]
