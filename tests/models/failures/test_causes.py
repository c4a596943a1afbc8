"""What failures mean, and that no other place says so."""

import re
import socket
import ssl
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bcflow.models.errors import Refused
from bcflow.models.failures import causes
from bcflow.models.failures.causes import in_words, of_browser

ROOT = Path(__file__).parents[3]
LAUNCH = "BrowserType.launch: Target page, context or browser has been closed\nBrowser logs:\n\n"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (LAUNCH + "<launching> /bin/false --no-first-run", "the browser ended as soon as it was started"),
        (LAUNCH + "║ Looks like you launched a headed browser without having a XServer running. ║", "no display"),
        (LAUNCH + "Chromium sandboxing failed!", "is not given its sandbox"),
        (LAUNCH + "[err] error while loading shared libraries: libnss3.so", "lacks a library of the system"),
        ("BrowserType.launch: Failed to launch chromium because executable doesn't exist at /x", "is not there"),
        ("BrowserType.launch: Failed to launch: Error: spawn /x ENOENT\nCall log:", "is not there or cannot be run"),
        ("BrowserType.launch: Timeout 180000ms exceeded.\nCall log:", "did not start in time"),
        ("Connection closed while reading from the driver", "the browser's driver does not run"),
        ("Page.title: Target page, context or browser has been closed", "the browser ended in the middle"),
        ("Page.goto: Page crashed", "the page of the browser crashed"),
        ("Page.goto: net::ERR_CONNECTION_REFUSED at http://127.0.0.1:9/", "the server refuses connections"),
        ("Page.goto: net::ERR_SOCKS_CONNECTION_FAILED at https://x/", "there is no connection to the server"),
        ("Page.goto: net::ERR_NAME_NOT_RESOLVED at https://x/", "the name of the server is not known here"),
        ("Page.goto: net::ERR_CERT_AUTHORITY_INVALID at https://x/", "the certificate of the server cannot be trusted"),
        ("Page.goto: net::ERR_SSL_PROTOCOL_ERROR at https://x/", "speaks no TLS"),
        ("Page.goto: net::ERR_EMPTY_RESPONSE at https://x/", "broke off"),
        ("Page.goto: net::ERR_INTERNET_DISCONNECTED at https://x/", "this machine has no network"),
        ("Page.goto: net::ERR_TIMED_OUT at https://x/", "does not answer in time"),
        ("Page.goto: net::ERR_SOMETHING_NEW at https://x/", "the page could not be loaded"),
        ("Page.goto: Timeout 30000ms exceeded.\nCall log:", "the site does not answer in time"),
        ("Locator.fill: Timeout 30000ms exceeded.\nCall log:", "did not do in time what was asked"),
        (
            "Locator.click: Timeout 300ms exceeded.\n - waiting for get_by_text('crashed, refused')",
            "did not do in time",
        ),
        ("Locator.fill: Error: strict mode violation", "the page did not do what was asked"),
        ("", "the page did not do what was asked"),
    ],
)
def test_what_the_browser_says_is_said_in_words_with_what_to_do(said: str, what: str) -> None:
    cause = of_browser(said)
    assert what in cause.what
    assert cause.do


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the name of the server is not known here"),
        (ConnectionRefusedError(111, "Connection refused"), "the server refuses connections"),
        (TimeoutError("timed out"), "it took too long"),
        (TimeoutError(), "it took too long"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "the certificate of the server"),
        (PermissionError(13, "Permission denied", "/srv/x"), "/srv/x: Permission denied"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (PlaywrightError("Locator.fill: planted-password"), "the page did not do what was asked"),
        (PlaywrightTimeout("Locator.fill: Timeout 300ms exceeded."), "did not do in time what was asked"),
        (Refused("the site said no"), "the site said no"),
        (KeyError("planted-password"), "bcflow made a mistake of its own"),
    ],
)
def test_any_error_is_told_without_its_class_and_what_was_typed(error: Exception, words: str) -> None:
    told = in_words(error)
    assert words in told
    assert "planted" not in told
    assert "Error" not in told
    assert "\n" not in told


def test_a_mistake_of_ours_is_told_with_its_place() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        assert 1 / 0
    assert "(test_causes.py, line " in in_words(caught.value)


def test_every_table_ends_with_words_for_all_the_rest() -> None:
    for table in (causes._BROWSER, causes._POSTGRES, causes._SQLITE):
        assert [cause.sign for cause in table].index("") == len(table) - 1


def test_no_class_of_a_library_is_told_to_a_person() -> None:
    """In a log for developers it may stand; `codes` and `jobfiles` tell of programs and files that people chose."""
    rooms = [ROOT / "pages", *(ROOT / "runner" / name for name in ("batches", "browser", "cli", "engine", "network"))]
    rooms += [ROOT / "runner" / name for name in ("checks", "notify", "storage")]
    lines = [line for room in rooms for path in room.rglob("*.py") for line in path.read_text().splitlines()]
    found = [line for line in lines if re.search(r"type\((?:error|reason)\)\.__name__|__class__\.__name__", line)]
    assert found
    allowed = r"logger\.(?:debug|trace)\(|== \"TargetClosedError\"|of_network\("
    assert [line for line in found if not re.search(allowed, line)] == []
