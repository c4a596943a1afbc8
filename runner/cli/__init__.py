"""The command line: `bcflow`. Heavy imports happen inside commands, so that help is quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

_OWNER_ONLY = 0o077


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; every error is a clear line, no traceback."""
    # Whatever is made from here on is its owner's alone, also what a library or a child makes.
    os.umask(_OWNER_ONLY)
    _import_nothing_from_here()
    from bcflow.runner.cli.app import run_app

    code = run_app(list(sys.argv[1:] if argv is None else argv))
    if "dbos" in sys.modules:
        from bcflow.runner.engine.queue import leave

        # A thread of the engine that waits, for a login or for a person, would hold the process.
        leave(code)
    sys.exit(code)


def _import_nothing_from_here() -> None:
    """Take the working directory off the path of imports: `-m` and an empty part of PYTHONPATH put it there."""
    try:
        here = Path.cwd().resolve()
    except FileNotFoundError:  # a folder that was removed holds nothing to import
        return
    if not Path(__file__).resolve().is_relative_to(here / "bcflow"):
        sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != here]
