"""`bcflow` as a process of its own, with a home of its own, against the stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from standin import seed
from standin.server import StandIn
from tests.support.in_process import run_here

INVITE = ["run", "invite-member", "--business-center", seed.NORTHWIND, "--role", "standard"]
TRUSTED = ["--yes", "--trust-first-write", "--json"]
LONGEST = 300.0


class Shell:
    """Starts commands; `environment` is all they see."""

    def __init__(self, folder: Path, standin: StandIn, **settings: str) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"),
            "BCFLOW_HOME": str(self.home),
            "BCFLOW_BUSINESS_CENTER_URL": standin.bc_url,
            "BCFLOW_ADS_MANAGER_URL": standin.ads_url,
            "BCFLOW_EMAIL": seed.EMAIL,
            "BCFLOW_PASSWORD": seed.PASSWORD,
            "BCFLOW_SETTLE_SECONDS": "10",
            "BCFLOW_CODE_WAIT": "3",
        } | settings
        kept = ("PLAYWRIGHT_BROWSERS_PATH", "BCFLOW_BROWSER")
        self.environment |= {name: os.environ[name] for name in kept if name in os.environ}
        (folder / "tmp").mkdir(exist_ok=True)

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command and leave it at work."""
        return subprocess.Popen(
            [sys.executable, "-m", "bcflow.runner.cli", *words],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def here(self, *words: str, **environment: str) -> tuple[int, Any, str]:
        """Do the same in this process, which is quicker: for what is not about the program itself."""
        done = run_here(words, folder=self.folder, environment=self.environment | environment)
        return done.returncode, json.loads(done.stdout), done.stderr

    def __call__(self, *words: str, **environment: str) -> tuple[int, Any, str]:
        """Run a command with --json to its end; return its exit code, its document and what it said on stderr."""
        with self.start(*words, **environment) as process:
            out, err = process.communicate(timeout=LONGEST)
        return process.returncode, json.loads(out), err
