"""The words of strangers: other than every label that bcflow has, whole, and never two things in one text."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations

import pytest

from bcflow.pages.labels import spelling, store
from standin import seed, words
from standin.stranger import vocabulary
from standin.stranger.looks import drawn_axes
from standin.stranger.vocabulary import meanings, neighbours, plain, pools, share_of, strange_words
from standin.switches import check_axis
from standin.words import known_words, words_for
from tests.support.nightly import nightly_except

KEYS = sorted(known_words("en", "2026"))
SPOKEN = ("en", "vi")
SEEDS = range(1, 61)


def example(text: str) -> str:
    """Fill the places of a wording, as a page would."""
    return re.sub(r"\$\{\w+\}", "something", re.sub(r"\$\{(n|count|total)\}", "7", text))


@cache
def known_to_bcflow() -> Callable[[str], bool]:
    """Make a test whether a text reads as any label, in any language, with whatever it may carry besides."""
    kinds: dict[str, list[str]] = {}
    for label in store.labels().values():
        kinds.setdefault(label.kind, []).extend(variant.text for variant in label.variants)
    optional = spelling.optional_mark([variant.text for variant in store.labels()["optional"].variants])
    sources = [spelling.exactly(texts, kind) + (optional if kind == "label" else "") for kind, texts in kinds.items()]
    patterns = [re.compile(f"^(?:{source})$", re.IGNORECASE) for source in sources]
    return lambda text: any(pattern.search(text) for pattern in patterns)


def every_wording() -> Iterator[tuple[str, str, str]]:
    for key, languages in pools().items():
        for language, texts in languages.items():
            yield from ((key, language, text) for text in texts)


def test_every_word_has_a_pool_in_every_language_of_strangers() -> None:
    assert sorted(pools()) == KEYS
    assert all(set(languages) == {*SPOKEN, *vocabulary.TRANSLATED} for languages in pools().values())
    few = [key for key, languages in pools().items() for spoken in SPOKEN if not 2 <= len(languages[spoken]) <= 4]
    assert few == []
    assert all(languages[language] for languages in pools().values() for language in vocabulary.TRANSLATED)


def test_no_wording_of_a_pool_is_a_label() -> None:
    known = known_to_bcflow()
    assert known("Email (7):")
    found = [place for place in every_wording() for text in trimmed(example(place[2])) if known(text)]
    assert found == []


def trimmed(text: str) -> set[str]:
    """Return a text as it is, and without the count, star or colon that a label may carry."""
    return {text, text.strip(" *:.…+"), re.sub(r"\s*\(?7\)?$", "", text)}


def test_a_wording_has_the_places_of_its_word() -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"\$\{\w+\}", text))

    today = known_words("en", "2026")
    assert [each for each in every_wording() if places(each[2]) != places(today[each[0]])] == []


def test_a_pool_is_not_what_the_word_is_today() -> None:
    today = [known_words(language, edition) for language in SPOKEN for edition in ("2026", "2024")]
    same = [each for each in every_wording() for now in today if plain(each[2]) == plain(now[each[0]])]
    # A translation may be the English word; where the site does not translate it either, there is nothing strange.
    assert [each for each in same if each[1] in SPOKEN] == []


def test_every_word_has_a_meaning_and_every_concept_a_word_or_a_reason() -> None:
    told = meanings()
    assert sorted(told["keys"]) == KEYS
    entries = [*told["keys"].values(), *told["kit"].values()]
    shown = {concept for entry in entries for concept in entry["concepts"]}
    assert shown | set(told["not_shown"]) == set(store.labels())
    assert not shown & set(told["not_shown"])
    assert all(told["not_shown"].values())


def test_what_a_word_depends_on_is_an_axis() -> None:
    entries = [*meanings()["keys"].values(), *meanings()["kit"].values()]
    ones = [
        one for entry in entries for group in (entry.get("when", []), *entry.get("only", {}).values()) for one in group
    ]
    conditions = [condition for one in ones for condition in one.items()]
    assert len(conditions) > 20
    for name, values in conditions:
        for value in values:
            check_axis(name, value)


@pytest.mark.parametrize("number", nightly_except(SEEDS, *range(1, 13)))
def test_no_text_is_two_things_on_one_screen(number: int) -> None:
    world = seed.build(stranger=number)
    shown, language = words_for(world), world.axis("language")
    today = known_words(language, world.axis("edition"))
    drawn = strange_words(number, language, today)
    twice = [
        (key, other, shown[key])
        for key in drawn
        for other in neighbours(key)
        if plain(shown[key]) == plain(shown[other])
    ]
    assert twice == []
    assert len(drawn) > 20


@pytest.mark.parametrize("language", vocabulary.TRANSLATED)
def test_a_whole_translation_never_says_two_things_in_one_text(language: str) -> None:
    found = [
        (key, other, plain(text))
        for key, other in combinations(KEYS, 2)
        if other in neighbours(key)
        for text in pools()[key][language]
        if plain(text) in {plain(one) for one in pools()[other][language]}
    ]
    assert found == []


def test_the_same_seed_is_the_same_stranger_and_another_is_another() -> None:
    def whole(number: int) -> str:
        words._words.cache_clear()
        world = seed.build(stranger=number)
        return json.dumps([world.axes, words_for(world), world.new_id()])

    assert [whole(number) for number in (1, 2, 3)] == [whole(number) for number in (1, 2, 3)]
    assert len({whole(number) for number in range(1, 21)}) == 20


def test_seeds_draw_every_language_and_shares_in_their_bounds() -> None:
    looks = [drawn_axes(number) for number in range(1, 101)]
    assert {look["language"] for look in looks} == {*SPOKEN, *vocabulary.TRANSLATED}
    shares = [share_of(number, "en") for number in range(1, 101)]
    assert (min(shares) >= 15, max(shares) <= 60, len(set(shares)) > 20) == (True, True, True)
    assert sum(look["codes"] == "none" for look in looks) > 60


def test_how_many_words_are_strange_is_about_the_share() -> None:
    for number in (5, 6, 9, 11):
        drawn = strange_words(number, "en", known_words("en", "2026"))
        assert abs(100 * len(drawn) / len(KEYS) - share_of(number, "en")) < 12


def test_without_a_stranger_every_word_is_todays() -> None:
    world = seed.build()
    assert words_for(world) == known_words("en", "2026")
    assert (world.stranger, world.axis("surface")) == (0, "modal")


def test_axes_that_are_given_come_before_those_that_are_drawn() -> None:
    drawn = drawn_axes(4)
    other = "drawer" if drawn["surface"] != "drawer" else "modal"
    world = seed.build(stranger=4, axes={"surface": other})
    assert world.axis("surface") == other
    assert world.axis("emails") == drawn["emails"]
