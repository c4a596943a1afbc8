"""Reading what Chromium's `Fetch` domain says of a request it holds: the request itself, and the answer to it."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit.screen import site_api
from bcflow.pages.kit.writing.armed import Answer
from bcflow.pages.kit.writing.requests import SAFE_METHODS, Call

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

Event = dict[str, Any]


def call_of(event: Event) -> Call:
    """Return the request that a paused event is about; a body that Chromium does not show is None."""
    request, kind = event["request"], event["resourceType"]
    body = request.get("postData")
    hidden = body is None and (
        request.get("hasPostData") or (kind == "Document" and request["method"] not in SAFE_METHODS)
    )
    return Call(request["method"], request["url"], kind, request["headers"], None if hidden else body or "")


def is_same(one: Event, other: Event) -> bool:
    """Say whether a paused answer belongs to a request; a shared worker's has no id of its own."""
    if one.get("networkId") and other.get("networkId"):
        return bool(one["networkId"] == other["networkId"])
    return bool(
        (one["request"]["method"], one["request"]["url"]) == (other["request"]["method"], other["request"]["url"])
    )


def answer_to(call: Call, event: Event, cdp: CDPSession) -> Answer:
    """Return the site's answer to `call`, read while Chromium holds it; a broken connection has status 0."""
    status = int(event.get("responseStatusCode") or 0)
    body: dict[str, Any] = {}
    if status and not 300 <= status < 400:  # noqa: PLR2004 - a redirect has no body
        body = _body(event, cdp)
    return Answer(
        path=call.path,
        status=status,
        code=site_api.code_of(body),
        msg=str(body.get("msg") or body.get("message") or body.get("description") or ""),
        ids=tuple(site_api.SITE_ID.findall(json.dumps(body.get("data")))),
        does=call.nature == "write",
        method=call.method,
    )


def _body(event: Event, cdp: CDPSession) -> dict[str, Any]:
    try:
        read = cdp.send("Fetch.getResponseBody", {"requestId": event["requestId"]})
    except PlaywrightError:
        # Cut off in the middle: that is an end, but no word of the site's.
        return {}
    text = read["body"]
    if read.get("base64Encoded"):
        text = b64decode(text).decode("utf-8", "replace")
    return site_api.json_object(text)
