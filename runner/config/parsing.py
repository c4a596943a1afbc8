"""What each setting may be; text in, checked value out."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from bcflow.models.fields import login_name
from bcflow.models.identity import shown, written_email
from bcflow.models.suggestions import nearest
from bcflow.runner.config.durations import patience, pause, seconds
from bcflow.runner.config.env_file import home_folder
from bcflow.runner.config.site_address import hosts, site
from bcflow.runner.policy.pace import QuietHours

if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIX: Final = "BCFLOW_"
_NAMED: Final = "BCFLOW_LOGIN__"
_YES: Final = {"1", "true", "yes", "on"}
_NO: Final = {"0", "false", "no", "off"}
_LOCALE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")


def yes_or_no(text: str) -> bool:
    """Return whether `text` means yes; raise ValueError if it is neither yes nor no."""
    word = text.strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    msg = f"{shown(text)} is not 1 or 0"
    raise ValueError(msg)


def count(text: str) -> int:
    """Return a number from 1 on."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or int(text) < 1:
        msg = f"{shown(text)} is not a number from 1 on"
        raise ValueError(msg)
    return int(text)


def database(text: str) -> SecretStr:
    """Return the address of a SQLite database, or of a PostgreSQL that is safe to connect to."""
    if not re.match(r"(sqlite|postgresql|postgres)(\+[a-z0-9_]+)?:", text.strip()):
        msg = "must start with sqlite:/// or postgresql://"
        raise ValueError(msg)
    if not text.strip().startswith("sqlite"):
        from bcflow.runner.config.postgres_url import connectable

        connectable(text.strip())
    return SecretStr(text.strip())


def _totp(text: str) -> SecretStr:
    clean = re.sub(r"[\s-]", "", text).upper().rstrip("=")
    if not re.fullmatch(r"[A-Z2-7]{8,}", clean):
        msg = "is not a base32 secret (letters and digits 2 to 7), as shown beside the QR code"
        raise ValueError(msg)
    return SecretStr(clean)


def _locale(text: str) -> str:
    if not _LOCALE.fullmatch(text.strip()):
        msg = f"{shown(text)} is not a language tag such as en-US"
        raise ValueError(msg)
    return text.strip()


def _time_zone(text: str) -> str:
    from bcflow.models.places import check_time_zone

    return check_time_zone(text.strip())


def _command(text: str) -> SecretStr:
    """Return a command whose program is a full path or a bare name: nothing is started from where we happen to be."""
    try:
        program = shlex.split(text)[0]
    except (ValueError, IndexError):
        raise ValueError("is no command: a quote is not closed, or it is empty") from None
    if "/" in program and not PurePath(program).is_absolute():
        raise ValueError("must begin with a full path such as /usr/local/bin/read-code, or a name that PATH knows")
    return SecretStr(text)


def _browser(text: str) -> str:
    clean = text.strip()
    if "/" in clean and not PurePath(clean).is_absolute() and not clean.startswith("~"):
        raise ValueError(f"{shown(text)} must be a full path such as /usr/bin/chromium, or a name that PATH knows")
    return clean


def _mailbox(text: str) -> SecretStr:
    from bcflow.runner.codes import imap

    imap.parse(text)
    return SecretStr(text.strip())


def addresses(text: str) -> tuple[SecretStr, ...]:
    """Return the addresses in a `BCFLOW_NOTIFY`: one or several, separated by spaces or commas, each once."""
    found = (part.strip(", \t\r\n") for part in _NEXT_ADDRESS.split(text))
    return tuple(SecretStr(address) for address in dict.fromkeys(part for part in found if part))


