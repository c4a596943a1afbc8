"""The engine runs only while attempts are made, and keeps nothing of those that have ended."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bcflow.models.errors import LedgerBroken
from bcflow.runner.engine import dbos_engine as engine_module
from bcflow.runner.engine.dbos_engine import Engine
from bcflow.runner.engine.dispatch import OnEvent
from bcflow.runner.storage.database import Database

MANY = 45


class Hands:
    """Makes attempts that do nothing."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def attempt(self, _login: str, request: dict[str, Any], _on_event: OnEvent) -> dict[str, Any]:
        self.made.append(request["run"])
        return {"id": request["run"]}

    def stop(self, _login: str) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(params=["a file", "PostgreSQL"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "a file":
        return f"sqlite:///{tmp_path / 'engine.sqlite3'}"
    found: str = request.getfixturevalue("postgres")
    with closing(Database(found)) as database:
        return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def engine(url: str, hands: Hands) -> Iterator[Engine]:
    made = Engine(url, hands, executor="test", slots=1, is_current=lambda _run, _number: True)
    yield made
    made.close()


def attempt(engine: Engine, run: str) -> None:
    request = {"run": run, "attempt": 1}
    assert engine.attempt("default", request, lambda _event: None) == {"id": run}


def kept(url: str) -> int:
    """Return how many attempts are in the engine's tables."""
    database = sa.create_engine(url)
    name = "workflow_status" if url.startswith("sqlite") else "dbos.workflow_status"
    with database.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()  # noqa: S608 - a constant
    database.dispose()
    return int(found or 0)


def threads_of_the_engine() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "queue-worker" in thread.name]


def test_it_starts_with_the_first_attempt_and_rests_when_there_are_none(
    engine: Engine, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert threads_of_the_engine() == []
    attempt(engine, "one")
    assert threads_of_the_engine()
    engine.rest()
    assert threads_of_the_engine(), "it has only just been used"
    monkeypatch.setattr(engine_module, "REST_SECONDS", -1.0)
    engine.rest()
    assert threads_of_the_engine() == []
    attempt(engine, "two")
    assert hands.made == ["one", "two"]


def test_it_does_not_rest_while_an_attempt_is_made(
    engine: Engine, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "REST_SECONDS", -1.0)
    make = hands.attempt

    def rest_in_the_middle(login: str, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        engine.rest()
        return make(login, request, on_event)

    monkeypatch.setattr(hands, "attempt", rest_in_the_middle)
    attempt(engine, "one")
    assert threads_of_the_engine()


def test_what_has_ended_is_deleted(engine: Engine, url: str, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MOST_ENDED", 10)
    most = 0
    for number in range(MANY):
        attempt(engine, f"run-{number}")
        most = max(most, kept(url))
    assert most <= 11, "one more than that may not be known to have ended"
    engine.close()
    assert kept(url) <= 1
    attempt(engine, "again")
    assert hands.made == [*(f"run-{number}" for number in range(MANY)), "again"]


def test_tables_that_cannot_be_used_are_told_as_that(tmp_path: Path, hands: Hands) -> None:
    (tmp_path / "engine.sqlite3").write_text("this is no database, and long enough to be seen as none" * 20)
    url = f"sqlite:///{tmp_path / 'engine.sqlite3'}"
    with (
        closing(Engine(url, hands, executor="test", slots=1, is_current=lambda _run, _number: True)) as broken,
        pytest.raises(LedgerBroken, match="the engine cannot use the database"),
    ):
        broken.attempt("default", {"run": "one", "attempt": 1}, lambda _event: None)
    assert hands.made == []
