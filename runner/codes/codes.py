"""Where sign-in and confirmation codes come from: an authenticator secret, a mailbox, a command, or a person.

No code is tried twice, and none is logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event

from loguru import logger

from bcflow.runner.codes.person import Person, Prompt
from bcflow.runner.codes.source import CHANNELS, Channel, CodeRequest, CodeSource, Question, SourceClosed

__all__ = ["CodeSettings", "Codes", "Question"]


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
        prompt: Prompt | None = None,
        environment: Mapping[str, str] | None = None,
        stop: Event | None = None,
    ) -> None:
        self._wait = settings.wait
        self._stop = stop or Event()
        self._person = Person(prompt)
        self._sources: list[CodeSource] = [*_sources(settings, environment), self._person]
        self._tried: set[str] = set()
        # What came with the last code that was given, and the channel and address it was given for.
        self._rest: list[str] = []
        self._rest_for: tuple[Channel | None, str] = (None, "")

    def answer(self, question: Question) -> str | None:
        """Return the answer to `question`, or None when there is none to be had in time.

        `question` has `kind` (code, captcha, consent), `text`, `sent_after`, `to`; for a code also
        `channel` (authenticator, email, text) if the page says it, and `clock_offset`: the server's
        clock minus ours in seconds, from its Date header. With `refused` only what came with the last code counts,
        at once: no source is asked.
        """
        if question.get("kind") != "code":
            return self._person.answer(question)
        request = CodeRequest(question, channel_of(question), self._tried, self._wait, self._stop)
        asked_for = (request.channel, request.shown("to"))
        if question.get("refused"):
            # Another prompt than the one before wants a code of its own; what a page does not say is no difference.
            same = all(
                not now or not before or now == before for now, before in zip(asked_for, self._rest_for, strict=True)
            )
            return self._next() if same else None
        self._rest, self._rest_for = [], asked_for
        for source in self._sources:
            if request.channel in source.channels:
                try:
                    self._rest = list(source.find(request))
                except SourceClosed as error:
                    # It costs none of the wait, so the next source may still have the code.
                    logger.warning("{}", error)
                    continue
                return self._next()
        return None

    def _next(self) -> str | None:
        self._rest = [code for code in self._rest if code not in self._tried]
        if not self._rest:
            return None
        code = self._rest.pop(0)
        self._tried.add(code)
        return code

    def stop(self) -> None:
        """End every wait at once, with no answer."""
        self._stop.set()


def _sources(given: CodeSettings, environment: Mapping[str, str] | None) -> Iterator[CodeSource]:
    """Yield what is set up, the first to be asked first."""
    if given.imap:
        from bcflow.runner.codes.mailbox import MailboxCodes

        yield MailboxCodes(given.imap)
    if given.command:
        from bcflow.runner.codes.command import CodeCommand

        yield CodeCommand(given.command, environment)
    if given.totp_secret:
        from bcflow.runner.codes.authenticator import Authenticator

        yield Authenticator(given.totp_secret, only=not (given.imap or given.command))


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
