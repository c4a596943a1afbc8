"""What the page does after the one click that sends: the first of several signs that something came of it.

A toast lives 3 s, an error may be a toast, a form help or a banner, the dialog may close, ask for a code, or
do nothing at all. None of this proves the effect; it only tells when to look and what the site said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit import css, fields
from bcflow.pages.kit.code_prompt import KIND, CodePrompt, asks
from bcflow.pages.kit.wire import Sent

if TYPE_CHECKING:
    from bcflow.pages.kit.commit import Commit
    from bcflow.pages.kit.site import Site

SILENCE_SECONDS = 6.0
"""How long a click may go without any sign before it counts as having done nothing (rate limits do that)."""
ANSWER_SECONDS = 30.0
LINGER_SECONDS = 2.0
"""How long to wait for the page's own words after the site's answer."""
ACCEPTED_LINGER_SECONDS = 0.25
"""The same after a yes: the look that follows is the proof, only a code prompt could still come up."""


@dataclass(frozen=True)
class Aftermath:
    """What was seen after the click; `said` is the site's own words, if any."""

    sent: Sent
    said: str = ""
    is_error: bool = False
    wants_code: bool = False
    trouble: str = ""

    @property
    def refused(self) -> str:
        """Return the site's no in its own words, or nothing."""
        refusal = self.sent.refusal()
        if refusal is not None:
            return (self.said if self.is_error else "") or refusal.msg or f"error {refusal.code or refusal.status}"
        if self.is_error and self.sent.nothing:
            return self.said
        return ""

    def after(self, earlier: Aftermath) -> Aftermath:
        """Return this aftermath with what an `earlier` part of the same write sent counted in."""
        sent = Sent(
            writes=[*earlier.sent.writes, *self.sent.writes],
            codes=[*earlier.sent.codes, *self.sent.codes],
            stopped=[*earlier.sent.stopped, *self.sent.stopped],
            answers=[*earlier.sent.answers, *self.sent.answers],
        )
        return replace(self, sent=sent)


@dataclass(frozen=True)
class _Seen:
    asks_for_code: bool
    says: list[str]


class Aftermaths:
    """Watches one click."""

    def __init__(self, site: Site) -> None:
        """Watch clicks on `site`."""
        self._site = site

    def watch(self, commit: Commit) -> None:
        """Remember what speaks on the page already, so that only new words count."""
        self._before = self._seen(commit).says
        self._began = monotonic()

    def read(self, commit: Commit, sent: Sent, *, trouble: str = "") -> Aftermath:
        """Wait for a sign that the click came to something, and return what was seen."""
        confirmed = False
        words: list[str] = []

        def look() -> str | None:
            nonlocal confirmed
            try:
                if not confirmed and sent.nothing and self._confirm_once(commit):
                    confirmed = True
                return self._sign(commit, sent, words)
            except PlaywrightError:
                # The page is being replaced: that is what a write that worked may do.
                return None

        sign = self._site.until(look, seconds=ANSWER_SECONDS) or "nothing"
        return Aftermath(
            sent=sent,
            said="; ".join(dict.fromkeys(words)),
            is_error=sign == "error" or (sign == "answered" and sent.refusal() is not None and bool(words)),
            wants_code=sign == "code",
            trouble=trouble,
        )

    def _sign(self, commit: Commit, sent: Sent, words: list[str]) -> str | None:
        waited = monotonic() - self._began
        seen = self._seen(commit)
        if seen.asks_for_code:
            return "code"
        errors = [text for text in seen.says if text not in self._before]
        words[:] = errors or words
        answered = bool(sent.answers) and len(sent.answers) >= len(sent.writes)
        if errors and (answered or sent.nothing):
            return "error" if sent.refusal() is not None or sent.nothing else "answered"
        linger = ACCEPTED_LINGER_SECONDS if sent.accepted() else LINGER_SECONDS
        if answered and (self._gone(commit) or waited > linger):
            return "answered"
        if sent.nothing and waited > SILENCE_SECONDS:
            return "nothing"
        return None

    def _seen(self, commit: Commit) -> _Seen:
        """Look for a code prompt and for error texts (toasts, form helps, banners), in one message."""
        no = self._site.page.locator(css.SAYS_NO).filter(visible=True)
        helps = commit.surface.root.locator(css.FIELD_ERROR).filter(visible=True)
        anything = CodePrompt(self._site).fields().or_(no).or_(helps)
        read = anything.evaluate_all(_SIGNS, [css.SAYS_NO, css.FIELD_ERROR])
        says = [("", text) for text in read["no"]] + read["errors"]
        return _Seen(asks(read["codes"]), fields.worded(says))

    def _gone(self, commit: Commit) -> bool:
        return not commit.button.is_visible()

    def _confirm_once(self, commit: Commit) -> bool:
        """Say yes to a bare "are you sure" dialog that came up over the form: the same write, still unsent."""
        now = self._site.surface()
        if now.is_page or (not commit.surface.is_page and now.same_as(commit.surface)):
            return False
        if now.root.locator("input, textarea").filter(visible=True).count():
            return False
        button = now.find_button("confirm", "submit", "yes")
        if button is None or not button.is_enabled():
            return False
        button.click()
        return True


_SIGNS = f"""(all, [no, help]) => ({{
  no: all.filter(e => e.matches(no)).map(e => e.innerText),
  errors: all.filter(e => e.matches(help)).map({fields.ERROR}),
  codes: all.filter(e => !e.matches(`${{no}}, ${{help}}`)).map({KIND}),
}})"""
