"""What is done about a word that nobody knows: a read may go by strong evidence, all else is a person's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from bcflow.models.errors import WordsUnknown
from bcflow.models.unknown import Strength, UnknownWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.unknown import Candidate, UnknownWord
    from bcflow.pages.kit.screen.site import Site


def settle(site: Site, words: Sequence[UnknownWord | None]) -> bool:
    """Go by the evidence where that is enough, and say whether any word was taken for known.

    What only a person can say is asked, see `ask`. Words of which nothing may be meant are left out.
    """
    open_ones = [one for one in words if one is not None]
    taken = [one for one in open_ones if one.purpose == "read" and is_plain(one)]
    for one in taken:
        _take(site, one.concept, one.candidates[0])
    left = [one for one in open_ones if one not in taken]
    if not left:
        return bool(taken)
    if site.session.gathers:
        raise WordsUnknown(joined(site, left))
    ask(site, left)
    return True


def ask(site: Site, words: Sequence[UnknownWord], *, doubtful: frozenset[str] = frozenset()) -> bool:
    """Have a person asked about `words`: raise `WordsUnknown`, unless the job is rehearsed to find all that is.

    Then the likeliest of each is taken for known; of words of which one only can be there, that of the first. What
    might lead anywhere is not clicked without evidence, nor where as much speaks for another; of what is `doubtful`
    none is taken. Says whether any was.
    """
    unknown = joined(site, words)
    if not site.session.rehearses(unknown):
        raise WordsUnknown(unknown)
    for word in unknown.words:
        site.session.asked.setdefault((site.screen, word.concept), word)
    taken: set[str] = set()
    meant: set[str] = set()
    for word in unknown.words:
        if word.either in meant or word.concept in doubtful:
            continue
        likeliest = next((one for one in word.candidates if one.text not in taken), None)
        if likeliest is not None and not (word.clicked and _is_guess(word, likeliest)):
            taken.add(likeliest.text)
            meant |= {word.either} - {""}
            site.session.learnt = site.session.learnt.with_word(word.concept, likeliest.text)
    if not taken and not doubtful.issuperset(word.concept for word in unknown.words):
        raise WordsUnknown(unknown)
    site.learn_words()
    return bool(taken)


def is_plainer(word: UnknownWord, earlier: UnknownWord) -> bool:
    """Say whether more speaks for what may be meant here than for what may be where it was asked about `earlier`."""
    plainest_first = get_args(Strength)
    now, before = (plainest_first.index(one.candidates[0].strength) for one in (word, earlier))
    return now < before and {one.text for one in word.candidates}.isdisjoint(one.text for one in earlier.candidates)


def _is_guess(word: UnknownWord, likeliest: Candidate) -> bool:
    alike = [one.strength for one in word.candidates].count(likeliest.strength)
    return likeliest.strength == "weak" or (likeliest.strength == "fair" and alike > 1)


def joined(site: Site, words: Sequence[UnknownWord]) -> UnknownWords:
    """Return the words as one question: each control has one number, whatever it may be."""
    numbers: dict[tuple[str, object], int] = {}
    for word in words:
        for one in word.candidates:
            numbers.setdefault((one.text, one.box), len(numbers) + 1)
    merged: dict[str, UnknownWord] = {}
    for word in words:
        numbered = [one.model_copy(update={"n": numbers[one.text, one.box]}) for one in word.candidates]
        merged.setdefault(word.concept, word.model_copy(update={"candidates": numbered}))
    return UnknownWords(screen=site.screen, language=site.words.spoken, words=list(merged.values()))


def is_plain(word: UnknownWord) -> bool:
    """Say whether one candidate is strong: enough for a read."""
    return [one.strength for one in word.candidates].count("strong") == 1


def _take(site: Site, concept: str, candidate: Candidate) -> None:
    site.session.learnt = site.session.learnt.with_word(concept, candidate.text)
    site.learn_words()
    site.session.warnings.append(
        f"{site.screen}: “{candidate.text}” was taken for “{concept}” ({candidate.why}); only read by it"
    )
