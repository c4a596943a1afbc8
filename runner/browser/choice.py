"""Which browser to start, and how.

Live work uses one full Chromium, headed and headless alike: to the site it is the same device. The stand-in
and the tests prefer the headless shell, which starts several times faster.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict

import playwright

from bcflow.models.errors import BadInput
from bcflow.models.identity import quoted
from bcflow.runner.policy.programs import search_path

Purpose = Literal["live", "standin"]

CHANNELS = ("chrome", "chrome-beta", "msedge")
ALWAYS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HOW_TO_GET_ONE = (
    "install Google Chrome or Chromium, or run `playwright install chromium`, "
    "or set BCFLOW_BROWSER to the path of a Chromium browser"
)
_MAC_APPS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
)
_LINUX_NAMES = ("google-chrome-stable", "google-chrome", "chromium", "chromium-browser")
SHELL_ONLY = ("--js-flags=--optimize-for-size",)
"""Halves what the stand-in's pages take (229 to 103 MiB, five flows). Live work has a browser like anybody's."""
_SHELL_NAMES = ("chromium-headless-shell", "chrome-headless-shell")


class LaunchOptions(TypedDict, total=False):
    """What `playwright.chromium.launch(**options)` is given."""

    executable_path: Path
    channel: str
    args: list[str]
    headless: bool
    chromium_sandbox: bool


@dataclass(frozen=True, kw_only=True)
class BrowserChoice:
    """One browser: a file to run, or the name of a channel that Playwright finds itself."""

    executable: Path | None
    channel: str | None
    name: str
    args: tuple[str, ...]
    sandbox: bool

    def launch_options(self, *, headless: bool) -> LaunchOptions:
        """Return the arguments for Playwright's `launch`. Without them Playwright never uses the sandbox."""
        options = LaunchOptions(args=list(self.args), headless=headless, chromium_sandbox=self.sandbox)
        if self.executable:
            options["executable_path"] = self.executable
        if self.channel:
            options["channel"] = self.channel
        return options


def choose(purpose: Purpose, setting: str | None = None) -> BrowserChoice:
    """Choose the browser for `purpose`; `setting` is what BCFLOW_BROWSER says (a path or a channel).

    Order: the setting; Playwright's own Chromium; a Chrome or Chromium of the system. For the stand-in a
    headless shell comes before any full browser. Raises `BadInput` when there is none, and says what to do.
    """
    if setting:
        return _named(setting)
    for executable, name in _candidates(purpose):
        return _choice(executable=executable, name=name)
    missing = f"no browser was found: {HOW_TO_GET_ONE}"
    raise BadInput([missing])


def playwright_browser(name: Literal["chromium", "chromium-headless-shell"]) -> Path | None:
    """Return the executable of Playwright's own browser, or None unless exactly its revision is installed."""
    folder = _registry() / f"{name.replace('-', '_')}-{_revisions()[name]}"
    if not (folder / "INSTALLATION_COMPLETE").is_file():
        return None
    if name == "chromium-headless-shell":
        patterns = ["*/chrome-headless-shell"]
    else:
        patterns = ["*/chrome", "*/*.app/Contents/MacOS/*"]
    found = [path for pattern in patterns for path in sorted(folder.glob(pattern)) if _runs(path)]
    return found[0] if found else None


def _named(setting: str) -> BrowserChoice:
    if setting in CHANNELS:
        return _choice(channel=setting, name=f"{setting} (BCFLOW_BROWSER)")
    path = Path(setting).expanduser()
    on_path = shutil.which(setting, path=search_path(os.environ)) if path.name == setting else None
    if on_path:
        path = Path(on_path)
    if not (path.is_absolute() and _runs(path)):
        wrong = (
            f"BCFLOW_BROWSER: {quoted(setting)} is no program that can be run; "
            f"give the full path of a Chromium browser or one of {', '.join(CHANNELS)}"
        )
        raise BadInput([wrong])
    return _choice(executable=path.absolute(), name=f"{path.name} (BCFLOW_BROWSER)")


def _candidates(purpose: Purpose) -> Iterator[tuple[Path, str]]:
    if purpose == "standin":
        if shell := playwright_browser("chromium-headless-shell"):
            yield shell, "Playwright's headless shell"
        yield from _on_path(_SHELL_NAMES)
    if full := playwright_browser("chromium"):
        yield full, "Playwright's Chromium"
    if sys.platform == "darwin":
        yield from _mac_apps()
    yield from _on_path(_LINUX_NAMES)


def _on_path(names: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    for name in names:
        if found := shutil.which(name, path=search_path(os.environ)):
            yield Path(found), name


def _mac_apps() -> Iterator[tuple[Path, str]]:
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        for app in _MAC_APPS:
            if _runs(folder / app):
                yield folder / app, app.split(".", maxsplit=1)[0]


def _choice(*, name: str, executable: Path | None = None, channel: str | None = None) -> BrowserChoice:
    # Chromium refuses to start as root with its sandbox; for anybody else the sandbox stays.
    root = os.geteuid() == 0
    args = (*ALWAYS, "--no-sandbox") if root else ALWAYS
    if executable is not None and "headless-shell" in executable.name.replace("chrome-", ""):
        args = (*args, *SHELL_ONLY)
    return BrowserChoice(executable=executable, channel=channel, name=name, args=args, sandbox=not root)


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _driver_package() -> Path:
    return Path(playwright.__file__).parent / "driver" / "package"


@cache
def _revisions() -> dict[str, str]:
    listed = json.loads((_driver_package() / "browsers.json").read_text(encoding="utf-8"))
    return {browser["name"]: browser["revision"] for browser in listed["browsers"]}


def _registry() -> Path:
    # The same places, in the same order, as Playwright's own installer.
    told = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if told == "0":
        return _driver_package() / ".local-browsers"
    if told:
        return Path(told)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"
