"""Which versions a run was made with."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version


@cache
def versions() -> dict[str, str]:
    """Return the versions of what decides how a run goes."""
    return {"bcflow": version("bcflow"), "playwright": version("playwright"), "python": platform.python_version()}
