"""Messages to the addresses in `BCFLOW_NOTIFY`: mail, chat, push, whatever the library apprise can reach.

An address holds a password or a token, so none is ever logged: a failure names the address by its number and kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any, Final

from loguru import logger

from bcflow.runner.redaction.printable import printable

SETTING: Final = "BCFLOW_NOTIFY"
_LONGEST_KIND: Final = 20
_SERVICES: Final = "see https://github.com/caronc/apprise/wiki for how each service is written"


class Notifier:
    """Sends short texts to every one of `urls`, each an apprise address. Safe to make with wrong ones."""

    def __init__(self, urls: Sequence[str]) -> None:
        """Take the addresses; nothing is loaded or connected yet."""
        self._urls = tuple(urls)

    def __bool__(self) -> bool:
        """Say whether there is anybody to tell."""
        return bool(self._urls)

    def send(self, title: str, body: str) -> bool:
        """Send one message to every address, in seconds; return whether at least one took it.

        Never raises: that a message did not go out must not stop a run. Each address that failed is warned of.
        """
        title, body = printable(title, one_line=True), printable(body)
        reached = [self._send_to(number, url, title, body) for number, url in enumerate(self._urls, start=1)]
        return any(reached)

    @staticmethod
    def problems(urls: Sequence[str]) -> list[str]:
        """Return one line for each address that cannot be used, without its text. Sends nothing."""
        named = [(_name(number, url), url) for number, url in enumerate(urls, start=1)]
        return [
            f"{name}: is no complete address of a known service; {_SERVICES}" for name, url in named if not _usable(url)
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
