"""What a field takes, told by what it is and what may be chosen in it: a reason each, or an empty text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bcflow.models.identity import fold, quoted
from bcflow.models.places.names import country_names

if TYPE_CHECKING:
    from bcflow.pages.kit.evidence.scan import Spotted
    from bcflow.pages.labels import Words

Accepts = Callable[["Spotted"], str]
ROLES: Final = ("admin", "standard", "operator", "analyst", "finance manager", "finance analyst")
_ADDRESS = re.compile(r"\S@\S|^@")
_ZONE = re.compile(r"(UTC|GMT)\s*[+\-\u2212\u00b1]?\s*\d")
_CURRENCY = re.compile(r"\b(?!UTC|GMT)[A-Z]{3}\b")
_OFTEN = ("US", "GB", "VN", "DE", "FR", "ES", "BR", "ID", "MX", "JP", "AU", "AT", "AR", "BE", "CA", "CN", "DZ", "AF")
TYPED: Final = ("text", "chips")
SELECTS: Final = ("select", "native")
CHOOSES_ONE: Final = (*SELECTS, "choices")
CHOOSES: Final = (*CHOOSES_ONE, "multiple", "cascader")


def takes(*concepts: str) -> Accepts:
    """Return what tells a field for the thing that these concepts name, where anything but its words does."""
    return next((_BY_CONCEPT[each] for each in concepts if each in _BY_CONCEPT), _anything)


def roles(words: Words, among: tuple[str, ...]) -> Accepts:
    """Return what tells a field whose choices are roles."""

    def accepts(each: Spotted) -> str:
        known = [one for one in each.options if any(words.matches(role, one) for role in (*among, *ROLES))]
        return f"it offers {quoted(known[0])}" if each.widget in CHOOSES and known else ""

    return accepts


def several(ids: tuple[str, ...]) -> Accepts:
    """Return what tells a field whose choices have these ids in their words."""

    def accepts(each: Spotted) -> str:
        found = next((one for one in each.options if any(id_ in one for id_ in ids)), "")
        return f"it offers {quoted(found)}" if found else ""

    return accepts


def is_one_of(*widgets: str) -> Callable[[Spotted], bool]:
    """Return what tells a field by the kind of control that it is."""
    return lambda each: each.widget in widgets


def is_of_another(kind: str, each: Spotted, language: str) -> bool:
    """Say whether what may be chosen is of another kind: a select of currencies is none of industries."""
    return any(other != kind and tells(each.options, language) for other, tells in _OF_KIND.items())


def options(kind: str, meant: Callable[[list[str]], list[str]], value: str, language: str) -> Accepts:
    """Return what tells a field by its choices: one means `value`, or they are of the same `kind` as it."""

    def accepts(each: Spotted) -> str:
        if each.widget not in CHOOSES or not each.options:
            return ""
        found = meant(list(each.options))
        if len(found) == 1:
            return f"it offers {quoted(found[0])}, which means {value}"
        return _OF_KIND.get(kind, _of_no_kind)(each.options, language)

    return accepts


def _of_no_kind(_options: tuple[str, ...], _language: str) -> str:
    return ""


def _zones(texts: tuple[str, ...], _language: str) -> str:
    return "its choices are time zones" if sum(bool(_ZONE.search(one)) for one in texts) > len(texts) / 2 else ""


def _currencies(texts: tuple[str, ...], _language: str) -> str:
    return "its choices are currencies" if sum(bool(_CURRENCY.search(one)) for one in texts) > len(texts) / 2 else ""


def _countries(texts: tuple[str, ...], language: str) -> str:
    names = {fold(name) for iso in _OFTEN for name in country_names(iso, language)}
    return "its choices are countries" if len({fold(one) for one in texts} & names) > 1 else ""


def _anything(_each: Spotted) -> str:
    return ""


def _address(each: Spotted) -> str:
    if each.widget not in ("text", "chips"):
        return ""
    return "it takes an address" if each.type == "email" or _ADDRESS.search(each.hint) else ""


def _website(each: Spotted) -> str:
    fits = each.type == "url" or "http" in each.hint or "www." in each.hint
    return "it takes the address of a website" if each.widget == "text" and fits else ""


def _phone(each: Spotted) -> str:
    return "it takes a telephone number" if each.widget == "text" and each.type == "tel" else ""


def _way(each: Spotted) -> str:
    return "it is a choice in several levels" if each.widget == "cascader" else ""


_BY_CONCEPT: Final[dict[str, Accepts]] = {
    "email": _address,
    "website": _website,
    "phone": _phone,
    "industry": _way,
}
_OF_KIND: Final[dict[str, Callable[[tuple[str, ...], str], str]]] = {
    "time_zone": _zones,
    "currency": _currencies,
    "country": _countries,
}
