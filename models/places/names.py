"""What countries and currencies are called: by a form, and by who writes a job.

Babel's CLDR data gives names per language.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.identity import fold
from bcflow.models.suggestions import did_you_mean, only_slip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale

OTHER_COUNTRY_NAMES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "en": {
        "AE": ("UAE",),
        "BA": ("Bosnia", "Bosnia-Herzegovina"),
        "BN": ("Brunei Darussalam",),
        "BS": ("The Bahamas",),
        "BO": ("Bolivia, Plurinational State of", "Bolivia (Plurinational State of)"),
        "CD": (
            "Congo, The Democratic Republic of the",
            "Democratic Republic of the Congo",
            "DR Congo",
        ),
        "CG": ("Congo", "Republic of the Congo"),
        "CI": ("Ivory Coast", "Cote d'Ivoire"),
        "CN": ("Mainland China", "Chinese Mainland", "China mainland", "People's Republic of China"),
        "CV": ("Cabo Verde",),
        "CZ": ("Czech Republic",),
        "FK": ("Falkland Islands (Malvinas)",),
        "GB": ("Great Britain", "UK", "United Kingdom of Great Britain and Northern Ireland"),
        "GM": ("The Gambia",),
        "HK": ("Hong Kong", "Hong Kong SAR", "Hong Kong (China)", "Hong Kong, China"),
        "IE": ("Republic of Ireland", "Ireland, Republic of"),
        "IR": ("Iran, Islamic Republic of", "Iran (Islamic Republic of)"),
        "KP": ("Korea, Democratic People's Republic of", "Korea, North"),
        "KR": ("Korea", "Republic of Korea", "Korea, Republic of", "Korea, South"),
        "LA": ("Lao People's Democratic Republic", "Lao PDR"),
        "MD": ("Republic of Moldova", "Moldova, Republic of"),
        "MK": ("Macedonia", "Republic of North Macedonia"),
        "MM": ("Myanmar", "Burma"),
        "MO": ("Macao", "Macau", "Macao SAR", "Macau SAR", "Macao, China"),
        "NL": ("The Netherlands", "Holland"),
        "PH": ("The Philippines",),
        "PS": ("Palestine", "Palestine, State of", "State of Palestine"),
        "RU": ("Russian Federation",),
        "SA": ("Kingdom of Saudi Arabia",),
        "SK": ("Slovak Republic",),
        "SY": ("Syrian Arab Republic",),
        "SZ": ("Swaziland",),
        "TL": ("East Timor",),
        "TR": ("Turkey", "Türkiye"),
        "TW": ("Taiwan", "Taiwan (China)", "Taiwan, China", "Taiwan Region"),
        "TZ": ("United Republic of Tanzania", "Tanzania, United Republic of"),
        "UM": ("United States Minor Outlying Islands", "US Minor Outlying Islands"),
        "US": ("United States of America", "USA", "U.S.", "US", "The United States"),
        "VA": ("Holy See", "Holy See (Vatican City State)"),
        "VE": ("Venezuela, Bolivarian Republic of", "Venezuela (Bolivarian Republic of)"),
        "VN": ("Viet Nam",),
    },
    "vi": {
        "AE": ("Các Tiểu vương quốc Ả Rập Thống nhất", "UAE"),
        "AU": ("Úc", "Ô-xtrây-li-a"),
        "BE": ("Bỉ",),
        "BR": ("Bra-xin",),
        "CN": ("Trung Quốc đại lục",),
        "CZ": ("Cộng hòa Séc", "Cộng hoà Séc", "Séc"),
        "GB": ("Vương quốc Anh", "Anh", "Vương quốc Liên hiệp Anh và Bắc Ireland"),
        "HK": ("Hồng Kông", "Hong Kong"),
        "ID": ("In-đô-nê-xi-a",),
        "IT": ("Ý",),
        "KR": ("Hàn Quốc", "Đại Hàn Dân Quốc"),
        "MO": ("Ma Cao", "Macao"),
        "SA": ("Ả Rập Xê Út", "Ả-rập Xê-út", "Ả Rập Saudi"),
        "TR": ("Thổ Nhĩ Kỳ",),
        "TW": ("Đài Loan",),
        "UM": ("Các tiểu đảo xa của Hoa Kỳ",),
        "US": ("Hoa Kỳ", "Mỹ", "Hợp chủng quốc Hoa Kỳ"),
    },
    "de": {
        "BY": ("Belarus", "Weißrussland"),
        "CZ": ("Tschechische Republik",),
        "GB": ("Großbritannien", "UK"),
        "HK": ("Hongkong",),
        "MO": ("Macau", "Macao"),
        "US": ("USA", "Vereinigte Staaten von Amerika"),
    },
    "es": {
        "CZ": ("República Checa",),
        "GB": ("Gran Bretaña",),
        "HK": ("Hong Kong",),
        "US": ("EE. UU.", "EE.UU.", "Estados Unidos de América"),
    },
    "fr": {
        "CZ": ("République tchèque",),
        "GB": ("Grande-Bretagne",),
        "HK": ("Hong Kong",),
        "US": ("États-Unis d'Amérique", "USA"),
    },
    "pt": {
        "CZ": ("República Tcheca", "República Checa"),
        "GB": ("Grã-Bretanha",),
        "HK": ("Hong Kong",),
        "US": ("EUA", "Estados Unidos da América"),
    },
    "ja": {
        "GB": ("英国", "イギリス"),
        "HK": ("香港",),
        "US": ("米国", "アメリカ"),
    },
    "zh": {
        "HK": ("香港", "中国香港"),
        "MO": ("澳门", "中国澳门"),
        "TW": ("台湾", "中国台湾"),
    },
}
"""Beside the name that CLDR gives, by language: older, official and short ones.

