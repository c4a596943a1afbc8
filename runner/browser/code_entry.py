"""Answering a code prompt that comes up in the middle of a write or of a sign-in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models.failures.causes import of_browser
from bcflow.pages.kit.writing.aftermath import Aftermath
from bcflow.pages.kit.writing.code_prompt import CodePrompt
from bcflow.pages.kit.writing.sending import ArmedWrite, after_captcha

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 2


def enter(prompt: CodePrompt, code: str) -> None:
    """Type the code and send it. Many prompts send it themselves after the last character and are gone by then."""
    prompt.type(code)
    try:
        prompt.send()
    except PlaywrightError as error:
        # What became of the code is for whoever looks at the page next.
        logger.debug("the prompt left while its button was looked for: {}", type(error).__name__)


class CodeStep:
    """Gets codes from wherever they come from (`ask`) and types them."""

    def __init__(self, ask: Callable[[dict[str, Any]], str | None], *, learn_secret: Callable[[str], None]) -> None:
        """Take how to ask for a code, and whom to tell each code so that it is kept out of every file."""
        self._ask = ask
        self._learn_secret = learn_secret

    def ask(self, prompt: CodePrompt) -> str | None:
        """Return a code that fits what the prompt asks for, or None if there is none to be had."""
        question = _question(prompt)
        prompt.request()
        return self._answer(question)

    def another(self, prompt: CodePrompt) -> str | None:
        """Return what else came with a code that was not accepted, or None; the site is asked for nothing."""
        return self._answer(_question(prompt) | {"refused": True})

    def _answer(self, question: dict[str, Any]) -> str | None:
        code = self._ask(question)
        if code:
            self._learn_secret(code)
        return code or None

    def go_on(self, write: ArmedWrite, aftermath: Aftermath) -> Aftermath:
        """Answer the prompt that `write` brought up, and return what came of it.

        Without a code the prompt is cancelled: nothing further is sent. To be called while the write is armed.
        """
        for tried in range(TRIES):
            prompt = CodePrompt.on(write.site)
            if prompt is None:
                return aftermath
            code = (self.another(prompt) if tried else None) or self.ask(prompt)
            if code is None:
                prompt.cancel()
                return aftermath
            aftermath = self._send(write, prompt, code)
            if aftermath.wants != "code":
                return aftermath
        prompt = CodePrompt.on(write.site)
        if prompt is not None:
            prompt.cancel()
        return aftermath

    def _send(self, write: ArmedWrite, prompt: CodePrompt, code: str) -> Aftermath:
        sent = write.sent
        try:
            write.again()
            answers = len(sent.answers)
            enter(prompt, code)

            def taken() -> bool:
                return CodePrompt.on(write.site) is None or bool(prompt.problem()) or len(sent.answers) > answers

            write.site.until(taken, seconds=10)
            return write.read()
        except PlaywrightError as error:
            # What was sent by then is counted; whether it happened is for the look that follows.
            return Aftermath(sent=sent, trouble=of_browser(str(error)).what)


def _question(prompt: CodePrompt) -> dict[str, Any]:
    return {
        "kind": "code",
        "text": prompt.text or "The site asks for a verification code",
        "to": prompt.to,
        "channel": prompt.channel,
        "sent_after": datetime.now(UTC).isoformat(timespec="seconds"),
        "clock_offset": prompt.site.clock_offset,
    }


def with_help(write: ArmedWrite, codes: CodeStep, aftermath: Aftermath) -> Aftermath:
    """Get what the page asks a person for in the middle of a write, each kind once; without it nothing more is sent."""
    given: set[str] = set()
    while aftermath.wants and aftermath.wants not in given:
        given.add(aftermath.wants)
        help_with = after_captcha if aftermath.wants == "captcha" else codes.go_on
        aftermath = help_with(write, aftermath)
    return aftermath
