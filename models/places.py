"""Time zones, countries and currencies: what a job may say and how a form spells it.

Babel's CLDR data gives names per language, zoneinfo the rules of each zone.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, available_timezones

from bcflow.models.identity import canonical_name, fold, quoted
from bcflow.models.place_names import NOT_CITIES, NOT_COUNTRIES, OTHER_COUNTRY_NAMES
from bcflow.models.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from babel import Locale

_REGIONS: Final = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
_UTC_NAMES: Final = ("UTC", "Etc/UTC")
_UTC_WORDS: Final = ("coordinated universal time", "utc", "greenwich mean time")
_OFFSET: Final = re.compile(
    r"(?:UTC|GMT)\s*(?:(?P<sign>[-+±\u2212\u2013])\s*(?P<hours>[0-9]{1,2})"
    r"(?::?(?P<minutes>[0-9]{2}))?)?",
    re.IGNORECASE,
)
_JOINED_SCRIPTS: Final = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_OLDEST_RULE: Final = 2000
_CODE: Final = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


def zone_options_match(iana: str, options: Iterable[str], language: str) -> list[str]:
    """Return the options of a form that stand for the time zone `iana`.

    An option names its zone ("America/New_York") or its city ("New York Time"), in
    `language` or English, with or without an offset before it. The city counts as whole
    words, accents aside. If several match, the offset (standard or summer) decides as far
    as it can. One option whose offset the zone never had since 2000 is another city of
    that name. Exactly one result is an answer; none or several are for a person.
    """
    options = list(options)
    found = _by_zone_name(iana, options)
    for cities in _cities(iana, language):
        found = found or [text for text in options if _names_city(text, cities)]
    possible = _offsets(iana, since=_OLDEST_RULE)
    found = [text for text in found if _shown_offset(text) in {None, *possible}]
    if len(found) > 1:
        now = _offsets(iana, since=datetime.now(UTC).year)
        found = [text for text in found if _shown_offset(text) in now] or found
    return found


def country_names(iso: str, language: str) -> list[str]:
    """Return what a form may call the country `iso`, likeliest first, its code last.

    Compare whole options with `fold` on both sides: "United States" also begins
    "United States Minor Outlying Islands".
    """
    locale = _locale(language)
    own = [_territory(locale, iso)]
    names = [*own, *OTHER_COUNTRY_NAMES.get(locale.language, {}).get(iso, ())]
    if locale.language != "en":
        names += country_names(iso, "en")
    names += [name.replace(" & ", " and ") for name in names if " & " in name]
    return [*dict.fromkeys(name for name in names if name and name != iso), iso]


def currency_matches(option: str, code: str, language: str = "en") -> bool:
    """Whether an option ("USD", "US Dollar (USD)", "US Dollar") is the currency `code`.

    A code in the option decides alone; without one the whole option must be its name.
    """
    codes = {word for word in _CODE.findall(option) if word in _currencies()}
    if codes:
        return codes == {code}
    return fold(option) in {fold(name) for name in _currency_names(code, language)}


def check_time_zone(text: str) -> str:
    """Return `text` as the IANA name it is; raise ValueError with the nearest name."""
    zones = {name.casefold(): name for name in _zones()}
    clean = canonical_name(text)
    known = zones.get(clean.casefold().replace(" ", "_"))
    if known:
        return known
    hint = _zone_hint(clean)
    msg = f"{quoted(clean)} is not an IANA time zone such as America/New_York{hint}"
    raise ValueError(msg)


def check_country(text: str) -> str:
    """Return `text` as the ISO 3166 code it is; raise ValueError with the nearest one."""
    code = text.strip().upper()
    if code in _countries():
        return code
    hint = _country_hint(text)
    msg = f"{quoted(text)} is not an ISO country code of two letters such as US{hint}"
    raise ValueError(msg)


def check_currency(text: str) -> str:
    """Return `text` as the ISO 4217 code it is; raise ValueError with the nearest one."""
    code = text.strip().upper()
    if code in _currencies():
        return code
    named = {fold(_currency_names(code, "en")[0]): code for code in _currencies()}
    hint = f" (did you mean '{named[fold(text)]}'?)" if fold(text) in named else ""
    hint = hint or _nearest_name(text, named)
    msg = f"{quoted(text)} is not an ISO currency code of three letters such as USD{hint}"
    raise ValueError(msg)


def _by_zone_name(iana: str, options: list[str]) -> list[str]:
    wanted = {_plain(name) for name in _same_zone(iana) if "/" in name}
    return [text for text in options if "/" in text and any(_has_words(_plain(text), name) for name in wanted)]


def _cities(iana: str, language: str) -> list[set[str]]:
    """Words that name the zone, surest first: its own city, then its old names' cities."""
    if iana in _UTC_NAMES:
        return [set(_UTC_WORDS)]
    locales = {_locale(language), _locale("en")}
    names = _same_zone(iana)
    exemplar = [
        str(zone["city"])
        for locale in locales
        for name in names
        if (zone := locale.time_zones.get(name)) and zone.get("city")
    ]
    own = {_plain(_last_part(iana)), *map(_plain, exemplar)}
    others = {_plain(_last_part(name)) for name in names - {iana}}
    return [own, others - own]


