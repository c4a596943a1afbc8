from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcflow.models.identity import fold
from bcflow.models.places.names import country_names
from bcflow.models.places.spelling import (
    check_country,
    check_currency,
    check_time_zone,
    currency_matches,
    zone_options_match,
)
from standin.areas.choices import COUNTRIES, CURRENCIES, ZONES

unhurried = settings(deadline=None)  # the first example loads tables; the machine may be shared


def reasons(attempt: Callable[[], object]) -> list[str]:
    """Return why the attempt was refused, or nothing."""
    try:
        attempt()
    except ValueError as error:
        return [str(error)]
    return []


@pytest.mark.parametrize("language", ["en", "vi"])
def test_each_zone_of_a_form_is_found_by_its_city_alone(language: str) -> None:
    options = [zone.label(language) for zone in ZONES]
    for zone in ZONES:
        assert zone_options_match(zone.name, options, language) == [zone.label(language)]


@pytest.mark.parametrize(
    ("iana", "language", "option"),
    [
        ("America/New_York", "en", "(UTC-05:00) New York Time"),
        ("America/New_York", "en", "(GMT-05:00) America/New_York"),
        ("America/New_York", "en", "America/New_York (UTC-4)"),
        ("US/Eastern", "en", "(UTC-05:00) New York Time"),
        ("America/Sao_Paulo", "en", "(UTC-03:00) Sao Paulo Time"),
        ("America/Sao_Paulo", "pt-BR", "(UTC-03:00) Horário de São Paulo"),
        ("Asia/Ho_Chi_Minh", "vi", "(UTC+07:00) Giờ TP Hồ Chí Minh"),
        ("Asia/Saigon", "en", "(UTC+07:00) Ho Chi Minh City Time"),
        ("Asia/Kolkata", "en", "(GMT+5:30) Calcutta"),
        ("Europe/Kyiv", "de", "(UTC+02:00) Kiew"),
        ("Asia/Tokyo", "ja", "(UTC+09:00) 東京時間"),
        ("America/St_Johns", "en", "(UTC\u221203:30) St. John's Time"),
        ("Europe/London", "en", "(UTC+01:00) London Time"),
        ("Etc/UTC", "en", "(UTC+00:00) UTC"),
        ("UTC", "en", "UTC"),
    ],
)
def test_an_option_is_found_however_it_is_spelled(iana: str, language: str, option: str) -> None:
    others = ["(UTC-05:00) Lima Time", "(UTC+03:00) Moscow Time", "(UTC+00:00) Dublin Time"]
    assert zone_options_match(iana, [*others, option], language) == [option]


def test_a_city_of_the_same_name_elsewhere_is_told_apart_by_its_offset() -> None:
    options = ["(UTC-06:00) London, Texas", "(UTC+00:00) London Time"]
    assert zone_options_match("Europe/London", options, "en") == [options[1]]
    assert zone_options_match("Europe/London", options[:1], "en") == []


def test_part_of_a_word_is_no_city() -> None:
    assert zone_options_match("Europe/Rome", ["(UTC+01:00) Romeville"], "en") == []


def test_several_options_are_all_named() -> None:
    options = ["(UTC-05:00) New York", "(UTC-04:00) New York summer", "(UTC-05:00) Lima"]
    assert zone_options_match("America/New_York", options, "en") == options[:2]


@unhurried
@given(st.lists(st.text()), st.text())
def test_any_options_give_some_of_them(options: list[str], language: str) -> None:
    assert set(zone_options_match("Asia/Tokyo", options, language)) <= set(options)


@pytest.mark.parametrize(("place", "language"), [(1, "en"), (2, "vi")])
def test_each_country_of_a_form_is_found_by_a_whole_name(place: int, language: str) -> None:
    for country in COUNTRIES:
        names = {fold(name) for name in country_names(country[0], language)}
        assert [other[0] for other in COUNTRIES if fold(other[place]) in names] == [country[0]]


def test_a_countrys_code_comes_last() -> None:
    assert country_names("US", "en")[0] == "United States"
    assert country_names("US", "vi")[0] == "Hoa Kỳ"
    assert country_names("US", "en")[-1] == "US"
    assert country_names("ZZ", "no such language")[-1] == "ZZ"


@pytest.mark.parametrize("language", ["en", "vi", "de", "es", "fr", "pt-BR", "ja", "zh-Hans", "id", "th", "ko"])
def test_no_two_countries_share_a_name(language: str) -> None:
    owners: dict[str, str] = {}
    for code in (
        "US",
        "UM",
        "GN",
        "GQ",
        "GW",
        "CD",
        "CG",
        "KP",
        "KR",
        "GB",
        "CN",
        "HK",
        "MO",
        "TW",
        "GF",
        "PF",
    ):
        for name in country_names(code, language):
            assert owners.setdefault(fold(name), code) == code


