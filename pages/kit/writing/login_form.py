"""The log-in form: the account-center one of today, or the older SSO widget with ids of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.pages.kit import css

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site


class LoginForm:
    """E-mail, password, "Log in": never "Log in with TikTok"."""

    def __init__(self, site: Site) -> None:
        """Look at the form on `site`."""
        self._site = site

    @property
    def is_shown(self) -> bool:
        """Say whether the password can be typed, or the way to the e-mail form is offered."""
        return self._password().count() > 0 or self._email_tab().count() > 0

    def fill(self, email: str, password: str) -> None:
        """Type both; raise `ScreenChanged` if the fields are not there, or on a site that is not TikTok's."""
        self._site.require_own_site()
        tab = self._email_tab()
        if tab.count() == 1 and not self._name().count():
            tab.click()
        self._site.until(lambda: self._name().count() == 1 and self._password().count() == 1, seconds=10)
        if self._name().count() != 1 or self._password().count() != 1:
            raise ScreenChanged(self._site.screen, "one e-mail and one password field", found=self._site.path)
        self._name().fill(email)
        self._password().fill(password)

    def submit(self) -> None:
        """Press the button with a known mark, else the one called "Log in", else the one that sends the form."""
        page = self._site.page
        known = page.locator(css.LOGIN_BUTTON)
        named = page.get_by_role("button", name=self._site.words.pattern("log in"))
        found = [each.filter(visible=True) for each in (known, named, page.locator(css.LOGIN_SUBMIT))]
        button = next((each for each in found if each.count() == 1), None)
        if button is None:
            raise ScreenChanged(self._site.screen, "one button “Log in”", found=f"{found[1].count()} of it")
        button.click()

    def problem(self) -> str:
        """Return what the form says is wrong, or an empty text."""
        found = self._site.page.locator(css.LOGIN_ERROR).filter(visible=True).all_inner_texts()
        return " ".join(dict.fromkeys(" ".join(text.split()) for text in found)).strip()

    def _name(self) -> Locator:
        return self._site.page.locator(css.LOGIN_NAME).filter(visible=True)

    def _password(self) -> Locator:
        return self._site.page.locator(css.LOGIN_PASSWORD).filter(visible=True)

    def _email_tab(self) -> Locator:
        tab = self._site.page.locator(css.LOGIN_EMAIL_TAB)
        words = self._site.page.get_by_text(self._site.words.pattern("log in with email"))
        return tab.or_(words).filter(visible=True)