Only whole names are listed: no two countries may share one.
"""

_OF_TWO_COUNTRIES: Final = frozenset({"congo", "korea"})
"""Names that a form gives one country and people give either of two."""

_CURRENCY_WORDS: Final = {"rmb": "CNY", "renminbi": "CNY", "yen": "JPY"}
_SIGNS_OF_SEVERAL: Final = frozenset({"\u00a3", "\u20a9", "fcfa", "f cfa"})
_LONGEST_CHANGE: Final = timedelta(days=4 * 366)
_OLDEST_CHANGE: Final = date(2000, 1, 1)
_FEWEST_LETTERS: Final = 4

NOT_COUNTRIES: Final = frozenset(
    "AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split()  # noqa: SIM905 - a table of codes
)
"""Two-letter territories of CLDR that ISO 3166-1 does not list."""

NOT_CITIES: Final = frozenset(
    "ACT Canberra LHI NSW North Queensland South Tasmania Victoria West Yancowinna".split()  # noqa: SIM905
)
"""Last parts of old zone names (Australia/North) that are no city's name."""


def country_names(iso: str, language: str) -> list[str]:
    """Return what a form may call the country `iso`, likeliest first, its code last.

    Compare whole options with `fold` on both sides: "United States" also begins
    "United States Minor Outlying Islands".
    """
    locale = locale_of(language)
    own = [str(locale.territories.get(iso, ""))]
    names = [*own, *OTHER_COUNTRY_NAMES.get(locale.language, {}).get(iso, ())]
    if locale.language != "en":
        names += country_names(iso, "en")
    names += [name.replace(" & ", " and ") for name in names if " & " in name]
    return [*dict.fromkeys(name for name in names if name and name != iso), iso]


def currency_names(code: str, language: str) -> list[str]:
    """Return what a form may call the currency `code`, in `language` or English, singular and plural."""
    from babel.numbers import get_currency_name

    return [
        get_currency_name(code, count=count, locale=locale)
        for locale in (locale_of("en"), locale_of(language))
        for count in (None, 1, 2)
    ]


@cache
def countries() -> frozenset[str]:
    """Return the ISO 3166 codes of all countries."""
    known = map(str, locale_of("en").territories)
    codes = {code for code in known if re.fullmatch(r"[A-Z]{2}", code)}
    return frozenset(codes - NOT_COUNTRIES)


