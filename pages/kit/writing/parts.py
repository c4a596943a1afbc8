"""What a form is given, part by part. Each part finds its own place, on whichever step of the form it has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import Refused
from bcflow.models.identity import fold
from bcflow.pages.kit.evidence import accepts, sought
from bcflow.pages.kit.lists import assets
from bcflow.pages.kit.screen.declared import Element
from bcflow.pages.kit.widgets import captioned_values, choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.evidence.accepts import Accepts
    from bcflow.pages.kit.evidence.scan import Spotted
    from bcflow.pages.kit.evidence.sought import Sought
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.writing.filling import Filling

LIST_SECONDS = 5.0


class Part:
    """One thing that is put into a form, by the job's `name` for it. Not every form must have a place for it."""

    name: str

    @property
    def is_needed(self) -> bool:
        """Whether every form must have a place for it."""
        return False

    def elements(self) -> tuple[Element, ...]:
        """Return what it relies on in the form."""
        return ()

    def concepts(self) -> frozenset[str]:
        """Return what its place may be asked about as."""
        return frozenset(concept for element in self.elements() for concept in element.concepts)

    @property
    def caption(self) -> str:
        """Return what its control is asked about as, where it has one of its own; else an empty text."""
        return ""

    def place(self, filling: Filling) -> None:
        """Put it into this step of the form, if the step has a place for it by a known word."""
        raise NotImplementedError

    def unknown(self, _form: Surface, *, sure: bool) -> list[UnknownWord]:  # noqa: ARG002 - for those that ask
        """Return what may be its place, of what goes by no known word; if it must be `sure`, by evidence only."""
        return []

    def in_doubt(self, _words: Sequence[UnknownWord]) -> bool:
        """Say whether a later step may have its place as well as what these `words` of a step that is left say."""
        return False


@dataclass(frozen=True)
class Entry:
    """One value and the captions it may stand under; without a value it is left out.

    `kind` is how its options are recognised: text, country, time_zone, currency or industry.
    """

    name: str
    value: str | None
    captions: tuple[str, ...]
    kind: str = "text"

    def fits(self, form: Surface) -> Callable[[Spotted], bool]:
        """Return what tells whether a field may take it: a time zone or currency is not typed, a name seldom chosen."""
        takes, spoken = self.accepts(form), form.site.words.spoken

        def may_be(each: Spotted) -> bool:
            if self.kind == "text" and each.widget in accepts.SELECTS:
                return bool(takes(each))
            widgets = accepts.CHOOSES if self.kind not in ("text", "country") else (*accepts.TYPED, *accepts.SELECTS)
            return each.widget in widgets and not accepts.is_of_another(self.kind, each, spoken)

        return may_be

    def accepts(self, form: Surface) -> Accepts:
        """Return what tells its field, where no word does."""
        meant = captioned_values.meant(form, self.kind, self.value or "")
        offers = accepts.options(self.kind, meant, self.value or "", form.site.words.spoken)
        takes = accepts.takes(*self.captions)
        return lambda each: offers(each) or takes(each)


@dataclass(frozen=True)
class Choice(Part):
    """One of few words, `among` value to word: on a toggle, a card or in a select; perhaps under a heading to open."""

    name: str
    value: object
    among: Mapping[Any, str]
    captions: tuple[str, ...]
    under: str = ""

    @property
    def is_needed(self) -> bool:
        """What was asked must be chosen."""
        return True

    @property
    def caption(self) -> str:
        """Return the first of its captions."""
        return self.captions[0] if self.captions else ""

    def elements(self) -> tuple[Element, ...]:
        """Return every choice, whichever is asked for, and the caption they may stand under."""
        among = tuple(self.among.values())
        choices = (Element("choice", (word,), among=among, under=self.captions) for word in among)
        return (*(Element("field", self.captions, needed=False),) * bool(self.captions), *choices)

    def place(self, filling: Filling) -> None:
        """Choose it where the step offers its word, or a control with its caption."""
        if not filling.offers(self.among[self.value], self.among, self.captions, under=self.under):
            return
        try:
            filling.word(self.name, self.value, self.among, self.captions)
        except Refused:
            # The same caption may stand over another choice, as that of the level on ad accounts.
            offered, words = choices.offered_under(filling.form, self.captions), tuple(self.among.values())
            if not any(sought.known_as(filling.form.site, text, but=words) for text in offered):
                raise

    def unknown(self, form: Surface, *, sure: bool) -> list[UnknownWord]:
        """Return the choice, or the control, that may be meant; first what may open the part of the form with it."""
        if self.under and form.find_text(self.under) is None:
            closed = form.unknown(sought.section(form.site, self.under))
            if closed:
                return closed
        word, among, optional = self.among[self.value], tuple(self.among.values()), bool(self.under)
        return choices.unknown(form, word, among, self.captions, sure=sure, optional=optional)

    def in_doubt(self, words: Sequence[UnknownWord]) -> bool:
        """A control may be left as it is where no sign tells it from any other, and the step does not insist on it."""
        likeliest = [word.candidates[0] for word in words if word.concept in self.captions]
        return any(one.strength != "strong" and not one.required for one in likeliest)


