"""The Business Center shell: one HTML page for every `/manage/...` path, and what every screen asks first."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from standin.api.answers import Refused, session_of
from standin.api.steps import THINGS
from standin.api.writes import KIND_OF_PATH, Call, read
from standin.front.kits import WEB, bundled, versioned
from standin.switches import PLAYED_ANYWHERE, PLAYED_BY_PAGES
from standin.words import words_for
from standin.world import BusinessCenter, Session, World

FIRST = ("boot.js", "kit.js")
LAST = ("shell.js", "interruptions.js")


def world_of(request: Request) -> World:
    """Return the world of the running stand-in."""
    world: World = request.app.state.world
    return world


def toast_prefix(world: World) -> str:
    """Return the class prefix toasts come out with."""
    return world.axis("kit_prefix") if world.axis("toast_prefix") == "kit" else "byted"


def boot(request: Request, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what a page knows when it starts: switches, words, addresses. Nothing about data."""
    world = world_of(request)
    silent = [fault for fault in world.faults if (fault.name, fault.value) == ("silent_confirm", "unsent")]
    unsent = [path for path, kind in KIND_OF_PATH.items() if any(fault.fits(kind) for fault in silent)]
    return {
        "axes": {name: world.axis(name) for name in world.axes},
        "words": words_for(world),
        "bc": request.app.state.bc_url,
        "ads": request.app.state.ads_url,
        "unsent": unsent,
        "kinds": KIND_OF_PATH,
        "things": THINGS,
        "faults": [asdict(fault) for fault in world.faults if fault.name in PLAYED_BY_PAGES],
        "solvable": any(row.name == "captcha" and row.value.startswith("page") for row in world.faults),
        "wide": {name: world.fault(name) for name in PLAYED_ANYWHERE},
        "prefix": world.axis("kit_prefix"),
        "toastPrefix": toast_prefix(world),
        **more,
    }


def page(
    request: Request, scripts: list[str], *, title: str, styles: list[str], boot_data: dict[str, Any]
) -> HTMLResponse:
    """Return an HTML page of the stand-in: styles, start values, scripts."""
    world = world_of(request)
    links = "".join(f'<link rel="stylesheet" href="{href}">' for href in styles)
    tags = "".join(f'<script src="{src}"></script>' for src in scripts)
    start = json.dumps(boot_data, ensure_ascii=False).replace("</", "<\\/")
    html = (
        f'<!doctype html><html lang="{world.axis("language")}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        f'<link rel="icon" href="data:,">{links}</head><body><div id="root"></div>'
        f"<script>window.__BOOT__={start}</script>{tags}</body></html>"
    )
    # What a page starts with is of this moment: going back in the browser must not show an old one.
    response = HTMLResponse(html, headers={"Cache-Control": "no-store"})
    response.set_cookie("lang_type", world.axis("language"))
    return response


def bc_page(request: Request, *, title: str = "TikTok Business Center") -> HTMLResponse:
    """Return the shell page with all screens."""
    world = world_of(request)
    prefixes = dict.fromkeys((world.axis("kit_prefix"), toast_prefix(world)))
    styles = [f"/kit/{prefix}.css" for prefix in prefixes] + [versioned(WEB / "standin.css")]
    found = sorted(path.name for path in WEB.glob("*.js"))
    middle = [name for name in found if name not in FIRST + LAST]
    names = [name for name in (*FIRST, *middle, *LAST) if name in found]
    scripts = ["/kit/react.js", bundled(*names)]
    quiet = request.url.path.startswith("/survey")
    shown = {} if quiet else _interruptions(world, "survey", "tips", "announcement", "cookie_banner")
    return page(request, scripts, title=title, styles=styles, boot_data=boot(request, interruptions=shown))


def _interruptions(world: World, *names: str) -> dict[str, str | None]:
    return {name: world.take(name) for name in names}


def ads_page(
    request: Request, *names: str, title: str, styles: tuple[str, ...] = (), **more: str | bool
) -> HTMLResponse:
    """Return a page of the ADS site made by `web/ads/page.js` (window.ADS) and these files of `web/ads/`."""
    scripts = [bundled("ads/page.js", "interruptions.js", *(f"ads/{name}" for name in names))]
    shown = _interruptions(world_of(request), "announcement", "cookie_banner")
    sheets = [versioned(WEB / "ads" / "ads.css"), *styles]
    start = boot(request, interruptions=shown, **more)
    return page(request, scripts, title=title, styles=sheets, boot_data=start)


async def _any_page(request: Request) -> Response:
    world = world_of(request)
    session = session_of(request)
    if session is not None and world.fault("signed_out") == "next_page":
        world.take("signed_out")
        world.sessions.pop(session.token)
    return bc_page(request)


async def _front_door(request: Request) -> Response:
    session = session_of(request)
    if session is None:
        return RedirectResponse(f"{request.app.state.ads_url}/i18n/login?redirect={request.app.state.bc_url}/select")
    return RedirectResponse(f"/manage/overview?org_id={_current(world_of(request), session, '')}")


def _current(world: World, session: Session, org_id: str) -> str:
    mine = [center.bc_id for center in world.business_centers_of(session.email)]
    if org_id in mine:
        session.last_bc = org_id
    elif session.last_bc not in mine:
        session.last_bc = mine[0] if mine else ""
    return session.last_bc


def shown_bc(world: World, session: Session, org_id: str) -> str:
    """Return the id of the Business Center to show: the asked or last used one; another by `wrong_bc`."""
    current = _current(world, session, org_id)
    other = world.fault("wrong_bc")
    if other is None:
        return current
    return other or next((c.bc_id for c in world.business_centers_of(session.email) if c.bc_id != current), current)


def describe(center: BusinessCenter) -> dict[str, Any]:
    """Return what the API tells about a Business Center."""
    names = ("name", "kind", "company", "country", "currency", "time_zone", "status")
    return {"id": center.bc_id, **{name: getattr(center, name) for name in names}}


def _organizations(call: Call) -> dict[str, Any]:
    rows = []
    # A list like any other: it may lag behind a new Business Center.
    for center in call.data.business_centers.values():
        row = center.member(call.email)
        if row is None or row.status != "active":
            continue
        accounts = sum(center.bc_id in account.relations for account in call.data.ad_accounts.values())
        rows.append(describe(center) | {"role": row.role, "members": len(center.members), "ad_accounts": accounts})
    return {"organizations": rows}


def _user(call: Call) -> dict[str, Any]:
    login = call.world.logins[call.email]
    org = shown_bc(call.world, call.session, call.org_id)
    center = call.world.business_centers.get(org)
    row = center.member(call.email) if center else None
    if call.org_id and call.org_id not in {c.bc_id for c in call.world.business_centers_of(call.email)}:
        message = "You do not have permission"
        raise Refused(message, 40003)
    return {
        "user": {"id": login.user_id, "email": login.email, "name": login.name},
        "role": row.role if row else "",
        "finance": row.finance if row else None,
        "organization": describe(center) if center else None,
    }


def routes() -> list[Route]:
    """Return the shell's own calls. The page for every other path comes last: see `last_routes`."""
    return [
        Route("/", _front_door),
        Route("/api/v2/bm/organizations/", read(_organizations)),
        Route("/api/v2/bm/user/", read(_user)),
    ]


def last_routes() -> list[Route]:
    """Return the shell page for whatever no other route took."""
    return [Route("/{path:path}", _any_page)]
