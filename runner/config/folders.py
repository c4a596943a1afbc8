"""Where BCFLOW_HOME is: never a place that depends on where one stands. A second ledger knows nothing of the first."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from bcflow.models.identity import quoted

_HIDDEN: Final = ("Cc", "Cs")
_VARIABLE: Final = re.compile(r"\$(?:\{\w+\}|[A-Za-z_]\w*)", re.ASCII)


def home_folder(value: str | None) -> Path:
    """Return BCFLOW_HOME, or the platform's data folder if it is not given.

    Raises ValueError if it cannot be a folder, or is not a full path.
    """
    if not value or not value.strip():
        return _data_folder()
    home = full_path(value.strip(), example="/srv/bcflow")
    try:
        if home.exists() and not home.is_dir():
            raise ValueError(f"{quoted(value)} is a file; it must be a folder")
    except OSError as error:  # a name too long, a folder above it that is closed to us
        raise ValueError(f"{quoted(value)} cannot be a folder ({error.strerror})") from None
    return home


def full_path(text: str, *, example: str) -> Path:
    """Return the path in `text`, its `~` replaced. Raises ValueError, with an `example`, if it is not a full path."""
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"{quoted(text)}: there is no such home folder; write a full path such as {example}") from None
    if any(unicodedata.category(letter) in _HIDDEN for letter in text):
        raise ValueError(f"{quoted(text)} holds a character that cannot be seen; write it again, such as {example}")
    if not path.is_absolute():
        raise ValueError(
            f"{quoted(text)} is not a full path such as {example}: it would be another place in every folder"
        )
    if variable := _VARIABLE.search(text):
        raise ValueError(f"{quoted(text)}: {variable[0]} is taken as it is here; write the path out, such as {example}")
    return path


def user_home() -> Path:
    """Return this user's home folder, or one that is nowhere for a user whom the system does not know."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/nonexistent")


def _data_folder() -> Path:
    from platformdirs import user_data_dir

    try:
        folder = Path(user_data_dir("bcflow", appauthor=False))
    except RuntimeError:
        raise ValueError("is not set, and this user has no home folder; set it to a folder of yours") from None
    if not folder.is_absolute():
        raise ValueError(f"is not set, and {quoted(str(folder))} is not a full path; set it to a folder of yours")
    return folder
