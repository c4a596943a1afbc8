"""The command line: `bcflow`. Heavy imports happen inside commands, so that help is quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; every error is a clear line, no traceback."""
    from bcflow.runner.cli.app import run_app

    code = run_app(list(sys.argv[1:] if argv is None else argv))
    if "dbos" in sys.modules:
        from bcflow.runner.engine import Engine

        # A thread of the engine that waits, for a login or for a person, would hold the process.
        Engine.leave(code)
    sys.exit(code)
