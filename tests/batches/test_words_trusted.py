"""An answer is trusted when a run that went by it has ended well; after any other it is doubted and asked again."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.words.answering import Said
from bcflow.runner.storage.labels.file import LabelFile
from bcflow.runner.storage.labels.kept import Kept
from bcflow.runner.storage.questions import Question
from tests.support.batches import SITE, Desk
from tests.support.jobs import make_job
from tests.support.words import ABOARD, EXPORT, INVITE, OFF, SEND, make_learnt, make_unknown, make_word, page, waits

ONE = make_unknown()
USED = {"learnt": {INVITE: [ABOARD]}}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home")) as opened:
        opened.prove("invite-member")
        yield opened


def teach(desk: Desk, *words: Any) -> None:  # noqa: ANN401 - learnt words
    for word in words or [make_learnt(screen="members")]:
        LabelFile(desk.settings.home).change(partial(Kept.teach, word=word))


def states(desk: Desk) -> list[str]:
    return [word.state for word in LabelFile(desk.settings.home).read().words]


def asked(desk: Desk) -> Question:
    (question,) = Answers(desk.context).questions.open()
    return question


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("ended", "state"),
    [
        ({"outcome": "done", "writes": 1}, "proven"),
        ({"outcome": "already"}, "proven"),
        ({"outcome": "waiting", "waiting_for": "invitee", "writes": 1}, "proven"),
        ({"outcome": "waiting", "waiting_for": "you"}, "new"),
        ({"outcome": "waiting", "waiting_for": "you", "needs": "captcha"}, "new"),
        ({"outcome": "differs"}, "new"),
        ({"outcome": "refused", "writes": 1}, "new"),
        ({"outcome": "skipped"}, "new"),
        ({"outcome": "screen-changed"}, "doubtful"),
        ({"outcome": "failed"}, "doubtful"),
        ({"outcome": "refused"}, "doubtful"),
        ({"outcome": "differs", "writes": 1}, "doubtful"),
        ({"outcome": "unknown", "writes": 1}, "doubtful"),
    ],
)
def test_the_end_of_a_run_says_what_the_words_are_worth_that_it_went_by(
    desk: Desk, ended: dict[str, Any], state: str
) -> None:
    teach(desk, make_learnt(), make_learnt(SEND, OFF), make_learnt(state="proven", text=EXPORT))
    desk.runs = {"ana": ended | {"learnt": {INVITE: [ABOARD, EXPORT]}}}
    desk.go(make_job("ana"))
    assert states(desk) == [state, "new", "proven"], "what it did not use stays, and what was proven"


def test_a_look_that_finds_it_to_do_says_nothing_yet(desk: Desk) -> None:
    teach(desk)
    desk.looks = {"ana": {"outcome": "planned"} | USED}
    desk.go(make_job("ana"), dry_run=True, yes=False)
    assert states(desk) == ["new"]


def test_a_run_that_went_by_no_learnt_word_touches_none(desk: Desk) -> None:
    teach(desk)
    desk.runs = {"ana": {"outcome": "failed"}}
    desk.go(make_job("ana"))
    assert states(desk) == ["new"]


def test_a_button_that_led_on_is_not_doubted_where_the_next_page_has_another(desk: Desk) -> None:
    teach(desk, make_learnt(screen="members"))
    steps = make_unknown(make_word(INVITE, OFF, either="next or send"), make_word(SEND, OFF, either="next or send"))
    desk.runs = {"ana": waits(steps) | USED}
    desk.go(make_job("ana"))
    assert (desk.outcomes, states(desk)) == (["waiting"], ["new"])


def test_an_answer_whose_run_failed_is_asked_again_and_said_to_have_failed(desk: Desk) -> None:
    desk.runs = {"ana": page(desk.settings.home, SITE, ONE, means={INVITE: EXPORT}, then={"outcome": "failed"})}
    desk.go(make_job("ana"))
    Answers(desk.context).word(asked(desk), Said(choose=2), by="ana")
    desk.work()
    assert (desk.outcomes, states(desk)) == (["failed"], ["doubtful"])

    desk.resume()
    desk.work()
    assert desk.outcomes == ["waiting"], "it is not used any more"
    assert f"an earlier answer ('{EXPORT}', by ana) did not work" in asked(desk).text

    desk.runs = {"ana": page(desk.settings.home, SITE, ONE, means={INVITE: EXPORT}, then={"outcome": "done"})}
    Answers(desk.context).word(asked(desk), Said(choose=2), by="bo")
    desk.work()
    assert (desk.outcomes, states(desk)) == (["done"], ["proven"]), "said again, and this time it worked"


def test_a_word_that_is_not_on_the_screen_either_is_asked_again(desk: Desk) -> None:
    desk.runs = {
        "ana": page(desk.settings.home, SITE, ONE, means={INVITE: ABOARD}, then={"outcome": "done", "writes": 1})
    }
    desk.go(make_job("ana"))
    first = asked(desk)
    Answers(desk.context).word(first, Said(text="Brng aboard"), by="ana")
    desk.work()
    assert desk.outcomes == ["waiting"]
    assert asked(desk).id != first.id
    assert "an earlier answer ('Brng aboard', by ana) did not work" in asked(desk).text

    Answers(desk.context).word(asked(desk), Said(choose=1), by="ana")
    desk.work()
    assert (desk.outcomes, states(desk)) == (["done"], ["doubtful", "proven"])


def test_a_word_of_another_screen_is_not_doubted_for_what_this_one_lacks(desk: Desk) -> None:
    teach(desk, make_learnt(screen="invitation"))
    desk.runs = {"ana": waits(ONE) | USED}
    desk.go(make_job("ana"))
    assert states(desk) == ["new"]
