"""All settings, read once from the environment and `secrets.env` into one frozen value.

For each setting the environment goes first, then the file in the working directory, which may not set everything
(see `_FROM_ANYWHERE`), then the one in BCFLOW_HOME. Nothing is ever put into `os.environ`: the browser and the code
command must not inherit a secret.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from bcflow.models.errors import BadInput
from bcflow.models.fields import login_name
from bcflow.models.suggestions import nearest
from bcflow.runner.config import parsing
from bcflow.runner.config.durations import long_seconds, seconds, seconds_or_zero
from bcflow.runner.config.env_file import SecretsFiles, read_secrets_files
from bcflow.runner.config.folders import home_folder
from bcflow.runner.config.parsing import from_text
from bcflow.runner.config.site_address import REAL_ADS_MANAGER, REAL_BUSINESS_CENTER, hosts, site
from bcflow.runner.policy.pace import QuietHours
from bcflow.runner.redaction.private_files import folder_problems, make_private_folder

__all__ = ["NAMES", "Credentials", "Settings"]

DEFAULT_LOGIN: Final = "default"
_PRIVATE: Final = 0o700
DATABASE: Final = "bcflow.sqlite3"
_PREFIX: Final = "BCFLOW_"
_LOGIN_PREFIX: Final = "BCFLOW_LOGIN__"
# Who signs in, and how patiently. Not: what is started, where secrets and messages go, what they are sealed with.
_FROM_ANYWHERE: Final = frozenset(
    {"EMAIL", "PASSWORD", "TOTP_SECRET", "LOCALE", "TIME_ZONE", "HEADED", "TIMEOUT", "SETTLE_SECONDS", "CODE_WAIT"}
    | {"ANSWER_WAIT", "REMIND_AFTER", "GIVE_UP_AFTER", "MAX_WRITES", "PACE_SECONDS", "WRITES_PER_TEN_MINUTES"}
    | {"WRITES_PER_DAY", "QUIET_HOURS", "READ_ONLY", "ACTOR"}
)
# Handed to the code command by bcflow itself, and the switch for debugging; no settings, and no mistakes either.
_NO_SETTINGS: Final = {"BCFLOW_CODE_KIND", "BCFLOW_CODE_SENT_AFTER", "BCFLOW_CODE_TO", "BCFLOW_DEBUG"}


class Credentials(BaseModel):
    """What one named login signs in with; any part may be missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    email: Annotated[str | None, from_text(parsing.email)] = None
    password: SecretStr | None = None
    totp_secret: Annotated[SecretStr | None, from_text(parsing.totp_secret)] = None
    code_command: Annotated[SecretStr | None, from_text(parsing.command)] = None
    code_imap: Annotated[SecretStr | None, from_text(parsing.mailbox)] = None
    locale: Annotated[str | None, from_text(parsing.locale)] = None
    time_zone: Annotated[str | None, from_text(parsing.time_zone)] = None


