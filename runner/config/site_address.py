"""The address of a site in its one spelling, which the ledger goes by, and names of hosts."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from bcflow.models.identity import quoted

REAL_BUSINESS_CENTER: Final = "https://business.tiktok.com"
REAL_ADS_MANAGER: Final = "https://ads.tiktok.com"

_HOST: Final = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?(?::[0-9]{1,5})?")
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?")
_LARGEST_PORT: Final = 65535
_PORTS: Final = {"https": 443, "http": 80}
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


def site(text: str) -> str:
    """Return the origin of a site in its one spelling: https anywhere, http on this machine only."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    host = _host(host)
    if not host or parts.scheme not in _PORTS or parts.username is not None:
        raise ValueError(f"{quoted(text)} is not a web address such as {REAL_BUSINESS_CENTER}")
    if parts.scheme == "http" and not is_local(host):
        raise ValueError(f"{quoted(text)} must be https; http is for a stand-in on this machine")
    shown_host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown_host}{'' if port in {None, _PORTS[parts.scheme]} else f':{port}'}"


def is_local(host: str) -> bool:
    """Whether `host`, as `site` writes it, is this machine."""
    return host in _LOOPBACK


def _host(name: str) -> str:
    """Return the one spelling of a host's name or address, or an empty text: the ledger goes by it."""
    import idna

    try:
        if ":" in name:
            return str(ip_address(name))
        name = name.removesuffix(".")
        return name if _NAME.fullmatch(name) else idna.encode(name, uts46=True).decode()
    except (ValueError, UnicodeError):
        return ""


def hosts(text: str) -> tuple[str, ...]:
    """Return the host names in `text`, split at commas and white space."""
    names = tuple(name.lower() for name in re.split(r"[,\s]+", text.strip()) if name)
    for name in names:
        if not _HOST.fullmatch(name) or int(name.partition(":")[2] or 0) > _LARGEST_PORT:
            raise ValueError(f"{quoted(name)} is not a host name; give names only, such as cdn.example")
    return names
