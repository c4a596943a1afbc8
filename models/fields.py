"""The kinds of values a job is made of, each with the check that belongs to it.

A value may be a reference `${id.field}` to the result of another job where the field
allows one. References pass unchecked until they are resolved.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from bcflow.models.broken_text import is_broken
from bcflow.models.identity import (
    canonical_name,
    check_bare,
    check_seen,
    fold,
    quoted,
    quotes_round,
    trim,
    written_email,
)
from bcflow.models.ids import parse_aadvid, parse_business_center_id
from bcflow.models.named import Names, Namespace, is_name

ALLOW_UNUSUAL: Final = "allow_unusual"
FROM_SHEET: Final = "from_sheet"
RESOLVED: Final = "resolved"
NAMED: Final = "named"
"""The `Names` that Business Centers and their ad accounts may be given by."""
KEPT: Final = "kept"
"""The job was taken in and checked before: what is asked only of people's typing is not asked again."""

REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_-]*)\.([a-z_]+)\}")
_JOB_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_LOGIN_NAME: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().\-]{4,24}")
_NOT_AT_AN_END: Final = re.compile("[,;\"'<>\u00ab\u00bb\u2018-\u201f\u2026\u2039\u203a\u3001\u3002\uff0c]$")
_INDUSTRY_LEVELS: Final = 4
_DIGITS_OF_A_PHONE: Final = range(6, 16)


def is_reference(value: object) -> bool:
    """Whether `value` is, as a whole, a reference `${id.field}`."""
    return isinstance(value, str) and REFERENCE.fullmatch(trim(value)) is not None


def _flag(info: ValidationInfo, name: str) -> bool:
    return bool((info.context or {}).get(name, False))


def _stays_reference(value: object, info: ValidationInfo) -> bool:
    if not is_reference(value):
        _not_nearly_one(value)
        return False
    if _flag(info, RESOLVED):
        msg = f"{value} has not been resolved"
        raise ValueError(msg)
    return True


def _not_nearly_one(value: object) -> None:
    if isinstance(value, str) and trim(value).startswith("$"):
        msg = f"{quoted(value)} is not a reference; write ${{id.field}}, such as ${{main.aadvid}}"
        raise ValueError(msg)


def _aadvid(value: object, info: ValidationInfo) -> str:
    if _stays_reference(value, info):
        return trim(str(value))
    return parse_aadvid(
        value,
        allow_unusual=_flag(info, ALLOW_UNUSUAL),
        from_sheet=_flag(info, FROM_SHEET),
    )


def _business_center(value: object, info: ValidationInfo) -> str:
    if _stays_reference(value, info):
        return trim(str(value))
    named: Names | None = (info.context or {}).get(NAMED)
    if named is not None and is_name(value):
        name = _text(value, info)
        # The default of a file is no job's yet: only a job says whose Business Centers are meant.
        return named.id_of(name, Namespace(info.data["login"])) if "login" in (info.data or {}) else name
    return parse_business_center_id(
        value,
        allow_unusual=_flag(info, ALLOW_UNUSUAL),
        from_sheet=_flag(info, FROM_SHEET),
    )


def _email(value: object, info: ValidationInfo) -> str:
    text = _text(value, info)
    if _stays_reference(text, info):
        return text
    if not _flag(info, KEPT):
        check_bare(text)
    return written_email(text)


def _not_broken(text: str, info: ValidationInfo) -> None:
    if is_broken(text) and not _flag(info, KEPT):
        msg = f"has lost letters on its way: {quoted(text)}; copy it again from where it looks right"
        raise ValueError(msg)


def _text(value: object, info: ValidationInfo) -> str:
    """One line of text: NFC, white space folded."""
    if isinstance(value, bool) or not isinstance(value, str):
        raise ValueError(_must_be_text(value))  # noqa: TRY004 - pydantic turns ValueError into an error of the field
    _not_broken(value, info)
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in trim(value)):
        msg = "must be one line of text without control characters"
        raise ValueError(msg)
    text = canonical_name(trim(value))
    if not text:
        msg = "is empty"
        raise ValueError(msg)
    return text


def _as_seen(text: str, info: ValidationInfo) -> str:
    """What is typed into the site is what a reader sees: nothing hidden in it, and no quotes that only came along."""
    if _flag(info, KEPT):
        return text
    check_seen(text)
    if quotes := quotes_round(text):
        msg = f"stands in quotes ({quotes}) that would be part of it; leave them out; in YAML use straight ones"
        raise ValueError(msg)
    return text


def _must_be_text(value: object) -> str:
    """How a number is written as text; how true or false was written is not known any more."""
    if isinstance(value, bool):
        return "must be text; put it in quotes"
    if isinstance(value, int | float):
        return f'must be text; put it in quotes: "{quoted(value, 40)[1:-1]}"'
    return f"must be text, not {quoted(value)}"


def _no_reference(text: str) -> str:
    if REFERENCE.search(text):
        msg = "a reference is not possible here; it can stand for an id or an e-mail address"
        raise ValueError(msg)
    return text


def _word(value: object) -> object:
    """A choice, written as a person writes it: any case, any white space."""
    return fold(trim(value)) if isinstance(value, str) else value


