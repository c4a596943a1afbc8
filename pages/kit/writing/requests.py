"""What a request is, told by its verb, path, headers and body: a write, a read, a code, telemetry, a long poll.

The site's own paths are known in part only (public automation code), so the words of a path decide, and what they
do not say stays `unclear`: while a write is armed that counts as a write, too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, urlsplit

from bcflow.pages.kit.screen import site_api

if TYPE_CHECKING:
    from collections.abc import Mapping

Nature = Literal["read", "telemetry", "captcha", "code", "write", "unclear"]

# Where every request goes to one address, one of these says what it is to do.
OPERATION = re.compile("operationName|operation|action|method|cmd")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A POST whose last part begins with one of these words asks ...
ASKS = re.compile("get|mget|list|query|search|fetch|find|load|count|check|is|has")
# ... or ends in one of these, ...
READS = re.compile("list|get|query|search|check|info|details?|count|token|config|options|suggest|preview|mget|status")
# ... unless any of its words says that something is done: `update_status`, `add_detail`, `register_account_info`.
DOES = re.compile(
    "accept|add|apply|approve|assign|bind|cancel|change|confirm|create|delete|disable|edit|enable|grant|invite|join|"
    "link|modify|pay|register|remove|request|save|send|set|share|submit|transfer|unbind|unlink|update|upload"
)
# Sending a code is no write; handing one in may be part of one, so it counts as a trace.
CODE = re.compile("code|captcha")
CODE_IS_SENT = re.compile("get|send|resend|request")
# Hosts and paths of the site's telemetry and its security kit, seen in public automation code (2025-26).
TELEMETRY_HOST = re.compile(r"(mcs|mssdk|mon|slardar|log|analytics)[a-z0-9-]*\.")
TELEMETRY_PATHS = frozenset({"/v1/list", "/web/common", "/web/report"})
CAPTCHA_HOST = re.compile(r"verification[a-z0-9-]*\.")
# What a page loads to show itself: a GET for one of these changes nothing, whatever its name.
LOADED = frozenset({"Document", "Stylesheet", "Image", "Media", "Font", "Script", "TextTrack", "Manifest", "Preflight"})
_ORG_IN_PATH = re.compile(r"/(?:bc|orgs?|organi[sz]ations?|business[-_]?centers?)/(\d{19})(?!\d)")
_VERSION_OR_ID = re.compile(r"v\d+|\d+")


@dataclass(frozen=True)
class Call:
    """One request as it wants to leave the browser, whoever in it sends it.

    `kind` is Chromium's resource type; `body` is None where it cannot be read (a form that is posted as a
    navigation), and empty where there is none.
    """

    method: str
    url: str
    kind: str = "XHR"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = ""

    @property
    def path(self) -> str:
        """Return the path of its address."""
        return urlsplit(self.url).path

    @property
    def name(self) -> str:
        """Return how it is told to people: method and path."""
        return f"{self.method} {self.path}"

    @property
    def key(self) -> str:
        """Return what makes two requests the same write: the path without version, id, case and last slash.

        Where all goes to one address, the name of what it is to do is part of it.
        """
        return " ".join(filter(None, ("/".join(_parts(self.path)), self.operation)))

    @property
    def kind_of_write(self) -> str:
        """Return what a rehearsal and a later run have in common: verb and key."""
        return f"{self.method} {self.key}"

    @property
    def shape(self) -> str:
        """Return what two requests of one kind have in common: key, verb, and the names of all they carry."""
        query = sorted(parse_qs(urlsplit(self.url).query))
        return f"{self.method} {self.key} {query} {sorted(set(_names_in(parsed(self.body))))}"

    @property
    def operation(self) -> str:
        """Return the name of what it is to do, in query or body, where the page says it there; else nothing."""
        query, body = parse_qs(urlsplit(self.url).query), parsed(self.body)
        given = list(body.items()) if isinstance(body, dict) else []
        given += [(name, values[0]) for name, values in query.items()]
        named = (value for name, value in given if OPERATION.fullmatch(str(name)) and isinstance(value, str))
        return next((value for value in named if re.fullmatch(r"[A-Za-z_.:/-]{2,60}", value)), "")

    @property
    def ids(self) -> frozenset[str]:
        """Return every 19-digit id it names, in address or body, as text or as a number."""
        return frozenset(site_api.SITE_ID.findall(self.url)) | frozenset(site_api.SITE_ID.findall(self.body or ""))

    @property
    def nature(self) -> Nature:
        """Return what it is, as far as verb, host, path and headers say."""
        if self.method in SAFE_METHODS:
            return "write" if self._does_by_get() else "read"
        if self.kind == "Document":
            # A page that is posted: what it does cannot be read from its body.
            return "write"
        words = site_api.words_in(self.path)
        if "captcha" in words or CAPTCHA_HOST.match(urlsplit(self.url).netloc):
            return "captcha"
        by_path = _kind_of(words_of(self.operation)) if self.operation else kind(self.path)
        told = by_path in ("unclear", "read") or self.path.rstrip("/") in TELEMETRY_PATHS
        if told and is_telemetry(self.url, self.headers):
            return "telemetry"
        return by_path if self.method == "POST" or by_path != "unclear" else "write"

    @property
    def sends_code(self) -> bool:
        """Say whether it has a code sent to somebody: that changes nothing on the site, and is felt outside of it."""
        words = _last_words(self.path)
        return self.method not in SAFE_METHODS and bool(CODE.fullmatch(words[-1]) and CODE_IS_SENT.fullmatch(words[0]))

    def _does_by_get(self) -> bool:
        last = _last_words(self.path)
        static = self.kind in LOADED or "." in self.path.rpartition("/")[2]
        return not static and bool(DOES.fullmatch(last[0])) and not READS.fullmatch(last[-1])


def _parts(path: str) -> list[str]:
    parts = [part for part in re.split(r"[^a-z0-9_.-]+", path.lower()) if part]
    return [part for part in parts if not _VERSION_OR_ID.fullmatch(part)]


def _last_words(path: str) -> list[str]:
    """Return the words of the last part that is neither a version nor an id: at least one, perhaps empty."""
    parts = _parts(path)
    return [word for word in re.split(r"[^a-z0-9]+", parts[-1]) if word] or [""] if parts else [""]


def words_of(name: str) -> list[str]:
    """Return the words of a name such as `createMember` or `member.create`, in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)] or [""]


