"""What is known of the site's own requests and answers: the words of their paths, their names, their codes.

The paths themselves are known in part only (public automation code); an answer is `{code, msg, data}`, code 0 is yes.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SITE_ID = re.compile(r"(?<!\d)[67]\d{18}(?!\d)")
ORG_PARAMETERS = ("org_id", "bc_id", "orgId", "bcId")
LONG_POLL = re.compile("poll|polling|longpoll|heartbeat|stream|sse|notifications?|unread|inbox")
# What a list's own request may be called: any of these anywhere in its path.
LISTS = re.compile(
    "lists?|query|search|page|mget|find|members?|users?|accounts?|adv|advertisers?|partners?|assets?|requests?|"
    "organi[sz]ations"
)
# What pages tell about themselves: seen on the site beside the calls that matter, and never with a CSRF header.
TELEMETRY = re.compile(
    "monitor|slardar|collect|track|tracklog|trace|telemetry|metrics?|analytics|events?|beacon|logs?|mcs|perf|rum|webid"
)


def whole(text: str) -> re.Pattern[str]:
    """Build a pattern for an id, an address or a name that is no part of a longer one, whatever its case."""
    if text.isdecimal():
        return re.compile(rf"(?<!\d){text}(?!\d)")
    words = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<![\w.+-]){words}(?![\w-]|\.\w)", re.IGNORECASE)


def words_in(path: str) -> list[str]:
    """Return the words of a path, in small letters."""
    return [word for word in re.split(r"[^a-z0-9]+", path.lower()) if word]


def has_word(path: str, words: re.Pattern[str]) -> bool:
    """Say whether any word of a path is one of `words`."""
    return any(words.fullmatch(word) for word in words_in(path))


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


def code_of(body: Mapping[str, Any]) -> int | None:
    """Return the site's code in an answer: `code` or `error_code`, as a number or as text; None if it has none."""
    for name in ("code", "error_code", "status_code"):
        value = body.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            return value
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip()):
            return int(value)
    return None


def texts(value: Any, *, is_told: Callable[[str], bool] = str.isdecimal) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Return every text and number in JSON, and the keys that `is_told` says: an id may stand before its level."""
    if isinstance(value, dict):
        yield from (str(key) for key in value if is_told(str(key)))
        for each in value.values():
            yield from texts(each, is_told=is_told)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, is_told=is_told)
    elif value is not None:
        yield str(value)
