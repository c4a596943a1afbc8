"""Choosing ad accounts in a form: a searchable list with a checkbox a row, and a role for each or for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit import css
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import settle
from bcflow.pages.kit.lists import account_rows
from bcflow.pages.kit.lists.table import TYPING_SECONDS, Table
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.screen.site_api import SITE_ID
from bcflow.pages.kit.widgets import captioned_values, choice_cards, choices
from bcflow.pages.kit.widgets.choices import first_line
from bcflow.pages.kit.widgets.controls import Control, Toggle, toggles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.widgets.surface import Surface

ROLE_CAPTIONS = ("access permission", "asset permission", "role")
CAPTIONS = ROLE_CAPTIONS[:-1]
"""Without the one that a member's role has too."""
ROLES = ("admin", "operator", "analyst")
SELECT_CAPTIONS = ("advertiser accounts", "accounts", "assign assets", "assets")
TOLD = "asset permission"
"""The caption under which a form may tell, as a text, which role it gives: no caption that a member's role has too."""


@dataclass(frozen=True)
class Level:
    """How a form shows the one role for all its ad accounts: the `captions` of its control, or just told."""

    captions: tuple[str, ...] = ()
    told: bool = False
    group: str = ""
    """One of the choices of a group of toggles that goes by its choices alone."""
    cards: Callable[[], list[str]] | None = None
    """Where each role is a card: what tells the captions of those that are chosen."""

    def said(self, form: Surface) -> str | None:
        """Return the role that the form tells as a text, or by the one toggle that is on."""
        if self.group:
            return ", ".join(choices.chosen(form, self.group, ROLES))
        if self.cards is not None:
            return ", ".join(self.cards())
        return captioned_values.read(form, TOLD) if self.told else None


def choose(
    form: Surface, roles: Mapping[str, str], *, used: Sequence[Locator] = (), later: bool = False
) -> Level | None:
    """Tick the ad accounts `roles` names and give each its role, by its own control or by one for all.

    None: they are ticked, and a `later` step may have the control. Controls that are in `used` are about something
    else. Raises `Refused` when an account is not offered, another one is ticked, the form cannot give different roles,
    or does not show which one it gives: what it has preset is nobody's wish.
    """
    others = [one for one in ticked(form) if one not in roles]
    if others:
        raise Refused(f"this form would also give ad account {', '.join(others)}; nothing was sent")
    together = {}
    for aadvid, role in roles.items():
        _tick(form, aadvid)
        control = account_rows.role_control(form, aadvid)
        if control is None:
            together[aadvid] = role
        else:
            choose_role(form, control, role)
    if len(roles) > 1:
        # The one that was searched for stays in sight; several are not found by one search.
        _clear_search(form)
    return level_for_all(form, together, used, later=later) if together else Level()


def level_for_all(
    form: Surface, roles: Mapping[str, str], used: Sequence[Locator] = (), *, later: bool = False
) -> Level | None:
    """Give all the ad accounts the one role; None where a `later` step may have the control.

    Raises `Refused` when they want different ones, or the form cannot show which one it gives.
    """
    wanted = sorted(set(roles.values()))
    control = form.find_field(*ROLE_CAPTIONS)
    if control is not None and not _is_about_else(control, used):
        if len(wanted) > 1:
            raise Refused("this form gives one role to all its ad accounts: ask for one role at a time")
        choose_role(form, control, wanted[0])
        return Level(captions=ROLE_CAPTIONS)
    toggle = choices.toggle(form, wanted[0], ROLES) if control is None and len(wanted) == 1 else None
    if toggle is not None:
        toggle.turn(on=True)
        return Level(group=wanted[0])
    level = Level(told=True)
    if wanted != [role_of(form, level.said(form) or "")]:
        card = choices.card(form, wanted[0], ROLES, sure=True) if control is None and len(wanted) == 1 else None
        if card is not None:
            return Level(cards=choice_cards.choose(form.site, card))
        if control is None and settle(form.site, choices.unknown(form, wanted[0], ROLES, ROLE_CAPTIONS[1:])):
            return level_for_all(form, roles, used, later=later)
        if later:
            return None
        asked = ", ".join(f"{role} on ad account {aadvid}" for aadvid, role in roles.items())
        raise Refused(f"this form cannot show the role asked for ({asked}); nothing was sent")
    return level


