"""Signing in, by the page: credentials, then whatever it asks for in between.

log-in page ─▶ [captcha: a person] ─▶ [code] ─▶ [consent: a person] ─▶ [two-step set-up: skip] ─▶ in

In is who was given what only a session is given. Another page than the log-in page is not that yet: it may verify,
or advertise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.models.errors import NeedsPerson, Refused
from bcflow.models.identity import quoted
from bcflow.pages.chooser_page import ROUTE as CHOOSER
from bcflow.pages.consent_page import ConsentPage
from bcflow.pages.kit.screen import interruptions, sign_in_proof
from bcflow.pages.kit.screen.arrival import OVERVIEW
from bcflow.pages.kit.screen.page_scan import scan
from bcflow.pages.kit.widgets import code_ways
from bcflow.pages.kit.writing.code_prompt import CodePrompt
from bcflow.pages.login_page import LoginPage
from bcflow.runner.browser.code_entry import enter

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.pages.kit.screen.site import Site
    from bcflow.runner.browser.code_entry import CodeStep
    from bcflow.runner.config.settings import Credentials

CODE_TRIES = 2
STAGES = 8
AWAY_SECONDS = 5.0
"""How long a page that is not the log-in page may take to show that there is a session."""


def sign_in(
    site: Site,
    credentials: Credentials,
    codes: CodeStep,
    *,
    ask: Callable[[dict[str, Any]], str | None],
    headed: bool,
    person_seconds: float,
) -> None:
    """Sign in and end on a page that gave what only a session is given.

    With a visible browser a captcha, a consent screen or a missing password waits for the person at the window.
    Raises `NeedsPerson` when one is needed and nobody is there, `Refused` when the site rejects the credentials.
    """
    page = LoginPage.open(site)
    tried_codes = 0
    submitted = False
    for _ in range(STAGES):
        stage = site.until(lambda: _stage(site, page), seconds=site.patience)
        if stage == "in":
            site.forget_language()
            return
        if stage == "form":
            if submitted:
                if _wait_past(site, page, "form", seconds=site.patience / 2) and not page.read_problem():
                    continue  # a solved captcha leaves the form in sight until its answer is in
                raise Refused(
                    f"the site did not accept the sign-in: {page.read_problem() or 'it shows the form again'}"
                )
            submitted = _fill(page, credentials, headed=headed)
        elif stage == "code":
            tried_codes += 1
            _enter_code(site, codes, tried_codes, ways=_ways(credentials))
            continue
        elif stage == "way" and code_ways.choose(site, _ways(credentials)):
            pass
        elif stage == "away":
            if _prove(site, page, ask, headed=headed, seconds=person_seconds):
                site.forget_language()
                return
            continue
        else:
            _person(stage or "wait", ask, headed=headed)
        _go_on(site, page, stage or "wait", seconds=person_seconds if headed and stage != "form" else site.patience)
    raise NeedsPerson("sign-in", "the sign-in did not come to an end")


def _fill(page: LoginPage, credentials: Credentials, *, headed: bool) -> bool:
    if credentials.email and credentials.password:
        page.log_in(credentials.email, credentials.password.get_secret_value())
        return True
    if not headed:
        raise NeedsPerson(
            "sign-in", f"no e-mail and password for login {quoted(credentials.name)}; set them, or log in headed"
        )
    return False


def _stage(site: Site, page: LoginPage) -> str:
    if scan(site).captcha:
        return "captcha"
    if CodePrompt.on(site) is not None:
        return "code"
    if ConsentPage(site).is_shown:
        return "consent"
    if not site.signed_out():
        return "in" if sign_in_proof.is_proven(site) else "away"
    if page.form.is_shown:
        return "form"
    return "way" if code_ways.offered(site) else "wait"


def _ways(credentials: Credentials) -> list[str]:
    """Return the ways of a code that there is a source for, the quickest first."""
    command, mailbox = credentials.code_command, credentials.code_imap
    has = {"authenticator": credentials.totp_secret, "email": mailbox or command, "text": command}
    return [way for way, source in has.items() if source]


def _prove(
    site: Site, page: LoginPage, ask: Callable[[dict[str, Any]], str | None], *, headed: bool, seconds: float
) -> bool:
    """Wait for what only a session is given; with a session's cookie, open the pages that only a session is shown.

    Say whether one of those was shown with data; false where the page has come to another stage.
    """
    if _wait_past(site, page, "away", seconds=min(AWAY_SECONDS, site.patience)):
        return False
    for path in (CHOOSER, OVERVIEW) if sign_in_proof.has_cookie(site) else ():
        site.show("the page after the log-in", path)
        if _wait_past(site, page, "away", seconds=site.patience / 3):
            return False
        if sign_in_proof.is_likely(site):
            return True
    if headed:
        ask({"kind": "sign-in", "text": f"The site shows {site.path}: please go on in the window until you are in"})
        if _wait_past(site, page, "away", seconds=seconds):
            return False
    raise NeedsPerson(
        "sign-in", f"after the log-in the site shows {site.path} and nothing that only a session is given"
    )


def _enter_code(site: Site, codes: CodeStep, tried: int, *, ways: list[str]) -> None:
    prompt = CodePrompt(site)
    if "email" in ways and prompt.channel not in ("", *ways) and code_ways.switch_to_email(site):
        site.until(lambda: prompt.channel == "email", seconds=site.patience / 3)
    if tried > CODE_TRIES:
        raise Refused(f"the site did not accept the code: {prompt.problem()}")
    site.require_own_site()
    code = codes.another(prompt) if tried > 1 else None
    if code is None:
        if tried > 1:
            prompt.resend()
        code = codes.ask(prompt)
    if code is None:
        raise NeedsPerson(
            "code", f"the site asks for a code{' sent to ' + prompt.to if prompt.to else ''}; none was to be had"
        )
    with interruptions.off(site):
        enter(prompt, code)
        site.until(lambda: not prompt.is_open or bool(prompt.problem()), seconds=site.patience / 2)


def _person(stage: str, ask: Callable[[dict[str, Any]], str | None], *, headed: bool) -> None:
    if stage == "wait":
        return
    text = {
        "captcha": "The site shows a captcha. bcflow never solves one: please do it in the window",
        "consent": "The site asks for consent. bcflow never gives it: please decide in the window",
        "way": "The site asks how the code shall be sent. No source of codes decides it: please choose in the window",
    }[stage]
    kind = "sign-in" if stage == "way" else stage
    if not headed:
        raise NeedsPerson(kind, text.split(".")[0])
    ask({"kind": kind, "text": text})


def _go_on(site: Site, page: LoginPage, stage: str, *, seconds: float) -> None:
    """Wait for the next stage; a page of which nothing is known, and which stays, is a person's."""
    if not _wait_past(site, page, stage, seconds=seconds) and stage == "wait":
        raise NeedsPerson("sign-in", f"the sign-in came to {site.path}, of which nothing is known")


def _wait_past(site: Site, page: LoginPage, stage: str, *, seconds: float) -> bool:
    """Wait until the page is at another stage, or says what is wrong; say whether it came to that."""
    past = site.until(lambda: _stage(site, page) not in (stage, "wait") or bool(page.read_problem()), seconds=seconds)
    return bool(past)
