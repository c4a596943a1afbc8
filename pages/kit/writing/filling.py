"""What was put into a form, and whether the form still shows it.

A page object puts values into a form through a `Filling` and in no other way. Before a step of the form is left,
and once more right before the click that sends, everything put into it is read back together, in few messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit.widgets import assets, captioned_values, fields
from bcflow.pages.kit.widgets.assets import first_line
from bcflow.pages.kit.widgets.controls import same_text, shows_way
from bcflow.pages.kit.widgets.toggles import State, chosen_cards, states

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.widgets.controls import Control
    from bcflow.pages.kit.widgets.surface import Surface

SETTLE_SECONDS = 2.0
"""How long a control may take to show what was put into it."""


@dataclass(frozen=True)
class FilledValue:
    """One value and where the form shows it: `read` gives `want` if it means that, else what it says.

    A `want` of None or nothing means that the form must show none of it.
    """

    name: str
    want: object
    captions: tuple[str, ...]
    read: Callable[[FormReading], object]


class FormReading:
    """What a form shows now: each part takes one message, when it is first asked for."""

    def __init__(self, form: Surface, captions: Mapping[str, tuple[str, ...]]) -> None:
        """Read `form`, whose values stand under these captions, by name."""
        self.form = form
        self._captions = captions

    @cached_property
    def captioned(self) -> dict[str, str]:
        """What stands under a caption that is nobody else's, by name."""
        return {
            name: text for name, (_, text) in fields.captioned(self.form.site, self.form.root, self._captions).items()
        }

    @cached_property
    def toggles(self) -> list[State]:
        """Every radio, checkbox and switch."""
        return states(self.form.site, self.form.root)

    def field(self, name: str) -> str | None:
        """Return what the field called `name` shows, or None if it is not there any more."""
        if name in self.captioned:
            return self.captioned[name]
        found = self.form.find_field(*self._captions[name])
        return None if found is None else found.read()

    def on(self, among: Mapping[Any, str], *, beside: str = "") -> list[object]:
        """Return the values whose toggle is on, in the group of the one called `beside` (else anywhere)."""
        words = self.form.site.words
        groups = {each.group for each in self.toggles if not beside or words.matches(beside, each.toggle.caption)}
        lit = [each.toggle.caption for each in self.toggles if each.is_on and each.group in groups]
        return [value for value, word in among.items() if any(words.matches(word, caption) for caption in lit)]


