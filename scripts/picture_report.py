"""Picture the top of a report for the README: `make picture` takes that of the demo, as docs/report.png."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from bcflow.runner.browser.choice import choose
from bcflow.runner.browser.environment import driver_environment, playwright_started

WIDTH: Final = 1000
HEIGHT: Final = 760


def picture(report: Path, out: Path) -> None:
    """Write what a person sees first of `report`, in light colours, as PNG."""
    with playwright_started() as playwright:
        options = choose("standin").launch_options(headless=True)
        browser = playwright.chromium.launch(**options, env=dict(driver_environment()))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(report.resolve().as_uri())
        page.screenshot(path=out, animations="disabled")
        browser.close()


def newest(demos: Path) -> Path:
    """Return the report of the demo that ran last: the first of its two runs, which wrote."""
    home = max(demos.iterdir(), key=lambda each: each.stat().st_mtime)
    return min(home.glob("batches/*/report.html"), key=lambda each: each.stat().st_mtime)


if __name__ == "__main__":
    picture(newest(Path(sys.argv[1])), Path(sys.argv[2]))
