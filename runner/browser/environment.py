"""What the browser, its driver and the code command may see of our environment.

Playwright starts its driver with a copy of `os.environ`, and the browser inherits the driver's. Neither needs
our passwords, and crash reports and process lists show environments, so they get an allow-list.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bcflow.runner.policy.programs import search_path

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

ALLOWED = frozenset(
    {
        "COLORTERM",
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "HOME",
        "LANG",
        "LANGUAGE",
        "LOGNAME",
        "NODE_EXTRA_CA_CERTS",
        "PATH",
        "PLAYWRIGHT_BROWSERS_PATH",
        "PLAYWRIGHT_NODEJS_PATH",
        "SHELL",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TERM",
        "TMPDIR",
        "TZ",
        "USER",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
    }
)
ALLOWED_PREFIXES = ("LC_", "XDG_", "FONTCONFIG_")

_starting = threading.Lock()


def driver_environment() -> dict[str, str]:
    """Return the part of our environment that a child process may have: no `BCFLOW_…`, nothing unknown.

    `DEBUG` is left out on purpose: with it the driver prints every value that is typed.
    """
    kept = {name: value for name, value in os.environ.items() if _is_allowed(name)}
    return kept | {"PATH": search_path(kept)}


def _is_allowed(name: str) -> bool:
    # No proxy's address, which may hold a password: the way to the network is `gateway`.
    return name in ALLOWED or name.startswith(ALLOWED_PREFIXES)


def driver_problem() -> str:
    """Return why Playwright's driver does not start on this machine, or "" if it does.

    On a bare Debian its Node.js lacks a system library, and Playwright only says that a connection closed.
    """
    command = [sys.executable, "-P", "-m", "playwright", "--version"]
    ended = subprocess.run(command, env=driver_environment(), capture_output=True, text=True, check=False)
    return ended.stderr.strip() if ended.returncode else ""


@contextmanager
def playwright_started() -> Iterator["Playwright"]:
    """Start Playwright's driver with `driver_environment()` and stop it at the end.

    Playwright has no parameter for this. Emptying `os.environ` for the moment of the start would pull
    variables away from other threads (a database client reads its password there), so Playwright's own
    function for the driver's environment is replaced for that moment. Should a later release not have it
    any more, the start fails: better no browser than one that knows the passwords.
    """
    from playwright.sync_api import sync_playwright

    transport: Any = import_module("playwright._impl.transport")
    manager = sync_playwright()
    with _starting:
        theirs = transport.get_driver_env
        transport.get_driver_env = lambda: _stripped(theirs())
        try:
            started = manager.start()
        finally:
            transport.get_driver_env = theirs
    try:
        yield started
    finally:
        started.stop()


def _stripped(environment: dict[str, str]) -> dict[str, str]:
    # The driver's garbage is short-lived: a small young generation keeps it at two thirds (145 to 112 MiB).
    node = {"NODE_OPTIONS": "--max-semi-space-size=1 --max-old-space-size=192"}
    added_by_playwright = {name: value for name, value in environment.items() if name not in os.environ}
    return driver_environment() | added_by_playwright | node
