"""Going to a screen and knowing that it has come up: a landmark shows, with data, and nothing came in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee, NeedsPerson, ScreenChanged, SignedOut
from bcflow.pages.kit.screen import interruptions, place
from bcflow.pages.kit.screen.page_scan import scan

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

OVERVIEW = "/manage/overview"


def open_screen(site: Site, screen: str, path: str, *, org: str | None = None, landmark: Callable[[], Locator]) -> None:
    """Open a Business Center route and wait until its landmark shows; raises what `arrive` raises."""
    session = site.session
    path = session.routes.get(screen, path)
    looks = session.shared_looks
    if looks and looks.is_on((screen, org, site.page.url)) and _where(site, landmark()) == "here":
        return
    query = {} if org is None else {"org_id": org}
    for _ in range(3):
        site.show(screen, path, **query)
        if arrive(site, landmark()) and not _went_for_business_centers(site, org):
            return
        session.shared_looks = None
    raise ScreenChanged(screen, "its landmark", found=f"the page {site.path}")


def arrive(site: Site, landmark: Locator) -> bool:
    """Wait until the landmark shows with data; return False after a detour, to be opened again.

    Raises `SignedOut`, `NeedsPerson` (captcha), or, when nothing known appears in time, `ScreenChanged`, and
    `CannotSee` where the site gave no data.
    """
    arrived = site.until(lambda: _where(site, landmark))
    if arrived == "login":
        raise SignedOut(f"{site.screen}: the site asks to log in")
    if arrived == "captcha":
        if not site.session.hand_over("captcha"):
            raise NeedsPerson("captcha", "the site shows a captcha: a person must solve it")
        return arrive(site, landmark)
    if arrived == "detour":
        return False
    if arrived is None:
        refused = site.traffic.lists_refused()
        if refused:
            raise CannotSee(f"{site.screen}: it did not come up, and the site gave no data for {refused[0]}")
        raise ScreenChanged(site.screen, "its landmark", found=f"the page {site.path}")
    return True


def _where(site: Site, landmark: Locator) -> str | None:
    if site.signed_out():
        return "login"
    shows = landmark.filter(visible=True).count() > 0 and site.traffic.idle()
    seen = scan(site)
    if seen.captcha:
        return "captcha"
    if interruptions.detour(site):
        return "detour"
    interruptions.clear(site, seen)
    if shows and (seen.data or site.traffic.has_answer()):
        return "here"
    return None


def _went_for_business_centers(site: Site, org: str | None) -> bool:
    """Learn which Business Centers there are, once; True if another page had to be opened for it."""
    session = site.session
    place.learn_business_centers(site)
    if org is None or session.business_centers or session.asked_for_business_centers:
        return False
    session.asked_for_business_centers = True
    site.show("Overview", OVERVIEW, org_id=org)
    site.until(lambda: _knows_business_centers(site), seconds=10)
    return True


def _knows_business_centers(site: Site) -> bool:
    place.learn_business_centers(site)
    return bool(site.session.business_centers) or site.signed_out()
