"""Screens that say something in words that nobody knows, as an attempt tells of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bcflow.models.unknown import Candidate, UnknownWord, UnknownWords
from bcflow.runner.storage.labels.file import LabelFile
from bcflow.runner.storage.labels.kept import LearntWord

INVITE, SEND = "invite member", "send invitation"
ABOARD, EXPORT, OFF = "Bring aboard", "Take along", "Off it goes"
WHAT = {INVITE: "the button “Invite member”", SEND: "the button “Send Invitation”"}


def make_word(concept: str = INVITE, *texts: str, first: int = 1, strength: str = "strong", **more: Any) -> UnknownWord:  # noqa: ANN401 - whatever the model takes
    """Return a word that is looked for, with these texts as candidates; the first is as `strong` as is said."""
    found = [
        Candidate.model_validate(
            {"n": first + at, "text": text, "why": "it stands where it should", "strength": "weak" if at else strength}
        )
        for at, text in enumerate(texts or (ABOARD, EXPORT))
    ]
    return UnknownWord(concept=concept, what=WHAT.get(concept, concept), candidates=found, **more)


def make_unknown(*words: UnknownWord, screen: str = "members", language: str = "en") -> UnknownWords:
    """Return what is not known of a screen."""
    return UnknownWords(screen=screen, language=language, words=list(words or [make_word()]))


def waits(unknown: UnknownWords, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a record takes
    """Return how an attempt ends that met these words before anything was sent."""
    effect = {"kind": "member", "identity": "ana@acme.example", "business_center": "7123456789012345678"}
    return {
        "outcome": "waiting",
        "waiting_for": "you",
        "needs": "word",
        "message": f"{unknown.screen}: {', '.join(word.what for word in unknown.words)} is there under no known word",
        "next_action": "bcflow inbox",
        "unknown": unknown.model_dump(mode="json"),
        "effects": [effect | {"outcome": "waiting", "waiting_for": "you"}],
        **more,
    }


def page(
    home: Path, site: str, unknown: UnknownWords, *, means: dict[str, str], then: dict[str, Any]
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return an attempt at a screen with unknown words: with those that were learnt it goes on, as `then` says.

    `means` is what each concept is called there really: another word does not help.
    """

    def attempt(_request: dict[str, Any]) -> dict[str, Any]:
        learnt = LabelFile(home).learnt(site)
        known = {word.concept for word in unknown.words if means[word.concept] in learnt.texts(word.concept)}
        used = {concept: sorted(texts) for concept, texts in learnt.used.items()}
        told = {word.either for word in unknown.words if word.concept in known} - {""}
        missing = [word for word in unknown.words if word.concept not in known and word.either not in told]
        if not missing:
            return then | {"learnt": used}
        return waits(unknown.model_copy(update={"words": missing}), learnt=used)

    return attempt


def make_learnt(concept: str = INVITE, text: str = ABOARD, **more: Any) -> LearntWord:  # noqa: ANN401 - as the model takes it
    """Return a word that was taught."""
    values = {"language": "en", "site": "https://business.example", "by": "ana", "at": "2026-11-24T20:19:00.000+00:00"}
    return LearntWord.model_validate({"concept": concept, "text": text} | values | more)
