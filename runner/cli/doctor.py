"""What `bcflow doctor` looks at. Every check ends in a finding in plain words; none changes anything."""

import os
import platform
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from bcflow.models.errors import BadInput
from bcflow.models.failures import causes
from bcflow.runner.browser.choice import BrowserChoice, choose
from bcflow.runner.cli.wording import messages
from bcflow.runner.config import disk
from bcflow.runner.config.postgres_url import is_postgres
from bcflow.runner.config.settings import Settings
from bcflow.runner.network import blocked

OLDEST_PYTHON, LEAST_FREE = (3, 11), 10**9  # bytes
OTHERS, PATIENCE_SECONDS = 0o077, 6
# An authenticator's code lives 30 seconds; codes are corrected by the site's clock, approvals are not.
LARGEST_SKEW = timedelta(seconds=20)
OLD_SIGN_IN = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One finding: what was looked at, whether it is well, what was seen, and what to do if it is not."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


def checks(settings: Settings) -> list[Check]:
    """Look at everything a run needs, in the order in which a person would set it up. Takes a few seconds."""
    database = database_check(settings)
    return [
        python_check(),
        browser_check(settings),
        home_check(settings.home),
        disk_check(settings),
        database,
        secrets_check(settings),
        key_check(settings),
        *(sign_in_checks(settings) if database.ok else ()),
        *code_checks(settings),
        *notify_checks(settings),
        site_check("Business Center", settings.business_center_url),
        site_check("Ads Manager", settings.ads_manager_url),
        blocked_check(settings.home),
        *(language_checks(settings) if database.ok else ()),
    ]


def python_check() -> Check:
    """Check Python's version."""
    return Check(
        name="Python",
        ok=sys.version_info >= OLDEST_PYTHON,
        detail=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        fix="install bcflow with Python 3.11 or newer",
    )


def browser_check(settings: Settings) -> Check:
    """Start the browser that live work uses, and let it draw a page."""
    try:
        choice = choose("live", settings.browser)
    except BadInput as error:
        fix = f"{sys.executable} -m playwright install --with-deps chromium, or set BCFLOW_BROWSER"
        return Check(name="browser", ok=False, detail=str(error), fix=fix)
    problem, _, do = rendering_problem(choice, headless=not settings.headed).partition("; ")
    if problem:
        by_hand = f"start {choice.executable or choice.channel} by hand to see what it lacks, or set BCFLOW_BROWSER"
        fix = by_hand if not do or do.endswith("bcflow doctor") else do
        return Check(name="browser", ok=False, detail=f"{choice.name} does not draw a page: {problem}", fix=fix)
    return Check(name="browser", ok=True, detail=f"{choice.name} draws a page ({choice.executable or 'found by name'})")


def rendering_problem(choice: BrowserChoice, *, headless: bool = True) -> str:
    """Start the browser and look at a page it drew; return what went wrong, or "" if nothing did."""
    from playwright.sync_api import Error

    from bcflow.runner.browser.environment import driver_problem, playwright_started

    if problem := driver_problem():
        return problem
    try:
        with playwright_started() as playwright:
            browser = playwright.chromium.launch(**choice.launch_options(headless=headless))
            page = browser.new_page(viewport={"width": 200, "height": 100})
            blank = page.screenshot()
            page.set_content("<body style='background: #036; color: #fff'>bcflow</body>")
            drawn = page.screenshot()
            browser.close()
    except Error as error:
        return str(causes.of_browser(error.message))
    return "" if drawn != blank else "the page stayed blank"


def home_check(home: Path) -> Check:
    """Check that bcflow can keep its files, and that nobody else can read them."""
    if not home.exists():
        parent = next(folder for folder in home.parents if folder.exists())
        return Check(
            name="home",
            ok=_writable(parent),
            detail=f"{home} {messages.MADE_LATER}",
            fix=f"{parent} cannot be written: set BCFLOW_HOME to a folder of yours",
        )
    mode = stat.S_IMODE(home.stat().st_mode)
    if not home.is_dir() or not _writable(home):
        detail = f"{home} is no folder that can be written"
        return Check(name="home", ok=False, detail=detail, fix="set BCFLOW_HOME to a folder of yours")
    return Check(
        name="home",
        ok=not mode & OTHERS,
        detail=f"{home} (mode {mode:04o})",
        fix=f"others can read it: chmod 700 '{home}'",
    )


def disk_check(settings: Settings) -> Check:
    """Check that there is room for the evidence of runs, and that locks hold where the database is."""
    free, kind = disk.free_bytes(settings.home), disk.network_kind(settings.home)
    if kind and not is_postgres(settings.database()):
        detail = f"{settings.home} is on a network folder ({kind}), where the locks of a database do not hold"
        return Check(name="disk", ok=False, detail=detail, fix="set BCFLOW_HOME to a folder on a disk of this machine")
    fix = "make room, or delete what old runs left: bcflow prune --older-than 90d --dry-run"
    return Check(name="disk", ok=free >= LEAST_FREE, detail=f"{free / 10**9:.1f} GB are free", fix=fix)


def database_check(settings: Settings) -> Check:
    """Open the database, if there is one, as every command does."""
    from contextlib import closing

    from bcflow.models.errors import LedgerBroken
    from bcflow.runner.storage.database import Database

    if not settings.has_database():
        return Check(name="database", ok=True, detail=messages.MADE_LATER)
    try:
        with closing(Database(settings.database())) as database:
            place = database.engine.url.database if database.is_sqlite else "PostgreSQL"
    except LedgerBroken as error:
        detail, _, fix = str(error).partition("; ")
        return Check(name="database", ok=False, detail=detail, fix=fix)
    return Check(name="database", ok=True, detail=f"{place} can be used")


