"""A login's browser that was ended, by whomever, stays ended: another process may have the login by now."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bcflow.models.errors import BrowserGone
from bcflow.runner.browser.login_browser import LoginBrowsers, SlotLike
from bcflow.runner.browser.shutdown import Shutdown
from bcflow.runner.config.settings import Settings


class NoSlot:
    """A browser that answers at once."""

    def __init__(self) -> None:
        self.closed = Event()

    def call(self, _verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        assert timeout
        return request

    def close(self) -> None:
        self.closed.set()


def test_an_ended_browser_is_not_opened_again(tmp_path: Path) -> None:
    made: list[NoSlot] = []

    def make(*_: object) -> SlotLike:
        made.append(NoSlot())
        return made[-1]

    settings = Settings.load({"BCFLOW_HOME": str(tmp_path / "home")}, tmp_path)
    settings.make_home()
    browsers = LoginBrowsers(settings, make, doing="a test", tell=lambda _text: None, shutdown=Shutdown())
    browser = browsers.open("default", may_write=lambda: True)
    assert browser is not None
    assert browser.attempt({"run": "1"}, lambda _event: None) == {"run": "1"}
    browsers.end_all()
    with pytest.raises(BrowserGone, match="was ended; nothing was sent"):
        browser.attempt({"run": "2"}, lambda _event: None)
    browser.close()
    assert [one.closed.is_set() for one in made] == [True]
