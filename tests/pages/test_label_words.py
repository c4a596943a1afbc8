import json
import re
import subprocess
import unicodedata
from pathlib import Path

import playwright
import pytest

from bcflow.pages.labels import (
    AmbiguousWord,
    UnknownConcept,
    UnknownLanguage,
    decide_language,
    pager_total,
    store,
    unknown_language,
    words,
)

KIT_LANGUAGES = store.languages() - {"sv"}  # Swedish words are from a help page; the kit has none


def example(text: str) -> str:
    """Fill the places of a wording, as a page would."""
    return re.sub(r"\$\{(?!total|count)\w+\}", "something", re.sub(r"\$\{(total|count)\}", "7", text))


@pytest.mark.parametrize(
    ("language", "concept", "text"),
    [
        ("en", "confirm", "  CONFIRM\n"),
        ("en", "members", "Members (33)"),
        ("en", "members", "Members 33"),
        ("en", "requests", "Requests3"),
        ("en", "requests", "Requests (99+)"),
        ("en", "members", "Members (1,234)"),
        ("en", "all accounts", "All\N{NO-BREAK SPACE}accounts"),
        ("en", "all accounts", "All\n   accounts"),
        ("en", "you've shared", "You\N{RIGHT SINGLE QUOTATION MARK}ve shared"),
        ("en", "country/region", "Country / Region"),
        ("en", "country/region", "* Country/Region:"),
        ("en", "website", "Website (optional)"),
        ("en", "invite member", "+ Invite Member"),
        ("en", "enter account id", "Enter account ID..."),
        ("en", "primary media agency", "Is this partner your primary media agency?"),
        ("en", "pager total", "1,234 Records in Total"),
        ("vi", "confirm", unicodedata.normalize("NFD", "XÁC NHẬN")),
        ("vi", "cancel", "Huỷ"),
        ("vi", "assets", "Tài sa\N{COMBINING HOOK ABOVE}n (2)"),
        ("vi", "suspended", "Đã đình chỉ"),
        ("tr", "cancel", "İptal"),
        ("tr", "cancel", "iptal"),
        ("tr", "cancel", "i\N{COMBINING DOT ABOVE}ptal"),
        ("tr", "cancel", unicodedata.normalize("NFD", "İPTAL")),
        ("ja", "confirm", "確認\N{FULLWIDTH LEFT PARENTHESIS}3\N{FULLWIDTH RIGHT PARENTHESIS}"),
        ("ko", "confirm", unicodedata.normalize("NFD", "확인")),
        ("ar", "cancel", "\N{RIGHT-TO-LEFT MARK}إلغاء"),
    ],
)
def test_a_word_is_known_however_it_is_spelled(language: str, concept: str, text: str) -> None:
    assert words(language).matches(concept, text)


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("log in", "Log in with TikTok"),
        ("create", "Create new"),
        ("request access", "Request accessible"),
        ("members", "Members and partners"),
        ("members", "All members"),
        ("confirm", "Confirmation"),
        ("confirm", "Confirm (all)"),
        ("approved", "Disapproved"),
        ("active", "Inactive"),
        ("admin", "Admin,Finance manager"),
        ("account id", "Account ID: 7123456789012345678"),
        ("yes", ""),
        ("search a list", "Searching"),
    ],
)
def test_another_text_is_not_the_word(concept: str, text: str) -> None:
    assert not words("en").matches(concept, text)


@pytest.mark.parametrize("text", ["Search", "search...", "Search by name or ID", "Search partners"])
def test_a_search_box_is_known_by_how_its_text_begins(text: str) -> None:
    assert words("en").search_pattern().search(text)


def test_a_pattern_of_several_concepts_takes_the_words_of_each() -> None:
    pattern = words("en").pattern("confirm", "submit", "assign")
    assert all(pattern.search(text) for text in ("Confirm", "Send", "Assign"))
    assert not pattern.search("Cancel")


def test_the_newest_wording_comes_first() -> None:
    assert words("en").of("request access")[0] == "Link accounts"
    assert words("vi").of("create new")[0] == "Tạo mới"


def test_a_language_without_a_word_uses_the_english_ones() -> None:
    assert words("it").of("invite member") == words("en").of("invite member")


def test_a_language_is_known_in_any_of_its_spellings() -> None:
    assert words("vi-VN") is words("vi") is words("vi_VN")


def test_an_unknown_concept_is_an_error() -> None:
    with pytest.raises(UnknownConcept, match="no label has the concept 'sing a song'"):
        words("en").of("sing a song")


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(UnknownLanguage, match="no words in 'xx'"):
        words("xx")


def test_a_text_is_one_of_the_concepts_asked_about_or_none() -> None:
    known = words("vi")
    assert known.concept_of("Quản trị viên", ("standard", "admin")) == "admin"
    assert known.concept_of("Khác", ("standard", "admin")) is None


def test_a_text_that_is_two_concepts_is_an_error() -> None:
    with pytest.raises(AmbiguousWord, match="'resend' or 'resend code' in 'en'"):
        words("en").concept_of("Resend", ("resend", "resend code"))


# What Python and the browser must see alike


