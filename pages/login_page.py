from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bcflow.models.errors import ScreenChanged
from bcflow.pages.kit.writing.login_form import LoginForm

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site

ROUTE = "/i18n/login"


class LoginPage:
    """The business log-in page, on the Ads Manager site; it leads back to the Business Center."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.form = LoginForm(site)

    @classmethod
    def open(cls, site: Site) -> LoginPage:
        site.screen = "the log-in page"
        back = urlencode({"redirect": site.url("/select")})
        # The form sometimes does not render: public automation code reloads it once or twice.
        for _ in range(3):
            # What an earlier session was answered proves nothing for the next one.
            site.traffic.moved()
            site.load(f"{site.addresses.ads_manager}{ROUTE}?{back}")
            if site.until(lambda: LoginForm(site).is_shown or not site.signed_out(), seconds=site.patience / 3):
                return cls(site)
        raise ScreenChanged(site.screen, "the e-mail and password fields", found=site.path)

    @property
    def has_left(self) -> bool:
        return not self._site.signed_out()

    def log_in(self, email: str, password: str) -> None:
        self.form.fill(email, password)
        self.form.submit()

    def read_problem(self) -> str:
        return self.form.problem()