def _finance_role(value: object) -> object:
    word = _word(value)
    if not isinstance(word, str):
        return word
    return re.sub(r"^(finance|financial)[ _-]+", "", word)


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        msg = f"{quoted(text)} is not a phone number; write +country and digits, in quotes"
        raise ValueError(msg)
    if sum(letter.isdigit() for letter in text) not in _DIGITS_OF_A_PHONE:
        msg = f"{quoted(text)} is not a phone number: it needs 6 to 15 digits"
        raise ValueError(msg)
    return text


def _website(text: str, info: ValidationInfo) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if " " in text or parts.scheme not in {"http", "https"} or "." not in host:
        msg = f"{quoted(text)} is not a web address; write it like https://www.acme.example"
        raise ValueError(msg)
    if not _flag(info, KEPT):
        check_bare(host)
        if sign := _NOT_AT_AN_END.search(text):
            msg = f"{quoted(text)} has a {quoted(sign[0])} that is no part of it; give the bare address"
            raise ValueError(msg)
    return text


def _industry(text: str) -> str:
    parts = [canonical_name(part) for part in text.split(">")]
    if not all(parts) or len(parts) > _INDUSTRY_LEVELS:
        msg = f"{quoted(text)} is not an industry; write 'Group > Item' as on the form"
        raise ValueError(msg)
    return " > ".join(parts)


def _job_id(text: str) -> str:
    if not _JOB_ID.fullmatch(text):
        msg = f"{quoted(text)} is not a usable id: letters, digits, - and _, a letter first"
        raise ValueError(msg)
    return text


def login_name(text: str) -> str:
    """Return a login's name as settings know it: lower case, `-` written `_`.

    Raises ValueError if it cannot be the middle of `BCFLOW_LOGIN__NAME__EMAIL`.
    """
    name = trim(text).lower().replace("-", "_")
    if not _LOGIN_NAME.fullmatch(name):
        msg = f"{quoted(text)} is not a login's name: letters, digits and single _ or -"
        raise ValueError(msg)
    return name


def _time_zone(text: str) -> str:
    from bcflow.models.places.spelling import check_time_zone

    return check_time_zone(text)


def _country(text: str) -> str:
    from bcflow.models.places.spelling import check_country

    return check_country(text)


def _currency(text: str) -> str:
    from bcflow.models.places.spelling import check_currency

    return check_currency(text)


def _true_or_nothing(value: object) -> object:
    word = fold(trim(value)) if isinstance(value, str) else ""
    if word in {"true", "yes", "on"}:
        return True
    if value is False or word in {"false", "no", "off"}:
        msg = "is false: the form cannot be sent without accepting the site's terms"
        raise ValueError(msg)
    return value


def _note(value: Any, info: ValidationInfo) -> str:  # noqa: ANN401 - whatever the file holds
    """A remark of the operator's: passed through, never typed into the site."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        msg = "must be text"
        raise ValueError(msg)  # noqa: TRY004 - pydantic turns ValueError into an error of the field
    text = trim(str(value))
    _not_broken(text, info)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text if letter not in "\n\t"):
        msg = "holds control characters"
        raise ValueError(msg)
    return text


_AnyText = Annotated[str, BeforeValidator(_text), AfterValidator(_no_reference)]
_PlainText = Annotated[_AnyText, AfterValidator(_as_seen)]

Text = Annotated[_PlainText, Field(max_length=255)]
ShortText = Annotated[_PlainText, Field(max_length=100)]
# The name of what is there already: whatever it holds, it is only compared.
NameThere = Annotated[_AnyText, Field(max_length=255)]
LongText = Annotated[_PlainText, Field(max_length=512)]
Note = Annotated[str, BeforeValidator(_note), Field(max_length=2000)]
Phone = Annotated[_PlainText, AfterValidator(_phone)]
Website = Annotated[_PlainText, AfterValidator(_website), Field(max_length=2000)]
Industry = Annotated[_PlainText, AfterValidator(_industry), Field(max_length=255)]
TimeZone = Annotated[_PlainText, AfterValidator(_time_zone)]
Country = Annotated[_PlainText, AfterValidator(_country)]
Currency = Annotated[_PlainText, AfterValidator(_currency)]
JobId = Annotated[_PlainText, AfterValidator(_job_id)]
LoginName = Annotated[_PlainText, AfterValidator(login_name)]
AccountId = Annotated[str, BeforeValidator(_aadvid)]
BusinessCenterId = Annotated[str, BeforeValidator(_business_center)]
Email = Annotated[str, BeforeValidator(_email)]
TermsAccepted = Annotated[Literal[True], BeforeValidator(_true_or_nothing)]

Role = Literal["admin", "operator", "analyst"]
MemberRole = Literal["admin", "standard"]
FinanceRole = Literal["manager", "analyst"]
Kind = Literal["advertiser", "agency"]

RoleWord = Annotated[Role, BeforeValidator(_word)]
MemberRoleWord = Annotated[MemberRole, BeforeValidator(_word)]
FinanceRoleWord = Annotated[FinanceRole, BeforeValidator(_finance_role)]
KindWord = Annotated[Kind, BeforeValidator(_word)]
