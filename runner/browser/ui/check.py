"""One look at every screen that flows rely on, as the browser's thread does it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from bcflow.models.ui_check import UiCheck
from bcflow.runner.browser.signed_in import signed_in
from bcflow.runner.browser.ui.visitor import Visits
from bcflow.runner.browser.ui.watch import Watch
from bcflow.runner.config.versions import versions

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site
    from bcflow.runner.browser.slot_state import SlotState


def check_ui(slot: SlotState, request: dict[str, Any]) -> dict[str, Any]:
    """Visit all screens of a Business Center: {business_center, folder, only} to a UiCheck with its pictures there."""
    org, folder, only = request["business_center"], Path(request["folder"]), frozenset(request.get("only", ()))
    found: UiCheck = signed_in(slot, lambda browser: looked_at(browser.site, org, folder, only=only))
    return found.model_dump(mode="json")


def looked_at(site: Site, org: str, folder: Path, *, only: frozenset[str] = frozenset()) -> UiCheck:
    """Visit all screens of the Business Center `org`, or those of `only` some flows; pictures go to `folder`."""
    began = monotonic()
    watch = Watch(site, folder)
    visits = Visits(site, watch)
    visits.make(org, only=only)
    return UiCheck(
        site=site.addresses.business_center,
        language=site.words.spoken,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(monotonic() - began, 1),
        version=versions()["bcflow"],
        screens=list(watch.screens.values()),
        elements=list(watch.elements.values()),
        could_not=visits.could_not,
    )
