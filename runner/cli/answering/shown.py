"""How questions are shown: as lines for a person, as JSON for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.runner.cli.wording.messages import minute
from bcflow.runner.redaction.printable import printable
from bcflow.runner.storage.asked_words import KIND, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.unknown import Candidate
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.asked_words import AskedWord
    from bcflow.runner.storage.questions import Question

_NOT_TOLD = frozenset({"topic", "words"})


def told(settings: Settings, question: Question) -> list[str]:
    """Return a question as it is listed: what kind, about what, until when, then its words."""
    about = f"login {question.login}" if question.login and question.kind != KIND else f"batch {question.batch}"
    until = f"until {minute(question.deadline)} UTC"
    head = f"{question.id}  {question.kind}  {about}  {until}  bcflow answer {question.id}"
    rest = words_lines(settings, question) if question.kind == KIND else picture_line(settings, question)
    return [head, *lines(question), *rest]


def lines(question: Question) -> list[str]:
    """Return what is asked, and what the answers may be."""
    choices = [f"  {value}  {label}" for value, label in question.choices]
    asked = [f"  {line}" for line in question.text.strip().splitlines()]
    return [*asked, *choices]


def words_lines(settings: Settings, question: Question) -> list[str]:
    """Return the words that are asked about, those of one picture below it."""
    found, above = list[str](), ""
    left = words_of(question).words
    while left:
        same = meanings(left, left[0])
        found += word_below(settings, question, same, above=above)
        above = same[0].picture or question.picture
        left = [one for one in left if not any(one is each for each in same)]
    return found


def meanings(words: Sequence[AskedWord], word: AskedWord) -> list[AskedWord]:
    """Return what is asked about together with a word: all of which the same one text may be one, itself included."""
    texts = [one.text for one in word.candidates]
    if not word.either or word.answer is not None or len(texts) != 1:
        return [word]
    asked = (word.picture, word.either, texts)
    still = [one for one in words if one.answer is None]
    return [one for one in still if (one.picture, one.either, [each.text for each in one.candidates]) == asked]


def word_below(settings: Settings, question: Question, same: Sequence[AskedWord], *, above: str) -> list[str]:
    """Return what is asked about together, below its picture where that is not the one `above` already."""
    picture = same[0].picture or question.picture
    asked = meaning_lines(same) if len(same) > 1 else word_lines(same[0])
    return [*(picture_line(settings, question, picture) if picture != above else []), *asked]


def meaning_lines(same: Sequence[AskedWord]) -> list[str]:
    """Return one text that stands for one of several things, with what these are."""
    text = printable(same[0].candidates[0].text, one_line=True)
    things = [f"    {at}  {one.concept}" for at, one in enumerate(same, 1)]
    return [f"  what “{text}” is, as the {same[0].either}, to read the screen:", *things]


def word_lines(word: AskedWord) -> list[str]:
    """Return one word that is asked about, with what may be meant by it."""
    need = "to go on with a write" if word.purpose == "write" else "to read the screen"
    head = f"  {word.what} ({word.concept}), {need}"
    if word.answer is not None:
        said = f"'{word.answer.text}'" if word.answer.text else "none"
        return [f"{head}: {said}, says {word.answer.by}"]
    found = [
        f"    {one.n}  {printable(one.text, one_line=True)}  ({one.strength}: {one.why})" for one in word.candidates
    ]
    return [f"{head}:", *(found or ["    nothing on the screen looks like it"])]


def picture_line(settings: Settings, question: Question, picture: str = "") -> list[str]:
    """Return where the question's picture is, if there is one, or another `picture` of it."""
    shown = picture or question.picture
    return [f"  picture: {settings.home / shown}"] if shown else []


def plain(settings: Settings, question: Question, *, client: str | None) -> dict[str, Any]:
    """Return a question as JSON; of words, those of the first that was not answered stand beside it."""
    values = {name: value for name, value in vars(question).items() if name not in _NOT_TOLD}
    values["client"] = client
    values["picture"] = str(settings.home / question.picture) if question.picture else ""
    if question.kind != KIND:
        return values
    asked = words_of(question)
    first = word_json(settings, (asked.open or asked.words)[0])
    named = {name: first[name] for name in ("concept", "for", "candidates")}
    named["picture"] = first["picture"] or values["picture"]
    return values | {
        "screen": asked.screen,
        "language": asked.language,
        **named,
        "words": [word_json(settings, word) for word in asked.words],
    }


def word_json(settings: Settings, word: AskedWord) -> dict[str, Any]:
    """Return one word as JSON; its `answer` is null, or what was said and by whom (a null text: nothing is it)."""
    answer = None
    if word.answer is not None:
        answer = word.answer.model_dump() | {"text": word.answer.text or None}
    return {
        "concept": word.concept,
        "what": word.what,
        "for": word.purpose,
        "candidates": [_candidate(one) for one in word.candidates],
        "picture": str(settings.home / word.picture) if word.picture else "",
        "either": word.either,
        "earlier": word.earlier,
        "answer": answer,
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {"n": one.n, "text": one.text, "why": one.why, "strength": one.strength}
