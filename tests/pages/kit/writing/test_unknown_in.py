"""What is asked about after a form has complained: what it names, else all that found no field."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bcflow.models.unknown import Candidate, UnknownWord
from bcflow.pages.kit.writing.commit import Commit, unknown_in


def word(concept: str, text: str) -> UnknownWord:
    candidate = Candidate(n=1, text=text, why="", strength="weak", box=(0, 0, 1, 1))
    return UnknownWord(concept=concept, what=concept, purpose="write", candidates=[candidate])


@pytest.mark.parametrize(
    ("complaint", "asked"),
    [
        ("Plus and country: must not be empty", ["phone"]),
        ("Must not be empty", ["phone", "ad account name"]),
    ],
)
def test_a_complaint_that_names_no_field_is_about_all_that_has_none(complaint: str, asked: list[str]) -> None:
    left = [word("phone", "Plus and country"), word("ad account name", "Spring")]
    form: Any = SimpleNamespace(unknown=lambda *_: [])
    commit = SimpleNamespace(surface=form, filling=SimpleNamespace(left=lambda: left))
    assert [one.concept for one in unknown_in(cast("Commit", commit), [complaint])] == asked
