"""Settings as a person gives them: in a secrets file, or in the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def make_secrets(folder: Path, text: str, mode: int = 0o600) -> Path:
    """Write a secrets file into `folder`."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "secrets.env"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def load(folder: Path, **env: str) -> Settings:
    """Load the settings of a command that is started in `folder`, whose home is below it."""
    return Settings.load({"BCFLOW_HOME": str(folder / "home"), **env}, folder)


def problems(folder: Path, **env: str) -> list[str]:
    """Return why these settings are refused."""
    with pytest.raises(BadInput) as caught:
        load(folder, **env)
    return caught.value.problems