def secrets_check(settings: Settings) -> Check:
    """Check that there is something to sign in with, and that nobody else can read it."""
    usable = [name for name, login in settings.logins.items() if login.email and login.password]
    paths = settings.secrets_files
    source = " and ".join(map(str, paths)) or "no secrets.env was found; the environment"
    if not usable:
        fix = "bcflow init makes secrets.env; fill in BCFLOW_EMAIL and BCFLOW_PASSWORD there"
        return Check(name="secrets.env", ok=False, detail=f"{source} names no e-mail with a password", fix=fix)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    shown = " and ".join(f"{path} (mode {mode:04o})" for path, mode in modes.items()) or source
    readable = [f"'{path}'" for path, mode in modes.items() if mode & OTHERS]
    return Check(
        name="secrets.env",
        ok=not readable,
        detail=f"{shown} has: {', '.join(usable)}",
        fix=f"others can read it: chmod 600 {' '.join(readable)}",
    )


def key_check(settings: Settings) -> Check:
    """Check the key that sign-ins are sealed with. A key file that is not there yet is not made here."""
    from bcflow.runner.config.keys import key_source, load_key

    given = settings.key.get_secret_value() if settings.key else None
    source = key_source(given, settings.home)
    if given or (settings.home / "key").exists():
        try:
            load_key(given, settings.home)
        except BadInput as error:
            return Check(name="key", ok=False, detail=source, fix=str(error))
    return Check(name="key", ok=True, detail=source)


def sign_in_checks(settings: Settings) -> Iterator[Check]:
    """Check, for each login, that a sign-in was saved and is not old."""
    from bcflow.runner.storage.sign_ins.opening import store_without_key

    store = store_without_key(settings)
    for login in settings.logins:
        age = store.age(login)
        option = "" if login == "default" else f" --login {login}"
        yield Check(
            name=f"sign-in {login}",
            ok=age is not None and age < OLD_SIGN_IN,
            detail="not signed in yet" if age is None else f"saved {_ago(age)}",
            fix=f"bcflow login --headed{option}",
        )


def code_checks(settings: Settings) -> Iterator[Check]:
    """Check, for each login, that its code command can be started and its mailbox opened."""
    from bcflow.runner.config.code_sources import code_sources

    for login, setting, problem in code_sources(settings):
        fix = "see CODE_COMMAND and CODE_IMAP in secrets.example.env"
        yield Check(name=f"codes {login}", ok=not problem, detail=f"{setting}: {problem or 'can be used'}", fix=fix)


def notify_checks(settings: Settings) -> Iterator[Check]:
    """Check that every address of BCFLOW_NOTIFY can be used; nothing is sent."""
    from bcflow.runner.notify.channels import Notifier

    for problem in Notifier.problems([address.get_secret_value() for address in settings.notify]):
        yield Check(name="notify", ok=False, detail=problem, fix="see BCFLOW_NOTIFY in secrets.example.env")


def blocked_check(home: Path) -> Check:
    """Name what the browser was kept from doing in earlier runs. None of it stops a run, so it is no fault."""
    found = blocked.read(home)
    detail = f"stopped so far: {', '.join(found)}" if found else "nothing was stopped so far"
    return Check(name="blocked hosts", ok=True, detail=detail, fix="BCFLOW_ALLOW_HOSTS, if one is needed" * bool(found))


def language_checks(settings: Settings) -> Iterator[Check]:
    """Name each login to which the site was seen to speak a language of which no word is known."""
    from contextlib import closing

    from bcflow.pages.labels import store
    from bcflow.runner.cli.signin import UNKNOWN_LANGUAGE
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.proofs import Proofs

    with closing(Database(settings.database_to_look_into())) as database, database.transaction() as connection:
        spoken = {
            login: Proofs(connection).language(site=settings.business_center_url, login=login)
            for login in settings.logins
        }
    for login, language in spoken.items():
        if language and not store.is_covered(language):
            detail = f"the site spoke '{language}' last, and bcflow knows hardly any word of it"
            yield Check(name=f"language {login}", ok=False, detail=detail, fix=UNKNOWN_LANGUAGE)


def site_check(name: str, url: str) -> Check:
    """Check that the site answers, and that our clock agrees with its own."""
    host = urlsplit(url).netloc
    try:
        theirs = _date_of(url)
    except (URLError, OSError, ValueError) as error:
        fix = "check the network, the proxy and the address in the settings"
        return Check(name=name, ok=False, detail=f"{host} cannot be reached: {_reason(error)}", fix=fix)
    skew = abs(datetime.now(UTC) - theirs)
    return Check(
        name=name,
        ok=skew <= LARGEST_SKEW,
        detail=f"{host} answers; its clock and this one are {skew.seconds + skew.days * 86400} s apart",
        fix="set this machine's clock (or switch on time synchronisation)",
    )


def _date_of(url: str) -> datetime:
    """Ask for the head of a page, whatever its status, and return its Date, which has whole seconds."""
    from urllib.request import Request, urlopen

    # The settings accept nothing but http and https here.
    request = Request(url, method="HEAD")  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            date = answer.headers["Date"]
    except HTTPError as error:
        date = error.headers["Date"]
        error.close()
    if not date:
        message = "its answer has no date"
        raise ValueError(message)
    return parsedate_to_datetime(date)


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    known = causes.of_network(f"{type(reason).__name__} {reason}")
    return known.what if known else str(getattr(reason, "strerror", None) or reason)


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def _ago(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour ago"
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"  # noqa: PLR2004 - two days
