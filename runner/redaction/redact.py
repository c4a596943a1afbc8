"""Nothing goes to disk before it went through here.

Three things are done to a text: the secrets this process knows are cut out, in every spelling a browser,
an encoder or a log may have given them; addresses lose the values of their query; e-mail addresses that
the job does not name are masked. What Playwright says is not filtered but rebuilt: see `playwright_text`.
"""

from __future__ import annotations

import base64
import html
import json
import math
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit, urlunsplit

from pydantic import BaseModel, SecretBytes, SecretStr

from bcflow.runner.redaction.playwright_text import playwright_error

REMOVED = "[removed]"
EMAIL = re.compile(r"(?<![\w.+-])([\w.+'-]+)@((?:[\w-]+\.)+[^\W\d_][\w-]+)(?![\w-])")

_SHORT = 4  # a secret shorter than this is cut out only where it stands alone
_BASE64_LEAST = 5  # fewer characters than this could be anything
_URL = re.compile(r"\b(?:https?|wss?|ftp|otpauth)://[^\s<>\"'`\\|{}]+", re.IGNORECASE)
_ID = re.compile(r"\d{5,25}")
_ID_KEYS = {"org_id", "aadvid", "bc_id"}
_ROUTE_KEYS = {
    "asset_type",
    "attr_source",
    "attr_type",
    "detail_adv",
    "filters",
    "lang",
    "overviewfrom",
    "page",
    "pagetype",
    "register_type",
    "selectAccountType",
    "show-adv-guide",
    "source",
    "tab",
}
_ROUTE_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{0,31}|\d{1,3}(?:,\d{1,3}){0,19}")
_TOKEN_LEAST = 24  # a part of a path this long, of letters and digits mixed, is no word
_HEADER = re.compile(
    r"\b((?:set-)?cookie|(?:proxy-)?authorization|x-csrf-?token|x-csrftoken)(\"?\s*[:=]\s*\"?)[^\n\"]+",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(\w*(?:passw(?:or)?d|passcode|secret|token|session_?id|sessionid|otp|totp|csrf\w*))"
    r"([\"']?\s*[:=]\s*[\"']?)([^\s\"'&;,)}\]]+)",
    re.IGNORECASE,
)
_SAID_CODE = re.compile(r"(\bcode\b\W{0,3}(?:is\W{1,3})?)(\d{4,8}|\d{3}[ -]\d{3})(?!\d)", re.IGNORECASE)
_SENSITIVE_KEY = re.compile(
    r"(?i)(?:.*[_-])?(?:passw(?:or)?d|passcode|secret|token|cookies?|authorization|session_?id|otp|totp"
    r"|totp_seed|verification_code|storage_state|csrf\w*)"
)


class Redactor:
    """Cuts the known `secrets` out of everything, and masks e-mail addresses not in `keep`.

    Secrets that turn up later (a code that was read, a cookie the site set) are added with `add`.
    Safe to use from several threads.
    """

    def __init__(self, secrets: Iterable[SecretStr | str] = (), *, keep: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._keep = {email.strip().casefold() for email in keep}
        self._pattern: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: SecretStr | str) -> None:
        """Cut these out too from now on; empty ones are ignored."""
        plain = {s.get_secret_value() if isinstance(s, SecretStr) else s for s in secrets}
        with self._lock:
            self._secrets |= {secret for secret in plain if secret.strip()}
            patterns = sorted({p for secret in self._secrets for p in _patterns(secret)}, key=len, reverse=True)
            self._pattern = re.compile("|".join(patterns)) if patterns else None

    def keep_emails(self, emails: Iterable[str]) -> None:
        """Leave these addresses readable: they are the job's own."""
        with self._lock:
            self._keep |= {email.strip().casefold() for email in emails}

    def text(self, text: str) -> str:
        """Return `text` without secrets, query values and other people's addresses."""
        clean = self.secrets_only(text)
        clean = _URL.sub(lambda found: redact_url(found[0]), clean)
        clean = _HEADER.sub(rf"\1\2{REMOVED}", clean)
        clean = _PAIR.sub(_without_value, clean)
        clean = _SAID_CODE.sub(rf"\1{REMOVED}", clean)
        return EMAIL.sub(self._masked, clean)

    def page_words(self, text: str) -> str:
        """Return `text` without secrets and other people's addresses, otherwise as a page shows it."""
        return EMAIL.sub(self._masked, self.secrets_only(text))

    def secrets_only(self, text: str) -> str:
        """Return `text` without the secrets, otherwise unchanged."""
        return self._pattern.sub(REMOVED, text) if self._pattern else text

    def error(self, error: BaseException) -> str:
        """Return what `error` says, rebuilt where its words may hold typed or read values."""
        if type(error).__module__.split(".")[0] == "playwright":
            return self.text(playwright_error(str(error)))
        problems = getattr(error, "errors", None)
        if callable(problems) and type(error).__name__ == "ValidationError":
            lines = (f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems(include_input=False))
            return self.text("; ".join(lines))
        return self.text(re.sub(r"\[parameters: .*\]", "[parameters left out]", str(error), flags=re.DOTALL))

    def value(self, value: object) -> Any:  # noqa: ANN401 - JSON has no better type
        """Return `value` as plain JSON, every text in it cleaned, also the keys."""
        if isinstance(value, BaseModel):
            return self.value(value.model_dump(mode="json"))
        if isinstance(value, Mapping):
            return {self.text(str(k)): self._of_key(str(k), v) for k, v in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.value(item) for item in value]
        if isinstance(value, BaseException):
            return {"type": type(value).__name__, "message": self.error(value)}
        return self._scalar(value)

    def _scalar(self, value: object) -> str | float | None:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, (SecretStr, SecretBytes, bytes)):
            return REMOVED
        if isinstance(value, (int, float)):
            finite = value if math.isfinite(value) else str(value)
            return finite if self.secrets_only(str(value)) == str(value) else REMOVED
        return self.text(str(value) if isinstance(value, (str, PurePath)) else f"<{type(value).__name__}>")

    def _of_key(self, key: str, value: object) -> Any:  # noqa: ANN401 - JSON has no better type
        sensitive = _SENSITIVE_KEY.fullmatch(key) or (key == "code" and re.fullmatch(r"\d{4,8}", str(value)))
        return REMOVED if sensitive and value not in (None, "", False) else self.value(value)

    def _masked(self, found: re.Match[str]) -> str:
        if found[0].casefold() in self._keep:
            return found[0]
        return f"{found[1][0]}***@{found[2]}"


