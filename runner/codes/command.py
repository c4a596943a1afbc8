"""Codes that a command prints, `BCFLOW_CODE_COMMAND`. It sees a stripped environment, and nothing of it is logged."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Mapping
from typing import Final

from loguru import logger

from bcflow.runner.codes.candidates import codes_printed
from bcflow.runner.codes.programs import program_problem, stripped, words_of
from bcflow.runner.codes.source import Channels, CodeRequest, SourceClosed

_SETTING: Final = "BCFLOW_CODE_COMMAND"
_SECONDS: Final = 60.0
# What a shell, and `env`, end with if a program that they start cannot be started or is not there.
_NOT_STARTED: Final = (126, 127)
# The machine is busy; anything else that keeps a program from starting stays.
_FOR_NOW: Final = (errno.EAGAIN, errno.ENOMEM, errno.ETXTBSY, errno.EMFILE, errno.ENFILE)


class CodeCommand:
    """Runs a command until it prints a code; `environment` is ours unless given."""

    channels: Channels = ("email", "text", None)

    def __init__(self, command: str, environment: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._environment = stripped(os.environ if environment is None else environment)

    def find(self, request: CodeRequest) -> list[str]:
        """Run the command until it prints a code not tried before, with growing pauses.

        Raises SourceClosed if it, or a program that it starts, cannot be started.
        """
        if problem := program_problem(self._command, self._environment):
            raise SourceClosed(f"{_SETTING}: {problem}")
        told = {
            "BCFLOW_CODE_KIND": request.channel or "email",
            "BCFLOW_CODE_SENT_AFTER": request.shown("sent_after"),
            "BCFLOW_CODE_TO": request.shown("to"),
        }
        warned = False
        for left in request.attempts(1.0, growth=2.0):
            printed = self._run(told, limit=min(_SECONDS, max(left, 1.0)))
            codes = codes_printed(printed)
            if codes and codes[0] not in request.tried:
                return [code for code in codes if code not in request.tried]
            if printed.strip() and not codes and not warned:
                logger.warning("{} printed nothing like a code, so nothing is typed", _SETTING)
                warned = True
        return []

    def _run(self, told: Mapping[str, str], *, limit: float) -> str:
        try:
            done = subprocess.run(
                words_of(self._command),
                env={**self._environment, **told},
                # Not where we happen to be: what the command runs may look for its parts there.
                cwd=os.sep,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            logger.warning("{} gave no answer within {:.0f} s", _SETTING, limit)
            return ""
        except OSError as error:
            if error.errno not in _FOR_NOW:
                raise SourceClosed(f"{_SETTING}: cannot be started: {os.strerror(error.errno or 0)}") from None
            logger.warning("{} could not be started now: {}", _SETTING, os.strerror(error.errno or 0))
            return ""
        if done.returncode in _NOT_STARTED:
            raise SourceClosed(f"{_SETTING}: a program that it starts is not there or must not be executed")
        if done.returncode:
            # What it printed may hold the code, so only the exit status is told.
            logger.warning("{} ended with exit status {}", _SETTING, done.returncode)
            return ""
        return done.stdout
