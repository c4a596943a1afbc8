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
    from bcflow.runner.browser.browser import Browser
    from bcflow.runner.browser.slot_state import SlotState


def check_ui(slot: SlotState, request: dict[str, Any]) -> dict[str, Any]:
    """Visit all screens of a Business Center: {business_center, folder, only} to a UiCheck with its pictures there."""
    began = monotonic()

    def visit(browser: Browser) -> UiCheck:
        watch = Watch(browser.site, Path(request["folder"]))
        visits = Visits(browser.site, browser.wire, watch)
        visits.make(request["business_center"], only=frozenset(request.get("only", ())))
        return UiCheck(
            site=slot.settings.business_center_url,
            language=browser.site.words.spoken,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=round(monotonic() - began, 1),
            version=versions()["bcflow"],
            screens=list(watch.screens.values()),
            elements=list(watch.elements.values()),
            could_not=visits.could_not,
        )

    found: UiCheck = signed_in(slot, visit)
    return found.model_dump(mode="json")
