"""Codes, captchas and consents that a person answers."""

from __future__ import annotations

from collections.abc import Callable

from bcflow.runner.codes.candidates import codes_printed
from bcflow.runner.codes.source import CHANNELS, Channels, CodeRequest, Question

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
        typed = self._prompt(_wording(question), kind)
        if typed is None:
            return None
        if kind == "code":
            # Somebody may paste the mail's whole sentence.
            return next(iter(codes_printed(typed)), "".join(typed.split())) or None
        return "".join(typed.split()) or "done"


def _wording(question: Question) -> str:
    text = str(question.get("text") or "A person is needed")
    picture = f"\nPicture of the page: {question['picture']}" if question.get("picture") else ""
    to = f" (sent to {question['to']})" if question.get("to") else ""
    if question.get("kind") == "code":
        return f"{text}{to}{picture}\nCode: "
    return f"{text}{picture}\nPress Enter when it is done: "
