"""All settings, read once from the environment and `secrets.env` into one frozen value.

For each setting the environment goes first, then the file in the working directory, which may not set everything
(see `settings_file`), then the one in BCFLOW_HOME. Nothing is ever put into `os.environ`: the browser and the code
command must not inherit a secret.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from bcflow.models.errors import BadInput
from bcflow.models.fields import login_name
from bcflow.runner.config.env_file import read_secrets_files
from bcflow.runner.config.parsing import Reader, from_anywhere
from bcflow.runner.config.site_address import REAL_ADS_MANAGER, REAL_BUSINESS_CENTER
from bcflow.runner.policy.pace import QuietHours
from bcflow.runner.redaction.private_files import folder_problems

__all__ = ["Credentials", "Settings"]

DEFAULT_LOGIN: Final = "default"
_PRIVATE: Final = 0o700


class Credentials(BaseModel):
    """What one named login signs in with; any part may be missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    email: str | None = None
    password: SecretStr | None = None
    totp_secret: SecretStr | None = None
    code_command: SecretStr | None = None
    code_imap: SecretStr | None = None
    locale: str | None = None
    time_zone: str | None = None


class Settings(BaseModel):
    """What bcflow runs with. All times are seconds; `max_writes` is per batch, the pace (see `pace`) per login."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    logins: dict[str, Credentials]
    key: SecretStr | None = None
    database_url: SecretStr | None = None
    business_center_url: str = REAL_BUSINESS_CENTER
    ads_manager_url: str = REAL_ADS_MANAGER
    browser: str | None = None
    headed: bool = False
    timeout: float = 30.0
    settle_seconds: float = 60.0
    code_wait: float = 600.0
    answer_wait: float = 3 * 86400.0
    remind_after: float = 3 * 86400.0
    give_up_after: float = 30 * 86400.0
    max_writes: int | None = None
    pace_seconds: float = 3.0
    writes_per_ten_minutes: int = 20
    writes_per_day: int = 200
    quiet_hours: QuietHours | None = None
    read_only: bool = False
    allow_hosts: tuple[str, ...] = ()
    actor: str = ""
    notify: tuple[SecretStr, ...] = ()
    secrets_files: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Self:
        """Read the settings; `env` and `cwd` default to this process's own.

        Creates nothing. Raises BadInput with every wrong setting at once; a secret's
        value is never part of a message.
        """
        given = dict(os.environ if env is None else env)
        files = read_secrets_files(given, cwd or Path.cwd(), from_anywhere=from_anywhere)
        reader = Reader(_merged(files.values, given), files.problems, files.warnings)
        values = reader.read()
        logins = _logins(reader)
        problems = [*files.problems, *folder_problems(values["home"])]
        if problems:
            raise BadInput(problems)
        values["actor"] = values.get("actor") or _whoever()
        settings = cls(**values, logins=logins, secrets_files=tuple(files.paths), warnings=tuple(files.warnings))
        if settings.remind_after >= settings.give_up_after:
            raise BadInput(["BCFLOW_REMIND_AFTER: must be shorter than BCFLOW_GIVE_UP_AFTER (3d and 30d by default)"])
        return settings

    def login(self, name: str = DEFAULT_LOGIN) -> Credentials:
        """Return the login called `name`; one without any setting has only its name.

        Raises BadInput for another name than the settings know, with the nearest one.
        """
        from bcflow.models.suggestions import nearest

        try:
            wanted = login_name(name)
        except ValueError as error:
            raise BadInput([f"login: {error}"]) from None
        if wanted not in self.logins:
            known = ", ".join(sorted(self.logins))
            hint = nearest(wanted, self.logins)
            raise BadInput([f"login: '{name}' is not set up{hint}; known: {known}"])
        return self.logins[wanted]

    def database(self) -> str:
        """Return the database's address; SQLite in the home folder unless one is given."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home / 'bcflow.sqlite3'}"

    def make_home(self) -> Path:
        """Create the home folder, or take an empty one, readable by its owner only, and return it."""
        if not self.home.is_dir() or not any(self.home.iterdir()):
            self.home.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            self.home.chmod(_PRIVATE)
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
        if self.database_url is not None:
            plain.append(unquote(urlsplit(self.database_url.get_secret_value()).password or ""))
        return tuple(plain)


def _mailbox_password(address: SecretStr) -> str:
    from bcflow.runner.codes.imap import parse

    return parse(address.get_secret_value()).password


def _merged(from_file: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """The environment before the file; an empty value counts as not given."""
    ours = {name: value for name, value in env.items() if name.startswith("BCFLOW_")}
    given = {**from_file, **{name: value for name, value in ours.items() if value.strip()}}
    return {name: value for name, value in given.items() if value.strip()}


def _logins(reader: Reader) -> dict[str, Credentials]:
    found = {DEFAULT_LOGIN: Credentials(name=DEFAULT_LOGIN)}
    for name, parts in reader.logins().items():
        found[name] = Credentials(name=name, **parts)
    return found


def _whoever() -> str:
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):  # no such user in a container
        return socket.gethostname()
