"""Whether there is a session, and whose: from what the site gives to a session only.

Away from the log-in page alone proves nothing: a page that verifies or advertises is away from it too. Public
automation code believes a session by its cookies; what the Business Center tells about its user is asked by the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bcflow.models.identity import same_email
from bcflow.pages.kit.screen import place

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site

COOKIES = ("sessionid", "sid_tt", "sso_user")
"""How the names of a session's cookies begin (public automation code, several, 2021-26)."""
USER = "/user"
_EMAIL = "email"
_IDS = ("id", "user_id", _EMAIL)
_MASK = re.compile(r"[*•…]+")


def is_proven(site: Site) -> bool:
    """Say whether the page is away from the log-in and was given data that only a session is given."""
    return not site.signed_out() and has_data(site)


def is_likely(site: Site) -> bool:
    """Say whether a page of a session's own is shown with a session's cookie and data of whatever kind.

    For a site whose answers about user and Business Centers are called otherwise than we know: asked of the pages
    that lead anybody without a session to the log-in.
    """
    return not site.signed_out() and has_cookie(site) and site.traffic.has_answer()


def has_cookie(site: Site) -> bool:
    """Say whether the browser holds a cookie of a session."""
    cookies = site.page.context.cookies()
    return any(cookie.get("name", "").startswith(COOKIES) and cookie.get("value") for cookie in cookies)


def has_data(site: Site) -> bool:
    """Say whether the site answered this screen with the login's Business Centers or with its user."""
    centers = site.traffic.answers(containing=place.ORGANIZATIONS)
    return any(body.get("data") for body in centers) or any(record.get(key) for record in _users(site) for key in _IDS)


def accounts(site: Site) -> list[str]:
    """Return the e-mail addresses by which this screen's answers about the own user name it; some sites mask them."""
    named = (record.get(_EMAIL) for record in _users(site))
    return list(dict.fromkeys(text for text in named if isinstance(text, str) and "@" in text))


def is_masked(shown: str) -> bool:
    """Say whether an address is shown in part only, so that it names nobody for certain."""
    return _MASK.search(shown) is not None


def is_account(shown: str, own: str) -> bool:
    """Say whether an address that the site shows, perhaps masked, may be `own`."""
    if not is_masked(shown):
        return same_email(shown, own)
    pattern = ".+".join(re.escape(part.casefold()) for part in _MASK.split(shown.strip()))
    return re.fullmatch(pattern, own.strip().casefold()) is not None


def _users(site: Site) -> list[dict[str, Any]]:
    return [record for body in site.traffic.answers(containing=USER) for record in _records(body.get("data"))]


def _records(data: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever JSON the site sends
    """Return a record and the records in it; those in a list are about other people."""
    if not isinstance(data, dict):
        return []
    return [data, *(record for value in data.values() for record in _records(value))]
