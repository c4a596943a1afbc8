"""Cells and headers of a spreadsheet as the words a job understands."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from bcflow.models.identity import fold, quoted, trim
from bcflow.models.jobs import FLOWS
from bcflow.models.suggestions import nearest
from bcflow.runner.redaction.printable import printable

_IDS: Final = ("aadvid", "business_center", "partner_id")
_BOOLEANS: Final = ("notify_owner", "primary_agency", "accept_terms")
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "sí", "si", "oui", "có"})
_NO: Final = frozenset({"no", "n", "false", "0", "nein", "non", "không"})
# A role, and behind it another account.
_ONE_MORE: Final = re.compile(r":\s*(?:admin|operator|analyst)\b.*?(?:[0-9]{9}|://)", re.IGNORECASE)
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TEXTS_OF_DIGITS: Final = ("phone", "postal_code", "tax_id")
_AS_TEXT: Final = re.compile(r'="((?:[^"]|"")*)"')
_POWER_OF_TEN: Final = re.compile(r"[+-]?\d+([.,]\d+)?E\+\d+", re.IGNORECASE)
_ERRORS: Final = re.compile(
    r"#[¡¿]?[^\W\d]+(/0)?[!?]"  # #REF! in any language
    r"|#[^\W\d]{1,2}/[^\W\d]{1,2}|#(NV|YOK|HIÁNYZIK|NENÍ_K_DISPOZICI|NEDOSTUPNÝ|GETTING_DATA)"  # #N/A
)
_ERRORS_WITH_A_NUMBER: Final = re.compile(
    r"(err|erro|error|eroare|fehler|fout|fel|feil|fejl|virhe|viga|chyba|błąd|hiba|hata|greška|napaka|lỗi|ошибка"
    r"|помилка|грешка|σφάλμα|エラー|错误|錯誤|오류) ?: ?5\d\d"
    r"|loading(\.\.\.|…)",
    re.IGNORECASE,
)

OUTCOME_COLUMNS: Final = ("line", "outcome", "message", "next_action", "waiting_for", "writes", "run")
"""Columns that a report adds; ignored when its table comes back as input."""


@dataclass(frozen=True)
class Unusable:
    """A cell that shows no value: an error, a date, a formula without a result. `why` is for the person."""

    why: str
    shown: str

    def __str__(self) -> str:
        """Return what stands in its place in messages and reports."""
        return self.shown


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
    """Return a cell without what surrounds it unseen, and without what marks it as text; None if empty."""
    if isinstance(cell, str):
        text = trim(unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", cell)))
        if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
            text = text[1:]  # put there by `escaped`, when a report's table comes back as input
        if kept := _AS_TEXT.fullmatch(text):
            text = trim(kept[1].replace('""', '"'))  # how a CSV keeps a spreadsheet from making a number of it
        return text or None
    return cell


def escaped(cell: object) -> str:
    """Return a cell's text, printable, with an apostrophe before what a spreadsheet would calculate."""
    text = "" if cell is None else printable(str(cell))
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) or text.startswith("\t") else text


def field_value(name: str, cell: object) -> object:
    """Return what the cell of the field `name` says; raise ValueError saying what is wrong."""
    if isinstance(cell, str):
        _refuse_what_a_sheet_shows(cell)
    if isinstance(cell, Unusable):
        raise ValueError(cell.why)  # noqa: TRY004 - one kind of error for every cell
    if name == "ad_accounts":
        return ad_accounts(cell)
    if name in _BOOLEANS:
        return _boolean(cell)
    if isinstance(cell, bool):
        raise ValueError("is TRUE or FALSE in the sheet; format the column as text and type it again")  # noqa: TRY004
    if isinstance(cell, int) and name not in _IDS:
        raise ValueError("is a number of more than 15 digits, cut by the sheet; format the column as text")
    return re.sub(r"^'(?=[\d+])", "", cell) if name in _TEXTS_OF_DIGITS and isinstance(cell, str) else cell


def _refuse_what_a_sheet_shows(text: str) -> None:
    """Raise ValueError if a spreadsheet program wrote the text in the place of a value that it could not show."""
    if not text.strip("#"):
        raise ValueError(f"the sheet shows only {quoted(text)[1:-1]}; widen the column and save it again")
    if (_ERRORS.fullmatch(text) and text == text.upper()) or _ERRORS_WITH_A_NUMBER.fullmatch(text):
        raise ValueError(f"the sheet shows {text}; repair the formula")
    if _POWER_OF_TEN.fullmatch(text):
        raise ValueError(f"{quoted(text)} was written as a number and its last digits are lost; copy it again as text")


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
        if is_several(piece):
            raise ValueError(f"{quoted(piece)} is more than one ad account; separate ad accounts with |")
        account, colon, role = piece.rpartition(":")
        if not colon or "/" in role or role.strip().isdigit():
            raise ValueError(f"{quoted(piece)} has no role; write it as aadvid:role|aadvid:role")
        found.append({"aadvid": trim(account), "role": trim(role)})
    return found


def is_several(text: str) -> bool:
    """Whether a text that should name one ad account and its role names another one behind it."""
    return _ONE_MORE.search(text) is not None


def _boolean(cell: object) -> object:
    if isinstance(cell, str):
        word = fold(cell)
        return True if word in _YES else False if word in _NO else cell
    return cell


def _header(text: str) -> str:
    return " ".join(re.sub(r"[_\-\s.:*]+", " ", fold(text)).split())
