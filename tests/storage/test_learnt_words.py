"""What people taught about a site's words: kept in a file or in PostgreSQL, and used on that site only."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.labels.file import LabelFile, from_yaml, to_yaml
from bcflow.runner.storage.labels.kept import DeniedWord, Kept, State
from bcflow.runner.storage.labels.meanings import check_concept, check_meaning, checked_language, checked_text
from bcflow.runner.storage.labels.opening import open_labels
from bcflow.runner.storage.labels.store import LabelStore
from bcflow.runner.storage.labels.table import LabelTable
from tests.support.words import ABOARD, EXPORT, INVITE, SEND, make_learnt

SITE, OTHER = "https://business.example", "https://another.example"
TERMS = "I agree to the terms: https://terms.example/a?b=c (§ 4), 100 % #1\u00a0\u2014 “so be it”"


def make_denied(text: str = ABOARD, **more: str) -> DeniedWord:
    values = {"concept": INVITE, "text": text, "site": SITE, "screen": "members"}
    return DeniedWord.model_validate(values | more)


@pytest.fixture(params=["file", "table"])
def labels(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LabelStore]:
    if request.param == "file":
        yield LabelFile(tmp_path / "home")
        return
    with closing(Database(request.getfixturevalue("postgres"))) as database:
        yield LabelTable(database)


def judge(labels: LabelStore, state: State) -> None:
    """Have a run end that went by the first word."""

    def change(kept: Kept) -> None:
        kept.judge(SITE, {INVITE: [ABOARD]}, state)

    labels.change(change)


def forget(labels: LabelStore, *what: str) -> None:
    def change(kept: Kept) -> None:
        kept.forget(*what)

    labels.change(change)


def another(labels: LabelStore) -> LabelStore:
    """Return the same store as another process opens it."""
    return LabelFile(labels.path.parents[1]) if isinstance(labels, LabelFile) else labels


def test_what_was_taught_is_used_on_its_site_the_newest_first(labels: LabelStore) -> None:
    labels.change(lambda kept: kept.teach(make_learnt(text=ABOARD)))
    labels.change(lambda kept: kept.teach(make_learnt(text=EXPORT, language="vi")))
    labels.change(lambda kept: kept.teach(make_learnt(text="Elsewhere", site=OTHER)))

    learnt = another(labels).learnt(SITE)
    assert learnt.texts(INVITE) == (EXPORT, ABOARD)
    assert learnt.used == {INVITE: {EXPORT, ABOARD}}
    assert learnt.texts(SEND) == ()
    assert another(labels).learnt(SITE).used == {}, "what another attempt used"
    assert another(labels).learnt(OTHER).words == {INVITE: ("Elsewhere",)}


def test_a_word_that_is_doubted_is_kept_and_not_used(labels: LabelStore) -> None:
    labels.change(lambda kept: kept.teach(make_learnt()))
    labels.change(lambda kept: kept.teach(make_learnt(text=EXPORT)))
    judge(labels, "doubtful")

    assert labels.learnt(SITE).words == {INVITE: (EXPORT,)}
    assert [(word.text, word.state) for word in labels.read().words] == [(ABOARD, "doubtful"), (EXPORT, "new")]


def test_a_word_that_was_proven_stays_so(labels: LabelStore) -> None:
    labels.change(lambda kept: kept.teach(make_learnt()))
    judge(labels, "proven")
    judge(labels, "doubtful")

    assert [word.state for word in labels.read().words] == ["proven"]


def test_what_is_denied_is_denied_on_its_screen_until_it_is_taught(labels: LabelStore) -> None:
    for denied in map(make_denied, ("", ABOARD, EXPORT)):
        labels.change(partial(Kept.deny, denied=denied))
    learnt = labels.learnt(SITE)
    assert learnt.is_denied("members", INVITE, "")
    assert learnt.is_denied("members", INVITE, EXPORT)
    assert not learnt.is_denied("invitation", INVITE, "")
    assert not labels.learnt(OTHER).denied

    labels.change(lambda kept: kept.teach(make_learnt(screen="members")))
    assert labels.learnt(SITE).denied == {("members", INVITE, EXPORT)}


def test_the_same_word_is_there_once_and_can_be_forgotten(labels: LabelStore) -> None:
    for by in ("ana", "bo"):
        labels.change(partial(Kept.teach, word=make_learnt(by=by)))
    labels.change(lambda kept: kept.deny(make_denied(EXPORT)))
    assert [word.by for word in labels.read().words] == ["bo"]

    forget(labels, INVITE, "BRING  ABOARD")
    assert labels.learnt(SITE).words == {}
    forget(labels, INVITE)
    assert labels.read() == Kept()


def test_nothing_is_changed_by_a_change_that_fails(labels: LabelStore) -> None:
    labels.change(lambda kept: kept.teach(make_learnt()))

    def fail(kept: Kept) -> None:
        kept.teach(make_learnt(text=EXPORT))
        raise BadInput(["no"])

    with pytest.raises(BadInput):
        labels.change(fail)
    assert labels.learnt(SITE).words == {INVITE: (ABOARD,)}


def test_people_who_teach_at_once_do_not_lose_each_others_words(labels: LabelStore) -> None:
    texts = [f"Word {number}" for number in range(12)]

    def teach(text: str) -> None:
        another(labels).change(lambda kept: kept.teach(make_learnt(text=text)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(teach, texts))
    assert sorted(labels.learnt(SITE).words[INVITE]) == sorted(texts)


def test_with_postgresql_the_words_are_kept_with_the_transaction_that_teaches_them(postgres: str) -> None:
    with closing(Database(postgres)) as database:
        labels = open_labels(Path("/nowhere"), database)
        with database.engine.connect() as connection:
            labels.change(lambda kept: kept.teach(make_learnt()), within=connection)
            connection.rollback()
        assert labels.read() == Kept()
        with database.transaction() as connection:
            labels.change(lambda kept: kept.teach(make_learnt()), within=connection)
        assert labels.learnt(SITE).words == {INVITE: (ABOARD,)}


@pytest.mark.parametrize(
    "text", [TERMS, "yes", "2024", "null", "- a: b", "# no", "Mời thành viên", "دعوة 'x' \"y\"", "x" * 900]
)
def test_a_word_is_in_the_file_as_the_page_shows_it(text: str) -> None:
    kept = Kept([make_learnt(text=text)], [make_denied(""), make_denied(text)])
    assert from_yaml(to_yaml(kept), "local.yaml") == kept


def test_the_file_is_for_its_owner_and_for_people(tmp_path: Path) -> None:
    labels = LabelFile(tmp_path)
    labels.change(lambda kept: kept.teach(make_learnt(run="b-001", picture="runs/b-001/01-failure-candidates.png")))

    assert labels.path == tmp_path / "labels" / "local.yaml"
    assert labels.path.stat().st_mode & 0o777 == 0o600
    assert labels.path.parent.stat().st_mode & 0o777 == 0o700
    text = labels.path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "- concept: invite member\n" in text
    assert "text: Bring aboard\n" in text


def test_a_file_that_was_put_right_by_hand_counts_at_once(tmp_path: Path) -> None:
    labels = LabelFile(tmp_path)
    labels.change(lambda kept: kept.teach(make_learnt()))
    assert labels.learnt(SITE).words == {INVITE: (ABOARD,)}
    labels.path.write_text(labels.path.read_text().replace(ABOARD, "Bring on board"), encoding="utf-8")
    assert labels.learnt(SITE).words == {INVITE: ("Bring on board",)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("words: [", "local.yaml:1: is not YAML"),
        ("words: 3", "local.yaml:1: 'words' is a list"),
        ("- a", "has the lists 'words' and 'not'"),
        ("word: []", "has the lists 'words' and 'not'"),
        ("words:\n- {concept: a, text: b, language: en}", "local.yaml:2: site: Field required"),
        ("words:\n- {concept: a, text: b, language: en, site: c, wrong: d}", "local.yaml:2: wrong: "),
    ],
)
def test_a_damaged_file_is_told_with_its_line_and_is_not_overwritten(tmp_path: Path, text: str, told: str) -> None:
    labels = LabelFile(tmp_path)
    labels.path.parent.mkdir()
    labels.path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        labels.learnt(SITE)
    with pytest.raises(BadInput, match=told):
        labels.change(lambda kept: kept.teach(make_learnt()))
    assert labels.path.read_text(encoding="utf-8") == text


def test_without_a_file_nothing_is_made_and_next_to_nothing_is_spent(tmp_path: Path) -> None:
    labels = LabelFile(tmp_path)
    began = time.thread_time()
    for _ in range(100):
        assert labels.learnt(SITE).words == {}
    assert (time.thread_time() - began) / 100 < 0.002
    assert list(tmp_path.iterdir()) == []


def test_a_concept_that_no_label_has_is_refused_with_the_nearest() -> None:
    check_concept(INVITE)
    with pytest.raises(BadInput, match="did you mean 'invite member'"):
        check_concept("invite membr")


@pytest.mark.parametrize("text", ["", "  \n", "${anything}", "x" * 6000])
def test_what_no_page_shows_is_no_word(text: str) -> None:
    with pytest.raises(BadInput):
        checked_text(text)


def test_what_dismisses_a_survey_may_be_a_forms_skip_and_nothing_else() -> None:
    check_meaning("skip", "Not now", "en", kept=Kept([]), site=SITE, beside=True)
    with pytest.raises(BadInput, match="is the word of 'not now'"):
        check_meaning("next", "Not now", "en", kept=Kept([]), site=SITE, beside=True)


def test_a_word_of_another_concept_is_refused() -> None:
    kept = Kept([make_learnt(SEND, "Off it goes"), make_learnt(SEND, "Away", state="doubtful")])
    check_meaning(INVITE, ABOARD, "en", kept=kept, site=SITE)
    check_meaning(INVITE, "Invite Member", "en", kept=kept, site=SITE)
    check_meaning(INVITE, "Away", "en", kept=kept, site=SITE)
    for text, other in (("Cancel", "cancel"), ("off it GOES", SEND)):
        with pytest.raises(BadInput, match=f"is the word of '{other}'"):
            check_meaning(INVITE, text, "en", kept=kept, site=SITE)
    assert checked_language("vi-VN") == "vi"
    with pytest.raises(BadInput, match=r"such as .*en"):
        checked_language("x1")
