"""`bcflow login`, `bcflow whoami` and `bcflow list`: what a login is and sees, nothing written."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from bcflow.runner.cli.frame import ask_person, columns, complain, document, load_settings, say, table
from bcflow.runner.cli.wording import messages
from bcflow.runner.cli.wording.options import BusinessCenter, Csv, Force, Json, Login, NoWait

if TYPE_CHECKING:
    from bcflow.runner.browser.login_browser import SlotLike
    from bcflow.runner.config.settings import Settings

_BAD, _YOU_MUST_ACT = 1, 3
UNKNOWN_LANGUAGE: Final = (
    "Set the account's language to English in the site's own settings, or run `bcflow rehearse`: "
    "it asks about every word that a flow needs, with pictures"
)


class Lists(StrEnum):
    """What `bcflow list` can read."""

    MEMBERS = "members"
    AD_ACCOUNTS = "ad-accounts"
    PARTNERS = "partners"


def login(  # noqa: PLR0913, PLR0917 - typer makes the command line from it
    login: Login = "default",
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser, so that you can help.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the saved sign-in is good.")] = False,
    export: Annotated[
        Path | None, typer.Option("--export", help="Sign in, then write the sign-in to FILE.", metavar="FILE")
    ] = None,
    import_: Annotated[
        Path | None, typer.Option("--import", help="Take over a sign-in that was exported to FILE.", metavar="FILE")
    ] = None,
    force: Force = False,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """Sign in and save it. Codes come from your settings or from you; a captcha is always yours.

    A server has no window for you: sign in on a laptop with --export, copy the file, and --import it on the server.
    The file is sealed with a passphrase, asked for at the terminal or read from the first line of stdin.

    Exit 0: signed in; 3: a person is needed.

    \b
    Examples:
      bcflow login --headed
      bcflow login --check --login acme
      bcflow login --headed --export acme.signin
      bcflow login --import acme.signin
    """
    _no_two_things(import_, export, other=headed or check, check=check, force=force)
    from bcflow.runner.cli.running.slot import one_slot

    settings = load_settings()
    settings.login(login)
    if import_ is not None:
        answer = _import(settings, login, import_, wait=not no_wait)
    else:
        passphrase = _passphrase_for(export, force=force) if export else ""
        with one_slot(settings, login, doing="login", wait=not no_wait) as slot:
            answer = slot.call("check", {}) if check else slot.call("login", {"headed": headed or settings.headed})
        if export and answer.get("ok"):
            answer |= _export(settings, login, export, passphrase, force=force)
    if as_json:
        document({"login": login, **answer})
    else:
        (say if answer.get("ok") else complain)(f"{login}: {answer.get('message', '')}")
    raise typer.Exit(_code(answer, check=check))


def whoami(login: Login = "default", no_wait: NoWait = False, as_json: Json = False) -> None:
    """Show every Business Center, with its id and your role. And the login's language.

    \b
    Example:
      bcflow whoami --login acme
    """
    from bcflow.runner.cli.running.slot import one_slot

    settings = _settings_to_look(login)
    with one_slot(settings, login, doing="whoami", wait=not no_wait) as slot:
        answer = slot.call("whoami", {})
    if as_json:
        document(answer)
        return
    spoken = answer.get("language") or "unknown"
    say(f"{answer.get('login') or login} · language {spoken}", "")
    if not answer.get("language_is_known", True):
        say(f"The site speaks '{spoken}' to this login, and bcflow knows hardly any word of it. {UNKNOWN_LANGUAGE}", "")
    centers = [(bc.get("id"), bc.get("role"), bc.get("name")) for bc in answer.get("business_centers", [])]
    say(*columns(centers, heads=("business center", "your role", "name")))


def list_(
    what: Annotated[Lists, typer.Argument(help="What to list.", show_default=False)],
    business_center: BusinessCenter = None,
    login: Login = "default",
    as_csv: Csv = False,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """List members, ad accounts or partners. Reads only.

    \b
    Examples:
      bcflow list ad-accounts
      bcflow list members --business-center 7123456789012345678 --csv > members.csv
    """
    from bcflow.runner.cli.running.slot import one_slot

    wanted = business_center_id(business_center)
    settings = _settings_to_look(login)
    with one_slot(settings, login, doing=f"list {what.value}", wait=not no_wait) as slot:
        center = wanted or only_one(slot)
        answer = slot.call("list", {"what": what.value, "business_center": center})
    rows: list[dict[str, Any]] = answer.get("rows", [])
    if as_json:
        document({"business_center": center, "what": what.value, **answer})
    elif as_csv:
        _print_csv(rows)
    else:
        # What the site says in words that nobody knows stands last, where it says any.
        names = sorted(rows[0] if rows else [], key=lambda name: name == "unknown_words")
        names = [name for name in names if name != "unknown_words" or any(row.get(name) for row in rows)]
        cells = [[_cell(row.get(name)) for name in names] for row in rows]
        say(*columns(cells, heads=[name.replace("_", " ") for name in names]))
        complain(f"{len(rows)} of {answer.get('total', len(rows))} {what.value}")


def _settings_to_look(login: str) -> Settings:
    """Return the settings for a look with a login; BadInput, and no home, where nothing could sign in."""
    from bcflow.models.errors import BadInput
    from bcflow.runner.cli.wording.messages import nothing_here

    settings = load_settings(make_home=False)
    if not settings.home.exists() and settings.login(login).email is None:
        raise BadInput([nothing_here(settings.home)])
    settings.make_home()
    return settings


def _no_two_things(import_: Path | None, export: Path | None, *, other: bool, check: bool, force: bool) -> None:
    from bcflow.models.errors import BadInput

    if import_ and (other or export):
        raise BadInput(["--import: does not go with --headed, --check or --export"])
    if export and check:
        raise BadInput(["--export: does not go with --check; it signs in first, which a good sign-in makes short"])
    if force and not export:
        raise BadInput(["--force: goes with --export only"])


def _passphrase_for(path: Path, *, force: bool) -> str:
    """Return the passphrase to export to `path`; all that can be wrong with them is told before the sign-in."""
    from bcflow.runner.config.keys import check_passphrase
    from bcflow.runner.storage.sign_ins.export import check_export

    check_export(path, overwrite=force)
    passphrase = _passphrase(twice=True)
    check_passphrase(passphrase)
    return passphrase


def _export(settings: Settings, login: str, path: Path, passphrase: str, *, force: bool) -> dict[str, Any]:
    from datetime import UTC, datetime

    from bcflow.models.errors import BcflowError
    from bcflow.runner.storage.sign_ins.export import Exported, export_sign_in
    from bcflow.runner.storage.sign_ins.opening import open_store

    saved = open_store(settings).load(login)
    if saved is None:
        raise BcflowError(f"{login}: is signed in, but no sign-in was saved; nothing was exported")
    sign_in = Exported(login, settings.business_center_url, saved.account, datetime.now(UTC), saved.state)
    export_sign_in(path, sign_in, passphrase, overwrite=force)
    advice = "whoever has the file and its passphrase is signed in as you: remove it when it is imported"
    return {"message": f"signed in and exported to {path}; {advice}", "exported": str(path)}


def _import(settings: Settings, login: str, path: Path, *, wait: bool) -> dict[str, Any]:
    from bcflow.models.errors import BadInput
    from bcflow.runner.browser.login_browser import leased
    from bcflow.runner.storage.sign_ins.export import read_export
    from bcflow.runner.storage.sign_ins.opening import open_store
    from bcflow.runner.storage.sign_ins.own import own_sign_in

    if not path.is_file():
        raise BadInput([f"{path}: there is no such file"])
    exported = read_export(path, _passphrase(twice=False))
    if exported.site != settings.business_center_url:
        raise BadInput(
            [f"{path}: is a sign-in to {exported.site}; here bcflow works on {settings.business_center_url}"]
        )
    own = own_sign_in(settings, settings.login(login), open_store(settings))
    if why := own.why_not_of(exported.account):
        raise BadInput([f"{path}: {why}; nothing was imported"])
    own.account = exported.account
    with leased(settings, login, doing="login --import", tell=complain, wait=wait):
        own.save(exported.state)
    made = f"{messages.minute(exported.saved.isoformat())} UTC"
    option = "" if login == "default" else f" --login {login}"
    return {
        "ok": True,
        "message": f"imported the sign-in of '{exported.login}' made {made}; see whether it is good here: "
        f"bcflow login --check{option}",
        "imported": str(path),
    }


def _passphrase(*, twice: bool) -> str:
    """Ask for a passphrase unseen, `twice` if a slip of the finger would seal with it; else read a line of stdin."""
    from bcflow.models.errors import BadInput

    if not sys.stdin.isatty():
        typed: str | None = sys.stdin.readline()
    else:
        typed = ask_person("Passphrase for the file: ", secret=True)
        if typed and twice and ask_person("The same again: ", secret=True) != typed:
            raise BadInput(["the two passphrases are not the same; nothing was done"])
    passphrase = (typed or "").rstrip("\r\n")
    if not passphrase:
        raise BadInput(["no passphrase was given; type it at the terminal, or give it as the first line of stdin"])
    return passphrase


def _code(answer: dict[str, Any], *, check: bool) -> int:
    if answer.get("ok"):
        return 0
    return _YOU_MUST_ACT if check or answer.get("needs") else _BAD


def business_center_id(text: str | None) -> str | None:
    """Return the id that an option gives; None: it was not given. Raises BadInput."""
    from bcflow.models.errors import BadInput
    from bcflow.models.ids import parse_business_center_id

    if text is None:
        return None
    try:
        return parse_business_center_id(text)
    except ValueError as error:
        raise BadInput([f"--business-center: {error}"]) from None


def only_one(slot: SlotLike) -> str:
    """Return the login's Business Center if it has exactly one; never guesses among several."""
    from bcflow.models.errors import BadInput

    centers = slot.call("whoami", {}).get("business_centers", [])
    if len(centers) == 1:
        return str(centers[0]["id"])
    names = ", ".join(f"{bc.get('name')} ({bc.get('id')})" for bc in centers) or "none"
    raise BadInput([f"--business-center: say which one; this login sees: {names}"])


def _print_csv(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    from bcflow.runner.reports.csv_report import csv_text

    cells = ({name: _cell(value) for name, value in row.items()} for row in rows)
    table(csv_text(list(rows[0]), cells))


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "|".join(f"{name}:{inner}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return "|".join(_cell(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
