"""Who is the worker of a SQLite database, also in the moment in which one begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.presence import WorkerLock

HOLDER = "pid 1 on here (worker)"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings.load({"BCFLOW_HOME": str(tmp_path / "home")}, tmp_path)
    made.make_home()
    return made


def test_a_worker_that_has_just_begun_is_known_by_what_it_is_about_to_note(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, real, looks = settings.home / "worker.holder", Path.read_text, []

    def read_text(path: Path, **how: Any) -> str:  # noqa: ANN401 - as pathlib's own
        looks.append(path)
        try:
            return real(path, **how)
        finally:
            # It is there from the second look on.
            note.write_text(HOLDER, encoding="utf-8")

    monkeypatch.setattr(Path, "read_text", read_text)
    with FileLock(settings.home / "worker.lock"):
        assert WorkerLock(settings, doing="run").holder() == HOLDER
    assert looks == [note, note]


def test_who_never_notes_it_is_another_bcflow(settings: Settings) -> None:
    with FileLock(settings.home / "worker.lock"):
        assert WorkerLock(settings, doing="run").holder() == "another bcflow"
