"""Codes, captchas and consents that a person answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bcflow.runner.codes.candidates import codes_printed
from bcflow.runner.codes.source import CHANNELS, Channels, CodeRequest, Question

_CODE: Final = re.compile(r"[\w-]{3,12}")
_UNCLEAR: Final = "Which of it is the code is not clear, and nothing was typed into the page. Give the code alone"

Prompt = Callable[[str, str], str | None]


class Person:
    """Asks whoever is there by `prompt(text, kind)`; nobody is, without one."""

    channels: Channels = (*CHANNELS, None)

    def __init__(self, prompt: Prompt | None) -> None:
        self._prompt = prompt or (lambda _text, _kind: None)

    def find(self, request: CodeRequest) -> list[str]:
        """Ask once."""
        code = self.answer(request.question)
        return [] if code is None or code in request.tried else [code]

    def answer(self, question: Question) -> str | None:
        """Return what was typed, "done" for nothing, or None when nobody is there; no code is none."""
        kind = str(question.get("kind") or "")
        if kind == "code":
            return self._code(_wording(question))
        typed = self._prompt(_wording(question), kind)
        return None if typed is None else "".join(typed.split()) or "done"

    def _code(self, wording: str) -> str | None:
        """Ask for a code, and once more if what came is neither one nor a sentence with one: it would be typed."""
        for text in (wording, f"{_UNCLEAR}\nCode: "):
            typed = self._prompt(text, "code")
            if typed is None or not typed.strip():
                return None
            # Somebody may paste the mail's whole sentence.
            code = next(iter(codes_printed(typed)), "".join(typed.split()))
            if _CODE.fullmatch(code):
                return code
        return None


def _wording(question: Question) -> str:
    text = str(question.get("text") or "A person is needed")
    picture = f"\nPicture of the page: {question['picture']}" if question.get("picture") else ""
    to = f" (sent to {question['to']})" if question.get("to") else ""
    if question.get("kind") == "code":
        return f"{text}{to}{picture}\nCode: "
    return f"{text}{picture}\nPress Enter when it is done: "
