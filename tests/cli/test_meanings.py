"""A text that stands for one of several things is asked about once, and not once for each of the things."""

from typing import Any

import pytest

from bcflow.runner.cli.app import run_app
from bcflow.runner.storage.labels.file import LabelFile
from tests.cli.test_words import ONE, Terminal, at_page, learnt
from tests.support.fake_site import FakeSite
from tests.support.night import TRUSTED, Night
from tests.support.words import ABOARD, INVITE, make_unknown, make_word

STATES = ("active", "in review", "request pending")
PRUEFUNG = "In Pr\u00fcfung"
STATUS = [
    make_word(state, PRUEFUNG, first=at, strength="weak", purpose="read", either="status")
    for at, state in enumerate(STATES, 3)
]


@pytest.fixture
def page(night: Night, site: FakeSite) -> None:
    """A page with a button and a status that nobody knows."""
    at_page(night, site, make_unknown(*ONE.words, *STATUS), {INVITE: ABOARD, **dict.fromkeys(STATES, PRUEFUNG)})


def run(monkeypatch: pytest.MonkeyPatch, *typed: str) -> Any:  # noqa: ANN401 - the terminal
    person = Terminal(monkeypatch, *typed)
    run_app(["run", "jobs.yaml", *TRUSTED])
    return person


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("typed", ["2\n", "in review\n"])
def test_the_number_says_which_of_the_things_it_is(
    night: Night, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    person = run(monkeypatch, "\n", typed)
    said = [line.strip() for line in capsys.readouterr().err.splitlines()]
    at = said.index(f"what \u201c{PRUEFUNG}\u201d is, as the status, to read the screen:")
    assert said[at + 1 : at + 4] == ["1  active", "2  in review", "3  request pending"]
    assert (len(person.asked), learnt(night)) == (2, {INVITE: (ABOARD,), "in review": (PRUEFUNG,)})


@pytest.mark.usefixtures("page")
def test_none_of_them_is_said_once(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    person = run(monkeypatch, "\n", "none\n", "later\n")
    assert (len(person.asked), learnt(night)) == (3, {INVITE: (ABOARD,)})
    assert {one.concept for one in LabelFile(night.home).read().denied} >= set(STATES)


@pytest.mark.usefixtures("page")
def test_what_is_none_of_the_numbers_is_asked_for_again(
    night: Night, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    person = run(monkeypatch, "\n", "7\n", "\n", "1\n")
    assert "it is one of 1 to 3, or none" in capsys.readouterr().err
    assert (len(person.asked), learnt(night)["active"]) == (4, (PRUEFUNG,))


@pytest.mark.usefixtures("page")
def test_the_inbox_lists_it_once_too(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "later\n")
    night.capsys.readouterr()
    run_app(["inbox"])
    assert night.capsys.readouterr().out.count(PRUEFUNG) == 1


def test_two_forms_of_a_screen_that_lack_the_same_word_are_both_listed(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = [make_word(INVITE, ABOARD, picture="a.png"), make_word(INVITE, "Take along", first=2, picture="b.png")]
    at_page(night, site, make_unknown(*twice), {INVITE: ABOARD})
    run(monkeypatch, "later\n")
    night.capsys.readouterr()
    run_app(["inbox"])
    said = night.capsys.readouterr().out
    assert (said.count("1  Bring aboard"), said.count("2  Take along")) == (1, 1)


def test_at_a_terminal_each_of_the_words_that_one_thing_goes_by_is_asked_for(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [make_word("next", "Continue"), make_word("next", "Go on", first=2)]
    at_page(night, site, make_unknown(*steps), {"next": "Go on"})
    person = run(monkeypatch, "\n", "\n")
    assert (len(person.asked), sorted(learnt(night)["next"])) == (2, ["Continue", "Go on"])
