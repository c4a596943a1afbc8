"""Playwright and the same browser with one empty page, and nothing of ours at work: the least a slot can take."""

import sys

from bcflow.runner.browser.browser import VIEWPORT
from bcflow.runner.browser.choice import choose
from bcflow.runner.browser.environment import driver_environment, playwright_started


def main() -> None:
    """Open the page, say so, and stay until the standard input ends."""
    with playwright_started() as playwright:
        options = choose("standin").launch_options(headless=True)
        browser = playwright.chromium.launch(**options, env=dict(driver_environment()))
        browser.new_page(viewport=VIEWPORT).goto("about:blank")  # type: ignore[arg-type]
        print("ready", flush=True)
        sys.stdin.read()
        browser.close()


if __name__ == "__main__":
    main()
