"""A run that may be what its workers died of is attempted alone: none beside it is blamed for its deaths."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from threading import Event

import pytest

from bcflow.runner.batches.company import Company
from tests.support.waiting import SOON, until


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as made:
        yield made


class Attempt:
    """One that goes on, in a thread of its own, until it is told to end."""

    def __init__(self, pool: ThreadPoolExecutor, place: AbstractContextManager[None]) -> None:
        self.begun, self._end = Event(), Event()
        self._done: Future[None] = pool.submit(self._go, place)

    def end(self) -> None:
        """Let it end, and wait until it has."""
        self._end.set()
        self._done.result(SOON)

    def _go(self, place: AbstractContextManager[None]) -> None:
        with place:
            self.begun.set()
            self._end.wait(SOON)


def test_attempts_go_on_beside_each_other(pool: ThreadPoolExecutor) -> None:
    company = Company()
    with company.beside():
        other = Attempt(pool, company.beside())
        assert other.begun.wait(SOON)
        other.end()


def test_who_is_alone_waits_for_the_others_and_the_next_wait_for_it(pool: ThreadPoolExecutor) -> None:
    company = Company()
    with ExitStack() as here:
        here.enter_context(company.beside())
        suspect = Attempt(pool, company.alone())
        until(lambda: company._want_alone, "it wants to be alone")
        late = Attempt(pool, company.beside())
        assert not suspect.begun.is_set()
    assert suspect.begun.wait(SOON)
    assert not late.begun.is_set()
    suspect.end()
    assert late.begun.wait(SOON)
    late.end()


def test_of_two_that_are_to_be_alone_one_begins_after_the_other(pool: ThreadPoolExecutor) -> None:
    company = Company()
    both = [Attempt(pool, company.alone()) for _ in range(2)]
    until(lambda: company._want_alone == len(both), "both want to be alone")
    until(lambda: any(one.begun.is_set() for one in both), "one begins")
    first, second = sorted(both, key=lambda one: not one.begun.is_set())
    assert not second.begun.is_set()
    first.end()
    assert second.begun.wait(SOON)
    second.end()


def test_who_breaks_off_leaves_its_place(pool: ThreadPoolExecutor) -> None:
    company = Company()
    for place in (company.beside, company.alone):
        with pytest.raises(ZeroDivisionError), place():
            raise ZeroDivisionError
    next_one = Attempt(pool, company.alone())
    assert next_one.begun.wait(SOON)
    next_one.end()
