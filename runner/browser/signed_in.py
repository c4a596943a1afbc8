"""A browser that is signed in, for what only looks: where the sign-in has expired, it is made anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loguru import logger

from bcflow.models.errors import SignedOut
from bcflow.runner.browser.code_entry import CodeStep
from bcflow.runner.browser.own_account import compare
from bcflow.runner.browser.sign_in import sign_in
from bcflow.runner.storage.sign_ins.own import account_of

if TYPE_CHECKING:
    from bcflow.runner.browser.browser import Browser
    from bcflow.runner.browser.slot_state import SlotState


def sign_in_anew(slot: SlotState, browser: Browser, codes: CodeStep) -> None:
    """Sign a login in and save that."""
    browser.wire.open_again()
    sign_in(
        browser.site,
        slot.credentials,
        codes,
        ask=slot.ask,
        headed=browser.headed,
        person_seconds=slot.settings.code_wait,
    )
    slot.signed_in_as(compare(browser.site, account_of(slot.credentials.email)))
    browser.save_sign_in()


def signed_in(slot: SlotState, read: Callable[[Browser], Any]) -> Any:  # noqa: ANN401 - whatever `read` gives
    """Return what `read` finds, signing in first where that is needed."""
    browser = slot.browser()
    codes = CodeStep(slot.ask, learn_secret=forget)
    if not browser.had_sign_in:
        sign_in_anew(slot, browser, codes)
    try:
        found = read(browser)
    except SignedOut:
        sign_in_anew(slot, browser, codes)
        found = read(browser)
    for warning in dict.fromkeys(browser.site.session.warnings):
        logger.warning("{}", warning)
    return found


def forget(_code: str) -> None:
    """No evidence is kept of a sign-in alone, so there is no file to keep the code out of."""
