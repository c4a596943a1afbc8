"""How tests start the browser that they share: as the product does, but for the small heap."""

import os

from bcflow.runner.browser.choice import SHELL_ONLY, LaunchOptions, choose


def launch_options(*, headless: bool = True) -> LaunchOptions:
    """Return the arguments for Playwright's `launch`: of the headless shell, or of a full browser for a window.

    A small heap is cleaned all the time, which is a fifth of all work of a page, and no test asks for its size.
    """
    choice = choose("standin" if headless else "live", os.environ.get("BCFLOW_BROWSER"))
    options = choice.launch_options(headless=headless)
    return options | {"args": [one for one in options["args"] if one not in SHELL_ONLY]}
