"""Questions that outlive the process that asked them."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bcflow.models.errors import BadInput
from bcflow.runner.cli.app import run_app
from bcflow.runner.config.keys import load_key
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.questions import About, Questions, put, questions_of, withdraw
from tests.support.waiting import until

CODE = "271828"


def about(text: str) -> About:
    return About(kind="code", text=text, login="default", batch="b1")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path))
    monkeypatch.setenv("BCFLOW_ACTOR", "night@agency")
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{home / 'bcflow.sqlite3'}")
    yield made
    made.close()


@pytest.fixture
def questions(database: Database, home: Path) -> Questions:
    return Questions(database, load_key(None, home))


def answered(monkeypatch: pytest.MonkeyPatch, question: str, text: str = CODE) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))
    return run_app(["answer", question])


def test_questions_of_one_moment_are_in_the_order_they_were_asked_in(database: Database) -> None:
    with database.transaction() as connection:
        asked = [put(connection, about(f"question {number}"), wait=60).id for number in range(30)]
        assert [each.id for each in questions_of(connection, "b1")] == asked


def test_another_process_answers_and_the_one_that_asked_goes_on(
    questions: Questions, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question = questions.ask(about("The code sent to o***@agency.example"), wait=60)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(questions.wait_for, question, Event())
        assert run_app(["inbox", "--json"]) == 0
        (shown,) = json.loads(capsys.readouterr().out)
        assert (shown["id"], shown["state"]) == (question.id, "open")
        assert answered(monkeypatch, question.id[:4]) == 0
        assert waiting.result(30) == CODE
    assert questions.open() == []
    assert all(CODE.encode() not in file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert run_app(["log", "--action", "answered", "--json"]) == 0
    assert "night@agency" in capsys.readouterr().out


def test_a_question_survives_a_restart_and_so_does_its_answer(
    questions: Questions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = questions.ask(about("A code"), wait=600)
    restarted = Database(f"sqlite:///{home / 'bcflow.sqlite3'}")
    later = Questions(restarted, load_key(None, home))
    assert [one.id for one in later.open()] == [question.id]
    assert answered(monkeypatch, question.id) == 0
    assert later.wait_for(question, Event()) == CODE
    assert later.wait_for(question, Event()) is None, "an answer is given once"
    restarted.close()


def test_a_deadline_that_passes_means_no(questions: Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    question = questions.ask(about("A code"), wait=0)
    assert questions.wait_for(question, Event()) is None
    assert answered(monkeypatch, question.id) == 2


def test_a_withdrawn_question_wakes_who_waits(questions: Questions, database: Database) -> None:
    question = questions.ask(about("A code"), wait=600)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(questions.wait_for, question, Event())
        with database.transaction() as connection:
            withdraw(connection, "b1")
        assert waiting.result(30) is None
    stop = Event()
    stop.set()
    assert questions.wait_for(questions.ask(about("A code"), wait=600), stop) is None
    assert questions.open() == []


def test_of_two_answers_to_one_question_one_counts(questions: Questions, database: Database) -> None:
    question = questions.ask(About(kind="approval", text="Write?", batch="b1"), wait=600, parked=True)
    questions.answer(question, "no", by="maria")
    with pytest.raises(BadInput, match="was closed in the meantime"):
        questions.answer(question, "yes", by="ben")
    with pytest.raises(BadInput, match="answered already, by maria"):
        questions.find(question.id)
    with database.transaction() as connection:
        assert questions_of(connection, "b1")[0].answered_by == "maria"


def test_a_deadline_is_noticed_by_one_who_looks(questions: Questions) -> None:
    question = questions.ask(About(kind="captcha", text="Solve it", login="default", batch="b1"), wait=0, parked=True)
    until(lambda: questions.open() == [], "its deadline passes")
    assert [one.id for one in questions.expire()] == [question.id]
    assert questions.expire() == []
    with pytest.raises(BadInput, match="deadline has passed"):
        questions.find(question.id)


def test_an_answer_sealed_with_another_key_is_no_answer_to_read(database: Database, questions: Questions) -> None:
    question = questions.ask(about("A code"), wait=600)
    stranger = Questions(database, Fernet.generate_key())
    stranger.answer(question, CODE, by="somebody")
    with pytest.raises(BadInput, match="another key"):
        questions.wait_for(question, Event())


@pytest.mark.parametrize("name", ["", "q", "nothing"])
def test_what_is_no_single_open_question_cannot_be_answered(questions: Questions, name: str) -> None:
    for text in ("A code", "Another code"):
        questions.ask(about(text), wait=600)
    with pytest.raises(BadInput, match="no open question"):
        questions.find(name)


@pytest.mark.usefixtures("home")
def test_an_empty_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(monkeypatch, "q", "") == 2


def test_a_home_of_an_older_version_gets_the_columns_it_lacks(home: Path) -> None:
    old = sa.create_engine(f"sqlite:///{home / 'bcflow.sqlite3'}")
    with old.begin() as connection:
        make_old_table(connection)
    old.dispose()
    with closing(Database(f"sqlite:///{home / 'bcflow.sqlite3'}")) as opened:
        assert_old_question_is_read(opened)


def test_a_postgresql_of_an_older_version_gets_the_columns_it_lacks(postgres: str) -> None:
    with closing(Database(postgres)) as made, made.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE questions")
        make_old_table(connection)
    with closing(Database(postgres)) as opened:
        assert_old_question_is_read(opened)


def make_old_table(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE questions (id VARCHAR PRIMARY KEY, login VARCHAR NOT NULL, text VARCHAR NOT NULL, "
        "secret BOOLEAN NOT NULL, asked VARCHAR NOT NULL, deadline VARCHAR NOT NULL, state VARCHAR NOT NULL, "
        "answer BYTEA, answered_by VARCHAR DEFAULT '' NOT NULL)"
    )
    connection.exec_driver_sql(
        "INSERT INTO questions (id, login, text, secret, asked, deadline, state) "
        "VALUES ('qold', 'default', 'A code', true, '2026-11-24T00:00:00+00:00', '2099-01-01T00:00:00+00:00', 'open')"
    )


def assert_old_question_is_read(opened: Database) -> None:
    questions = Questions(opened)
    (old,) = questions.open()
    assert (old.id, old.kind, old.parked, old.choices) == ("qold", "code", False, ())
    questions.ask(about("Another"), wait=600, parked=True)
    assert [one.parked for one in questions.open()] == [False, True]
