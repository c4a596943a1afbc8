"""Where sign-in and confirmation codes come from: an authenticator secret, a mailbox, a command, or a person.

No code is tried twice, none is logged, and the command sees a stripped environment.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, Final, Literal

from loguru import logger

from bcflow.runner.codes.mailbox import SETTING, ImapCodes, MailboxClosed, parse
from bcflow.runner.policy.programs import search_path

if TYPE_CHECKING:
    import pyotp

Channel = Literal["authenticator", "email", "text"]
CHANNELS: Final[tuple[Channel, ...]] = ("authenticator", "email", "text")
Question = Mapping[str, Any]

_KEPT = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT")
_COMMAND_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0
_TOTP_STEP = 30


@dataclass(frozen=True)
class CodeSettings:
    """What one login gives to find its codes; `wait` is the longest wait for a code, in seconds."""

    totp_secret: str | None = field(default=None, repr=False)
    command: str | None = field(default=None, repr=False)
    wait: float = 600.0
    imap: str | None = field(default=None, repr=False)


class Codes:
    """Answers what a page asks of a person, as `Slot` hands it on; made once per login.

    `prompt(text, kind)` puts a question to a person and returns what was typed, or None when nobody is there.
    It is called from a thread of its own; what is typed for the kind `code` is a secret.
    """

    def __init__(
        self,
        settings: CodeSettings,
        *,
        prompt: Callable[[str, str], str | None] | None = None,
        environment: Mapping[str, str] | None = None,
        stop: Event | None = None,
    ) -> None:
        self._settings = settings
        self._prompt = prompt
        self._environment = stripped(os.environ if environment is None else environment)
        self._stop = stop or Event()
        self._tried: set[str] = set()

    def answer(self, question: Question) -> str | None:
        """Return the answer to `question`, or None when there is none to be had in time.

        `question` has `kind` (code, captcha, consent), `text`, `sent_after`, `to`; for a code also
        `channel` (authenticator, email, text) if the page says it, and `clock_offset`: the server's
        clock minus ours in seconds, from its Date header.
        """
        if question.get("kind") != "code":
            return self._person(question)
        code = self._code(question)
        if code is not None:
            self._tried.add(code)
        return code

    def stop(self) -> None:
        """End every wait at once, with no answer."""
        self._stop.set()

    def _code(self, question: Question) -> str | None:
        given = self._settings
        channel = channel_of(question)
        if given.totp_secret and (channel == "authenticator" or not (channel or given.command or given.imap)):
            return self._totp(float(question.get("clock_offset") or 0.0))
        if given.imap and channel in {"email", None}:
            try:
                return self._from_mailbox(given.imap, question)
            except MailboxClosed as error:
                # It costs none of the wait, so the next source may still have the code.
                logger.warning("{}: {}", SETTING, error)
        if given.command and channel != "authenticator":
            return self._from_command(channel or "email", question)
        return self._from_person(question)

    def _from_mailbox(self, address: str, question: Question) -> str | None:
        try:
            mailbox = parse(address)
        except ValueError as error:
            raise MailboxClosed(str(error)) from None
        return ImapCodes(mailbox, stop=self._stop).find(question, tried=self._tried, wait=self._settings.wait)

    def _totp(self, offset: float) -> str | None:
        """Return the authenticator's code now; if it was tried already, wait for the next one."""
        totp = _authenticator(self._settings.totp_secret or "")
        now = datetime.now(UTC) + timedelta(seconds=offset)
        code = totp.at(now)
        if code not in self._tried:
            return code
        rest = _TOTP_STEP - now.timestamp() % _TOTP_STEP + 0.1
        if self._settings.wait < rest or self._stop.wait(rest):
            return None
        return totp.at(now + timedelta(seconds=rest))

    def _from_command(self, channel: Channel, question: Question) -> str | None:
        """Run the command until it prints a code not tried before, with growing pauses."""
        until = time.monotonic() + self._settings.wait
        pause = _FIRST_PAUSE
        while True:
            left = until - time.monotonic()
            code = self._run_command(channel, question, limit=min(_COMMAND_SECONDS, max(left, 1.0)))
            if code and code not in self._tried:
                return code
            left = until - time.monotonic()
            if left <= 0 or self._stop.wait(min(pause, left)):
                return None
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _run_command(self, channel: Channel, question: Question, *, limit: float) -> str:
        environment = self._environment | {
            "BCFLOW_CODE_KIND": channel,
            "BCFLOW_CODE_SENT_AFTER": str(question.get("sent_after") or ""),
            "BCFLOW_CODE_TO": str(question.get("to") or ""),
        }
        try:
            done = subprocess.run(
                shlex.split(self._settings.command or ""),
                env=environment,
                # Not where we happen to be: what the command runs may look for its parts there.
                cwd=os.sep,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            logger.warning("BCFLOW_CODE_COMMAND gave no answer within {:.0f} s", limit)
            return ""
        except (OSError, ValueError) as error:
            logger.warning("BCFLOW_CODE_COMMAND could not be run: {}", type(error).__name__)
            return ""
        if done.returncode != 0:
            # What it printed may hold the code, so only the exit status is told.
            logger.warning("BCFLOW_CODE_COMMAND ended with exit status {}", done.returncode)
            return ""
        return "".join(done.stdout.split())

    def _from_person(self, question: Question) -> str | None:
        code = self._person(question)
        return None if code is None or code in self._tried else code

    def _person(self, question: Question) -> str | None:
        if self._prompt is None:
            return None
        kind = str(question.get("kind") or "")
        typed = self._prompt(_wording(question), kind)
        if typed is None:
            return None
        return "".join(typed.split()) or (None if kind == "code" else "done")


def _authenticator(secret: str) -> pyotp.TOTP:
    import pyotp

    class AnyLength(pyotp.TOTP):
        # The library asks for 112 bits. The site chose the secret's length, and many hand out 80 bits.
        min_secret_length_bits = 1

    return AnyLength(secret)


def stripped(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a child process may see of `environment`: no setting of ours, no secret."""
    return {name: environment[name] for name in _KEPT if name in environment} | {"PATH": search_path(environment)}


def channel_of(question: Question) -> Channel | None:
    """Return how the code travels: as the page says, else as its text and the masked address show."""
    for channel in CHANNELS:
        if question.get("channel") == channel:
            return channel
    to = str(question.get("to") or "")
    text = str(question.get("text") or "").casefold()
    if "@" in to or "@" in text:
        return "email"
    if "authenticator" in text:
        return "authenticator"
    if re.search(r"\d{2,}", to) or re.search(r"\b(phone|sms)\b", text):
        return "text"
    return "email" if re.search(r"\be-?mail\b", text) else None


def _wording(question: Question) -> str:
    text = str(question.get("text") or "A person is needed")
    picture = question.get("picture")
    shown = f"\nPicture of the page: {picture}" if picture else ""
    to = f" (sent to {question['to']})" if question.get("to") else ""
    if question.get("kind") == "code":
        return f"{text}{to}{shown}\nCode: "
    return f"{text}{shown}\nPress Enter when it is done: "
