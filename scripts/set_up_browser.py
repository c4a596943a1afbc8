"""Get a browser that renders a page, and note it in a stamp file. Usage: set_up_browser.py STAMP.

What BCFLOW_BROWSER says is taken as it is. Else Playwright's own Chromium is installed if it can be; else
what the system has is used; else, as root on Debian, Debian's own packages are installed.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

from bcflow.models.errors import BadInput
from bcflow.runner.browser.choice import BrowserChoice, choose, playwright_browser
from bcflow.runner.browser.environment import driver_problem
from bcflow.runner.cli.doctor import rendering_problem

PLAYWRIGHT = [sys.executable, "-P", "-m", "playwright"]
# Without a network the installer fails at once; behind one that swallows packets it must not take minutes.
PATIENCE = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "8000"}
DRIVERS_LIBRARY = "libatomic1"
DEBIANS_BROWSERS = ["chromium", "chromium-headless-shell"]


def set_up(stamp: Path) -> int:
    """Make sure a page renders, write the stamp, and return the exit code."""
    setting = os.environ.get("BCFLOW_BROWSER", "")
    try:
        prepare_driver()
        if not setting and not playwright_browser("chromium"):
            install_playwrights_own()
        choice = choose_or_install(setting)
        prove(choice)
    except BadInput as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    print(f"setup: pages render with {choice.name}")
    stamp.write_text(f"{choice.executable or ''}\n{setting}\n", encoding="utf-8")
    return 0


def prepare_driver() -> None:
    """Install the one system library that Playwright's own Node.js needs and a bare Debian has not."""
    if not driver_problem():
        return
    if may_install("debian", "ubuntu"):
        apt_install(DRIVERS_LIBRARY)
    if problem := driver_problem():
        raise BadInput([f"Playwright's driver does not start; it may need {DRIVERS_LIBRARY}: {problem}"])


def install_playwrights_own() -> None:
    """Try to download Playwright's Chromium; that it cannot be had is no error."""
    command = [*PLAYWRIGHT, "install", "chromium"]
    ended = subprocess.run(command, env=os.environ | PATIENCE, capture_output=True, check=False)
    if ended.returncode:
        print("setup: Playwright's own Chromium cannot be downloaded here, so the system's is used")


def choose_or_install(setting: str) -> BrowserChoice:
    """Choose the browser for the stand-in; install Debian's where there is none and we may."""
    try:
        return choose("standin", setting)
    except BadInput:
        if setting or not may_install("debian"):
            raise
    apt_install(*DEBIANS_BROWSERS)
    return choose("standin")


def prove(choice: BrowserChoice) -> None:
    """Let the browser draw a page; once more after installing the system libraries it may lack."""
    problem = rendering_problem(choice)
    if problem and may_install("debian", "ubuntu"):
        print("setup: installing the system libraries that the browser needs")
        subprocess.run([*PLAYWRIGHT, "install-deps", "chromium"], capture_output=True, check=False)
        problem = rendering_problem(choice)
    if problem:
        raise BadInput([f"{choice.name} does not render a page: {problem}"])


def apt_install(*packages: str) -> None:
    """Install Debian packages without questions; what apt-get prints is shown only if it fails."""
    print(f"setup: installing {' and '.join(packages)}")
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        command = ["apt-get", "-qq", *arguments]
        ended = subprocess.run(command, env=quietly, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise BadInput([f"apt-get {arguments[0]} failed:\n{ended.stdout}{ended.stderr}"])


def may_install(*distributions: str) -> bool:
    """Tell whether system packages may be installed: as root, on one of these distributions itself."""
    try:
        this = platform.freedesktop_os_release()["ID"]
    except OSError:
        return False
    return os.geteuid() == 0 and this in distributions


if __name__ == "__main__":
    sys.exit(set_up(Path(sys.argv[1])))
