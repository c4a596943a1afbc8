"""Time zones, countries and currencies: what a job may say and how a form spells it.

Babel's CLDR data gives names per language, zoneinfo the rules of each zone.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, available_timezones

from bcflow.models.identity import canonical_name, fold, quoted
from bcflow.models.places.names import (
    NOT_CITIES,
    countries,
    country_meant,
    currencies,
    currency_after,
    currency_meant,
    currency_names,
    locale_of,
)
from bcflow.models.suggestions import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def currency_matches(option: str, code: str, language: str = "en") -> bool:
    """Whether an option ("USD", "US Dollar (USD)", "US Dollar") is the currency `code`.

    A code in the option decides alone; without one the whole option must be its name.
    """
    codes = {word for word in _CODE.findall(option) if word in currencies()}
    if codes:
        return codes == {code}
    return fold(option) in {fold(name) for name in currency_names(code, language)}


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
    """Return `text` as the ISO 3166 code it is; raise ValueError, with the code if it is the name of one country."""
    code = text.strip().upper()
    if code in countries():
        return code
    hint = country_meant(text)
    msg = f"{quoted(text)} is not an ISO country code of two letters such as US{hint}"
    raise ValueError(msg)


def check_currency(text: str) -> str:
    """Return `text` as the ISO 4217 code it is; raise ValueError, with the code if it is the name of one currency."""
    code = text.strip().upper()
    if code in currencies():
        return code
    if successor := currency_after(code):
        msg = f"{quoted(text)} is no longer in use: {successor} took its place"
    else:
        msg = f"{quoted(text)} is not an ISO currency code of three letters such as USD{currency_meant(text)}"
    raise ValueError(msg)


def _by_zone_name(iana: str, options: list[str]) -> list[str]:
    wanted = {_plain(name) for name in _same_zone(iana) if "/" in name}
    return [text for text in options if "/" in text and any(_has_words(_plain(text), name) for name in wanted)]


def _cities(iana: str, language: str) -> list[set[str]]:
    """Words that name the zone, surest first: its own city, then its old names' cities."""
    if iana in _UTC_NAMES:
        return [set(_UTC_WORDS)]
    locales = {locale_of(language), locale_of("en")}
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
    return {name for name in group if name == iana or _names_a_city(name)}


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
    """The zone of this city, in the region if one is given, or the only one within a slip or two."""
    region, _, place = text.rpartition("/")
    cities = {_plain(_last_part(name)): name for name in sorted(_zones(), reverse=True) if _names_a_city(name)}
    found = cities.get(_plain(place), "")
    if found.casefold().startswith(region.partition("/")[0].casefold()):
        return did_you_mean(found) or nearest(text, _zones())
    return nearest(text, _zones())


def _names_a_city(name: str) -> bool:
    return name.startswith(_REGIONS) and name.rpartition("/")[2] not in NOT_CITIES
