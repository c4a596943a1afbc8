"""A worker that is told to end while it waits for something hears it at once; what it had stays to do."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from bcflow.runner.browser.lease import Lease
from bcflow.runner.config.keys import load_key
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.questions import Questions
from tests.support.nightly import nightly_except
from tests.support.postgres import PostgresServer
from tests.support.waiting import until
from tests.support.worker_process import CODE, OPENED
from tests.support.workshop import KEY, Workshop

AT_ONCE_SECONDS = 10.0
"""Far less than the ten minutes that a question is open or the time that somebody may hold a login."""


@pytest.fixture
def workshop(postgres: str, postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Workshop]:
    with postgres_server.database() as notes, Workshop(postgres, notes, tmp_path) as made:
        yield made


@pytest.mark.parametrize("theirs", nightly_except(["anna", "office"], "anna"))
def test_who_waits_for_a_login_that_another_has_hears_that_it_is_to_end(
    workshop: Workshop, postgres: str, tmp_path: Path, theirs: str
) -> None:
    """The other is a process of the same home, or one of another home that shares the database."""
    batch = workshop.submit("login_0", ["ana@acme.example"])
    with Lease(tmp_path / theirs, "login_0", doing="run jobs.yaml", database_url=postgres):
        workshop.start("anna")
        until(lambda: "waiting for it" in workshop.log("anna"), "it waits for the login")
        began = monotonic()
        workshop.stop("anna")
        assert monotonic() - began < AT_ONCE_SECONDS
        assert "'login_0' is in use by pid" in workshop.log("anna")
        assert workshop.notes(OPENED) == []
    workshop.drain("anna")
    assert workshop.outcomes(batch) == {"done": 1}


@pytest.mark.nightly
def test_an_open_question_is_withdrawn_and_its_run_is_still_to_do(workshop: Workshop, postgres: str) -> None:
    batch = workshop.submit("login_0", ["ana@acme.example", f"{CODE}@acme.example", "last@acme.example"])
    workshop.start("anna")
    with closing(Database(postgres)) as database:
        questions = Questions(database, load_key(KEY, workshop.settings("office").home))
        until(questions.open, "it asks")
        began = monotonic()
        workshop.stop("anna")
        assert monotonic() - began < AT_ONCE_SECONDS
        assert questions.open() == []
        assert workshop.outcomes(batch) == {"done": 1, "open": 2}
        held = workshop.store.load(batch)
        assert (held.queued, held.phase) == (True, "write")

        workshop.start("anna")
        until(questions.open, "it asks again")
        questions.answer(questions.open()[0], "123456", by="me")
        until(workshop.all_ended, "it ends")
    assert workshop.outcomes(batch) == {"done": 3}
    assert set(workshop.written().values()) == {1}