class Filling:
    """One form, or one step of it after the other, and what was put into it."""

    def __init__(self, form: Surface) -> None:
        """Begin with `form`."""
        self.form = form
        self._skipped = False
        self._earlier: dict[str, object] = {}
        self._noted: list[FilledValue] = []
        self._used: list[Locator] = []

    @property
    def shown(self) -> dict[str, object]:
        """Return all that was filled, by name: read back on the steps that were left, to be read on this one."""
        return self._earlier | {each.name: each.want for each in self._noted}

    def known(self, name: str, value: str) -> None:
        """Note what the page showed from which this form was opened: the form is about that."""
        self._earlier[name] = value

    def note(
        self, name: str, want: object, read: Callable[[FormReading], object], captions: Sequence[str] = ()
    ) -> None:
        """Note that `want` was put in, and how it is read back; see `FilledValue`."""
        self._noted.append(FilledValue(name, want, tuple(captions), read))

    def write(self, name: str, value: str, *captions: str) -> None:
        """Type `value` into the field with one of these captions; raise `ScreenChanged` if there is none."""
        self.put(name, value, self.form.field(*captions), captions)

    def put(self, name: str, value: str, field: Control, captions: Sequence[str], kind: str = "text") -> bool:
        """Set one field by what it is: chosen, walked to, or typed. Says whether the form may have changed with it."""
        if kind == "industry":
            parts = [part.strip() for part in value.split(">")]
            field.walk(*parts)
            return self._field(name, value, captions, lambda text: shows_way(text, parts))
        if field.kind in ("text", "chips"):
            field.type(value)
            self._field(name, value, captions, lambda text: same_text(text, value))
            return False
        meant = captioned_values.meant(self.form, kind, value)
        field.choose(meant, wanted=value, search=_search_for(kind, value))
        return self._field(name, value, captions, lambda text: bool(meant([text])))

    def word(
        self, name: str, value: object, among: Mapping[Any, str], captions: Sequence[str], *, under: str = ""
    ) -> None:
        """Choose the one of `among` (value to word) that `value` stands for: a toggle of that name, else in a select.

        They may show only after the heading `under` was clicked. Raises `ScreenChanged` when the form offers
        neither, `Refused` when the select does not have the word.
        """
        word = among[value]
        if under and not self._offers(word, captions) and self.form.find_text(under) is not None:
            self.form.pick(under)
            self.form.site.until(lambda: self._offers(word, captions), seconds=3)
        toggle = self.form.find_toggle(word)
        if toggle is None:
            self.choose(name, value, among, self.form.field(*captions), captions)
            return
        toggle.turn(on=True)
        now = FormReading(self.form, {})
        for other in now.on(among, beside=word):
            if other != value and (also := self.form.find_toggle(among[other])) is not None:
                also.turn(on=False)
        self._used.append(toggle.label)
        self.note(name, value, lambda shown: _single(shown.on(among, beside=word)))

    def choose(
        self, name: str, value: object, among: Mapping[Any, str], field: Control, captions: Sequence[str]
    ) -> None:
        """Choose in `field`; raises `Refused` when it does not have the word."""
        words, word = self.form.site.words, among[value]
        field.choose(lambda texts: [each for each in texts if words.matches(word, first_line(each))], wanted=word)
        self._used.append(field.row)
        self._field(name, value, captions, lambda text: words.matches(word, first_line(text)))

    def unasked(self, name: str, among: Mapping[Any, str], captions: Sequence[str]) -> None:
        """Note that none of `among` may be on: what nobody asked for is not given because the form has it so."""
        words = self.form.site.words

        def read(shown: FormReading) -> object:
            text = shown.captioned.get(name, "")
            return _single(shown.on(among) or [one for one, word in among.items() if words.matches(word, text)])

        self.note(name, None, read, captions)

    def turn(self, name: str, *, on: bool, concept: str) -> None:
        """Turn the toggle of this name on or off, where the form has it."""
        toggle = self.form.find_toggle(concept)
        if toggle is None:
            return
        toggle.turn(on=on)
        self.note(name, on, lambda shown: bool(shown.on({True: concept})))

    def card(self, name: str, value: str, among: Mapping[str, str]) -> None:
        """Click the card of this word, where the form has it."""
        if self.form.find_text(among[value]) is None:
            return
        self.form.pick(among[value])
        self.note(name, value, lambda shown: _single(chosen_cards(shown.form.site, shown.form.root, among)))

    def accounts(self, roles: Mapping[str, str]) -> None:
        """Tick the ad accounts `roles` names, no others, each with its role; raises what `assets.choose` raises."""
        level = assets.choose(self.form, roles, used=self._used) if roles else assets.Level()

        def read(shown: FormReading) -> dict[str, str]:
            together = shown.field("ad_accounts") if level.captions else level.said(shown.form)
            return assets.granted(shown.form, roles, together=together or "")

        self.note("ad_accounts", dict(roles), read, level.captions)

    def leave(self) -> None:
        """Read back what this step of the form shows, before it goes; raises what `require` raises."""
        self.require()
        self._earlier = self.shown
        self._noted.clear()
        self._used.clear()

    def go_on(self, form: Surface, *, skipped: bool = False) -> None:
        """Go on with the next step; one that is `skipped` may be left empty."""
        self.form, self._skipped = form, skipped

    def require(self) -> None:
        """Raise `ScreenChanged` if this step does not show what was put into it.

        Raises `Refused` for what it would give unasked, and for each field that it insists on and that is empty.
        """
        wrong: list[tuple[FilledValue, object]] = []

        def fits() -> bool:
            wrong[:] = self._wrong()
            return not wrong

        if not self.form.site.until(fits, seconds=SETTLE_SECONDS):
            filled, found = wrong[0]
            if not filled.want and filled.want is not False:
                raise Refused(f"this form would give {filled.name} {said(found)}, not asked for; nothing was sent")
            wanted = f"{filled.name} showing {said(filled.want)}"
            raise ScreenChanged(self.form.site.screen, wanted, found=said(found))
        missing = [] if self._skipped else self.form.required_but_empty()
        if missing:
            raise Refused(f"the form insists on: {', '.join(missing)}; the job does not give it. Nothing was sent")

    def _wrong(self) -> list[tuple[FilledValue, object]]:
        if not self._noted:
            return []
        shown = FormReading(self.form, {each.name: each.captions for each in self._noted if each.captions})
        found = [(each, each.read(shown)) for each in self._noted]
        return [(each, have) for each, have in found if have != each.want]

    def _field(self, name: str, want: object, captions: Sequence[str], means: Callable[[str], bool]) -> bool:
        def read(shown: FormReading) -> object:
            text = shown.field(name)
            return want if text is not None and means(text) else text

        self.note(name, want, read, captions)
        return True

    def _offers(self, word: str, captions: Sequence[str]) -> bool:
        return self.form.find_toggle(word) is not None or self.form.find_field(*captions) is not None


def said(value: object) -> str:
    """Return a property's value for a message."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items()) or "none"
    return str(value) if value not in (None, "") else "nothing"


def _single(values: Sequence[object]) -> object:
    """Return the one of `values`, else all of them as a text, or None."""
    return values[0] if len(values) == 1 else ", ".join(map(str, values)) or None


def _search_for(kind: str, value: str) -> str:
    if kind == "time_zone":
        return value.rpartition("/")[2].replace("_", " ")
    return ""
