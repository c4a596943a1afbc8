"""The control for the role on ad accounts, in a form that is given none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.identity import fold
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.accepts import CHOOSES_ONE, is_one_of
from bcflow.pages.kit.evidence.options import with_options
from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.lists import assets

if TYPE_CHECKING:
    from bcflow.pages.kit.widgets.surface import Surface


def without_levels(form: Surface, missing: list[str]) -> list[str]:
    """Return what a form insists on, but for the role on ad accounts, which it may mark as needed without any.

    Asks which control that is where neither its caption nor its choices say so.
    """
    if not missing or not assets.offered(form):
        return missing
    left = _no_levels(form, missing)
    level = sought.field(form.site, *assets.CAPTIONS, fits=is_one_of(*CHOOSES_ONE), choices=len(assets.ROLES))
    return _no_levels(form, left) if left == missing and form.learn(level) else left


def _no_levels(form: Surface, missing: list[str]) -> list[str]:
    words, spotted = form.site.words, with_options(form.site, spot(form.root))
    captioned = {fold(each.text) for each in spotted if any(words.matches(one, each.text) for one in assets.CAPTIONS)}
    # A member's role is never one of these.
    of_accounts = assets.ROLES[1:]
    offering = {
        fold(each.text)
        for each in spotted
        if any(words.matches(role, text) for role in of_accounts for text in each.options)
    }
    return [each for each in missing if fold(each) not in captioned | offering]
