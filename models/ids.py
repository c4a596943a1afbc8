"""Ids of Business Centers and ad accounts, as people paste them.

Both kinds are 19 decimal digits with 6 or 7 in front. They are larger than
2**53, so anything that treats them as numbers (a spreadsheet, JavaScript)
changes them. That is why only text is accepted here.
"""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from bcflow.models.identity import quoted, trim

BUSINESS_CENTER: Final = "Business Center id"
AD_ACCOUNT: Final = "ad account id (aadvid)"

USUAL_ID: Final = re.compile(r"[67][0-9]{18}")
_DIGITS: Final = re.compile(r"[0-9]{1,40}")
_LIST_PREFIX: Final = re.compile(r"id\s*[:\uff1a]\s*", re.IGNORECASE)
_GROUPS: Final = re.compile(r"['\u2018\u2019]?[0-9]+(?:[ \u00a0\u2009\u202f][0-9]+)*")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u2009\u202f,.'\u2019][0-9]{3}){2,}")
_EXPONENT: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[0-9]+[.,]0+")
_WITH_ARTICLE: Final = {
    BUSINESS_CENTER: f"a {BUSINESS_CENTER}",
    AD_ACCOUNT: f"an {AD_ACCOUNT}",
}
_ESCAPED_AND: Final = re.compile(r"&(?:amp;|#0*38;|#x0*26;)+", re.IGNORECASE)
_PARAMETERS: Final = {BUSINESS_CENTER: "org_id", AD_ACCOUNT: "aadvid"}
_USUAL_LENGTH: Final = 19
_CUT_ENDING: Final = "0000"


def parse_business_center_id(value: object, *, allow_unusual: bool = False, from_sheet: bool = False) -> str:
    """Return the Business Center id that `value` is, or that its `org_id=` carries.

    Raises ValueError with one line that says why and what to do.
    """
    return _parse(value, BUSINESS_CENTER, allow_unusual=allow_unusual, from_sheet=from_sheet)


def parse_aadvid(value: object, *, allow_unusual: bool = False, from_sheet: bool = False) -> str:
    """Return the ad account id that `value` is, or that its `aadvid=` carries.

    `from_sheet` also refuses a bare id that ends in 0000: a spreadsheet keeps 15
    digits of a number and fills up with zeros. The address of the account is not
    cut that way, so it is always accepted.

    Raises ValueError with one line that says why and what to do.
    """
    return _parse(value, AD_ACCOUNT, allow_unusual=allow_unusual, from_sheet=from_sheet)


def _parse(value: object, kind: str, *, allow_unusual: bool, from_sheet: bool) -> str:
    text = _as_text(value, kind, from_sheet=from_sheet)
    if "://" in text or f"{_PARAMETERS[kind]}=" in text:
        found = _from_address(text, kind)
        return _checked(found, kind, allow_unusual=allow_unusual)
    text = _LIST_PREFIX.sub("", text, count=1) if _LIST_PREFIX.match(text) else text
    if _EXPONENT.fullmatch(text) or _DECIMAL.fullmatch(text):
        raise ValueError(_became_a_number(text, kind))
    if _THOUSANDS.fullmatch(text):
        raise ValueError(_was_formatted(text, kind))
    number = _checked(_without_groups(text), kind, allow_unusual=allow_unusual)
    if from_sheet and number.endswith(_CUT_ENDING) and not allow_unusual:
        raise ValueError(_was_cut(number, kind))
    return number


def _without_groups(text: str) -> str:
    """The digits of an id that somebody wrote in groups, or with a spreadsheet's apostrophe in front: none is lost."""
    digits = re.sub(r"[^0-9]", "", text)
    return digits if USUAL_ID.fullmatch(digits) and _GROUPS.fullmatch(text) else text


def _as_text(value: object, kind: str, *, from_sheet: bool) -> str:
    if isinstance(value, bool) or value is None:
        msg = f"{_WITH_ARTICLE[kind]} is needed: 19 digits in quotes"
        raise ValueError(msg)
    if isinstance(value, int | float):
        if from_sheet:
            whole = int(value) if isinstance(value, int) or value.is_integer() else value
            raise ValueError(_was_cut(str(whole), kind))
        raise ValueError(_bare_number(value, kind))  # noqa: TRY004 - the field's error to pydantic
    if not isinstance(value, str):
        msg = f"{_WITH_ARTICLE[kind]} is needed as text, not {_kind_of(value)}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic turns ValueError into an error of the field
    return trim(value)


def _from_address(text: str, kind: str) -> str:
    name = _PARAMETERS[kind]
    found = _parameter(text, name)
    if len(found) == 1:
        return found.pop()
    if found:
        msg = f"this address carries {len(found)} different {name} values; give one"
        raise ValueError(msg)
    other = next(word for word in _PARAMETERS.values() if word != name)
    if _parameter(text, other):
        msg = f"this address carries {other}= but {_WITH_ARTICLE[kind]} is needed ({name}=)"
        raise ValueError(msg)
    msg = f"this address does not carry {name}=; open the account and copy it again"
    raise ValueError(msg)


def _parameter(text: str, name: str) -> set[str]:
    """All values of a query parameter, also behind '#', in an encoded address and in one out of a page's source."""
    text = _ESCAPED_AND.sub("&", text)
    try:
        parts = urlsplit(text)
    except ValueError:
        return set()
    candidates = [parts.query, parts.fragment.rpartition("?")[2], text]
    pairs = [pair for query in candidates for pair in parse_qsl(query)]
    found = {value.strip() for key, value in pairs if key == name}
    inner = {unquote(value) for _, value in pairs if f"{name}=" in unquote(value)}
    for address in inner - {text}:
        found |= _parameter(address, name)
    return found


def _checked(text: str, kind: str, *, allow_unusual: bool) -> str:
    if USUAL_ID.fullmatch(text):
        return text
    if allow_unusual and _DIGITS.fullmatch(text):
        return text
    raise ValueError(_why_unusual(text, kind))


def _why_unusual(text: str, kind: str) -> str:
    if not text:
        return f"is empty; {_WITH_ARTICLE[kind]} is needed"
    if not _DIGITS.fullmatch(text):
        where = "; bcflow whoami shows it" if kind == BUSINESS_CENTER and any(map(str.isalpha, text)) else ""
        return f"{quoted(text)} is not {_WITH_ARTICLE[kind]}: 19 digits and nothing else{where}"
    way_out = "check it; --allow-unusual-id takes it as it is"
    if len(text) != _USUAL_LENGTH:
        return f"{quoted(text)} has {len(text)} digits, {_WITH_ARTICLE[kind]} has 19; {way_out}"
    return f"{quoted(text)} starts with {text[0]}, {_WITH_ARTICLE[kind]} with 6 or 7; {way_out}"


def _bare_number(value: float, kind: str) -> str:
    if isinstance(value, float):
        return _became_a_number(str(value), kind)
    return f"is a bare number; programs round numbers this long, so write the {kind} in quotes: {quoted(value)}"


def _became_a_number(text: str, kind: str) -> str:
    return f"{quoted(text)} was written as a number and its last digits are lost; copy the {kind} again as text"


def _was_formatted(text: str, kind: str) -> str:
    return f"{quoted(text)} is written in thousands, as a number that may be rounded; copy the {kind} again as text"


def _was_cut(text: str, kind: str) -> str:
    return (
        f"{quoted(text)} looks cut: a spreadsheet keeps 15 digits of a number and fills "
        f"up with zeros; format the column as text and paste the {kind} again, or paste "
        f"the account's address"
    )


def _kind_of(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple | set):
        return "a list"
    return f"a {type(value).__name__}"
