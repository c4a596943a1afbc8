"""Cells and headers of a spreadsheet as the words a job understands."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any, Final

from bcflow.models.identity import fold, quoted, trim
from bcflow.models.jobs import FLOWS
from bcflow.models.suggestions import nearest
from bcflow.runner.redaction.printable import printable

_TEXT_OF_DIGITS: Final = ("phone", "postal_code", "tax_id", "name", "note", "client", "street", "id")
_BOOLEANS: Final = ("notify_owner", "primary_agency", "accept_terms")
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "sí", "si", "oui", "có"})
_NO: Final = frozenset({"no", "n", "false", "0", "nein", "non", "không"})
_EXACT_IN_A_FLOAT: Final = 10**15
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FORMULA_ERRORS: Final = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")

OUTCOME_COLUMNS: Final = ("line", "outcome", "message", "next_action", "waiting_for", "writes", "run")
"""Columns that a report adds; ignored when its table comes back as input."""


class Formula:
    """A formula the spreadsheet program never stored a result for."""

    def __str__(self) -> str:
        """Return what stands in its place in messages."""
        return "a formula"


ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "email": ("e-mail", "mail", "email address", "e-mail address", "member", "member email", "user email"),
    "role": ("permission", "access", "access level", "member role", "level"),
    "finance_role": ("finance", "finance permission", "financial role", "advanced permission"),
    "ad_accounts": ("accounts", "assets", "ad accounts", "advertiser accounts", "assigned accounts"),
    "aadvid": (
        "ad account",
        "ad account id",
        "account id",
        "advertiser id",
        "advertiser account id",
        "advertiser account",
        "adv id",
        "url",
        "ad account url",
    ),
    "business_center": ("bc", "bc id", "bcid", "business center id", "business centre", "org id"),
    "partner_id": ("partner", "partner bc", "partner bc id", "partner business center id"),
    "expect_partner_name": ("partner name",),
    "expect_name": ("account name", "ad account name"),
    "primary_agency": ("primary media agency", "primary agency"),
    "notify_owner": ("notify", "notify by email"),
    "name": ("display name", "ad account name", "account name", "business center name"),
    "company": ("company name", "legal name", "legal entity", "business name"),
    "country": ("country code", "registered location", "location", "region"),
    "time_zone": ("timezone", "tz"),
    "currency": ("currency code",),
    "website": ("web site", "site", "web", "homepage"),
    "street": ("address", "street address"),
    "state": ("province", "county"),
    "postal_code": ("zip", "zip code", "postcode", "post code", "postal"),
    "tax_id": ("vat", "vat id", "vat number", "tax number", "tin"),
    "contact_name": ("contact", "contact person", "responsible person"),
    "phone": ("phone number", "telephone", "tel", "mobile"),
    "kind": ("type", "bc type", "account type"),
    "accept_terms": ("terms", "terms accepted"),
    "industry": ("sector", "vertical"),
    "client": ("customer", "client name"),
    "note": ("notes", "comment", "comments", "remark", "remarks"),
    "id": ("job id", "job"),
    "login": ("login name",),
}
"""Usual headers of each field, beside its own name; compared without case, `_` and `-`."""


def is_outcome_column(header: str) -> bool:
    """Whether the header is one that a report adds."""
    return _header(header) in map(_header, OUTCOME_COLUMNS)


def field_of(header: str, flow: str) -> str | None:
    """Return the field of `flow` that `header` names, or None."""
    wanted = _header(header)
    fields = list(FLOWS[flow].model_fields)
    for name in fields:
        if wanted == _header(name):
            return name
    return next(
        (name for name in fields if wanted in map(_header, ALIASES.get(name, ()))),
        None,
    )


def unknown_header(header: str, flow: str) -> str:
    """Return what to say of a header that names no field of `flow`."""
    known = list(FLOWS[flow].model_fields)
    return f"unknown column{nearest(_header(header), known)}; known: {', '.join(known)}"


def clean(cell: object) -> object:
    """Return a cell without surrounding, no-break and zero-width spaces; None if empty."""
    if isinstance(cell, str):
        text = "".join(letter for letter in cell if letter not in "\u200b\u2060\ufeff")
        text = trim(unicodedata.normalize("NFC", text))
        if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
            text = text[1:]  # put there by `escaped`, when a report's table comes back as input
        return text or None
    return cell


def escaped(cell: object) -> str:
    """Return a cell's text, printable, with an apostrophe before what a spreadsheet would calculate."""
    text = "" if cell is None else printable(str(cell))
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) or text.startswith("\t") else text


def field_value(name: str, cell: object) -> object:
    """Return what the cell of the field `name` says; raise ValueError saying what is wrong."""
    if isinstance(cell, str) and cell in _FORMULA_ERRORS:
        raise ValueError(f"the sheet shows {cell}; repair the formula")
    if isinstance(cell, Formula):
        raise ValueError("is a formula without a stored result; paste its value instead")  # noqa: TRY004
    if isinstance(cell, datetime | date | time):
        message = "became a date in the spreadsheet; format the column as text and type it again"
        raise ValueError(message)  # noqa: TRY004 - one kind of error for every cell
    if name == "ad_accounts":
        return ad_accounts(cell)
    if name in _BOOLEANS:
        return _boolean(cell)
    if name in _TEXT_OF_DIGITS and isinstance(cell, int | float) and not isinstance(cell, bool):
        return _digits(cell)
    return cell


def ad_accounts(cell: object) -> object:
    """Return the list that "aadvid:role|aadvid:role" stands for.

    An address holds colons of its own, so the role is what follows the last one.
    """
    if not isinstance(cell, str):
        raise ValueError("write it as aadvid:role|aadvid:role, in a column formatted as text")  # noqa: TRY004
    found: list[dict[str, Any]] = []
    for part in re.split(r"[|\n]", cell):
        piece = trim(part)
        if not piece:
            continue
        account, colon, role = piece.rpartition(":")
        if not colon or "/" in role or role.strip().isdigit():
            raise ValueError(f"{quoted(piece)} has no role; write it as aadvid:role|aadvid:role")
        found.append({"aadvid": trim(account), "role": trim(role)})
    return found


def _boolean(cell: object) -> object:
    if isinstance(cell, str):
        word = fold(cell)
        return True if word in _YES else False if word in _NO else cell
    return bool(cell) if isinstance(cell, int | float) and cell in {0, 1} else cell


def _digits(cell: float) -> str:
    """A number typed where digits are text; beyond 15 digits the sheet has changed them."""
    if cell != cell // 1:
        return str(cell)
    if abs(cell) >= _EXACT_IN_A_FLOAT:
        raise ValueError("is a number of more than 15 digits, cut by the sheet; format the column as text")
    return str(int(cell))


def _header(text: str) -> str:
    return " ".join(re.sub(r"[_\-\s.:*]+", " ", fold(text)).split())
