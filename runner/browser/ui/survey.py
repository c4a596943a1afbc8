"""A survey of every screen that can be reached: what it is made of, without anything of anybody's."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from bcflow.models.ui_check import Exchange, Survey, SurveyedScreen
from bcflow.pages.kit.evidence.skeleton import classes, shapes
from bcflow.pages.kit.screen import site_api
from bcflow.runner.browser.signed_in import signed_in
from bcflow.runner.browser.ui.visitor import Visits
from bcflow.runner.browser.ui.watch import Watch
from bcflow.runner.config.versions import versions

if TYPE_CHECKING:
    from playwright.sync_api import Response

    from bcflow.models.ui_check import ElementSeen, ScreenSeen
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.runner.browser.browser import Browser
    from bcflow.runner.browser.slot_state import SlotState

_DEEPEST: Final = 6
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_-]{0,40}")
_PART: Final = re.compile(r"v\d{1,2}|[A-Za-z_.-]{0,40}")
"""What does not look like a name of the page's code may be data: an id, an address."""
_QUOTED: Final = re.compile(r"'[^']*'|“[^”]*”|\d{4,}|\S+@\S+")


class SurveyWatch(Watch):
    """Keeps more of each screen than a check does."""

    def with_more(self, found: ScreenSeen, surface: Surface) -> ScreenSeen:
        """Return the skeleton with class names, shapes of texts, and what was asked and answered."""
        traffic = surface.site.traffic
        every = [self._exchange(response, body) for response, body in traffic.exchanges()]
        kinds = {one.model_dump_json(): one for one in every}
        return SurveyedScreen(
            **found.model_dump(exclude={"picture"}),
            classes=classes(surface.root),
            shapes=shapes(surface.root, self.masks),
            exchanges=[kinds[each] for each in sorted(kinds)],
            longest_gap=round(traffic.longest_gap(), 2),
        )

    def masked(self, seen: ElementSeen) -> ElementSeen:
        """Return how an element stands, in the site's own words only."""
        concept = seen.concept if seen.standing != "insisted on" else self.masks.word(seen.concept)
        more = {"concept": concept, "text": self.masks.word(seen.text), "why": _QUOTED.sub("…", seen.why)}
        return seen.model_copy(update=more)

    def _exchange(self, response: Response, body: Any) -> Exchange:  # noqa: ANN401 - whatever JSON the site sends
        parts, request = urlsplit(response.url), response.request
        return Exchange(
            method=request.method,
            host=parts.netloc,
            path="/".join(self._name(part, _PART) for part in parts.path.split("/")),
            status=response.status,
            query=sorted({self._name(name, _NAME) for name in parse_qs(parts.query, keep_blank_values=True)}),
            sent=self._types(site_api.json_object(request.post_data)) or None,
            answered=self._types(body),
        )

    def _types(self, value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - whatever JSON the site sends
        """Return the names in a JSON value with types instead of values; of a list the first item stands for all."""
        if isinstance(value, dict) and depth < _DEEPEST:
            return {self._name(name, _NAME): self._types(each, depth + 1) for name, each in value.items()}
        if isinstance(value, list):
            return [self._types(value[0], depth + 1)] if value and depth < _DEEPEST else []
        return type(value).__name__

    def _name(self, text: str, kind: re.Pattern[str]) -> str:
        """Return a name of the page's code; what may be somebody's is "{}"."""
        return text if kind.fullmatch(text) and not self.masks.is_somebodys(text) else "{}"

    def _picture(self, _name: str) -> str:
        """Take none: a picture is not readable before it is given away."""
        return ""


def survey(slot: SlotState, request: dict[str, Any]) -> dict[str, Any]:
    """Visit all screens of a Business Center: {business_center} to a Survey."""

    def visit(browser: Browser) -> Survey:
        watch = SurveyWatch(browser.site, Path())
        visits = Visits(browser.site, watch)
        visits.make(request["business_center"])
        return Survey(
            host=urlsplit(slot.settings.business_center_url).netloc,
            language=browser.site.words.spoken,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            versions=versions(),
            screens=[SurveyedScreen.model_validate(each.model_dump()) for each in watch.screens.values()],
            elements=[watch.masked(each) for each in watch.elements.values()],
            could_not=[_QUOTED.sub("…", each) for each in visits.could_not],
        )

    found: Survey = signed_in(slot, visit)
    return found.model_dump(mode="json")