def _is_about_else(control: Control, used: Sequence[Locator]) -> bool:
    """Say whether the caption led to something else: a control in `used`, or the boxes of the ad accounts."""
    below = control.row.locator("*").or_(control.row)
    if any(below.and_(one).count() for one in used):
        return True
    return control.kind == "toggles" and SITE_ID.search(evaluate.one(control.row, evaluate.SAID)) is not None


def role_of(form: Surface, text: str) -> str:
    """Return the role a text of the form means, else the text itself."""
    return form.site.words.concept_of(first_line(text), among=ROLES) or text


def granted(form: Surface, roles: Mapping[str, str], *, together: str) -> dict[str, str]:
    """Return which ad accounts are ticked, each with the role it is shown to get: its own, else `together`.

    One of `roles` that is not drawn now is searched for; if it is ticked, its row is pictured while it shows.
    """
    found = account_rows.ticked(form)
    if not found.keys() >= roles.keys():
        # The list may just be loading anew.
        form.site.until(form.site.traffic.idle, seconds=2)
        found = account_rows.ticked(form)
    hidden = [aadvid for aadvid in roles if aadvid not in found]
    search, pictures = Table(form.site, form.root).search_box() if hidden else None, form.site.session.pictures
    if search is not None:
        for aadvid in hidden:
            found |= _searched(form, search, aadvid)
            row = account_rows.row(form, aadvid) if aadvid in found and pictures is not None else None
            if pictures is not None and row is not None:
                pictures.ticked(row, f"ad account {aadvid}")
        _search(form, search, "")
    return {aadvid: role_of(form, own[0] if len(own) == 1 else together) for aadvid, own in found.items()}


def choose_role(form: Surface, control: Control, role: str) -> None:
    """Choose admin, operator or analyst by the page's own word for it."""
    choices.choose(form, control, role, ROLES)


def _searched(form: Surface, search: Locator, aadvid: str) -> dict[str, list[str]]:
    _search(form, search, aadvid)
    form.site.until(lambda: aadvid in account_rows.ticked(form), seconds=3)
    return account_rows.ticked(form)


def ticked(form: Surface) -> list[str]:
    """Return the ids of the rows that are ticked and drawn now."""
    return list(account_rows.ticked(form))


def _tick(form: Surface, aadvid: str) -> None:
    select = _select(form)
    if select is not None:
        select.choose(
            lambda texts: [text for text in texts if aadvid in SITE_ID.findall(text)], wanted=aadvid, search=aadvid
        )
        return
    box = _checkbox(form, aadvid)
    if box is None:
        search = Table(form.site, form.root).search_box()
        if search is None and form.learn(sought.search(form.site)):
            search = Table(form.site, form.root).search_box()
        if search is not None:
            _search(form, search, aadvid)
        box = form.site.until(lambda: _checkbox(form, aadvid), seconds=8)
    if box is None:
        raise Refused(f"ad account {aadvid} is not offered here; it may belong to another Business Center")
    box.turn(on=True)


def _select(form: Surface) -> Control | None:
    """Return the select that takes several accounts, where the form has one instead of a list."""
    if not form.root.locator(css.MULTIPLE).filter(visible=True).count():
        return None
    field = form.find_field(*SELECT_CAPTIONS)
    return field if field is not None and field.kind == "multiple" else None


def _checkbox(form: Surface, aadvid: str) -> Toggle | None:
    row = account_rows.row(form, aadvid)
    if row is None:
        return None
    boxes = toggles(form.site, row)
    if len(boxes) != 1:
        raise ScreenChanged(form.site.screen, f"one checkbox for ad account {aadvid}", found=f"{len(boxes)}")
    return boxes[0]


def _clear_search(form: Surface) -> None:
    search = Table(form.site, form.root).search_box()
    if search is not None and search.input_value():
        _search(form, search, "")


def _search(form: Surface, box: Locator, text: str) -> None:
    """Search the form's list; Enter only where typing alone does nothing."""
    before = form.text()
    box.fill(text)
    if not form.site.until(lambda: form.text() != before, seconds=TYPING_SECONDS):
        box.press("Enter")


def shows_a_list(form: Surface) -> bool:
    """Say whether the form has drawn a list, be it empty."""
    return form.root.locator(css.LIST).filter(visible=True).count() > 0


def offered(form: Surface) -> bool | None:
    """Say whether the form has a list to choose ad accounts from (None: not, or not yet)."""
    if account_rows.any_box(form):
        return True
    return True if _select(form) is not None else None
