"""A dialog, a drawer, or the page itself: whatever the user would act on now.

The kit's modals and drawers have no role, and the same form may be any of the three, so a page object
never asks which it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit import css
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.accepts import takes
from bcflow.pages.kit.evidence.asking import settle
from bcflow.pages.kit.evidence.options import with_options
from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.evidence.weighing import unknown_words
from bcflow.pages.kit.screen import evaluate, interruptions
from bcflow.pages.kit.screen.clicking import click
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.widgets.toggles import Toggle, toggles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.evidence.accepts import Accepts
    from bcflow.pages.kit.evidence.sought import Sought
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.controls import Control


@dataclass(frozen=True)
class Surface:
    """What is on top now; `root` is where everything is looked for, `mark` the element it is pinned to."""

    site: Site
    root: Locator
    mark: str = ""

    @property
    def is_page(self) -> bool:
        """Say whether this is the page itself and no dialog."""
        return not self.mark

    @property
    def title(self) -> str:
        """Return the heading of the dialog, or what the page is called."""
        if self.is_page:
            return f"the page {self.site.path}"
        headings = self.root.locator(css.DIALOG_HEADING).all_inner_texts()
        return " ".join("".join(headings[:1]).split()) or "a dialog without a heading"

    def same_as(self, other: Surface) -> bool:
        """Say whether both are the same element."""
        return self.mark == other.mark

    def button(self, *concepts: str, leads: str = "opens") -> Locator:
        """Return the one visible button with any of these words; raise `ScreenChanged` if there is not one.

        `leads` says where to, for a button in words that nobody knows: it `opens` something, leads `on`, or `sends`.
        """
        sends = leads == "sends"
        found = self.find_button(*concepts, sends=sends)
        if found is None and self.learn(sought.button(self.site, *concepts, leads=leads)):
            found = self.find_button(*concepts, sends=sends)
        if found is None:
            missing = f"the button {self._words(concepts)}"
            raise ScreenChanged(self.site.screen, missing, found=self._buttons(), concept=concepts[0])
        return found

    def find_button(self, *concepts: str, sends: bool = False) -> Locator | None:
        """Return the one visible button or link with any of these words, or None; two are an error.

        The first concept that is there counts. What opened a form is never the button that `sends` it.
        """
        if len(concepts) > 1 and not self._named(*concepts, sends=sends).count():
            return None
        for concept in concepts:
            found = self._named(concept, sends=sends)
            count = found.count()
            if count == 1:
                return found
            if count > 1:
                raise ScreenChanged(self.site.screen, f"a single button {self._words([concept])}", found="several")
        return None

    def press(self, *concepts: str, leads: str = "opens") -> None:
        """Click a button that only leads on: never one that sends."""
        interruptions.watch(self.site)
        button = self.button(*concepts, leads=leads)
        if leads == "opens":
            evaluate.one(button, "(e, mark) => e.setAttribute(mark, e.innerText)", css.OPENER)
        click(button)

    def pick(self, *concepts: str) -> None:
        """Click the card or text with one of these words."""
        found = self.find_text(*concepts)
        if found is None and self.learn(sought.text(self.site, *concepts)):
            found = self.find_text(*concepts)
        if found is None:
            missing = f"the choice {self._words(concepts)}"
            raise ScreenChanged(self.site.screen, missing, found=self._buttons(), concept=concepts[0])
        interruptions.watch(self.site)
        click(found)

    def find_text(self, *concepts: str) -> Locator | None:
        """Return the visible text with one of these words, or None; the first concept that is there counts."""
        for concept in concepts:
            found = evaluate.shown(self.root.get_by_text(self.site.words.pattern(concept)))
            if found.count() == 1:
                return found
            if found.count() > 1:
                raise ScreenChanged(self.site.screen, f"a single {self._words([concept])}", found="several")
        return None

    def has(self, *concepts: str) -> bool:
        """Say whether one of these words shows on the surface."""
        patterns = [self.site.words.pattern(concept) for concept in concepts]
        return any(evaluate.shown(self.root.get_by_text(each)).count() for each in patterns)

    def text(self) -> str:
        """Return all visible text, a line per block."""
        return self.root.inner_text()

    def find_field(self, *concepts: str) -> Control | None:
        """Return the form control captioned (or, failing that, with the placeholder) by these words.

        The caption stands beside or above its control, in the same row of the form or just before it; the kit
        ties the two together by nothing else. The first concept that is there counts; two fields are an error.
        """
        return fields.find(self.site, self.root, concepts)

    def field(self, *concepts: str, accepts: Accepts | None = None) -> Control:
        """Return the form control with this caption; raise `ScreenChanged` if there is none.

        `accepts` says what a field takes, for one in words that nobody knows.
        """
        found = self.find_field(*concepts)
        if found is None and self.learn(sought.field(self.site, *concepts, accepts=accepts or takes(*concepts))):
            found = self.find_field(*concepts)
        if found is None:
            missing, shown = f"the field {self._words(concepts)}", fields.captions(self.root)
            raise ScreenChanged(self.site.screen, missing, found=shown, concept=concepts[0])
        return found

    def find_toggle(self, *concepts: str) -> Toggle | None:
        """Return the radio, checkbox or switch whose own label begins with one of these words."""
        matching = [
            each
            for each in toggles(self.site, self.root)
            if any(self.site.words.matches(concept, each.caption) for concept in concepts)
        ]
        if len(matching) > 1:
            raise ScreenChanged(self.site.screen, f"a single choice {self._words(concepts)}", found="several")
        return matching[0] if matching else None

    def learn(self, *wanted: Sought) -> bool:
        """Take for known what evidence is enough for, and say whether there was any.

        Raises `WordsUnknown` where a person can say what is meant.
        """
        return settle(self.site, self.unknown(*wanted))

    def unknown(self, *wanted: Sought) -> list[UnknownWord]:
        """Return what a person is to be asked about the controls that are `wanted`."""
        spotted = spot(self.root) if wanted else []
        if any(one.is_field for one in wanted):
            # Not otherwise: to open a select closes the menu that has just dropped down.
            spotted = with_options(self.site, spotted)
        return unknown_words(self.site, spotted, wanted)

    def errors(self) -> list[str]:
        """Return the form's own error texts, each with its field's caption in front."""
        return fields.errors(self.root)

    def required_but_empty(self) -> list[str]:
        """Return the captions of fields the form marks as required and that hold nothing."""
        return fields.required_but_empty(self.root)

    def close(self) -> None:
        """Leave the dialog by Cancel or Escape without sending anything."""
        if not self.is_page:
            self.site.page.keyboard.press("Escape")

    def _named(self, *concepts: str, sends: bool = False) -> Locator:
        name = self.site.words.pattern(*concepts)
        found = self.root.get_by_role("button", name=name).or_(self.root.get_by_role("link", name=name))
        if sends:
            evaluate.one(self.root, _FORGET, css.OPENER)
            found = found.and_(self.root.locator(f":not([{css.OPENER}])"))
        return evaluate.shown(found)

    def _words(self, concepts: tuple[str, ...] | list[str]) -> str:
        return " / ".join(self.site.words.of(concept)[0] for concept in concepts)

    def _buttons(self) -> str:
        names = evaluate.shown(self.root.get_by_role("button")).all_inner_texts()
        return ", ".join(fold(name) for name in names[:12]) or "no button"


def on_top(site: Site) -> Surface:
    """Return what the user would act on: the dialog or drawer that covers the others, else the page itself.

    The wizard's kit raises a dialog each time it opens but leaves it where it was first put into the document,
    so the last one there is not always the topmost (reproduced with Element UI 2). A survey or an announcement
    in a dialog is none of ours: its own buttons must never be taken for the form's.

    The dialog is marked with an attribute of its own: the place it has among the others changes when one before
    it has faded out.
    """
    dialogs = site.page.locator(css.DIALOG).filter(visible=True)
    mark: str = dialogs.evaluate_all(_ON_TOP, [css.SURFACE_MARK, css.OWN_FORM, interruptions.words(site)])
    return Surface(site, site.page.locator(f'[{css.SURFACE_MARK}="{mark}"]' if mark else "body"), mark)


def page_surface(site: Site) -> Surface:
    """Return the page below any dialog."""
    return Surface(site, site.page.locator("body"))


def wait_for_surface(
    site: Site, look: Callable[[], Surface | None], *, title: str, by: Sequence[Sought] = ()
) -> Surface:
    """Wait until `look` finds the surface called `title`; raise `ScreenChanged` if it does not come.

    It is known `by` something that may be there in words that nobody knows: then `WordsUnknown` is raised.
    """
    found = site.until_still(look, seconds=site.patience / 3, enough=lambda: bool(on_top(site).unknown(*by)))
    if found is None and on_top(site).learn(*by):
        found = site.until(look, seconds=site.patience / 3)
    if found is None:
        raise ScreenChanged(site.screen, title, found=on_top(site).title)
    return found


def wait_for_form(site: Site, *concepts: str, title: str) -> Surface:
    """Wait until what is on top has a field with one of these words, and return it.

    One whose words nobody knows is returned, too, where it has a field that may be meant: who fills it asks. Raises
    `ScreenChanged` naming `title` when none comes.
    """

    def may_be() -> bool:
        return bool(on_top(site).unknown(sought.field(site, *concepts, accepts=takes(*concepts))))

    found = site.until_still(lambda: _form(site, concepts), seconds=site.patience / 3, enough=may_be)
    now = on_top(site)
    if found is None and not may_be():
        raise ScreenChanged(site.screen, title, found=now.title)
    return found or now


def _form(site: Site, concepts: tuple[str, ...]) -> Surface | None:
    now = on_top(site)
    try:
        field = now.find_field(*concepts)
    except ScreenChanged:
        # Not drawn yet: the list below may use the same words more than once.
        return None
    if field is None or (now.is_page and evaluate.one(field.row, _IN_DIALOG, css.DIALOG_BODY)):
        # A dialog that is still sliding in: its fields are in the document before it is on top.
        return None
    return now


def accessible_name(button: Locator) -> str:
    """Return what a button is called: its label or its text."""
    name: str = evaluate.one(button, "e => e.getAttribute('aria-label') || e.innerText || e.value || ''")
    return " ".join(name.split())


_IN_DIALOG = "(e, dialog) => !!e.closest(dialog)"
# A page may make another button of the same element.
_FORGET = """(root, mark) => {
  for (const e of root.querySelectorAll(`[${mark}]`)) if (e.innerText !== e.getAttribute(mark)) e.removeAttribute(mark);
}"""
_ON_TOP = """(dialogs, [mark, form, dismissing]) => {
  const fold = text => (text || '').replace(/\\s+/g, ' ').trim().toLowerCase();
  const foreign = dialog => [...dialog.querySelectorAll('button')].some(b => dismissing.includes(fold(b.innerText)));
  const own = dialogs.filter(dialog => dialog.hasAttribute(form) || !foreign(dialog));
  if (!own.length) return '';
  const seen = own.map(dialog => {
    const box = dialog.getBoundingClientRect();
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right <= left || bottom <= top) return false;
    return dialog.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
  });
  const top = own[seen.includes(true) ? seen.lastIndexOf(true) : own.length - 1];
  if (!top.hasAttribute(mark)) top.setAttribute(mark, Math.random().toString(36).slice(2));
  return top.getAttribute(mark);
}"""
