"""Where the browser may go: the two configured sites and TikTok's own, over https or on this machine.

Two questions: which pages may be opened and typed on, and which hosts a page's own requests may send something to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN_DOMAINS = ("tiktok.com", "tiktokv.com", "tiktokcdn.com", "tiktokglobalshop.com")
# Hosts of the same company that no page of ours lies on, but that its pages send to (public automation code, 2025-26):
# captcha answers and telemetry in the EU (verification.tiktokw.eu, mcs-ie.tiktokw.eu), security reports and telemetry
# in the US (mssdk.tiktokw.us, mcs.tiktokw.us), and the older names of the same services (tiktokv.us, byteoversea.com).
RECEIVING_DOMAINS = ("tiktokw.eu", "tiktokw.us", "tiktokv.us", "byteoversea.com")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Fence:
    """Says which addresses may show documents and see a password or a code, and which may receive more than GET."""

    def __init__(self, sites: Iterable[str], *, extra_hosts: Iterable[str] = ()) -> None:
        """Take the configured site addresses and the hosts of `BCFLOW_ALLOW_HOSTS`."""
        self._sites = {(urlsplit(site).scheme, urlsplit(site).netloc) for site in sites}
        self._extra = {host.casefold() for host in extra_hosts}
        self.stopped: list[str] = []

    def allows(self, url: str) -> bool:
        """Say whether `url` is on one of our sites: it may be opened, and a password or a code typed there."""
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        if (parts.scheme, parts.netloc) in self._sites:
            return parts.scheme == "https" or host in LOOPBACK
        if parts.scheme != "https":
            return False
        return host in self._extra or _is_in(host, OWN_DOMAINS)

    def may_receive(self, url: str) -> bool:
        """Say whether a page's request, but no document, may send something to `url`: our sites, company hosts."""
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        return self.allows(url) or (parts.scheme == "https" and _is_in(host, RECEIVING_DOMAINS))

    def note(self, what: str) -> None:
        """Keep what was stopped, each once, for `doctor` and the report."""
        if what and what not in self.stopped:
            self.stopped.append(what)


def _is_in(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
