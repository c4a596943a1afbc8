"""What was put into a form, and whether the form still shows it.

A page object puts values into a form through a `Filling` and in no other way. Before a step of the form is left,
and once more right before the click that sends, everything put into it is read back together, in few messages.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import Refused, ScreenChanged, WordsUnknown
from bcflow.models.identity import fold
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import ask
from bcflow.pages.kit.lists import assets
from bcflow.pages.kit.lists.levels import without_levels
from bcflow.pages.kit.screen import interruptions
from bcflow.pages.kit.widgets import captioned_values, choice_cards, choices
from bcflow.pages.kit.widgets.choices import first_line
from bcflow.pages.kit.widgets.control_kinds import same_text, shows_way
from bcflow.pages.kit.widgets.controls import Control
from bcflow.pages.kit.widgets.toggles import Toggle, toggles
from bcflow.pages.kit.writing.doubts import Doubts, leading
from bcflow.pages.kit.writing.form_reading import ANYTHING, FilledValue, FormReading, pin, said
from bcflow.pages.labels.learnt import DECLARATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from playwright.sync_api import Locator

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.widgets.surface import Surface

SETTLE_SECONDS = 2.0
"""How long a control may take to show what was put into it."""


class Filling:
    """One form, or one step of it after the other, and what was put into it."""

    def __init__(self, form: Surface) -> None:
        """Begin with `form`."""
        self.form = form
        interruptions.spare(form.root)
        self.is_first, self.is_last = True, False
        self.roles_to_come: dict[str, str] = {}
        """Ad accounts that are ticked, and whose role is asked on a later step."""
        self.doubts = Doubts(form.site)
        self.is_stale = False
        """Whether words became known since this step was filled: it is to be filled anew."""
        self.left: Callable[[], list[UnknownWord]] = list
        """Returns what may be meant by all that the job gives and that has no place in the form yet."""
        self._skipped = False
        self.earlier: dict[str, object] = {}
        self._noted: list[FilledValue] = []
        self._used: list[Locator] = []
        self._unknown: list[UnknownWord] = []
        self._choosing: Control | None = None

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Keep what the block meets in unknown words, to be asked about together with the rest of the screen."""
        session = self.form.site.session
        before, session.gathers = session.gathers, True
        try:
            yield
        except WordsUnknown as error:
            self._unknown += error.unknown.words
        finally:
            session.gathers = before

    def onward(self, *sending: str, is_full: bool) -> Locator | None:
        """Return the button that leads to the next step, or None where this step has the one that sends.

        Raises `WordsUnknown` where the form has neither by a known word: a button may be either, the one that leads on
        more likely while something has no place yet.
        """
        found = self.form.find_button("next")
        if found is None and self.form.find_button(*sending, sends=True) is None:
            self._unknown += leading(self.form, sending, is_full=is_full)
            self.require_words()
        return found

    def require_words(self) -> None:
        """Ask about all that was met in unknown words so far, see `asking.ask`: where the job goes on, it is stale."""
        unknown, self._unknown = self._unknown, []
        if unknown and ask(self.form.site, unknown, doubtful=self.doubts.concepts):
            self.is_stale = True

    @property
    def asked(self) -> frozenset[str]:
        """Return what this step has in unknown words, by the concepts that are asked about."""
        return frozenset(word.concept for word in self._unknown)

    @property
    def shown(self) -> dict[str, object]:
        """Return all that was filled, by name: read back on the steps that were left, to be read on this one."""
        return self.earlier | {each.name: each.want for each in self._noted}

    def known(self, name: str, value: str) -> None:
        """Note what the page showed from which this form was opened: the form is about that."""
        self.earlier[name] = value

    def note(
        self, name: str, want: object, read: Callable[[FormReading], object], captions: Sequence[str] = ()
    ) -> None:
        """Note that `want` was put in, and how it is read back; see `FilledValue`."""
        self._noted.append(FilledValue(name, want, tuple(captions), read))

    def put(self, name: str, value: str, field: Control, captions: Sequence[str], kind: str = "text") -> bool:
        """Set one field by what it is: chosen, walked to, or typed. Says whether the form may have changed with it."""
        if value == ANYTHING:
            field.take_first()
            self._field(name, value, captions, bool)
            return True
        if kind == "industry":
            parts = [part.strip() for part in value.split(">")]
            field.walk(*parts)
            return self._field(name, value, captions, lambda text: shows_way(text, parts))
        if field.kind in ("text", "chips"):
            pin(field, name)
            field.type(value)
            self._field(name, value, captions, lambda text: same_text(text, value))
            return False
        meant = captioned_values.meant(self.form, kind, value)
        field.choose(meant, wanted=value, search=captioned_values.search_for(kind, value))
        return self._field(name, value, captions, lambda text: bool(meant([text])))

    def offers(self, word: str, among: Mapping[Any, str], captions: Sequence[str], *, under: str = "") -> bool:
        """Say whether this step offers `word`, or a control with one of `captions`, once `under` is opened."""

        def is_there() -> bool:
            return choices.find(self.form, word, tuple(among.values()), captions) is not None

        if is_there():
            return True
        if not under or self.form.find_text(under) is None:
            return False
        self.form.pick(under)
        return bool(self.form.site.until(is_there, seconds=3))

    def word(self, name: str, value: object, among: Mapping[Any, str], captions: Sequence[str]) -> None:
        """Choose the one of `among` (value to word) that `value` stands for: a toggle, a select's option or a card.

        Raises `ScreenChanged` when the form offers none, `Refused` when the select does not have the word.
        """
        with self.gathering():
            self._word(name, value, among, captions)

    def _word(self, name: str, value: object, among: Mapping[Any, str], captions: Sequence[str]) -> None:
        word, words = among[value], tuple(among.values())
        found = choices.find(self.form, word, words, captions)
        if found is None or isinstance(found, Control):
            self.choose(name, value, among, found or self.form.field(*captions), captions)
            return
        if not isinstance(found, Toggle):
            chosen, means = choice_cards.choose(self.form.site, found), self.form.site.words.matches
            self.note(name, value, lambda _: _single([value if means(word, each) else each for each in chosen()]))
            return
        found.turn(on=True)
        now = FormReading(self.form, {})
        for other in now.on(among, beside=word):
            if other != value and (also := choices.toggle(self.form, among[other], words)) is not None:
                also.turn(on=False)
        self._used.append(found.label)
        self.note(name, value, lambda shown: _single(shown.on(among, beside=word)))

    def choose(
        self, name: str, value: object, among: Mapping[Any, str], field: Control, captions: Sequence[str]
    ) -> None:
        """Choose in `field`; raises `Refused` when it does not have the word."""
        self._choosing, words, word = field, self.form.site.words, among[value]
        choices.choose(self.form, field, word, tuple(among.values()))
        self._used.append(field.row)
        self._field(name, value, captions, lambda text: words.matches(word, first_line(text)))

    def close_options(self) -> None:
        """Close a select that a choice in unknown words left open: it may cover what comes next."""
        if self._choosing is not None:
            self._choosing.close()
            self._choosing = None

    def declare(self) -> None:
        """Tick what a person said is to be ticked, by its whole text; see `sought.box`."""
        texts = {fold(text) for text in self.form.site.session.learnt.texts(DECLARATION)}
        for each in toggles(self.form.site, self.form.root) if texts else ():
            if fold(each.label.inner_text()) in texts and not each.is_on:
                each.turn(on=True)

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

    def accounts(self, roles: Mapping[str, str]) -> None:
        """Tick the ad accounts `roles` names, no others, each with its role; raises what `assets.choose` raises.

        Where another step follows and this one has no control for their role, they are given it there.
        """
        level: assets.Level | None = assets.Level()
        with self.gathering():
            level = assets.choose(self.form, roles, used=self._used, later=not self.is_last) if roles else level
        if level is None:
            self.roles_to_come = dict(roles)
            ticked = dict.fromkeys(roles, "")
            self.note("ticked", ticked, lambda shown: dict.fromkeys(assets.granted(shown.form, roles, together=""), ""))
            return
        shown_level = level

        def read(shown: FormReading) -> dict[str, str]:
            together = shown.field("ad_accounts") if shown_level.captions else shown_level.said(shown.form)
            return assets.granted(shown.form, roles, together=together or "")

        self.note("ad_accounts", dict(roles), read, level.captions)

    def give_roles(self) -> None:
        """Give the ad accounts that were ticked on an earlier step their role, where this step has a control for it."""
        roles = self.roles_to_come
        with self.gathering():
            level = assets.level_for_all(self.form, roles, self._used, later=not self.is_last)
            if level is None:
                return

            def read(shown: FormReading) -> object:
                said = shown.field("ad_accounts") if level.captions else level.said(shown.form)
                role = assets.role_of(shown.form, said or "")
                return dict.fromkeys(roles, role)

            self.note("ad_accounts", dict(roles), read, level.captions)
            self.roles_to_come = {}

    def leave(self) -> None:
        """Keep what this step of the form was seen to show: it is left."""
        self.earlier = self.shown
        self._noted.clear()
        self._used.clear()

    def go_on(self, form: Surface, *, skipped: bool = False) -> None:
        """Go on with the next step; one that is `skipped` may be left empty."""
        self.is_first = self.is_first and skipped
        self.form, self._skipped = form, skipped
        interruptions.spare(form.root)

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
        missing = missing if self.shown.get("ad_accounts") else without_levels(self.form, missing)
        if missing and not self.form.learn(sought.box(missing)):
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


def _single(values: Sequence[object]) -> object:
    """Return the one of `values`, else all of them as a text, or None."""
    return values[0] if len(values) == 1 else ", ".join(map(str, values)) or None
