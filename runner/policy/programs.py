"""Which programs may be started: none from wherever we happen to be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def search_path(environment: Mapping[str, str]) -> str:
    """Return the PATH of `environment` without its relative and empty parts: those are wherever we happen to be."""
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if Path(folder).is_absolute()) or os.defpath
