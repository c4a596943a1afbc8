"""A file that is run every night: what a person was told once is not told again."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.notify.channels import Notifier
from tests.support.batches import Desk
from tests.support.jobs import make_jobs

INVITED: dict[str, Any] = {"outcome": "waiting", "waiting_for": "invitee", "next_action": "accept the mail"}
DIFFERS = {"outcome": "differs", "message": "it is an admin", "next_action": "change it"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    notify = "failures:json://127.0.0.1:9/hook heartbeat:http://127.0.0.1:9/beat json://127.0.0.1:9/all"
    with closing(Desk(tmp_path / "home", BCFLOW_NOTIFY=notify)) as opened:
        opened.prove("invite-member")
        yield opened


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Give how many addresses heard what."""
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(Notifier, "send", lambda one, _title, body: told.append((len(one._urls), body)))
    monkeypatch.setattr(Notifier, "beat", lambda one: told.append((len(one._beats), "a heartbeat")))
    return told


def test_a_night_tells_what_is_new_and_counts_the_rest(desk: Desk, sent: list[tuple[int, str]]) -> None:
    people = make_jobs(["ana", "bo", "cy"])
    desk.looks, desk.runs = {"bo": DIFFERS}, {"ana": INVITED | {"writes": 1}}
    desk.go(*people)
    desk.looks = {"bo": DIFFERS, "ana": INVITED | {"outcome": "already"}, "cy": {"outcome": "already"}}
    desk.go(*people)
    desk.looks["cy"] = {"outcome": "failed", "message": "no network", "next_action": "run it again"}
    desk.go(*people)
    desk.go(*people)

    first, beat, second, _, third, _, fourth, _ = sent
    assert beat == (1, "a heartbeat")
    assert first[0] == 2
    assert "you: change it" in first[1]
    assert "invitee: accept the mail" in first[1]
    assert second[0] == 1, "who wants failures only hears nothing: nothing new is left to anybody"
    assert "Who must act: as after the last run of this file: 2 runs" in second[1]
    assert "change it" not in second[1]
    for body in (third[1], fourth[1]):
        assert "you: run it again" in body, "what failed is told every time"
        assert "accept the mail" not in body
    assert (third[0], fourth[0]) == (2, 2)
