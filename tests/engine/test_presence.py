"""Who is the worker of a SQLite database, also in the moment in which one begins."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from filelock import FileLock

from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.presence import WorkerLock
from tests.support.waiting import until

HOLDER = "pid 1 on here (worker)"


def test_a_worker_that_has_just_begun_is_known_by_what_it_is_about_to_note(tmp_path: Path) -> None:
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path / "home")}, tmp_path)
    lock = WorkerLock(settings, doing="run")
    said: list[str] = []
    with FileLock(settings.home / "worker.lock"):
        asking = Thread(target=lambda: said.append(lock.holder()))
        asking.start()
        (settings.home / "worker.holder").write_text(HOLDER)
        until(lambda: said, "it says who")
        asking.join()
    assert said == [HOLDER]


def test_who_never_notes_it_is_another_bcflow(tmp_path: Path) -> None:
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path / "home")}, tmp_path)
    with FileLock(settings.make_home() / "worker.lock"):
        assert WorkerLock(settings, doing="run").holder() == "another bcflow"
