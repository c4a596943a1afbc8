"""Runs `bcflow` with a home of its own against the stand-in: in this process, and as a program where that matters."""

from pathlib import Path
from typing import Any

from standin.server import StandIn
from tests.support import shell


class Shell(shell.Shell):
    """Every command prints one JSON document."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        super().__init__(folder, standin, BCFLOW_SETTLE_SECONDS="6", BCFLOW_CODE_WAIT="20")

    def __call__(self, *words: str, **environment: str) -> tuple[int, Any, str]:
        """Run a command with --json; return its exit code, its document and what it said on stderr."""
        return self.here(*words, "--json", **environment)

    def program(self, *words: str, **environment: str) -> tuple[int, Any, str]:
        """Do the same with the program."""
        return super().__call__(*words, "--json", **environment)
