# ruff: noqa: RUF001 - letters of other alphabets are meant
"""Text whose letters were lost is told from every real name, in all languages that Babel knows."""

from collections.abc import Callable

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from bcflow.models.broken_text import is_broken
from bcflow.models.jobs import CreateAdAccount, job_adapter

EUROPE = ["de", "fr", "es", "pt", "pl", "cs", "sk", "hu", "ro", "sv", "da", "fi", "et", "lv", "lt", "hr", "is"]
LANGUAGES = [*EUROPE, "ru", "uk", "sr", "el", "tr", "az", "he", "ar", "fa", "hi", "th", "vi", "ja", "ko", "zh"]
BC = "7123456789012345678"


def countries(language: str) -> list[str]:
    return [str(name) for name in Locale.parse(language).territories.values()]


@pytest.mark.parametrize(
    "text",
    [
        "CafÃ©",
        "Å»Ã³Å‚w",
        "ZÃ¼rich AG",
        "GÃ³mez",
        "MÃœNCHEN",
        "Ãœnal",
        "Oâ€™Brien",
        "AcmeÂ®",
        "voilÃ\u00a0",
        "Ð\u00a0ÐµÐºÐ»Ð°Ð¼Ð°",
        "å¹¿å‘Šå…¬å\u008f¸",
        "ðŸ˜€ Acme",
        "CafĂ© Ĺ‚Ăłdka",
        "Р\u00a0РµРєР»Р°РјР°",
        "Caf√©",
        "Caf├®",
        "Ðåêëàìà",
        "¯ó³w £ódŸ",
        "Caf\ufffd",
        "???? ??",
        "Acme_x000D_",
        "¹ã¸æ¹«Ë¾",
    ],
)
def test_text_that_lost_its_letters_is_broken(text: str) -> None:
    assert is_broken(text)


@pytest.mark.parametrize(
    "text",
    [
        "O'Brien & Sons",
        "O’Brien",
        "ROSÉ’S",
        "NESTLÉ®",
        "CAFÉ™",
        "KESÄ®",
        "KRÍŽ",
        "PÄŤ",
        "DĹŽKA",
        "СІРІ",
        "„Spaß“",
        "«École»",
        "“Chez André’”",
        "Jäääär",
        "H²O 5 m³",
        "What? Why?",
        "snake_x2024_case",
        "Łódź – Żółw",
        "שלום עולם",
        "مرحبا",
        "广告公司",
        "👩‍👩‍👧 Family",
        "T恤 shop",
        "A/B | C",
        "Acme │ US",
        "Ü",
        "?",
    ],
)
def test_a_real_name_is_not(text: str) -> None:
    assert not is_broken(text)


def in_cp1252(text: str) -> str:
    """Return the UTF-8 of `text` as a browser reads it in cp1252: a byte without a letter is a control character."""
    return "".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in text.encode())


SHAPES: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.title,
    "{}®".format,
    "„{}“".format,
    "«{}»".format,
    "“{}”".format,
    "{}’s".format,
    lambda text: f"{text.upper()}’S",
    lambda text: f"{text.upper()}™",
]


@settings(deadline=None)
@given(
    st.sampled_from(LANGUAGES).flatmap(lambda language: st.sampled_from(countries(language))), st.sampled_from(SHAPES)
)
def test_no_name_of_a_country_is_broken_in_any_language(name: str, shape: Callable[[str], str]) -> None:
    assert not is_broken(shape(name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_read_in_the_wrong_code_page_are_broken(language: str) -> None:
    read_wrongly = [in_cp1252(name) for name in countries(language) if not name.isascii()]
    told = [is_broken(text) for text in read_wrongly]
    assert sum(told) >= 0.97 * len(told)


@pytest.mark.parametrize("field", ["name", "company", "city", "client", "note"])
def test_broken_text_becomes_no_part_of_a_job(field: str) -> None:
    values = {"flow": "create-ad-account", "business_center": BC, "name": "Acme"}
    assert isinstance(job_adapter().validate_python(values | {field: "Café Łódź"}), CreateAdAccount)
    with pytest.raises(ValueError, match="lost letters on its way: 'CafÃ©'; copy it again from where it looks right"):
        job_adapter().validate_python(values | {field: "CafÃ©"})
