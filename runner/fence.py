"""Where the browser may go: the two configured sites and TikTok's own, over https or on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN_DOMAINS = ("tiktok.com", "tiktokv.com", "tiktokcdn.com", "tiktokglobalshop.com")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Fence:
    """Says which addresses may show documents, receive anything but GET, and see a password or a code."""

    def __init__(self, sites: Iterable[str], *, extra_hosts: Iterable[str] = ()) -> None:
        """Take the configured site addresses and the hosts of `BCFLOW_ALLOW_HOSTS`."""
        self._sites = {(urlsplit(site).scheme, urlsplit(site).netloc) for site in sites}
        self._extra = {host.casefold() for host in extra_hosts}
        self.stopped: list[str] = []

    def allows(self, url: str) -> bool:
        """Say whether `url` is on one of our sites."""
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        if (parts.scheme, parts.netloc) in self._sites:
            return parts.scheme == "https" or host in LOOPBACK
        if parts.scheme != "https":
            return False
        return host in self._extra or any(host == own or host.endswith(f".{own}") for own in OWN_DOMAINS)

    def note(self, what: str) -> None:
        """Keep what was stopped, each once, for `doctor` and the report."""
        if what and what not in self.stopped:
            self.stopped.append(what)
