"""What a failure of the browser, the network or the database means: what happened, and the one thing to do.

This is the only place that says so. A library's own words may hold what was typed, addresses and passwords: they are
recognised by the first sign that fits, and never shown.
"""

from __future__ import annotations

import re
from pathlib import Path
from traceback import extract_tb
from typing import Final, NamedTuple

from bcflow.models.errors import BcflowError


class Cause(NamedTuple):
    """A `sign` in what a library said (a regular expression, case does not count), what it means, what to do."""

    sign: str
    what: str
    do: str

    def __str__(self) -> str:
        """Return the two as one sentence."""
        return f"{self.what}; {self.do}"


_DOCTOR: Final = "bcflow doctor"
_ROOM: Final = "make room, then run it again"
_NETWORK: Final = f"check the network, the proxy and the address: {_DOCTOR}"

_NET: Final = (
    Cause(
        r"ERR_NAME_|ERR_DNS|name or service not known|failed to resolve|name resolution|nodename nor servname"
        r"|could not translate host",
        "the name of the server is not known here",
        _NETWORK,
    ),
    Cause(
        r"ERR_CERT_|CERTIFICATE_VERIFY|certificate verify|server certificate|root certificate",
        "the certificate of the server cannot be trusted",
        f"check this machine's clock and whether a program reads along: {_DOCTOR}",
    ),
    Cause(
        r"ERR_SSL|ERR_BAD_SSL|\[SSL|SSL: |does not support SSL",
        "the server speaks no TLS that can be used",
        _NETWORK,
    ),
    Cause(r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|unreachable", "this machine has no network", _NETWORK),
    Cause(r"ERR_(?:PROXY|TUNNEL)|the proxy said", "the proxy lets nothing through", _NETWORK),
    Cause(r"ERR_SOCKS|ERR_ADDRESS", "there is no connection to the server", _NETWORK),
    Cause(r"REFUSED|connect call failed", "the server refuses connections", _NETWORK),
    Cause(
        r"ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_SOCKET|reset by peer|broken pipe|ERR_HTTP2|ERR_QUIC",
        "the connection to the server broke off",
        "wait a minute, then run it again",
    ),
    Cause(r"ERR_TIMED_OUT|timed out|timeout expired|no answer", "the server does not answer in time", _NETWORK),
    Cause(r"ERR_BLOCKED|ERR_UNSAFE_PORT", "the browser does not go to that address", f"correct it: {_DOCTOR}"),
    Cause(r"ERR_[A-Z_]+", "the page could not be loaded", _NETWORK),
)
_BROWSER: Final = (
    Cause(
        r"executable doesn't exist|spawn .* (?:ENOENT|EACCES|ENOEXEC)|exec format",
        "the browser's program is not there or cannot be run",
        f"set BCFLOW_BROWSER to one that can, then: {_DOCTOR}",
    ),
    Cause(
        r"XServer|missing X server|cannot open display|\$DISPLAY",
        "there is no display to show the browser's window on",
        "leave out --headed and BCFLOW_HEADED, or start it on a desktop",
    ),
    Cause(
        r"sandboxing failed|no usable sandbox|zygote_host",
        "the browser is not given its sandbox",
        f"run it as a user who may make namespaces, outside of a container: {_DOCTOR}",
    ),
    Cause(
        r"loading shared libraries|missing dependencies|missing libraries",
        "the browser lacks a library of the system",
        "run: playwright install-deps chromium",
    ),
    Cause(r"ENOSPC|no space left", "the disk is full", _ROOM),
    Cause(
        r"launch: timeout",
        "the browser did not start in time",
        f"end what keeps this machine busy, or see what it lacks: {_DOCTOR}",
    ),
    Cause(r"\.launch", "the browser ended as soon as it was started", f"see what it lacks: {_DOCTOR}"),
    Cause(r"from the driver|driver exited", "the browser's driver does not run", f"see what it lacks: {_DOCTOR}"),
    Cause(
        r"crashed",
        "the page of the browser crashed",
        "give the machine more memory or fewer --slots, and run it again",
    ),
    Cause(
        r"has been closed|browser closed|target closed|connection closed|was detached",
        "the browser ended in the middle",
        f"run it again; if it ends again: {_DOCTOR}",
    ),
    *_NET,
    Cause(
        r"\.goto: timeout",
        "the site does not answer in time",
        f"if it is only slow, set BCFLOW_TIMEOUT; if it does not answer at all: {_DOCTOR}",
    ),
    Cause(
        r"timeout \d+ms exceeded",
        "the page did not do in time what was asked",
        "run it again; if the site is only slow, set BCFLOW_TIMEOUT",
    ),
    Cause("", "the page did not do what was asked", "run it again; if it does the same, look at the run's picture"),
)
_POSTGRES: Final = (
    Cause(
        "authentication method requirement",
        "it wants the password in clear text or as md5",
        "let it use scram-sha-256, or say require_auth= in the URL",
    ),
    Cause(
        "root certificate|certificate verify failed|server certificate",
        "its certificate could not be verified",
        "name its authority: ?sslrootcert=/path/ca.pem in the URL",
    ),
    Cause(
        "does not support SSL",
        "it speaks no TLS, which is needed outside this machine",
        "switch TLS on in its settings",
    ),
    Cause(
        'authentication failed|no password supplied|role ".*" does not exist',
        "it does not know this user with this password",
        "correct them in BCFLOW_DATABASE_URL",
    ),
    Cause(
        'database ".*" does not exist',
        "there is no database of this name",
        "make it with createdb, or correct the name in BCFLOW_DATABASE_URL",
    ),
    Cause("pg_hba", "it lets this user not in from this machine", "add a line to its pg_hba.conf"),
    Cause(
        "permission denied|^42501",
        "this user may not make tables and schemas in it",
        "grant it CREATE on the database and on its schema public",
    ),
    Cause("read-only transaction|^25006", "it can only be read", "name the primary server in BCFLOW_DATABASE_URL"),
    Cause("too many (?:clients|connections)|remaining connection slots", "it has no connection left", "allow it more"),
    Cause("starting up|shutting down|in recovery", "it is starting or ending", "wait a minute, then run it again"),
    Cause("no space left|^53100", "its disk is full", "make room on its machine"),
    Cause("refused|no such file", "nobody answers at its address", "start it, or correct BCFLOW_DATABASE_URL"),
    Cause(
        "closed the connection|terminating connection|connection (?:is )?(?:lost|closed)|has been closed|broken pipe",
        "the connection to it broke off",
        "run it again",
    ),
    Cause("deadlock|could not serialize", "others changed the same at once", "run it again"),
    *_NET,
    Cause("", "it cannot do what bcflow asks of it", "try the same address with psql"),
)
_LOCAL_DISK: Final = "keep BCFLOW_HOME on a disk of this machine that is whole and has room"
_SQLITE: Final = (
    Cause("^SQLITE_(?:BUSY|LOCKED)", "another program has locked it", "end what has it open, then run it again"),
    Cause("^SQLITE_FULL", "the disk is full", _ROOM),
    Cause("^SQLITE_(?:READONLY|PERM|AUTH)", "it cannot be written", "make it and its folder yours, on a disk that can"),
    Cause("^SQLITE_CANTOPEN", "it cannot be opened", "it must be a file of yours, in a folder of yours that is there"),
    Cause("^SQLITE_NOTADB", "it is not a database", "put back a copy; a new one would not know what was sent"),
    Cause("^SQLITE_CORRUPT", "it is damaged", "put back a copy; a new one would not know what was sent"),
    Cause("^SQLITE_IOERR", "the disk cannot be read or written", _LOCAL_DISK),
    Cause("", "it cannot do what bcflow asks of it", "see whether it is bcflow's, and of no newer version"),
)


def in_words(error: BaseException) -> str:
    """Return what may be shown of any error: no class of a library, nothing that was typed."""
    if isinstance(error, BcflowError):
        return str(error)
    if type(error).__module__.startswith("playwright."):
        return str(of_browser(str(error)))
    if isinstance(error, TimeoutError) and not error.strerror:
        return "it took too long; run it again"
    if isinstance(error, OSError):
        known = of_network(f"{type(error).__name__} {error}")
        return str(known) if known else of_file(error)
    return f"bcflow made a mistake of its own ({place_of(error)}); BCFLOW_DEBUG=1 shows it whole, please report it"


def of_attempt(error: BaseException) -> str:
    """Return why an attempt broke off; a thread of a browser that was ended takes no more work."""
    return "its browser was ended meanwhile" if isinstance(error, RuntimeError) else in_words(error)


def of_file(error: OSError) -> str:
    """Return what the system said of a file or a folder, and of which."""
    name = f"{error.filename}: " if isinstance(error.filename, str) else ""
    return f"{name}{error.strerror or 'it cannot be read or written'}"


def place_of(error: BaseException) -> str:
    """Return the file and the line of the program where an error came up."""
    at = extract_tb(error.__traceback__)
    return f"{Path(at[-1].filename).name}, line {at[-1].lineno}" if at else "nowhere that is known"


def of_browser(said: str) -> Cause:
    """Return what Playwright's words mean. Below the first line are names of elements, but where the start failed."""
    head = said.partition("\n")[0]
    return _first(_BROWSER, said if ".launch" in head else head)


def of_network(said: str) -> Cause | None:
    """Return what the words of a socket mean; None for none that is known."""
    return next((cause for cause in _NET if re.search(cause.sign, said, re.IGNORECASE)), None)


def of_postgres(said: str) -> Cause:
    """Return what the words of PostgreSQL or its driver mean; an SQLSTATE may stand in front of them."""
    return _first(_POSTGRES, said)


def of_sqlite(name: str) -> Cause:
    """Return what one of SQLite's names for an error means, such as SQLITE_BUSY."""
    return _first(_SQLITE, name)


def _first(causes: tuple[Cause, ...], said: str) -> Cause:
    """Return the first that fits; the last one fits everything."""
    return next(cause for cause in causes if re.search(cause.sign, said, re.IGNORECASE))
