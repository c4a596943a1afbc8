"""`bcflow` in the process of the test: a program that starts takes longer than most of what is looked at."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from bcflow.runner.cli.app import run_app

_OWNER_ONLY = 0o077


def run_here(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` with nothing but `environment`, and nobody at a terminal."""
    out, err = StringIO(), StringIO()
    with (
        chdir(folder),
        _owner_only(),
        patch.dict(os.environ, environment, clear=True),
        patch("sys.stdin", StringIO(stdin)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = run_app(list(words))
    return subprocess.CompletedProcess(list(words), code, out.getvalue(), err.getvalue())


@contextmanager
def _owner_only() -> Iterator[None]:
    """Make files as the program does: for their owner alone."""
    before = os.umask(_OWNER_ONLY)
    try:
        yield
    finally:
        os.umask(before)