@cache
def currencies() -> frozenset[str]:
    """Return the ISO 4217 codes of the currencies that are legal tender somewhere."""
    from babel.core import get_global

    uses = get_global("territory_currencies").values()
    return frozenset(code for uses_there in uses for code, _, end, tender in uses_there if tender and not end)


@cache
def locale_of(language: str) -> Locale:
    """Return CLDR's data of a language, or of English if there is none."""
    from babel import Locale, UnknownLocaleError

    for tag in (language.replace("-", "_"), re.split(r"[-_]", language)[0]):
        try:
            return Locale.parse(tag)
        except (ValueError, UnknownLocaleError, TypeError):
            continue
    return Locale.parse("en")


def country_meant(text: str) -> str:
    """Return " (did you mean 'IE', Ireland?)" if `text` names one country, in English but for a slip; else nothing.

    Other languages count as far as forms are known in them or the country speaks them.
    """
    if fold(text) in _OF_TWO_COUNTRIES:
        return ""
    code = _names_of_countries().get(fold(text)) or _three_letters(text) or _only_slip(text, _english_names())
    return did_you_mean(code, country_names(code, "en")[0]) if code else ""


def currency_meant(text: str) -> str:
    """Return " (did you mean 'EUR', Euro?)" if `text` is the sign of one currency, or a name but for a slip."""
    names = {fold(name): code for code in currencies() for name in currency_names(code, "en")}
    signs = {fold(sign): code for code, sign in locale_of("en-001").currency_symbols.items() if code in currencies()}
    known = {sign: code for sign, code in signs.items() if sign not in _SIGNS_OF_SEVERAL} | _CURRENCY_WORDS | names
    code = known.get(fold(text)) or _only_slip(text, names)
    return did_you_mean(code, currency_names(code, "en")[0]) if code else ""


def currency_after(code: str) -> str:
    """Return the currency that took the place of `code` in all lands that used it last, or nothing if there is none."""
    from babel.core import get_global

    uses = get_global("territory_currencies")
    ends = {land: date(*end) for land, used in uses.items() for each, _, end, _ in used if each == code and end}
    last = max(ends.values(), default=date.min)
    if code in currencies() or last < _OLDEST_CHANGE:
        return ""
    begun = [_begun_about(uses[land], last) for land, end in ends.items() if end == last and land in countries()]
    return begun[0].pop() if begun and len(begun[0]) == 1 and all(each == begun[0] for each in begun) else ""


def _begun_about(used: list[Any], day: date) -> set[str]:
    """The currencies of a land that began about `day` and are still its money."""
    now = [(new, date(*start)) for new, start, end, tender in used if tender and not end]
    return {new for new, start in now if abs(start - day) < _LONGEST_CHANGE}


@cache
def _english_names() -> dict[str, str]:
    return {fold(name): code for code in countries() for name in country_names(code, "en")[:-1]}


@cache
def _names_of_countries() -> dict[str, str]:
    """Every name of every country; one that two of them have is nobody's."""
    from babel.languages import get_official_languages

    owners: dict[str, set[str]] = {}
    for code in countries():
        for language in {*OTHER_COUNTRY_NAMES, *get_official_languages(code, de_facto=True)}:
            for name in country_names(code, language)[:-1]:
                owners.setdefault(fold(name), set()).add(code)
    return {name: codes.pop() for name, codes in owners.items() if len(codes) == 1}


def _three_letters(text: str) -> str:
    """The country of a code such as GBR."""
    from babel.core import get_global

    code = text.strip().upper()
    found = get_global("territory_aliases").get(code, [])
    return found[0] if re.fullmatch("[A-Z]{3}", code) and code not in currencies() and len(found) == 1 else ""


def _only_slip(text: str, names: Mapping[str, str]) -> str:
    """Three letters say too little of what can never be changed."""
    return only_slip(fold(text), names) if len(text.strip()) >= _FEWEST_LETTERS else ""
