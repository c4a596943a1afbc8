"""Signing in: the login page on the ADS site and its calls. The page itself is `web/ads/login.js`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from standin import seed
from standin.api.answers import Refused, answer, no
from standin.api.codes import accept_mailed, accept_totp, event
from standin.front.shell import ads_page, world_of
from standin.world import Login, Session, World

COOKIE_LIFE = 30 * 86400
NO_SUCH_EMAIL = "We couldn't find an account with that email."
WRONG_PASSWORD = "The email or password you entered is incorrect."  # noqa: S105 - a message; invented
START_AGAIN = "Your session has expired. Please log in again."

Step = Callable[[Request, World, dict[str, Any]], Response]


def sign_in(world: World, email: str) -> Session:
    """Make a session for this login."""
    session = Session(world.new_token(), world.new_token(), email)
    world.sessions[session.token] = session
    world.captcha_solved = False
    event(world, "signed_in", email=email)
    return session


def set_cookies(response: Response, session: Session) -> None:
    """Return the cookies that carry a session; the host is the same for both sites."""
    response.set_cookie("sessionid_ads", session.token, httponly=True, max_age=COOKIE_LIFE)
    response.set_cookie("csrftoken", session.csrf, max_age=COOKIE_LIFE)


def after_sign_in(request: Request, wanted: str) -> str:
    """Where a fresh sign-in goes: the wanted page of either site, else the chooser.

    The two-step page, when there is one, comes first.
    """
    sites = (request.app.state.bc_url, request.app.state.ads_url)
    safe = any(wanted == site or wanted.startswith((f"{site}/", f"{site}?")) for site in sites)
    target = wanted if safe else f"{sites[0]}/select?source=BC_home&attr_source=BC_home"
    world = world_of(request)
    if world.axis("two_step_page") == "yes":
        return f"{sites[0]}/two-step-verification?redirect={quote(target, safe='')}"
    return target


def _source(world: World, login: Login) -> str:
    return "authenticator" if login.two_step else world.axis("code_source")


def _done(request: Request, world: World, email: str, wanted: str) -> Response:
    session = sign_in(world, email)
    response = answer({"next": "done", "redirect": after_sign_in(request, wanted)})
    set_cookies(response, session)
    response.delete_cookie("passport_pending")
    return response


def _password(request: Request, world: World, given: dict[str, Any]) -> Response:
    email = str(given.get("email") or "").strip().lower()
    event(world, "password", email=email)
    login = world.logins.get(email)
    if login is None:
        raise Refused(NO_SUCH_EMAIL, 1101)
    if given.get("password") != login.password:
        raise Refused(WRONG_PASSWORD, 1102)
    if world.fault("captcha") in {"", "1", "login"} and not world.captcha_solved:
        return answer({"next": "captcha"})
    if world.axis("consent") == "yes" and not given.get("consent"):
        return answer({"next": "consent"})
    if world.axis("login_code") == "none" and not login.two_step:
        return _done(request, world, email, str(given.get("redirect") or ""))
    source = _source(world, login)
    if source != "authenticator":
        world.new_code(email, "login")
        event(world, "code_sent", email=email, source=source)
    token = world.new_token()
    world.notes.setdefault("pending", {})[token] = email
    response = answer({"next": "code", "source": source})
    response.set_cookie("passport_pending", token, httponly=True)
    return response


def _pending(request: Request, world: World) -> Login:
    email = world.notes.get("pending", {}).get(request.cookies.get("passport_pending", ""))
    if email is None:
        raise Refused(START_AGAIN, 1201)
    return world.logins[str(email)]


def _check_code(request: Request, world: World, given: dict[str, Any]) -> Response:
    login = _pending(request, world)
    event(world, "code_tried", email=login.email)
    code = str(given.get("code") or "")
    if _source(world, login) == "authenticator":
        accept_totp(world, login, code)
    else:
        accept_mailed(world, login.email, "login", code)
    world.notes["pending"].pop(request.cookies["passport_pending"])
    return _done(request, world, login.email, str(given.get("redirect") or ""))


def _resend(request: Request, world: World, _given: dict[str, Any]) -> Response:
    login = _pending(request, world)
    if _source(world, login) == "authenticator":
        message = "There is nothing to send"
        raise Refused(message, 1203)
    world.new_code(login.email, "login")
    event(world, "code_sent", email=login.email, again=True)
    return answer()


def _authorize(request: Request, world: World, given: dict[str, Any]) -> Response:
    """A person said yes on the consent screen; the fake TikTok account is the seed login's."""
    return _done(request, world, seed.EMAIL, str(given.get("redirect") or ""))


def _step(step: Step) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        given = await request.json()
        try:
            return step(request, world_of(request), given)
        except Refused as refused:
            return no(refused)

    return endpoint


async def _page(request: Request) -> Response:
    blank = world_of(request).take("login_blank") is not None
    return ads_page(request, "login.js", "login_code.js", title="TikTok Ads: Log In", blank=blank)


async def _to_login(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.app.state.ads_url}/i18n/login{query}")


async def _sign_up(request: Request) -> Response:
    return ads_page(request, "signup.js", title="TikTok Ads: Sign Up")


async def _captcha_state(request: Request) -> Response:
    return answer({"solved": world_of(request).captcha_solved})


async def _captcha_verify(request: Request) -> Response:
    """Take the answer that a page itself gives to the puzzle; any is right."""
    world_of(request).captcha_solved = True
    return answer()


async def _sign_in_without_form(request: Request) -> Response:
    if "sec-fetch-site" in request.headers:
        return JSONResponse({"error": "not for pages"}, status_code=403)
    given = await request.json()
    session = sign_in(world_of(request), given.get("email", seed.EMAIL))
    response = JSONResponse({"sessionid_ads": session.token, "csrftoken": session.csrf})
    set_cookies(response, session)
    return response


def shared_routes() -> list[Route]:
    """Return calls on the BC site."""
    return [
        Route("/__standin__/sign-in", _sign_in_without_form, methods=["POST"]),
        Route("/passport/web/captcha/state/", _captcha_state),
        Route("/captcha/verify", _captcha_verify, methods=["POST"]),
        Route("/login", _to_login),
    ]


def routes() -> list[Route]:
    """Pages and calls of the ADS site."""
    steps = {
        "email/login": _password,
        "code/check": _check_code,
        "code/send": _resend,
        "tiktok/authorize": _authorize,
    }
    return [
        Route("/", _to_login),
        Route("/i18n/login", _page),
        Route("/i18n/login/", _page),
        Route("/i18n/signup/", _sign_up),
        Route("/passport/web/captcha/state/", _captcha_state),
        *(Route(f"/passport/web/{path}/", _step(step), methods=["POST"]) for path, step in steps.items()),
    ]
