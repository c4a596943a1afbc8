"""Words that nobody knows, with machines that share a PostgreSQL: asked once, answered anywhere, known everywhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.words.answering import Said
from bcflow.runner.storage.labels.opening import open_labels
from tests.support.batches import SITE, Desk
from tests.support.jobs import make_job
from tests.support.words import ABOARD, EXPORT, INVITE, make_unknown, waits

KEY = "a key for the machines of this test"


@pytest.fixture
def here(postgres: str, tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "here", BCFLOW_DATABASE_URL=postgres, BCFLOW_KEY=KEY)) as desk:
        yield desk


@pytest.fixture
def there(postgres: str, tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "there", BCFLOW_DATABASE_URL=postgres, BCFLOW_KEY=KEY)) as desk:
        yield desk


def words(desk: Desk) -> dict[str, tuple[str, ...]]:
    return dict(open_labels(desk.settings.home, desk.database).learnt(SITE).words)


def test_another_machine_answers_and_every_batch_goes_on(here: Desk, there: Desk) -> None:
    here.runs = there.runs = {"ana": waits(make_unknown())}
    batches = [here.go(make_job("ana")).batch, there.go(make_job("ana")).batch]
    (question,) = Answers(there.context).questions.open()
    taken = Answers(there.context).word(question, Said(choose=1), by="ben")
    assert [news.batch for news in taken.news] == sorted(batches)
    assert words(here) == words(there) == {INVITE: (ABOARD,)}
    assert not (there.settings.home / "labels").exists()
    here.runs = {}
    here.work()
    assert [here.store.load(batch).runs[0].outcome for batch in batches] == ["done", "done"]


def test_an_answer_that_did_not_work_is_told_with_the_question_that_comes_again(here: Desk) -> None:
    here.runs = {"ana": waits(make_unknown())}
    here.go(make_job("ana"))
    (question,) = Answers(here.context).questions.open()
    Answers(here.context).word(question, Said(text="Brng aboard"), by="ana")
    here.runs = {"ana": waits(make_unknown(), learnt={INVITE: ["Brng aboard"]})}
    here.work()
    (again,) = Answers(here.context).questions.open()
    assert "an earlier answer ('Brng aboard', by ana) did not work" in again.text
    assert words(here) == {}


def test_of_two_answers_at_once_one_counts_and_leaves_no_other_word(here: Desk, there: Desk) -> None:
    here.runs = {"ana": waits(make_unknown())}
    here.go(make_job("ana"))
    (question,) = Answers(here.context).questions.open()

    def say(desk: Desk, choose: int) -> str:
        try:
            Answers(desk.context).word(question, Said(choose=choose), by="somebody")
        except BadInput as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(say, (here, there), (1, 2)))
    assert sorted(map(bool, said)) == [False, True]
    assert "closed in the meantime" in "".join(said)
    assert words(here) == {INVITE: (ABOARD if not said[0] else EXPORT,)}
