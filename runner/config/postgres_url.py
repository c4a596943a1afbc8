"""The address of a PostgreSQL as it may be connected to. Every connection of ours goes by `connectable`.

Outside this machine the server must prove who it is (`sslmode=verify-full`): the driver's own default would speak
in clear text to whoever answers. Where no TLS protects it, a password is never sent as it is.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bcflow.runner.config.folders import user_home

_VERIFIED: Final = "verify-full"
_DRIVER: Final = "postgresql+psycopg"
_NO_ADDRESS: Final = "is not an address such as postgresql://user:password@host/database"
_SCHEMES: Final = ("postgresql://", "postgres://")
# The libpq that has require_auth and sslrootcert=system.
_NEW_ENOUGH: Final = 160_000
# A stranger on the port of a server that is down may ask for it; scram proves it without saying it.
_NOT_IN_CLEAR: Final = "!password,!md5"
_OWN_ROOTS: Final = Path(".postgresql") / "root.crt"


def is_postgres(url: str) -> bool:
    """Whether `url` is the address of a PostgreSQL."""
    return url.startswith("postgres")


def connectable(url: str) -> str:
    """Return `url` with the installed driver named, and for PostgreSQL with what makes the connection safe.

    What the address itself says of `require_auth` and `sslrootcert` stays. Raises ValueError, without any part of
    the address, for a server elsewhere with a weaker `sslmode` than verify-full. Once is as good as twice.
    """
    if not is_postgres(url):
        return url
    for scheme in _SCHEMES:
        if url.startswith(scheme):
            url = f"{_DRIVER}://" + url.removeprefix(scheme)
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise ValueError(_NO_ADDRESS) from None
    if address.drivername != _DRIVER:
        raise ValueError(_NO_ADDRESS)
    safe = _guarded(address) if _is_on_this_machine(address) else _verified(address)
    return safe.render_as_string(hide_password=False)


def _guarded(address: sa.URL) -> sa.URL:
    from psycopg import pq

    if "require_auth" in address.query or pq.version() < _NEW_ENOUGH:
        return address
    return address.update_query_dict({"require_auth": _NOT_IN_CLEAR})


def _verified(address: sa.URL) -> sa.URL:
    from psycopg import pq

    if address.query.get("sslmode", _VERIFIED) != _VERIFIED:
        raise ValueError(
            "a server that is not on this machine must prove who it is: sslmode=verify-full, "
            "with ?sslrootcert=/path/ca.pem for an authority of your own"
        )
    added = {"sslmode": _VERIFIED}
    roots = address.query.get("sslrootcert") or _default("sslrootcert")
    if not roots and pq.version() >= _NEW_ENOUGH and not (user_home() / _OWN_ROOTS).exists():
        added["sslrootcert"] = "system"
    return address.update_query_dict(added)


def _is_on_this_machine(address: sa.URL) -> bool:
    """Whether every server that the driver may connect to is a socket or a loopback address."""
    query = address.query
    if "service" in query:
        return False  # what is in that file is not looked at
    numbers = _listed(query.get("hostaddr")) or _listed(_default("hostaddr"))
    named = [address.host] if address.host else _listed(query.get("host")) or _listed(_default("host"))
    return all(map(_is_local, numbers or named))


def _listed(value: str | tuple[str, ...] | None) -> list[str]:
    parts = (value,) if isinstance(value, str) else value or ()
    return [name for part in parts for name in part.split(",") if name]


def _is_local(host: str) -> bool:
    """Whether `host`, with a port or without, is a socket or a loopback address."""
    if not host or host.startswith(("/", "@")):
        return True
    bare = host.rpartition(":")[0]
    return any(name == "localhost" or _is_loopback(name.strip("[]")) for name in (host, bare) if name)


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _default(keyword: str) -> str:
    """Return what the driver takes where the address says nothing: PGHOST and the like."""
    from psycopg import pq

    found = [option.val for option in pq.Conninfo.get_defaults() if option.keyword == keyword.encode()]
    return (found[0] or b"").decode(errors="replace") if found else ""