class Settings(BaseModel):
    """What bcflow runs with. All times are seconds; `max_writes` is per batch, the pace (see `pace`) per login."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Annotated[Path, from_text(home_folder)]
    logins: dict[str, Credentials]
    key: Annotated[SecretStr | None, from_text(parsing.key)] = None
    database_url: Annotated[SecretStr | None, from_text(parsing.database)] = None
    business_center_url: Annotated[str, from_text(site)] = REAL_BUSINESS_CENTER
    ads_manager_url: Annotated[str, from_text(site)] = REAL_ADS_MANAGER
    browser: Annotated[str | None, from_text(parsing.browser)] = None
    headed: Annotated[bool, from_text(parsing.yes_or_no)] = False
    timeout: Annotated[float, from_text(seconds)] = 30.0
    settle_seconds: Annotated[float, from_text(seconds)] = 60.0
    code_wait: Annotated[float, from_text(seconds)] = 600.0
    answer_wait: Annotated[float, from_text(seconds)] = 3 * 86400.0
    remind_after: Annotated[float, from_text(long_seconds)] = 3 * 86400.0
    give_up_after: Annotated[float, from_text(long_seconds)] = 30 * 86400.0
    max_writes: Annotated[int | None, from_text(parsing.count)] = None
    pace_seconds: Annotated[float, from_text(seconds_or_zero)] = 3.0
    writes_per_ten_minutes: Annotated[int, from_text(parsing.count)] = 20
    writes_per_day: Annotated[int, from_text(parsing.count)] = 200
    quiet_hours: Annotated[QuietHours | None, from_text(QuietHours.parse)] = None
    read_only: Annotated[bool, from_text(parsing.yes_or_no)] = False
    allow_hosts: Annotated[tuple[str, ...], from_text(hosts)] = ()
    actor: Annotated[str, from_text(str.strip)] = ""
    notify: Annotated[tuple[SecretStr, ...], from_text(parsing.addresses)] = ()
    secrets_files: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Self:
        """Read the settings; `env` and `cwd` default to this process's own.

        Creates nothing. Raises BadInput with every wrong setting at once; a secret's
        value is never part of a message.
        """
        given = dict(os.environ if env is None else env)
        files = read_secrets_files(given, cwd or Path.cwd(), from_anywhere=_from_anywhere)
        texts = _merged(files.values, given)
        names = _names(texts, files)
        logins: dict[str, dict[str, str]] = {DEFAULT_LOGIN: {"name": DEFAULT_LOGIN}}
        values: dict[str, Any] = {"home": "", "actor": _whoever(), "logins": logins}
        for (*login, field), name in names.items():
            place = logins.setdefault(login[1], {"name": login[1]}) if login else values
            place[field] = texts[name]
        problems = [*files.problems, *_home_problems(values["home"])]
        try:
            settings = cls(**values, secrets_files=tuple(files.paths), warnings=tuple(files.warnings))
        except ValidationError as error:
            names |= {("home",): names.get(("home",), "BCFLOW_HOME")}
            wrong = [
                f"{files.place(names[tuple(map(str, each['loc']))], given)}: {each['ctx']['error']}"
                for each in error.errors()
            ]
            raise BadInput([*problems, *wrong]) from None
        if problems:
            raise BadInput(problems)
        if settings.remind_after >= settings.give_up_after:
            raise BadInput(["BCFLOW_REMIND_AFTER: must be shorter than BCFLOW_GIVE_UP_AFTER (3d and 30d by default)"])
        return settings

    def login(self, name: str = DEFAULT_LOGIN) -> Credentials:
        """Return the login called `name`; one without any setting has only its name.

        Raises BadInput for another name than the settings know, with the nearest one.
        """
        try:
            wanted = login_name(name)
        except ValueError as error:
            raise BadInput([f"login: {error}"]) from None
        if wanted not in self.logins:
            known = ", ".join(sorted(self.logins))
            raise BadInput([f"login: '{name}' is not set up{nearest(wanted, self.logins)}; known: {known}"])
        return self.logins[wanted]

    def database(self) -> str:
        """Return the database's address; SQLite in the home folder unless one is given."""
        from bcflow.runner.config.sqlite_url import url_of

        return self.database_url.get_secret_value() if self.database_url else url_of(self.home / DATABASE)

    def database_to_look_into(self) -> str:
        """Return the address for one who only looks: if there is no database yet, of an empty one that is nowhere."""
        from bcflow.runner.config.sqlite_url import IN_MEMORY

        return self.database() if self.has_database() else IN_MEMORY

    def has_database(self) -> bool:
        """Whether there is one to look into; one that is not a file is believed to be there."""
        from bcflow.runner.config.postgres_url import is_postgres
        from bcflow.runner.config.sqlite_url import file_of

        if self.database_url is None:
            return (self.home / DATABASE).exists()
        return is_postgres(self.database()) or file_of(self.database()).exists()

    def make_home(self) -> Path:
        """Create the home folder, or take an empty one, readable by its owner only, and return it.

        Raises BadInput if it cannot be made.
        """
        try:
            if not self.home.is_dir() or not any(self.home.iterdir()):
                make_private_folder(self.home)
        except OSError as error:
            why = f"{self.home} cannot be made ({error.strerror}); set it to a folder of yours"
            raise BadInput([f"BCFLOW_HOME: {why}"]) from None
        return self.home

    def is_real_site(self) -> bool:
        """Whether this is the live site and not a stand-in."""
        return self.business_center_url == REAL_BUSINESS_CENTER

    def secrets(self) -> tuple[str, ...]:
        """Return every secret value, for a log filter that must never let one through."""
        held: list[SecretStr | None] = [self.key, self.database_url, *self.notify]
        for login in self.logins.values():
            held += [login.password, login.totp_secret, login.code_command, login.code_imap]
        plain = [value.get_secret_value() for value in held if value is not None]
        plain += [_mailbox_password(one.code_imap) for one in self.logins.values() if one.code_imap]
        plain += [parsing.purpose_of(address.get_secret_value())[1] for address in self.notify]
        if self.database_url is not None:
            plain.append(unquote(urlsplit(self.database_url.get_secret_value()).password or ""))
        return tuple(plain)


