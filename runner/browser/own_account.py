"""The account that the site shows is the one that the login is meant to be: looked at before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import NeedsPerson, SignedOut
from bcflow.pages.chooser_page import ROUTE
from bcflow.pages.kit.screen import sign_in_proof
from bcflow.pages.kit.screen.page_scan import scan

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site


def require_own_account(site: Site, own: str) -> None:
    """Open the chooser and raise `NeedsPerson` if the site names another account than `own`, `SignedOut` if none.

    A site that names no account is no hindrance: then it counts whose the sign-in was when it was sealed.
    """
    site.show("the account chooser", ROUTE)
    site.until(
        lambda: site.signed_out() or sign_in_proof.has_data(site) or scan(site).captcha, seconds=site.patience / 3
    )
    if site.signed_out():
        raise SignedOut(f"{site.screen}: the site asks to log in")
    site.until(lambda: bool(sign_in_proof.accounts(site)) or site.traffic.idle(), seconds=site.patience / 3)
    compare(site, own)


def compare(site: Site, own: str) -> str:
    """Return the account that the page's own answers name in full, or an empty text.

    Raises `NeedsPerson` if they name another than `own`; an empty `own` may be anybody.
    """
    shown = sign_in_proof.accounts(site)
    strangers = [each for each in shown if own and not sign_in_proof.is_account(each, own)]
    if strangers and len(strangers) == len(shown):
        raise NeedsPerson(
            "sign-in",
            f"the site is signed in as {strangers[0]}, but this login is {own}; nothing was written. "
            "Sign in as that person, or set BCFLOW_EMAIL (of this login) to the account that is meant",
        )
    return next((each for each in shown if not sign_in_proof.is_masked(each)), "")
