import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bcflow.runner.browser.choice import choose
from bcflow.runner.browser.environment import driver_environment, playwright_started

PLANTED = "Planted-Password-1!"


def descendants(process: str = "self") -> Iterator[Path]:
    """Yield the folders in /proc of every process started by `process`, however deep."""
    for children in Path("/proc", process, "task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            yield Path("/proc", child)
            yield from descendants(child)


def environments_of_driver_and_browser() -> dict[str, bytes]:
    """Start both, and return the environment of every process by its name."""
    before = set(descendants())
    with playwright_started() as playwright:
        browser = playwright.chromium.launch(**choose("standin").launch_options(headless=True))
        started = [folder for folder in descendants() if folder not in before]
        seen = {
            (folder / "comm").read_text(encoding="utf-8").strip(): (folder / "environ").read_bytes()
            for folder in started
        }
        browser.close()
    return seen


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_driver_and_browser_see_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCFLOW_PASSWORD", PLANTED)
    monkeypatch.setenv("SOMETHING_ELSE", PLANTED)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    # A thread of its own: the synchronous API allows one driver per thread.
    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(environments_of_driver_and_browser).result()
    assert len(seen) >= 2
    assert [name for name, environment in seen.items() if PLANTED.encode() in environment] == []
    driver = next(environment for name, environment in seen.items() if name.startswith(("node", "MainThread")))
    assert b"TZ=Asia/Tokyo" in driver
    assert b"PW_LANG_NAME=python" in driver


def test_only_known_variables_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BCFLOW_KEY", "DEBUG", "PWDEBUG", "PGPASSWORD", "LD_PRELOAD"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")
    handed_on = driver_environment()
    assert not {"BCFLOW_KEY", "DEBUG", "PWDEBUG", "PGPASSWORD", "LD_PRELOAD"} & handed_on.keys()
    assert {"PATH", "LC_ALL"} <= handed_on.keys()
    assert "https_proxy" not in handed_on
