"""What several commands say, in one place: the same thing is called the same wherever one meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

NOTHING_FOR_YOU: Final = "nothing waits for you here"
NOBODY_MUST_ACT: Final = "nobody must act"
NOTHING_STOPPED: Final = "nothing is stopped"
NOTHING_TAUGHT: Final = "nothing was taught here yet"
NOTHING_LOGGED: Final = "nothing like that is in the log"
NOT_AGREED: Final = "it waits for somebody to agree to its writes"
MADE_LATER: Final = "will be made when it is first needed"
NO_WORKER: Final = "no worker is running"


def nothing_here(home: Path) -> str:
    """Say that there is no home yet, so nothing that a command could be about."""
    return f"nothing here yet: there is no folder {home}; if another home is meant, set BCFLOW_HOME"


def nothing_run(home: Path) -> str:
    """Say that this home has no run yet."""
    return f"nothing was run here yet ({home})"


def nobody_to_ask(what: str = "write") -> str:
    """Say that nobody can agree to it, and which options do without."""
    return f"nobody is at a terminal to be asked; give --yes to {what} or --dry-run to look"


def goes_on(batch: str) -> str:
    """Say what lets a batch go on that no worker works."""
    return f"bcflow resume {batch} goes on, or start one"


def left_to_inbox(question: str) -> str:
    """Say where a question is that was not answered now."""
    return f"it waits in the inbox: bcflow answer {question}"


def of_the_key(batch: str, key: str) -> str:
    """Name a batch and the key that it was submitted under."""
    return f"batch {batch} of the key '{key}'"


def in_use(who: str) -> str:
    """Say who works this database."""
    return f"this database is in use by {who}"


def is_there(path: Path) -> str:
    """Say that a file is not written over."""
    return f"{path} is there already; give another name, or --force to write over it"


def cannot_write(path: Path, error: OSError) -> str:
    """Say why a file is not there now."""
    return f"{path}: cannot be written: {error.strerror}"


def minute(moment: str) -> str:
    """Return an ISO 8601 time (UTC) as people read it, to the minute."""
    return moment[:16].replace("T", " ")
