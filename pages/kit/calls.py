"""What a request is, told by its path, headers and body: a write, a read, a code, telemetry, a long poll.

The site's own paths are known in part only (public automation code), so the words of a path decide, and in
doubt a request is a write.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

SITE_ID = re.compile(r"(?<!\d)[67]\d{18}(?!\d)")
ORG_PARAMETERS = ("org_id", "bc_id")
# A POST whose path ends in one of these only reads; it is let through as often as the page likes.
READS = re.compile(
    "list|get|query|search|check|info|details?|count|token|track|logs?|collect|report|monitor|config|options|"
    "suggest|preview|mget|status"
)
# ... unless its last part begins with one of these: `update_status`, `add_detail`.
DOES = re.compile(
    "accept|add|apply|approve|assign|bind|cancel|confirm|create|delete|grant|invite|join|link|remove|request|save|"
    "send|set|share|submit|unbind|update"
)
# Sending a code is no write; handing one in may be part of one, so it counts as a trace.
CODE = re.compile("code|captcha")
CODE_IS_SENT = re.compile("get|send|resend|request")
LONG_POLL = re.compile("poll|polling|longpoll|heartbeat|stream|sse|notifications?|unread|inbox")
# What a list's own request may be called: any of these anywhere in its path.
LISTS = re.compile(
    "lists?|query|search|page|mget|find|members?|users?|accounts?|adv|advertisers?|partners?|assets?|requests?|"
    "organi[sz]ations"
)
# What pages tell about themselves: seen on the site beside the calls that matter, and never with a CSRF header.
TELEMETRY = re.compile(
    "monitor|slardar|collect|track|tracklog|telemetry|metrics?|analytics|events?|beacon|logs?|mcs|perf|rum"
)


def _words_in(path: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", path.lower()) if word]


def has_word(path: str, words: re.Pattern[str]) -> bool:
    """Say whether any word of a path is one of `words`."""
    return any(words.fullmatch(word) for word in _words_in(path))


def is_telemetry(path: str, headers: dict[str, str]) -> bool:
    """Say whether a POST only tells how the page is used: by its path, and by lacking the CSRF header of a write."""
    return not any("csrf" in name.lower() for name in headers) and has_word(path, TELEMETRY)


def is_list(path: str) -> bool:
    """Say whether a request to `path` may be one for a list's rows."""
    return has_word(path, LISTS) and not has_word(path, LONG_POLL) and not has_word(path, TELEMETRY)


def json_object(text: str | None) -> dict[str, Any]:
    """Return a JSON object, or nothing for any other body."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def kind(path: str) -> str:
    """Return what a POST to `path` is, by the words of its last part: write, read, or code (one is handed in)."""
    parts = [part for part in re.split(r"[^a-z0-9_]+", path.lower()) if part]
    words = re.split(r"_+", parts[-1]) if parts else [""]
    if CODE.fullmatch(words[-1]):
        return "read" if CODE_IS_SENT.fullmatch(words[0]) else "code"
    return "read" if READS.fullmatch(words[-1]) and not DOES.fullmatch(words[0]) else "write"


def foreign_org(request: dict[str, Any], org: str, named: set[str], ids: frozenset[str]) -> str:
    """Return the Business Center the request names if it is not `org`, or ids that stand where ours should."""
    query, body = parse_qs(urlsplit(request["url"]).query), json_object(request.get("postData"))
    for name in ORG_PARAMETERS:
        values = [*query.get(name, []), str(body.get(name, ""))]
        # A form that names a partner's Business Center may call it bc_id too: that id is expected then.
        wrong = [value for value in values if value and value != org and value not in ids]
        if wrong:
            return str(wrong[0])
    # Another id beside all the expected ones may be anything; another one *instead* is the wrong account.
    strangers, missing = named - ids - {org}, ids - named
    return "/".join(sorted(strangers)) if strangers and missing else ""