def _names_in(value: Any) -> list[str]:  # noqa: ANN401 - whatever JSON the page sends
    if isinstance(value, dict):
        return [*map(str, value), *(name for each in value.values() for name in _names_in(each))]
    if isinstance(value, list):
        return [name for each in value for name in _names_in(each)]
    return []


def is_telemetry(url: str, headers: Mapping[str, str]) -> bool:
    """Say whether a POST only tells how the page is used: by host or path, and by lacking a write's CSRF header."""
    if any("csrf" in name.lower() for name in headers):
        return False
    parts = urlsplit(url)
    known = parts.path.rstrip("/") in TELEMETRY_PATHS or TELEMETRY_HOST.match(parts.netloc) is not None
    return known or site_api.has_word(parts.path, site_api.TELEMETRY)


def kind(path: str) -> Nature:
    """Return what a POST to `path` is, by the words of its last part; `code` is one that is handed in."""
    return _kind_of(_last_words(path))


def _kind_of(words: list[str]) -> Nature:
    if CODE.fullmatch(words[-1]):
        return "read" if CODE_IS_SENT.fullmatch(words[0]) else "code"
    does = any(DOES.fullmatch(word) for word in words)
    asks = ASKS.fullmatch(words[0]) is not None
    if not does:
        return "read" if asks or READS.fullmatch(words[-1]) else "unclear"
    # `check_invite` may be a question, `invite` is none.
    return "unclear" if asks else "write"


def orgs_named(url: str, body: str | None) -> frozenset[str]:
    """Return the Business Centers a request names as such: in its path, its query, or anywhere in its body."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    found = [value for name in site_api.ORG_PARAMETERS for value in query.get(name, [])]
    found += _ORG_IN_PATH.findall(parts.path.lower())
    found += _below(parsed(body))
    return frozenset(value for value in found if value)


def foreign(call: Call, org: str | None, ids: frozenset[str], known: frozenset[str]) -> str:
    """Return the Business Center or account that a write names and must not, or an empty text.

    `ids` are those it is expected to name, `known` those of this site's Business Centers and ad accounts.
    """
    expected = ids | ({org} if org else frozenset())
    if org is not None and (wrong := orgs_named(call.url, call.body) - expected):
        return min(wrong)
    named = call.ids
    if org is not None and (wrong := (named & known) - expected):
        return min(wrong)
    # Another id beside all the expected ones may be anything; another one *instead* is the wrong account.
    strangers, missing = named - expected, ids - named
    return "/".join(sorted(strangers)) if strangers and missing else ""


def parsed(body: str | None) -> Any:  # noqa: ANN401 - whatever the page sends
    """Return what a body holds: JSON, or a form's fields."""
    try:
        return json.loads(body or "{}")
    except ValueError:
        return {name: values[0] for name, values in parse_qs(body or "").items()}


def _below(value: Any) -> list[str]:  # noqa: ANN401 - whatever JSON the page sends
    if isinstance(value, dict):
        own = [str(value[name]) for name in site_api.ORG_PARAMETERS if isinstance(value.get(name), (str, int))]
        return own + [found for each in value.values() for found in _below(each)]
    if isinstance(value, list):
        return [found for each in value for found in _below(each)]
    return []