@dataclass(frozen=True)
class NotAsked(Part):
    """A choice that nobody asked for: none of its words may be on, on any step."""

    name: str
    among: Mapping[Any, str]
    captions: tuple[str, ...]

    def place(self, filling: Filling) -> None:
        """Note that none may be on."""
        filling.unasked(self.name, self.among, self.captions)


@dataclass(frozen=True)
class Switch(Part):
    """Something that is on or off, where the form has it."""

    name: str
    on: bool
    concept: str

    def elements(self) -> tuple[Element, ...]:
        """Return the box or switch."""
        return (Element("box", (self.concept,), needed=False),)

    def place(self, filling: Filling) -> None:
        """Turn it."""
        filling.turn(self.name, on=self.on, concept=self.concept)


@dataclass(frozen=True)
class Answer(Part):
    """A question that a form may or may not put; without an answer in the job it is refused."""

    name: str
    value: object
    among: Mapping[Any, str]
    concept: str

    def elements(self) -> tuple[Element, ...]:
        """Return the question."""
        return (Element("field", (self.concept,), needed=False),)

    def place(self, filling: Filling) -> None:
        """Answer it, where it is put."""
        question = filling.form.find_field(self.concept)
        if question is None:
            return
        if self.value is None:
            asked = filling.form.site.words.of(self.concept)[0]
            raise Refused(f"the form asks “{asked}”; give {self.name} in the job. Nothing was sent")
        filling.choose(self.name, self.value, self.among, question, (self.concept,))

    def unknown(self, form: Surface, *, sure: bool) -> list[UnknownWord]:  # noqa: ARG002 - as any part
        """Return the question in other words, where the form insists on something and the job has an answer."""
        missing = form.required_but_empty() if self.value is not None else []
        question = sought.field(
            form.site, self.concept, fits=accepts.is_one_of(*accepts.CHOOSES_ONE), choices=len(self.among), exactly=True
        )
        found = form.unknown(question) if missing else []
        return [one for one in found if any(fold(each.text) in map(fold, missing) for each in one.candidates)]


@dataclass(frozen=True)
class Accounts(Part):
    """The ad accounts to be ticked, each with its role; the role of all of them may be asked on a later step."""

    roles: Mapping[str, str]
    name: str = "ad_accounts"

    def concepts(self) -> frozenset[str]:
        """Return their roles, and the captions of the controls that take them and give these."""
        return frozenset([*self.roles.values(), *assets.ROLE_CAPTIONS, *assets.SELECT_CAPTIONS])

    @property
    def is_needed(self) -> bool:
        """Whether any is asked for."""
        return bool(self.roles)

    def place(self, filling: Filling) -> None:
        """Tick them where the step lists ad accounts, and give them their role there or on the next one."""
        site, form = filling.form.site, filling.form
        if filling.roles_to_come:
            filling.give_roles()
            return
        if self.roles and not assets.offered(form):
            # The list may still be on its way.
            site.until(lambda: assets.offered(form), seconds=LIST_SECONDS if filling.is_last else 1.0)
        if assets.offered(form):
            filling.accounts(self.roles)
        elif filling.is_last and assets.shows_a_list(form) and self.roles:
            named = ", ".join(self.roles)
            raise Refused(f"ad account {named} is not offered here: the list of ad accounts is empty")

    def unknown(self, form: Surface, *, sure: bool) -> list[UnknownWord]:  # noqa: ARG002 - as any part
        """Return the select that takes several, where it goes by no known word."""
        if not self.roles or assets.offered(form):
            return []
        taking = accepts.several(tuple(self.roles))
        return form.unknown(
            sought.field(form.site, *assets.SELECT_CAPTIONS, accepts=taking, fits=accepts.is_one_of("multiple"))
        )


def fields_for(form: Surface, entries: list[Entry]) -> list[UnknownWord]:
    """Return which fields that go by no known word may be those of `entries`."""

    def wanted(each: Entry) -> Sought:
        return sought.field(form.site, *each.captions, accepts=each.accepts(form), fits=each.fits(form))

    return form.unknown(*[wanted(each) for each in entries])