def redact_url(url: str) -> str:
    """Return `url` without user, query values and tokens.

    `org_id`, `aadvid` and `bc_id` keep their number, and parameters that name a place on the site keep
    their word (`tab=members`); of all others only the name stays.
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "[address removed]"
    if parts.scheme not in ("http", "https", "ws", "wss"):
        return url if url == "about:blank" else f"{parts.scheme}:[removed]"
    route, mark, rest = parts.fragment.partition("?")
    fragment = (_path(route) if route.startswith(("/", "!/")) else "") + mark + _query(rest)
    host = (parts.hostname or "") + port
    return urlunsplit((parts.scheme, host, _path(parts.path), _query(parts.query), fragment))


def emails_in(value: object) -> set[str]:
    """Return every e-mail address found anywhere in a JSON `value`."""
    return {found[0] for found in EMAIL.finditer(json.dumps(value, ensure_ascii=False, default=str))}


def _path(path: str) -> str:
    return "/".join("…" if _is_token(part) else part for part in path.split("/"))


def _is_token(part: str) -> bool:
    mixed = any(c.isdigit() for c in part) and any(c.isalpha() for c in part)
    return mixed and len(part) >= _TOKEN_LEAST


def _query(query: str) -> str:
    return "&".join(
        f"{name}={_kept(name, value)}"
        for name, value in parse_qsl(query, keep_blank_values=True)
        if re.fullmatch(r"[\w.-]{1,40}", name)
    )


def _kept(name: str, value: str) -> str:
    if name in _ID_KEYS:
        return value if _ID.fullmatch(value) else "…"
    return value if name in _ROUTE_KEYS and _ROUTE_WORD.fullmatch(value) else "…"


def _without_value(found: re.Match[str]) -> str:
    kept = found[3].startswith(("[removed", "…"))
    return found[0] if kept else f"{found[1]}{found[2]}{REMOVED}"


_ENCODERS: Sequence[Callable[[str], str]] = (
    lambda s: json.dumps(s)[1:-1],
    lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    lambda s: repr(s)[1:-1],
    lambda s: quote(s, safe="", errors="replace"),
    lambda s: quote(s, errors="replace"),
    lambda s: quote(s, safe="/:@!$'()*,;~", errors="replace"),
    lambda s: re.sub(r"%[0-9A-F]{2}", lambda m: m[0].lower(), quote(s, safe="", errors="replace")),
    lambda s: quote_plus(s, errors="replace"),
    html.escape,
    lambda s: s.replace('"', '\\"'),
    lambda s: s.replace("'", "''"),
)


def _spellings(secret: str) -> set[str]:
    """Return the plain, the once and the twice encoded spellings (JSON in JSON, a URL in JSON …)."""
    found = {secret, secret.strip()}
    compact = re.sub(r"[\s-]", "", secret)
    if re.fullmatch(r"(?i)[A-Z2-7]{16,}=*", compact):  # an authenticator seed, as people write it down
        blocks = " ".join(re.findall(".{1,4}", compact))
        found |= {form for s in (compact, blocks) for form in (s, s.upper(), s.lower())}
    for _ in range(2):
        found |= {encode(form) for form in found for encode in _ENCODERS}
    return found


def _patterns(secret: str) -> set[str]:
    if re.fullmatch(r"\d{1,8}", secret):  # a code: not the same digits inside a 19-digit id
        return {r"(?<!\d)" + r"[ -]?".join(secret) + r"(?!\d)", *_base64_patterns(secret)}
    if len(secret.strip()) < _SHORT:
        return {rf"(?<!\w){re.escape(secret.strip())}(?!\w)"}
    spelled = {re.escape(form) for form in _spellings(secret)}
    data = secret.encode(errors="replace")
    return {*spelled, data.hex(), data.hex().upper(), *_base64_patterns(secret)}


def _base64_patterns(secret: str) -> set[str]:
    """Return what base64 makes of `secret` wherever it begins in a longer text."""
    found = set()
    for form in {secret, json.dumps(secret)[1:-1]}:
        for before in range(3):
            data = b"\0" * before + form.encode(errors="replace")
            encoded = base64.b64encode(data).decode().rstrip("=")
            whole = encoded[(0, 2, 3)[before] : len(encoded) - (1 if len(data) % 3 else 0)]
            if len(whole) >= _BASE64_LEAST:
                spelled = {whole, whole.translate(str.maketrans("+/", "-_"))}
                found |= {re.escape(s) for s in spelled}
    return found
