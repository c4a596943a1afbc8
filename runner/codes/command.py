"""Codes that a command prints, `BCFLOW_CODE_COMMAND`. It sees a stripped environment, and nothing of it is logged."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from typing import Final

from loguru import logger

from bcflow.runner.codes.candidates import codes_printed
from bcflow.runner.codes.source import Channels, CodeRequest
from bcflow.runner.policy.programs import search_path

_PASSED_ON: Final = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT")
_SECONDS: Final = 60.0


class CodeCommand:
    """Runs a command until it prints a code; `environment` is ours unless given."""

    channels: Channels = ("email", "text", None)

    def __init__(self, command: str, environment: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._environment = stripped(os.environ if environment is None else environment)

    def find(self, request: CodeRequest) -> list[str]:
        """Run the command until it prints a code not tried before, with growing pauses."""
        told = {
            "BCFLOW_CODE_KIND": request.channel or "email",
            "BCFLOW_CODE_SENT_AFTER": request.shown("sent_after"),
            "BCFLOW_CODE_TO": request.shown("to"),
        }
        for left in request.attempts(1.0, growth=2.0):
            codes = codes_printed(self._run(told, limit=min(_SECONDS, max(left, 1.0))))
            if codes and codes[0] not in request.tried:
                return [code for code in codes if code not in request.tried]
        return []

    def _run(self, told: Mapping[str, str], *, limit: float) -> str:
        try:
            done = subprocess.run(
                shlex.split(self._command),
                env={**self._environment, **told},
                # Not where we happen to be: what the command runs may look for its parts there.
                cwd=os.sep,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=limit,
                check=True,
            )
        except subprocess.TimeoutExpired:
            logger.warning("BCFLOW_CODE_COMMAND gave no answer within {:.0f} s", limit)
        except subprocess.CalledProcessError as error:
            # What it printed may hold the code, so only the exit status is told.
            logger.warning("BCFLOW_CODE_COMMAND ended with exit status {}", error.returncode)
        except (OSError, ValueError) as error:
            logger.warning("BCFLOW_CODE_COMMAND could not be run: {}", type(error).__name__)
        else:
            return done.stdout
        return ""


def stripped(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a child process may see of `environment`: no setting of ours, no secret."""
    passed = {name: environment[name] for name in _PASSED_ON if name in environment}
    return passed | {"PATH": search_path(environment)}
