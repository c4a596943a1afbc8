"""A code is asked for: at sign-in, or in the middle of a write.

Seen in public automation code: six boxes of one character, or one widget that takes a whole code, or (older)
one input; the page says where the code was sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.pages.kit import css
from bcflow.pages.kit.evidence.scan import again, spot
from bcflow.pages.kit.evidence.sought import known_as
from bcflow.pages.kit.widgets.surface import on_top

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

BOXES = 4
SENDING = ("confirm", "log in", "submit", "next")
_ADDRESS = re.compile(r"[^\s@]*[*•…\w]@[\w*•….-]+|\+?[\d*•…][\d*•… -]{5,}\d")

KIND = f"""e => {{
  if (e.maxLength === 1) return 'box';
  if (!e.hasAttribute('{css.CODE_MARK}')) e.setAttribute('{css.CODE_MARK}', '');
  return 'whole';
}}"""
"""What a field for codes takes, as JavaScript: one character of the code, or the whole; such a field stays secret."""


def asks(kinds: list[str]) -> bool:
    """Say whether fields of these `KIND`s ask for a code: one for the whole, or enough boxes."""
    return "whole" in kinds or kinds.count("box") >= BOXES


@dataclass(frozen=True)
class CodePrompt:
    """The open prompt: `text` is what it says, `to` where the code went (masked as shown)."""

    site: Site

    @classmethod
    def on(cls, site: Site) -> CodePrompt | None:
        """Return the prompt if one is open."""
        prompt = cls(site)
        return prompt if prompt.is_open else None

    @property
    def is_open(self) -> bool:
        """Say whether the page asks for a code now."""
        return asks(self.fields().evaluate_all(f"all => all.map({KIND})"))

    @property
    def text(self) -> str:
        """Return what the prompt says, without any field's value."""
        lines = [" ".join(line.split()) for line in self._surface().text().split("\n")]
        return " ".join(line for line in lines if line and not line.isdigit())[:300]

    @property
    def to(self) -> str:
        """Return the masked address or number the code was sent to, as shown, or an empty text."""
        found = _ADDRESS.search(self.text)
        return found.group(0) if found else ""

    @property
    def channel(self) -> str:
        """Return `authenticator`, `email` or `text`, or an empty text where the page does not say."""
        said = self.text.casefold()
        if "authenticat" in said and "@" not in self.to:
            return "authenticator"
        if "@" in self.to:
            return "email"
        return "text" if self.to else ""

    def request(self) -> None:
        """Ask the site to send a code where it waits to be asked."""
        button = self._surface().find_button("send code")
        if button is not None and button.is_enabled():
            button.click()

    def resend(self) -> bool:
        """Ask for another code, if the page offers it now; say whether it did."""
        button = self._surface().find_button("resend code", "send code")
        if button is None or not button.is_enabled():
            return False
        button.click()
        return True

    def type(self, code: str) -> None:
        """Put the code in; some prompts send it by themselves after the last character."""
        boxes = self._boxes()
        if boxes.count() >= BOXES:
            if boxes.count() != len(code):
                raise ScreenChanged(self.site.screen, f"{len(code)} boxes for the code", found=f"{boxes.count()}")
            boxes.first.click()
            self.site.page.keyboard.type(code)
            return
        field = self._single()
        if field.count() != 1:
            raise ScreenChanged(self.site.screen, "one field for the code", found=f"{field.count()}")
        field.fill(code)

    def send(self) -> None:
        """Press the prompt's button, unless the code went by itself."""
        button = self.button()
        if button is not None and button.is_enabled():
            button.click()

    def button(self) -> Locator | None:
        """Return the button that sends the code, if it is there.

        Where it goes by no known word, the prompt's one filled button is it: who gave the code wants it handed in, and
        what may leave then is what was armed.
        """
        if not self.is_open:
            return None
        surface = self._surface()
        return surface.find_button(*SENDING) or self._filled(surface)

    def _filled(self, surface: Surface) -> Locator | None:
        filled = [
            each
            for each in spot(surface.root)
            if each.kind == "button" and each.filled and each.place == "page" and not known_as(self.site, each.text)
        ]
        return again(self.site, filled[0]) if len(filled) == 1 and not surface.is_page else None

    def cancel(self) -> None:
        """Leave the prompt without a code."""
        button = self._surface().find_button("cancel", "close")
        if button is not None:
            button.click()
        else:
            self.site.page.keyboard.press("Escape")

    def problem(self) -> str:
        """Return what the prompt says against the last code, or an empty text."""
        found = self.site.page.locator(css.CODE_ERROR).filter(visible=True).all_inner_texts()
        return " ".join(" ".join(found).split())

    def _surface(self) -> Surface:
        return on_top(self.site)

    def _boxes(self) -> Locator:
        return self.site.page.locator(css.CODE_BOX).filter(visible=True)

    def fields(self) -> Locator:
        """Return the visible fields that may be for a code: see `asks`."""
        return self.site.page.locator(css.CODE_BOX).filter(visible=True).or_(self._single())

    def _single(self) -> Locator:
        named = self.site.page.get_by_placeholder(self.site.words.pattern("enter verification code"))
        return self.site.page.locator(css.CODE_INPUT).or_(named).filter(visible=True)