_PARTS: Final = tuple(name.upper() for name in Credentials.model_fields if name != "name")
_FOUND: Final = {"logins", "secrets_files", "warnings"}
_PLAIN: Final = tuple(name.upper() for name in Settings.model_fields if name not in _FOUND)
NAMES: Final = tuple(f"{_PREFIX}{name}" for name in (*_PARTS, *_PLAIN))
"""Every variable that is a setting, those of a login first."""


def _mailbox_password(address: SecretStr) -> str:
    from bcflow.runner.codes.mailbox_address import parse_mailbox

    return parse_mailbox(address.get_secret_value()).password


def _merged(from_file: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """The environment before the file; an empty value counts as not given."""
    ours = {name: value for name, value in env.items() if name.upper().startswith(_PREFIX)}
    given = {**from_file, **{name: value for name, value in ours.items() if value.strip()}}
    return {name: value for name, value in given.items() if value.strip()}


def _names(texts: Mapping[str, str], files: SecretsFiles) -> dict[tuple[str, ...], str]:
    """Return each setting that a variable gives, by its place in `Settings`; what is none is noted in `files`."""
    found = {}
    for name in sorted(texts, key=lambda name: name.startswith(_LOGIN_PREFIX)):  # a named login goes before a plain one
        try:
            place = _place(name)
        except ValueError as error:
            files.problems.append(f"{name}: {error}")
            continue
        if place:
            found[place] = name
        elif name not in _NO_SETTINGS:
            files.warnings.append(f"{name}: is not a setting of bcflow{nearest(name, _known(name))}")
    return found


def _place(name: str) -> tuple[str, ...]:
    """Return where in `Settings` the variable `name` belongs, such as ("logins", "acme", "email"); () for nowhere.

    Raises ValueError if it names a login that cannot be one.
    """
    if name.startswith(_LOGIN_PREFIX):
        login, separator, part = name.removeprefix(_LOGIN_PREFIX).rpartition("__")
        return ("logins", login_name(login), part.lower()) if separator and part in _PARTS else ()
    if name not in NAMES:
        return ()
    part = name.removeprefix(_PREFIX)
    return ("logins", DEFAULT_LOGIN, part.lower()) if part in _PARTS else (part.lower(),)


def _known(name: str) -> tuple[str, ...]:
    """Return the names that somebody who wrote `name` may have meant."""
    if not name.startswith(_LOGIN_PREFIX):
        return NAMES
    login, _, part = name.removeprefix(_LOGIN_PREFIX).rpartition("__")
    return tuple(f"{_LOGIN_PREFIX}{login or part}__{each}" for each in _PARTS)


def _from_anywhere(name: str) -> bool:
    """Whether the `secrets.env` of any folder may set `name`; so it is for a name that is no setting at all."""
    part = name.removeprefix(_PREFIX).rpartition("__")[2]
    return part in _FROM_ANYWHERE or not name.startswith(_PREFIX) or f"{_PREFIX}{part}" not in NAMES


def _home_problems(text: str) -> list[str]:
    try:
        return folder_problems(home_folder(text))
    except ValueError:  # named among the wrong settings
        return []


def _whoever() -> str:
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):  # no such user in a container
        return socket.gethostname()
