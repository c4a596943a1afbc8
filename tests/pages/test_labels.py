import ast
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bcflow.pages.labels import CONCEPTS, spelling, store, words

ROOT = Path(__file__).parents[2]
KIT_LANGUAGES = store.languages() - {"sv"}  # Swedish words are from a help page; the kit has none
KIT_CONCEPTS = ("confirm", "cancel", "pager total", "no data")
KINDS = {"button", "text", "placeholder", "heading", "tab", "status", "option", "menu", "label"}
EVERY_LABEL = list(store.labels().values())
EVERY_SCREEN = sorted(CONCEPTS)
DISMISSING = ("not now", "got it", "decline optional cookies")


def example(text: str) -> str:
    """Fill the places of a wording, as a page would."""
    return re.sub(r"\$\{(?!total|count)\w+\}", "something", re.sub(r"\$\{(total|count)\}", "7", text))


def sources_of_pages_and_flows() -> Iterator[tuple[Path, ast.AST]]:
    for folder in ("pages", "flows"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def texts_in(node: ast.AST) -> set[str]:
    found = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return {value for value in found if isinstance(value, str)}


def concepts_asked_for(call: ast.Call) -> set[str]:
    """Find the literals in `….words.of("…")` and its like, but for the texts that were read from a page."""
    if not isinstance(call.func, ast.Attribute):
        return set()
    receiver = ast.unparse(call.func.value).rpartition(".")[2].lstrip("_")
    concepts = {"of": call.args, "pattern": call.args, "matches": call.args[:1], "concept_of": call.args[1:]}
    asked = concepts.get(call.func.attr, []) if receiver == "words" else []
    return {text for argument in asked for text in texts_in(argument)}


# The data


def test_labels_are_well_formed() -> None:
    for label in EVERY_LABEL:
        assert label.concept == label.concept.lower().strip()
        assert label.kind in KINDS
    for variant in (variant for label in EVERY_LABEL for variant in label.variants):
        assert variant.text == unicodedata.normalize("NFC", variant.text).strip() != ""
        assert variant.confidence in tuple("ABCDR")
        assert variant.since == "unknown" or re.fullmatch(r"20[12]\d", variant.since)
        assert variant.source.strip()


def test_every_label_has_english_and_vietnamese_words() -> None:
    spoken = {label.concept: {variant.language for variant in label.variants} for label in EVERY_LABEL}
    assert [concept for concept, languages in spoken.items() if not {"en", "vi"} <= languages] == []


def test_within_a_language_no_wording_comes_twice() -> None:
    for label in EVERY_LABEL:
        seen = [(variant.language, spelling.fold(variant.text)) for variant in label.variants]
        assert sorted(set(seen)) == sorted(seen)


def test_within_a_language_the_newest_seen_wording_comes_first_and_guesses_last() -> None:
    for one, following in (pair for label in EVERY_LABEL for pair in pairwise(label.variants)):
        if one.language == following.language:
            assert (one.confidence == "D") <= (following.confidence == "D")
            if following.confidence != "D" and following.since != "unknown":
                assert one.since >= following.since


def test_a_concept_has_one_entry() -> None:
    concepts = [label.concept for screen in store.screens().values() for label in screen.labels]
    assert len(concepts) == len(set(concepts))


def test_every_label_file_is_read() -> None:
    files = {path.stem for path in (ROOT / "pages" / "labels").glob("*.json")}
    assert files == {*store.SCREENS, "refusals", "lexicon"}
    assert all(screen.name == name for name, screen in store.screens().items())


@pytest.mark.parametrize("screen", EVERY_SCREEN)
def test_a_screen_borrows_only_labels_of_other_files(screen: str) -> None:
    concepts = CONCEPTS[screen]
    assert len(concepts) == len(set(concepts))
    assert set(concepts) <= set(store.labels())


@pytest.mark.parametrize("concept", KIT_CONCEPTS)
def test_the_kit_speaks_all_its_languages(concept: str) -> None:
    assert {variant.language for variant in store.labels()[concept].variants} >= KIT_LANGUAGES


@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_two_concepts_of_one_screen_share_a_word(language: str) -> None:
    known = words(language)
    for concepts in CONCEPTS.values():
        for concept in concepts:
            assert {known.concept_of(example(text), concepts) for text in known.of(concept)} <= {concept}


@pytest.mark.parametrize("language", sorted(store.languages()))
def test_no_two_concepts_of_one_screen_share_a_word_in_any_language(language: str) -> None:
    for screen in EVERY_SCREEN:
        every = [spelling.fold(text) for concept in CONCEPTS[screen] for text in words(language).of(concept)]
        assert sorted(set(every)) == sorted(every), screen


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("concept", DISMISSING)
def test_what_is_clicked_away_unasked_is_the_word_of_nothing_else(concept: str, language: str) -> None:
    known = words(language)
    others = [other for other in store.labels() if other != concept]
    assert not [other for other in others for text in known.of(other) if known.matches(concept, example(text))]
    assert all(known.concept_of(text, others) is None for text in known.of(concept))


# The pages and the data


def test_every_label_used_exists() -> None:
    asked = {
        f"{path}:{node.lineno} {text}": text
        for path, tree in sources_of_pages_and_flows()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for text in concepts_asked_for(node)
    }
    assert not [place for place, text in asked.items() if text not in store.labels()]


def test_every_label_is_used() -> None:
    used = {text for _, tree in sources_of_pages_and_flows() for text in texts_in(tree)}
    idle = {label.concept for label in store.labels().values() if not label.language_only} - used
    assert not idle


def test_a_label_that_only_tells_the_language_is_used_by_no_page() -> None:
    used = {text for _, tree in sources_of_pages_and_flows() for text in texts_in(tree)}
    assert not {label.concept for label in store.labels().values() if label.language_only} & used