@pytest.mark.parametrize("shape", ["{code}", "{code} - {name}", "{name} ({code})", "{name}"])
def test_each_currency_of_a_form_is_found(shape: str) -> None:
    options = {code: shape.format(code=code, name=name) for code, name in CURRENCIES.items()}
    for code in CURRENCIES:
        assert [other for other, text in options.items() if currency_matches(text, code)] == [code]


@pytest.mark.parametrize(
    ("check", "text", "value"),
    [
        (check_time_zone, "America/New_York", "America/New_York"),
        (check_time_zone, "america/new york", "America/New_York"),
        (check_time_zone, "UTC", "UTC"),
        (check_country, " us", "US"),
        (check_currency, "usd", "USD"),
    ],
)
def test_a_known_place_is_taken(check: Callable[[str], str], text: str, value: str) -> None:
    assert check(text) == value


@pytest.mark.parametrize(
    ("check", "text", "hint"),
    [
        (check_time_zone, "New York", "America/New_York"),
        (check_time_zone, "Europe/Berln", "Europe/Berlin"),
        (check_time_zone, "Europe/Cordoba", ""),
        *(
            (check_time_zone, text, "")
            for text in ("EST", "Eastern", "Central", "North", "Victoria", "GMT", "Kyiv/Asia")
        ),
        (check_time_zone, "../../etc/passwd", ""),
        (check_country, "UK", "GB"),
        (check_country, "USA", "US"),
        (check_country, "GBR", "GB"),
        (check_country, "Viet Nam", "VN"),
        (check_country, "T\u00fcrkiye", "TR"),
        (check_country, "Holland", "NL"),
        (check_country, "Czechia", "CZ"),
        (check_country, "C\u00f4te d'Ivoire", "CI"),
        (check_country, "Republic of Ireland", "IE"),
        (check_country, "\u00c9ire", "IE"),
        (check_country, "Korea, North", "KP"),
        (check_country, "Deutschland", "DE"),
        (check_country, "Irak", "IQ"),
        (check_country, "Germny", "DE"),
        (check_country, "Untied States", "US"),
        *(
            (check_country, text, "")
            for text in ("England", "Scotland", "Korea", "Congo", "America", "EU", "MI", "ZAR")
        ),
        *((check_country, text, "") for text in ("Nigera", "Austrlia", "Zambea", "Slovekia")),  # one of two
        (check_currency, "US Dollar", "USD"),
        (check_currency, "US dollars", "USD"),
        (check_currency, "RMB", "CNY"),
        (check_currency, "\u20ac", "EUR"),
        (check_currency, "US$", "USD"),
        (check_currency, "British pund", "GBP"),
        *(
            (check_currency, text, "")
            for text in ("Pound", "Dollar", "Peso", "$", "\u00a3", "\u00a5", "FCFA", "UDS", "BTC")
        ),
    ],
)
def test_an_unknown_place_is_refused_with_the_one_that_was_meant(
    check: Callable[[str], str], text: str, hint: str
) -> None:
    with pytest.raises(ValueError, match=f"did you mean '{hint}'" if hint else "is not an I") as caught:
        check(text)
    assert bool(hint) == ("did you mean" in str(caught.value))


def test_a_hint_says_what_its_code_stands_for() -> None:
    assert reasons(lambda: check_country("Republic of Ireland")) == [
        "'Republic of Ireland' is not an ISO country code of two letters such as US (did you mean 'IE', Ireland?)"
    ]


@pytest.mark.parametrize(
    ("text", "successor"),
    [("HRK", "EUR"), ("ang", "XCG"), ("ZWL", "ZWG"), ("DEM", "EUR"), ("FRF", "EUR"), ("BYR", "BYN"), ("SLL", "SLE")],
)
def test_a_currency_that_was_replaced_is_refused_with_what_took_its_place(text: str, successor: str) -> None:
    assert reasons(lambda: check_currency(text)) == [f"'{text}' is no longer in use: {successor} took its place"]


@pytest.mark.parametrize("text", ["YUM", "CUC", "XAU"])
def test_what_took_the_place_of_a_currency_is_said_only_if_it_is_one(text: str) -> None:
    assert "is not an ISO currency code" in reasons(lambda: check_currency(text))[0]


@unhurried
@given(st.text())
def test_any_text_is_a_place_or_a_reason(text: str) -> None:
    for check in (check_time_zone, check_country, check_currency):
        assert all(line.isprintable() for line in reasons(partial(check, text)))
