"""Whose a saved sign-in is: of one login, at one site, for one account. Another's is never used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.models.identity import canonical_email, trim
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.runner.storage.sign_ins.sign_in import SignIn

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Credentials, Settings
    from bcflow.runner.storage.sign_ins.store import SignInStore

NONE_IS_SAVED = "no sign-in is saved"


class OwnSignIn:
    """The saved sign-in of one owner. `account` is whose the next one that is saved will be."""

    def __init__(self, store: SignInStore, *, login: str, site: str, account: str = "") -> None:
        """Use `store` for `login` at `site` only, and, if `account` is given, for that account only."""
        self._store = store
        self._login = login
        self._site = site
        self._wanted = self.account = account
        self.why_none = NONE_IS_SAVED

    def load(self) -> dict[str, Any] | None:
        """Return the saved state, or None if there is none that is this owner's: `why_none` then says why."""
        saved = self._store.load(self._login)
        self.why_none = NONE_IS_SAVED if saved is None else self._why_not(saved)
        if saved is None or self.why_none:
            return None
        self.account = saved.account
        return saved.state

    def save(self, state: dict[str, Any]) -> None:
        """Seal `state` as this owner's."""
        self._store.save(self._login, SignIn(self._login, self._site, self.account, state))

    def _why_not(self, saved: SignIn) -> str:
        if not saved.site:
            return "the saved sign-in does not say whose it is: an older bcflow saved it"
        if saved.login != self._login:
            return f"the saved sign-in is that of login '{saved.login}', not of '{self._login}'"
        if saved.site != self._site:
            return f"the saved sign-in is for {saved.site}, not for {self._site}"
        return self.why_not_of(saved.account)

    def why_not_of(self, account: str) -> str:
        """Return why a sign-in of `account` is not this owner's; an empty text if it may be."""
        if not self._wanted or account == self._wanted:
            return ""
        return f"the saved sign-in is that of {account or 'nobody it names'}, not of {self._wanted}"


def account_of(email: str | None) -> str:
    """Return the one spelling of an account's e-mail address; empty for none."""
    try:
        return canonical_email(email) if email else ""
    except ValueError:
        return trim(email or "").casefold()


def site_of(settings: Settings) -> str:
    """Return the origin of the Business Center site that these settings work on."""
    return Addresses(settings.business_center_url, settings.ads_manager_url).origin


def own_sign_in(settings: Settings, credentials: Credentials, store: SignInStore) -> OwnSignIn:
    """Return the sign-in of `credentials` in `store`."""
    return OwnSignIn(store, login=credentials.name, site=site_of(settings), account=account_of(credentials.email))
