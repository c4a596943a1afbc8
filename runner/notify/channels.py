"""Messages to the addresses in `BCFLOW_NOTIFY`: mail, chat, push, whatever the library apprise can reach.

An address holds a password or a token, so none is ever logged: a failure names the address by its number and kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from http.client import HTTPException
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import urlopen

from loguru import logger

from bcflow.runner.config.parsing import ALWAYS, FAILURES, HEARTBEAT, purpose_of
from bcflow.runner.redaction.printable import printable

SETTING: Final = "BCFLOW_NOTIFY"
_LONGEST_KIND: Final = 20
_BEAT_SECONDS: Final = 10
_NO_SERVICE: Final = (
    "is no complete address of a known service; see https://github.com/caronc/apprise/wiki for how each is written"
)
_NO_BEAT: Final = "is no web address; a heartbeat is written heartbeat:https://…"


class Notifier:
    """Sends short texts to every one of `urls`, each an apprise address. Safe to make with wrong ones.

    One with `failures:` before it hears only of what is not `calm`. One with `heartbeat:` before it gets no text.
    """

    def __init__(self, urls: Sequence[str], *, calm: bool = False) -> None:
        """Take the addresses; nothing is loaded or connected yet."""
        numbered = [(number, *purpose_of(url)) for number, url in enumerate(urls, start=1)]
        wanted = {ALWAYS} if calm else {ALWAYS, FAILURES}
        self._urls = [(number, url) for number, purpose, url in numbered if purpose in wanted]
        self._beats = [(number, url) for number, purpose, url in numbered if purpose == HEARTBEAT]

    def __bool__(self) -> bool:
        """Say whether there is anybody to tell."""
        return bool(self._urls)

    def beat(self) -> None:
        """Ask for each heartbeat address once, in seconds; one that does not answer well is warned of."""
        for number, url in self._beats:
            if not _taken(url):
                logger.warning("{}: the heartbeat was not taken", _name(number, url))

    def send(self, title: str, body: str) -> bool:
        """Send one message to every address, in seconds; return whether at least one took it.

        Never raises: that a message did not go out must not stop a run. Each address that failed is warned of.
        """
        title, body = printable(title, one_line=True), printable(body)
        reached = [self._send_to(number, url, title, body) for number, url in self._urls]
        return any(reached)

    @staticmethod
    def problems(urls: Sequence[str]) -> list[str]:
        """Return one line for each address that cannot be used, without its text. Sends nothing."""
        numbered = [(number, *purpose_of(url)) for number, url in enumerate(urls, start=1)]
        return [
            f"{_name(number, url)}: {_NO_BEAT if purpose == HEARTBEAT else _NO_SERVICE}"
            for number, purpose, url in numbered
            if not (_is_web(url) if purpose == HEARTBEAT else _usable(url))
        ]

    def _send_to(self, number: int, url: str, title: str, body: str) -> bool:
        try:
            sent = _delivered(url, title, body)
        except Exception as error:  # noqa: BLE001 - a hundred services, each with errors of its own; see `send`
            # Its own words may hold parts of the address.
            logger.debug("{}: {}", _name(number, url), type(error).__name__)
            logger.warning("{}: the message was not sent", _name(number, url))
            return False
        if not sent:
            logger.warning("{}: the message was not sent", _name(number, url))
        return sent


def _delivered(url: str, title: str, body: str) -> bool:
    service = _service(url)
    if service is None:
        return False
    apprise = _library()
    sender = apprise.Apprise()
    sender.add(service)
    return bool(sender.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT))


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname)


def _taken(url: str) -> bool:
    if not _is_web(url):
        return False
    try:
        with urlopen(url, timeout=_BEAT_SECONDS) as answer:  # noqa: S310 - it is a web address
            answer.read(1)
    except (OSError, ValueError, HTTPException):
        return False
    return True


def _usable(url: str) -> bool:
    try:
        return _service(url) is not None
    except Exception as error:  # noqa: BLE001 - an odd address must not end `bcflow doctor`
        logger.debug("an address could not be read: {}", type(error).__name__)
        return False


def _service(url: str) -> Any:  # noqa: ANN401 - the library's classes have no common type it would promise
    """Return what sends to `url`, or None if it is no complete address of a known service."""
    if re.search(r"\s", url):
        return None
    apprise = _library()
    # In memory: some services would otherwise keep a file that names the address.
    asset = apprise.AppriseAsset(app_id="bcflow", app_desc="bcflow", app_url="", storage_mode="memory")
    return apprise.Apprise.instantiate(url, asset=asset)


@cache
def _library() -> ModuleType:
    """Load apprise with all its services (half a second), and keep it quiet."""
    import logging
    import warnings

    with warnings.catch_warnings():
        # It loads modules that this Python calls old; that is nothing an operator can act on.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        apprise.Apprise.instantiate("json://127.0.0.1")
    # These logs may quote addresses and answers of servers.
    for name in (apprise.LOGGER_NAME, "urllib3"):
        logging.getLogger(name).propagate = False
        logging.getLogger(name).addHandler(logging.NullHandler())
    return apprise


def _name(number: int, url: str) -> str:
    """Return how an address is told from the others; its kind only if that cannot be a part of a secret."""
    kind, mark, _ = url.partition("://")
    plain = mark and len(kind) <= _LONGEST_KIND and re.fullmatch(r"[A-Za-z][A-Za-z+.-]*", kind)
    return f"{SETTING} no. {number}{f' ({kind.lower()})' if plain else ''}"
