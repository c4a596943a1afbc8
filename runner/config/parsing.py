"""What each setting may be; text in, checked value out."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from pydantic import BeforeValidator, SecretStr

from bcflow.models.identity import check_bare, quoted, written_email
from bcflow.runner.config.folders import full_path

if TYPE_CHECKING:
    from collections.abc import Callable

_YES: Final = {"1", "true", "yes", "on"}
_NO: Final = {"0", "false", "no", "off"}
_LOCALE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
_NO_WHOLE_BYTES: Final = (1, 3, 6)
_FOR_A_SHELL: Final = re.compile(r"\d?[|&;<>]\S*|\S+[|;]")
# A comma may also stand inside an address (`mailto://…?to=a,b`), so one is split only where the next one begins.
ALWAYS, FAILURES, HEARTBEAT = "", "failures", "heartbeat"
_PURPOSE: Final = re.compile(rf"({FAILURES}|{HEARTBEAT}):(?=[A-Za-z][A-Za-z0-9+.-]*://)")
_ADDRESS: Final = re.compile(rf"(?:(?:{FAILURES}|{HEARTBEAT}):)?[A-Za-z][A-Za-z0-9+.-]*://\S.*")
_NEXT_ADDRESS: Final = re.compile(rf"[\s,]+(?=(?:(?:{FAILURES}|{HEARTBEAT}):)?[A-Za-z][A-Za-z0-9+.-]*://)")


def from_text(read: Callable[[str], object]) -> BeforeValidator:
    """Return what makes a field be read from its text by `read`; what is no text is taken as it is."""
    return BeforeValidator(lambda given: read(given) if isinstance(given, str) else given)


def email(text: str) -> str:
    """Return the address of a login."""
    check_bare(text)
    return written_email(text)


def yes_or_no(text: str) -> bool:
    """Return whether `text` means yes; raise ValueError if it is neither yes nor no."""
    word = text.strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{quoted(text)} is not 1 or 0")


def count(text: str) -> int:
    """Return a number from 1 on."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or int(text) < 1:
        raise ValueError(f"{quoted(text)} is not a number from 1 on")
    return int(text)


def database(text: str) -> SecretStr:
    """Return the address of a SQLite database, or of a PostgreSQL that is safe to connect to."""
    if not re.match(r"(sqlite|postgresql|postgres)(\+[a-z0-9_]+)?:", text.strip()):
        raise ValueError("must start with sqlite:/// or postgresql://")
    if text.strip().startswith("sqlite"):
        from bcflow.runner.config.sqlite_url import file_of

        file_of(text.strip())
    else:
        from bcflow.runner.config.postgres_url import connectable

        connectable(text.strip())
    return SecretStr(text.strip())


def key(text: str) -> SecretStr:
    """Return a key that is not easily guessed."""
    from bcflow.runner.config.keys import weakness

    if why := weakness(text.strip()):
        raise ValueError(f"{why}; make a good one with: openssl rand -base64 32")
    return SecretStr(text)


def totp_secret(text: str) -> SecretStr:
    """Return an authenticator's secret as the site shows it, spaces or not, or out of the address in its QR code."""
    clean = re.sub(r"[\s-]", "", _secret_of(text.strip())).upper().rstrip("=")
    if not re.fullmatch(r"[A-Z2-7]{8,}", clean):
        raise ValueError("is not a base32 secret (letters and digits 2 to 7), as shown beside the QR code")
    if len(clean) % 8 in _NO_WHOLE_BYTES:
        raise ValueError("is not a whole base32 secret: a part of it is missing, or there is a sign too many")
    return SecretStr(clean)


def _secret_of(text: str) -> str:
    """Return the secret in an `otpauth://` address, or `text` if it is none; an unusual kind would give wrong codes."""
    if not text.casefold().startswith("otpauth://"):
        return text
    try:
        address = urlsplit(text)
    except ValueError:
        return text
    given = parse_qs(address.query)
    usual = {"algorithm": "SHA1", "digits": "6", "period": "30"}
    if address.netloc.casefold() != "totp" or any(given.get(name, [it]) != [it] for name, it in usual.items()):
        raise ValueError("is for another kind of code than six digits every 30 seconds (TOTP, SHA1)")
    secrets = given.get("secret", [])
    return secrets[0] if len(secrets) == 1 else text


def locale(text: str) -> str:
    """Return a language tag."""
    if not _LOCALE.fullmatch(text.strip()):
        raise ValueError(f"{quoted(text)} is not a language tag such as en-US")
    return text.strip()


def time_zone(text: str) -> str:
    """Return an IANA time zone."""
    from bcflow.models.places.spelling import check_time_zone

    return check_time_zone(text.strip())


def command(text: str) -> SecretStr:
    """Return a command that needs no shell, and whose program is a full path, begins with `~/` or is a bare name.

    Nothing is started from where we happen to be.
    """
    from bcflow.runner.codes.programs import unquoted

    try:
        program = shlex.split(text)[0]
    except (ValueError, IndexError):
        raise ValueError("is no command: a quote is not closed, or it is empty") from None
    if any(_FOR_A_SHELL.fullmatch(word) for word in unquoted(text).split()):
        raise ValueError("is run without a shell, which knows no | ; && or >: write sh -c '…' round it")
    if re.match(r"\w+=", program):
        raise ValueError("begins with a variable: write env NAME=value before the program")
    if "/" in program and not PurePath(program).is_absolute() and not program.startswith("~/"):
        raise ValueError("must begin with a full path such as /usr/local/bin/read-code, or a name that PATH knows")
    return SecretStr(text)


def browser(text: str) -> str:
    """Return a browser's full path or bare name, as `command`."""
    clean = text.strip()
    return str(full_path(clean, example="/usr/bin/chromium")) if "/" in clean else clean


def mailbox(text: str) -> SecretStr:
    """Return the address of a mailbox that can be used."""
    from bcflow.runner.codes.mailbox_address import parse_mailbox

    parse_mailbox(text)
    return SecretStr(text.strip())


def addresses(text: str) -> tuple[SecretStr, ...]:
    """Return the addresses in a `BCFLOW_NOTIFY`: one or several, separated by spaces or commas, each once."""
    found = [part for each in _NEXT_ADDRESS.split(text) if (part := each.strip(", \t\r\n"))]
    if not all(_ADDRESS.fullmatch(part) for part in found):
        raise ValueError("is not one address or several such as mailtos://user:password@agency.example")
    return tuple(map(SecretStr, dict.fromkeys(found)))


def purpose_of(address: str) -> tuple[str, str]:
    """Return what an address of `BCFLOW_NOTIFY` is for, and the address without the word that says so."""
    found = _PURPOSE.match(address)
    return (found[1], address[found.end() :]) if found else (ALWAYS, address)