def _same_zone(iana: str) -> set[str]:
    from babel.core import get_global

    aliases: dict[str, str] = dict(get_global("zone_aliases"))
    target = aliases.get(iana, iana)
    group = {target, iana, *(old for old, new in aliases.items() if new == target)}
    return {
        name
        for name in group
        if name == iana or (name.startswith(_REGIONS) and name.rpartition("/")[2] not in NOT_CITIES)
    }


def _last_part(iana: str) -> str:
    return iana.rpartition("/")[2].replace("_", " ")


def _names_city(option: str, cities: set[str]) -> bool:
    text = _plain(_OFFSET.sub(" ", option, count=1)) or _plain(option)
    return any(_has_words(text, city) for city in cities)


def _has_words(text: str, words: str) -> bool:
    if any(unicodedata.name(letter, "").startswith(_JOINED_SCRIPTS) for letter in words):
        return words in text
    return f" {words} " in f" {text} "


def _plain(text: str) -> str:
    """Letters and digits only, without accents, words one space apart."""
    apart = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    bare = re.sub(r"['\u2019\u02bc.]", "", unicodedata.normalize("NFC", bare))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _shown_offset(option: str) -> timedelta | None:
    match = _OFFSET.search(option)
    if not match:
        return None
    hours, minutes = int(match["hours"] or 0), int(match["minutes"] or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if match["sign"] in {"-", "\u2212", "\u2013"} else offset


@cache
def _offsets(iana: str, *, since: int) -> frozenset[timedelta]:
    zone = ZoneInfo(iana)
    days = [
        datetime(year, month, 1, tzinfo=zone)
        for year in range(since, datetime.now(UTC).year + 1)
        for month in (1, 4, 7, 10)
    ]
    return frozenset(offset for day in days if (offset := day.utcoffset()) is not None)


@cache
def _zones() -> frozenset[str]:
    named = {name for name in available_timezones() if name.startswith((*_REGIONS, "US/"))}
    return frozenset(named | {name for name in _UTC_NAMES if name in available_timezones()})


def _zone_hint(text: str) -> str:
    places = {_plain(_last_part(name)): name for name in sorted(_zones(), reverse=True)}
    found = places.get(_plain(text.rpartition("/")[2]))
    return f" (did you mean '{found}'?)" if found else nearest(text, _zones())


@cache
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    for tag in (language.replace("-", "_"), re.split(r"[-_]", language)[0]):
        try:
            return Locale.parse(tag)
        except (ValueError, UnknownLocaleError, TypeError):
            continue
    return Locale.parse("en")


def _territory(locale: Locale, iso: str) -> str:
    return str(locale.territories.get(iso, ""))


@cache
def _countries() -> frozenset[str]:
    known = map(str, _locale("en").territories)
    codes = {code for code in known if re.fullmatch(r"[A-Z]{2}", code)}
    return frozenset(codes - NOT_COUNTRIES)


def _country_hint(text: str) -> str:
    from babel.core import get_global

    aliases = get_global("territory_aliases").get(text.strip().upper(), [])
    if len(aliases) == 1:
        return f" (did you mean '{aliases[0]}'?)"
    named = {fold(name): code for code in _countries() for name in country_names(code, "en")[:-1]}
    if fold(text) in named:
        return f" (did you mean '{named[fold(text)]}'?)"
    return _nearest_name(text, named)


def _nearest_name(text: str, named: dict[str, str]) -> str:
    """The code whose name is spelled most like `text`; two or three letters say too little."""
    shortest = 4
    close = get_close_matches(fold(text), named, n=1, cutoff=0.75)
    if len(text.strip()) < shortest or not close:
        return ""
    return f" (did you mean '{named[close[0]]}'?)"


@cache
def _currencies() -> frozenset[str]:
    from babel.core import get_global

    uses = get_global("territory_currencies").values()
    return frozenset(code for uses_there in uses for code, _, end, tender in uses_there if tender and not end)


def _currency_names(code: str, language: str) -> list[str]:
    from babel.numbers import get_currency_name

    return [
        get_currency_name(code, count=count, locale=locale)
        for locale in (_locale("en"), _locale(language))
        for count in (None, 1, 2)
    ]