# A comma may also stand inside an address (`mailto://…?to=a,b`), so one is split only where the next one begins.
_NEXT_ADDRESS: Final = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")
_LOGIN_PARTS: Final[dict[str, Callable[[str], Any]]] = {
    "EMAIL": written_email,
    "PASSWORD": SecretStr,
    "TOTP_SECRET": _totp,
    "CODE_COMMAND": _command,
    "CODE_IMAP": _mailbox,
    "LOCALE": _locale,
    "TIME_ZONE": _time_zone,
}
_SETTINGS: Final[dict[str, Callable[[str], Any]]] = {
    "HOME": home_folder,
    "KEY": SecretStr,
    "DATABASE_URL": database,
    "BUSINESS_CENTER_URL": site,
    "ADS_MANAGER_URL": site,
    "BROWSER": _browser,
    "HEADED": yes_or_no,
    "TIMEOUT": seconds,
    "SETTLE_SECONDS": seconds,
    "CODE_WAIT": seconds,
    "ANSWER_WAIT": seconds,
    "REMIND_AFTER": patience,
    "GIVE_UP_AFTER": patience,
    "MAX_WRITES": count,
    "PACE_SECONDS": pause,
    "WRITES_PER_TEN_MINUTES": count,
    "WRITES_PER_DAY": count,
    "QUIET_HOURS": QuietHours.parse,
    "READ_ONLY": yes_or_no,
    "ALLOW_HOSTS": hosts,
    "ACTOR": str.strip,
    "NOTIFY": addresses,
}
# Who signs in, and how patiently. Not: what is started, where secrets and messages go, what they are sealed with.
_FROM_ANYWHERE: Final = frozenset(
    {"EMAIL", "PASSWORD", "TOTP_SECRET", "LOCALE", "TIME_ZONE", "HEADED", "TIMEOUT", "SETTLE_SECONDS", "CODE_WAIT"}
    | {"ANSWER_WAIT", "REMIND_AFTER", "GIVE_UP_AFTER", "MAX_WRITES", "PACE_SECONDS", "WRITES_PER_TEN_MINUTES"}
    | {"WRITES_PER_DAY", "QUIET_HOURS", "READ_ONLY", "ACTOR"}
)
# Handed to the code command by bcflow itself; no setting, and no mistake either.
_OF_THE_CODE_COMMAND: Final = {"CODE_KIND", "CODE_SENT_AFTER", "CODE_TO"}
NAMES: Final = tuple(f"{_PREFIX}{name}" for name in (*_LOGIN_PARTS, *_SETTINGS))


def from_anywhere(name: str) -> bool:
    """Whether the `secrets.env` of any folder may set `name`; so it is for a name that is no setting at all."""
    part = name.rpartition("__")[2] if name.startswith(_NAMED) else name.removeprefix(_PREFIX)
    return part in _FROM_ANYWHERE or part not in {*_LOGIN_PARTS, *_SETTINGS}


class Reader:
    """Checks texts by name; keeps problems (wrong values) and warnings (unknown names)."""

    def __init__(self, given: dict[str, str], problems: list[str], warnings: list[str]) -> None:
        """Take the texts `given` and the lists to add problems and warnings to."""
        self._given = given
        self._problems = problems
        self._warnings = warnings

    def read(self) -> dict[str, Any]:
        """Return every plain setting that is given, checked; warn of unknown names."""
        values: dict[str, Any] = {"home": home_folder(None)}
        for name, text in self._given.items():
            if name in NAMES and name.removeprefix(_PREFIX) in _SETTINGS:
                key = name.removeprefix(_PREFIX)
                self._check(name, text, _SETTINGS[key], values, key.lower())
            elif name not in NAMES and not name.startswith(_NAMED):
                self._unknown(name)
        return values

    def logins(self) -> dict[str, dict[str, Any]]:
        """Return the parts of every login by its name, `default` for the plain names."""
        found: dict[str, dict[str, Any]] = {}
        for part, check in _LOGIN_PARTS.items():
            plain = f"{_PREFIX}{part}"
            if plain in self._given:
                parts = found.setdefault("default", {})
                self._check(plain, self._given[plain], check, parts, part.lower())
        for name, text in self._given.items():
            if name.startswith(_NAMED):
                self._named(name, text, found)
        return found

    def _named(self, name: str, text: str, found: dict[str, dict[str, Any]]) -> None:
        middle, separator, part = name.removeprefix(_NAMED).rpartition("__")
        if not separator or part not in _LOGIN_PARTS:
            self._unknown(name, tuple(f"{_NAMED}{middle or part}__{key}" for key in _LOGIN_PARTS))
            return
        try:
            login = login_name(middle)
        except ValueError as error:
            self._problems.append(f"{name}: {error}")
            return
        parts = found.setdefault(login, {})
        self._check(name, text, _LOGIN_PARTS[part], parts, part.lower())

    def _check(
        self,
        name: str,
        text: str,
        check: Callable[[str], Any],
        values: dict[str, Any],
        key: str,
    ) -> None:
        try:
            values[key] = check(text)
        except ValueError as error:
            self._problems.append(f"{name}: {error}")

    def _unknown(self, name: str, known: tuple[str, ...] = NAMES) -> None:
        if name.removeprefix(_PREFIX) in _OF_THE_CODE_COMMAND:
            return
        self._warnings.append(f"{name}: is not a setting of bcflow{nearest(name, known)}")
