"""What a request says of what was asked, in the page's own names: a second witness to what was pressed.

What a control is called may have been taught wrongly, and then it reads back wrongly, too. The names in a request do
not come from that: roles go over the wire as words (the public API's ADMIN, STANDARD, OPERATOR, ANALYST, MANAGER) or as
the few numbers that are known, and a company's name stands under a name that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bcflow.models.identity import fold
from bcflow.pages.kit.writing import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bcflow.pages.kit.writing.requests import Call

LEVELS: Final = frozenset({"admin", "standard", "operator", "analyst", "manager"})
_OF_PEOPLE: Final = frozenset({"org", "user", "member", "bc"})
_OF_LEVELS: Final = frozenset({"role", "roles", "permission", "level"})
_NUMBERS: Final = {"org": {"1": "admin"}, "finance": {"5": "manager"}}
"""Seen in public automation code of the site's own calls: `org_role` 1 is admin, `finance_role` 5 is manager."""
_NAMED: Final = {
    "company": {"company", "legal", "corporate"},
    "street": {"street", "address"},
    "city": {"city"},
    "state": {"state", "province"},
    "postal_code": {"post", "postal", "postcode", "zip", "zipcode"},
    "tax_id": {"tax", "vat"},
    "website": {"website", "url", "site"},
    "contact_name": {"contact"},
    "phone": {"phone", "mobile", "telephone"},
    "email": {"email", "mail", "emails"},
}
"""By the job's names, the words of a request's name that mean just that."""
_NAMES: Final = ("name", "ad_account_name")
_OF_ACCOUNTS: Final = frozenset({"account", "advertiser", "adv"})


def contrary(call: Call, asked: Mapping[str, object]) -> str:
    """Return what a write says otherwise than was `asked`, or an empty text; what it does not say is no matter.

    `asked` is what the form was filled with, by the job's names; its `ad_accounts` have a level each.
    """
    for above, name, value, within in _leaves(requests.parsed(call.body), {}):
        words = frozenset(requests.words_of(name))
        # A bare name is that of what it stands in: a contact's, a company's.
        words |= frozenset(requests.words_of(within)) if words == {"name"} else frozenset()
        wrong = _level(words, value, above, asked) or _misplaced(words, value, asked)
        if wrong:
            return f"{name} says {value}, {wrong}"
    return ""


def _leaves(
    value: Any,  # noqa: ANN401 - whatever JSON the page sends
    above: dict[str, Any],
    name: str = "",
    within: str = "",
) -> Iterator[tuple[dict[str, Any], str, str, str]]:
    """Yield what stands beside each plain value, its name, the value, and the name of what it stands in."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, value, str(key), name)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, above, name, within)
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield above, name, str(value), within


def _level(words: frozenset[str], value: str, above: dict[str, Any], asked: Mapping[str, object]) -> str:
    """Return which level was asked for, where a request names another one."""
    if not words & _OF_LEVELS:
        return ""
    of = "finance" if "finance" in words else "org" if words & _OF_PEOPLE else ""
    wanted = _wanted(of, above, asked)
    numbers = _NUMBERS.get(of, {})
    level = numbers.get(value, fold(value))
    # A number that nobody knows is no level that has a known one.
    is_another = level in LEVELS or (level.isdecimal() and bool(wanted & set(numbers.values())))
    return f"asked for was {' or '.join(sorted(wanted))}" if wanted and is_another and level not in wanted else ""


def _wanted(of: str, above: dict[str, Any], asked: Mapping[str, object]) -> set[str]:
    """Return the levels that may stand there: of a person, of a person's finances, or of the ad account beside it."""
    granted = asked.get("ad_accounts")
    levels: dict[str, str] = dict(granted) if isinstance(granted, dict) else {}
    if levels and not of:
        return {levels[one] for one in map(str, above.values()) if one in levels} or set(levels.values())
    name = "finance_role" if of == "finance" else "role"
    return {str(asked[name])} if asked.get(name) else set()


def _misplaced(words: frozenset[str], value: str, asked: Mapping[str, object]) -> str:
    """Return whose value it is, where a request has the value of one thing under the name of another."""
    given = {name: fold(str(one)) for name, one in asked.items() if isinstance(one, str) and one}
    mine = [name for name, one in given.items() if one == fold(value) and name in {*_NAMED, *_NAMES}]
    named = next((name for name, own in _NAMED.items() if words & own), "")
    if not named and "name" in words:
        # Where both are asked for, the account's name is not the Business Center's.
        named = "ad_account_name" if words & _OF_ACCOUNTS and "ad_account_name" in given else "name"
    if not mine or named in mine or named not in given:
        return ""
    return f"which is the {mine[0].replace('_', ' ')} asked for"
