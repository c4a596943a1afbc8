"""A sign-in on its way to another machine: a file of its own, sealed with a passphrase."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bcflow.models.errors import BadInput
from bcflow.runner.config.keys import seal, unseal
from bcflow.runner.redaction.private_files import write_private

# Far more than any site keeps in a browser; what is longer is some other file.
_LARGEST = 20_000_000


@dataclass(frozen=True)
class Exported:
    """A sign-in as it travels; `site` is the Business Center site it is for, `saved` when it was exported (UTC).

    `account` is the e-mail address it belongs to; empty where nobody said it.
    """

    login: str
    site: str
    account: str
    saved: datetime
    state: dict[str, Any] = field(repr=False)


def check_export(path: Path, *, overwrite: bool = False) -> None:
    """Raise BadInput if a sign-in cannot be exported to `path`, before anybody has signed in for it."""
    if not path.parent.is_dir():
        raise BadInput([f"{path}: there is no folder {path.parent}"])
    if path.is_dir():
        raise BadInput([f"{path}: is a folder; name a file"])
    if os.path.lexists(path) and not overwrite:
        raise BadInput([f"{path}: is there already; name another file, or say --force to overwrite it"])


def export_sign_in(path: Path, sign_in: Exported, passphrase: str, *, overwrite: bool = False) -> None:
    """Write `sign_in` to `path`, sealed with `passphrase`, mode 0600.

    Raises BadInput for a passphrase that is too short, a file that is there already (without `overwrite`), and a
    place that cannot be written.
    """
    check_export(path, overwrite=overwrite)
    content = {"login": sign_in.login, "site": sign_in.site, "account": sign_in.account, "state": sign_in.state}
    content |= {"saved": sign_in.saved.isoformat(timespec="seconds")}
    sealed = seal(json.dumps(content).encode(), passphrase)
    try:
        write_private(path, sealed, overwrite=overwrite)
    except FileExistsError:
        raise BadInput([f"{path}: is there already"]) from None
    except OSError as error:
        raise BadInput([f"{path}: cannot be written: {error.strerror}"]) from None


def read_export(path: Path, passphrase: str) -> Exported:
    """Return the sign-in in `path`. Raises BadInput for another passphrase and for a file that is no whole export."""
    try:
        with path.open("rb") as file:
            sealed = file.read(_LARGEST + 1)
    except OSError as error:
        raise BadInput([f"{path}: cannot be read: {error.strerror}"]) from None
    try:
        content = json.loads(unseal(sealed, passphrase))
    except BadInput as error:
        raise BadInput([f"{path}: {problem}" for problem in error.problems]) from None
    if "account" not in content:
        raise BadInput([f"{path}: does not say whose account it is: an older bcflow exported it; export it again"])
    saved = datetime.fromisoformat(content["saved"])
    return Exported(content["login"], content["site"], content["account"], saved, content["state"])
