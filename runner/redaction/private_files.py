"""Who can read and change a file of ours: its owner and its mode, as problems with the command that mends them."""

from __future__ import annotations

import os
import stat
from secrets import token_hex
from shlex import quote
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = 0o022
_ROOT: Final = 0
_HAS_MODES: Final = os.name != "nt"


def make_private_folder(folder: Path) -> None:
    """Make `folder` and its parents, readable by their owner only. Raises OSError.

    `mkdir(parents=True)` would give its mode to the last one only.
    """
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)


def owner_problems(path: Path, found: os.stat_result) -> list[str]:
    """Return what is wrong with the owner of `path`: whoever it belongs to can put anything into it."""
    if not _HAS_MODES or found.st_uid in {_ROOT, os.geteuid()}:
        return []
    return [
        f"{path}: belongs to another user (number {found.st_uid}); run: sudo chown {os.geteuid()} {quote(str(path))}"
    ]


def secrets_problems(path: Path, found: os.stat_result) -> list[str]:
    """Return why the secrets file at `path` cannot be trusted; `found` is what its open handle says of it."""
    if not _HAS_MODES:
        return []
    problems = owner_problems(path, found) or owner_problems(path, path.lstat())
    mend = f"run: chmod 600 {quote(str(path))}"
    if found.st_mode & stat.S_IROTH:
        problems.append(f"{path}: every user of this machine can read it; {mend}")
    if found.st_mode & _OTHERS_WRITE:
        problems.append(f"{path}: others can write to it; {mend}")
    folder = path.absolute().parent
    mode = folder.stat().st_mode
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        problems.append(
            f"{path}: every user of this machine can replace files in its folder; run: chmod o-w {quote(str(folder))}"
        )
    return problems


def folder_problems(folder: Path) -> list[str]:
    """Return why `folder` is not its owner's alone; nothing if it is not there yet.

    Nor with an empty one that others can only read: nothing in it was open to anybody, and `make_home` closes it.
    """
    if not _HAS_MODES or not folder.is_dir():
        return []
    found = folder.stat()
    problems = owner_problems(folder, found)
    was_open = found.st_mode & _OTHERS_WRITE or (found.st_mode & _OTHERS and any(folder.iterdir()))
    if not problems and was_open:
        problems = [f"{folder} can be opened by other users; run: chmod 700 {quote(str(folder))}"]
    return problems


def write_private(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write a 0600 file whole or not at all: readers see the old one or the new one. Raises OSError.

    Without `overwrite` it is written in its place and FileExistsError raised if something is there; that works on a
    memory stick, too, which may have no way to put one file in place of another.
    """
    draft = path.with_name(f".{path.name}.{token_hex(8)}") if overwrite else path
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