def spellings(text: str) -> set[str]:
    plain = example(text)
    forms = {plain, plain.upper(), plain.lower(), f" {plain} (12)", f"{plain}x", f"{plain} 3"}
    return forms | {unicodedata.normalize("NFD", form) for form in forms}


def test_a_pattern_means_the_same_to_javascript_as_to_python() -> None:
    asked = []
    for language in sorted(store.languages()):
        for label in store.labels().values():
            own = [variant.text for variant in label.variants if variant.language == language]
            pattern = words(language).pattern(label.concept)
            probes = sorted({form for text in own for form in spellings(text)})
            asked += [{"source": pattern.pattern, "probes": probes}] if own else []
    for question, answer in zip(asked, answers_of_javascript(asked), strict=True):
        here = re.compile(str(question["source"]), re.IGNORECASE)
        assert [bool(here.search(probe)) for probe in question["probes"]] == answer, question["source"]


def answers_of_javascript(asked: object) -> list[list[bool]]:
    node = Path(playwright.__file__).parent / "driver" / "node"
    program = """
        const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const answer = ({source, probes}) => probes.map(probe => new RegExp(source, "i").test(probe));
        console.log(JSON.stringify(asked.map(answer)));
    """
    question = json.dumps(asked)
    done = subprocess.run([node, "-e", program], input=question, capture_output=True, text=True, check=True)
    answers: list[list[bool]] = json.loads(done.stdout)
    return answers


# The pager's total


@pytest.mark.parametrize("language", sorted(KIT_LANGUAGES))
@pytest.mark.parametrize("number", ["0", "35", "1,234", "1.234", "1 234", "1\N{NARROW NO-BREAK SPACE}234"])
def test_the_total_is_read_in_every_language_of_the_kit(language: str, number: str) -> None:
    for text in words(language).of("pager total"):
        said = text.replace("${total}", number)
        assert pager_total(language, f"\n {said} ") == int(re.sub(r"\D", "", number))


@pytest.mark.parametrize(
    ("language", "text", "total"),
    [
        ("en", "35 records in total", 35),
        ("ja", "合計35件の記録", 35),
        ("ar", "٣٥ إجمالي السجلات", 35),
        ("vi", unicodedata.normalize("NFD", "Tổng cộng 12.345 bản ghi"), 12345),
        ("en", "12,34,567 Records in Total", 1234567),
        ("en", "10 Lines/Page", None),
        ("en", "3.5 Records in Total", None),
        ("en", "Records in Total", None),
        ("vi", "35 Records in Total", None),
    ],
)
def test_the_total_is_a_number_or_nothing(language: str, text: str, total: int | None) -> None:
    assert pager_total(language, text) == total
    assert pager_total(words(language), text) == total


# The page's language


@pytest.mark.parametrize(
    ("stored", "visible", "language"),
    [
        ({"html lang": "en"}, ["Thành viên (33)", "Mời thành viên", "Northwind Agency"], "vi"),
        ({"selected_lang": "vi"}, ["Members", "Partners", "Invite Member"], "en"),
        ({"selected_lang": "vi"}, ["Members (3)", "Thành viên"], "vi"),
        ({}, ["TOÀN BỘ", "Tổng cộng 33 bản ghi"], "vi"),
        ({}, [unicodedata.normalize("NFD", "Tất cả tài khoản")], "vi"),
        ({}, ["Confirmar", "Cancelar", "No hay datos"], "es"),
        ({"lang_type": "pt"}, ["Confirmar", "Cancelar"], "pt"),
        ({"__Garfish__react__business_suite_lang": "vi-VN", "html lang": "en"}, [], "vi"),
        ({"lang_type": '"zh-CN"'}, ["Northwind"], "zh"),
        ({"html lang": "en", "selected_lang": "ja"}, [], "ja"),
        ({"html lang": "xx"}, [], "en"),
        ({}, [], "en"),
    ],
)
def test_the_language_is_what_the_page_shows_then_what_it_has_stored(
    stored: dict[str, str], visible: list[str], language: str
) -> None:
    assert decide_language(stored, visible) == language


@pytest.mark.parametrize(
    ("stored", "visible", "language"),
    [
        ({"lang_type": "fr"}, ["Membres", "Inviter un membre", "Rôle"], "fr"),
        ({"lang_type": "pt-BR"}, ["Membros", "Convidar", "Cargo", "Centro"], "pt"),
        ({"lang_type": "fr"}, ["Members", "Invite Member", "Status", "Role", "Email"], ""),
        ({"lang_type": "vi"}, ["Northwind"], ""),
        ({}, ["Membres"], ""),
    ],
)
def test_a_language_of_which_hardly_a_word_is_known_is_named(
    stored: dict[str, str], visible: list[str], language: str
) -> None:
    assert unknown_language(stored, visible) == language


@pytest.mark.parametrize("language", sorted(store.languages()))
def test_a_page_in_any_language_is_recognised_by_its_words(language: str) -> None:
    every = [variant for label in store.labels().values() for variant in label.variants]
    visible = [example(variant.text) for variant in every if variant.language == language]
    assert decide_language({}, visible) == language
