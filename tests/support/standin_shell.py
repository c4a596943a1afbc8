"""Runs `bcflow` with a home of its own against the stand-in, in this process or as a program."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from standin import seed
from standin.server import StandIn
from tests.support.in_process import run_here
from tests.support.shell import LONGEST


class Shell:
    """Runs `bcflow` with a home of its own against the stand-in."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.home = folder / "home"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "BCFLOW_HOME": str(self.home),
            "BCFLOW_BUSINESS_CENTER_URL": standin.bc_url,
            "BCFLOW_ADS_MANAGER_URL": standin.ads_url,
            "BCFLOW_EMAIL": seed.EMAIL,
            "BCFLOW_PASSWORD": seed.PASSWORD,
            "BCFLOW_SETTLE_SECONDS": "6",
            "BCFLOW_CODE_WAIT": "20",
        }
        self.environment |= {name: os.environ[name] for name in ("PLAYWRIGHT_BROWSERS_PATH",) if name in os.environ}
        self.folder = folder

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bcflow.runner.cli", *words],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str, **environment: str) -> tuple[int, Any, str]:
        """Run a command with --json; return its exit code, its document and what it said on stderr."""
        done = run_here([*words, "--json"], folder=self.folder, environment=self.environment | environment)
        return done.returncode, json.loads(done.stdout), done.stderr

    def program(self, *words: str, **environment: str) -> tuple[int, Any, str]:
        """Do the same with the program."""
        with self.start(*words, "--json", **environment) as process:
            out, err = process.communicate(timeout=LONGEST)
        return process.returncode, json.loads(out), err
