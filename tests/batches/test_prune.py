"""What `bcflow prune` deletes of old runs, what stays, and why."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.jobs import job_adapter
from bcflow.runner.batches.context import Context
from bcflow.runner.batches.follow_ups import FollowUps
from bcflow.runner.batches.prune import Known, Wanted, carry_out, plan, unsettled_runs
from bcflow.runner.cli import frame
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.batch_record import BatchLine, BatchRecord
from bcflow.runner.storage.batch_rows import Batch, Terms, new_run
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.history import History, run_id
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.questions import About, Questions, questions_of
from bcflow.runner.storage.runs import Store
from bcflow.runner.storage.switches import Switches
from tests.support.prune_home import JOB, NEW, OLD, arm, make_run, names, run


@pytest.fixture(params=["a file", "PostgreSQL"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of the database, which is also that of the settings."""
    if request.param == "a file":
        return f"sqlite:///{tmp_path / 'home' / 'bcflow.sqlite3'}"
    postgres: str = request.getfixturevalue("postgres")
    monkeypatch.setenv("BCFLOW_DATABASE_URL", postgres)
    monkeypatch.setenv("BCFLOW_KEY", "a key for the tests of prune")
    return postgres


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BCFLOW_ACTOR", "ana@x")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir(mode=0o700)
    return History(tmp_path / "home")


@pytest.fixture
def database(url: str, history: History) -> Iterator[Database]:
    assert history.home.is_dir()
    with closing(Database(url)) as opened:
        yield opened


Make = Callable[..., str]


@pytest.fixture
def make(history: History, database: Database) -> Make:
    """Make a batch that ended, with one run for each client given; returns its id."""
    store = Store(database)

    def batch(at: datetime, *clients: str, phase: Any = "ended", kept: bool = True, **overrides: Any) -> str:  # noqa: ANN401
        name = history.new_batch(at)
        ids = [run_id(name, count) for count in range(1, len(clients) + 1)]
        for each, client in zip(ids, clients, strict=True):
            make_run(history, each, at, client=client, **overrides)
        lines = [
            BatchLine(job="ana", run=run, flow="invite-member", client=client, row={"E-mail": f"{client}@x.example"})
            for run, client in zip(ids, clients, strict=True)
        ]
        ended = at.isoformat() if phase == "ended" else ""
        record = BatchRecord(id=name, started=at.isoformat(), ended=ended, logins=["default"], lines=lines)
        history.save_batch(record)
        if kept:
            jobs = [job_adapter().validate_python({**JOB, "client": client}) for client in clients]
            runs = [new_run(Task(job, "ana"), run) for job, run in zip(jobs, ids, strict=True)]
            for run in runs:
                run.ended = True
            store.add(Batch(record, phase, Terms(), runs))
        return name

    return batch


class Rows:
    def remove(self, batch: str) -> None:
        raise AssertionError(batch)

    def remove_runs(self, runs: Sequence[str]) -> None:
        assert [run[-3:] for run in runs] == ["002"]


def test_what_is_older_goes_and_what_is_newer_stays(history: History, database: Database, make: Make) -> None:
    old, new = make(OLD, "acme", "beta"), make(NEW, "acme")
    run("--older-than", "12w", "--yes")

    assert names(history.home / "runs") == [f"{new}-001"]
    assert names(history.home / "batches") == [new]
    assert (Store(database).has(old), Store(database).has(new)) == (False, True)
    [entry] = [one for one in Audit(database).entries() if one.action == "pruned"]
    assert (entry.actor, entry.detail["runs"], entry.detail["batches"]) == ("ana@x", 2, 1)


def test_a_client_goes_from_every_batch_and_the_others_stay(
    history: History, database: Database, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    mixed, own = make(NEW, "acme", "beta", "acme"), make(OLD, "acme")
    own_folder, others = history.client_folder("acme"), history.client_folder("beta")
    for folder in (own_folder, others, history.home / "reports" / "acme"):  # the last one as an older version made it
        folder.mkdir(parents=True)
    run("--client", "acme", "--yes", "--json")
    told = json.loads(capsys.readouterr().out)
    kept = history.load_batch(mixed)

    assert names(history.home / "runs") == [f"{mixed}-002"]
    assert [line.client for line in kept.lines] == ["beta"]
    assert "acme" not in (history.batch_folder(mixed) / "report.html").read_text()
    assert [run.id for run in Store(database).load(mixed).runs] == [f"{mixed}-002"]
    assert names(history.home / "reports") == [others.name]
    assert (told["batches"], told["reports"], len(told["runs"])) == ([own], ["acme", own_folder.name], 3)


def test_by_age_and_client_only_what_is_both_goes(history: History, make: Make) -> None:
    old, new = make(OLD, "acme", "beta"), make(NEW, "acme")
    run("--older-than", "90d", "--client", "acme", "--yes")

    assert names(history.home / "runs") == sorted([f"{old}-002", f"{new}-001"])


def test_a_run_with_an_unsettled_write_stays_and_is_named(
    url: str, history: History, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = make(OLD, "acme", "acme", "acme")
    arm(url, f"{batch}-001")
    arm(url, f"{batch}-002", settled=True)
    run("--client", "acme", "--yes")
    said = capsys.readouterr().out

    assert names(history.home / "runs") == [f"{batch}-001"]
    assert names(history.home / "batches") == [batch]
    assert f"stays: {batch}-001: a write of it may have been sent and is not settled: bcflow settle" in said
    with closing(Ledger(url)) as ledger:
        assert len({event["effect"] for event in ledger.history()}) == 2


@pytest.mark.usefixtures("database")
def test_every_run_that_had_to_do_with_an_unsettled_effect_stays(url: str) -> None:
    arm(url, "aaaaaaaa-001")
    arm(url, "bbbbbbbb-001", settled=True)
    with closing(Ledger(url)) as ledger:
        unsettled, touched = unsettled_runs(ledger.history())

    assert unsettled == {"aaaaaaaa-001", "looker01-001"}
    assert touched == {"aaaaaaaa-001", "bbbbbbbb-001", "looker01-001"}


@pytest.mark.nightly
@pytest.mark.parametrize(("phase", "kept"), [("ask", True), ("write", True), ("write", False)])
def test_a_batch_that_has_not_ended_stays_whole(
    history: History, make: Make, capsys: pytest.CaptureFixture[str], *, phase: str, kept: bool
) -> None:
    batch = make(OLD, "acme", phase=phase, kept=kept)
    run("--client", "acme", "--yes")

    assert names(history.home / "runs") == [f"{batch}-001"]
    assert capsys.readouterr().out == f"nothing to delete\nstays: {batch}: its batch has not ended\n"


def test_what_waits_for_others_stays_by_age_and_goes_with_its_client(
    history: History, database: Database, make: Make
) -> None:
    batch = make(OLD, "acme", outcome="waiting", waiting_for="owner")
    context = Context(Settings.load(), database, lambda _connection, _turn, _delay: None)
    with database.transaction() as connection:
        FollowUps(connection, context).note(history.load_run(f"{batch}-001"))
    run("--older-than", "90d", "--yes")
    assert names(history.home / "runs") == [f"{batch}-001"]
    run("--client", "acme", "--yes")
    assert names(history.home / "runs") == []
    with database.transaction() as connection:
        assert connection.exec_driver_sql("select count(*) from follow_ups").scalar() == 0


def test_what_was_asked_and_lifted_goes_with_its_runs_and_its_age(database: Database, make: Make) -> None:
    old, new = make(OLD, "acme"), make(NEW, "acme")
    questions, switches = Questions(database), Switches(database)
    for batch in (old, new, ""):
        questions.ask(About(kind="captcha", text="solve it", batch=batch, run=f"{batch}-001"), wait=60, parked=True)
    switches.pause("invite-member", "default", "a captcha")
    switches.pause("add-partner", "default", "a captcha")
    switches.resume("invite-member", "default", "ana@x")
    with database.transaction() as connection:
        connection.exec_driver_sql("update questions set asked = '2026-01-01', state = 'expired' where batch = ''")
        connection.exec_driver_sql("update switches set at = '2026-01-01'")
    run("--older-than", "90d", "--yes")
    with database.transaction() as connection:
        assert [len(questions_of(connection, batch)) for batch in (old, new, "")] == [0, 1, 0]
        assert connection.exec_driver_sql("select name from switches").scalars().all() == ["paused add-partner default"]


def test_an_unknown_of_another_database_stays(history: History, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    batch = make(OLD, "acme", outcome="unknown", kept=False)
    run("--older-than", "90d", "--yes")

    assert names(history.home / "runs") == [f"{batch}-001"]
    assert "this database knows nothing of it" in capsys.readouterr().out


def test_what_cannot_be_read_stays(history: History, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    batch, broken = make(OLD, "acme", "acme"), make(OLD - timedelta(days=1), "acme")
    (history.run_folder(f"{batch}-002") / "result.json").write_text("{")
    (history.batch_folder(broken) / "batch.json").write_text("{")
    run("--older-than", "90d", "--yes")
    said = capsys.readouterr().out

    assert names(history.home / "runs") == sorted([f"{batch}-002", f"{broken}-001"])
    assert "its result cannot be read" in said
    assert f"stays: {broken}: " in said


def test_a_dry_run_and_a_no_delete_nothing(
    history: History, make: Make, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make(OLD, "acme")
    run("--older-than", "90d", "--dry-run")
    assert capsys.readouterr().out.startswith("would delete: 1 run, 1 whole batch (")
    with pytest.raises(BadInput, match="nobody is at a terminal"):
        run("--older-than", "90d")
    asked: list[str] = []

    def no(question: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr(frame, "person_is_there", lambda: True)
    monkeypatch.setattr(frame, "ask_yes_no", no)
    run("--older-than", "90d")

    assert asked[0].startswith("Delete 1 run, 1 whole batch (")
    assert names(history.home / "runs") == [f"{batch}-001"]


@pytest.mark.parametrize("words", [(), ("--older-than", "90"), ("--older-than", "0d"), ("--older-than", "3m")])
def test_an_order_that_is_not_clear_deletes_nothing(history: History, make: Make, words: tuple[str, ...]) -> None:
    batch = make(OLD, "acme")

    with pytest.raises(BadInput):
        run(*words, "--yes")
    assert names(history.home / "runs") == [f"{batch}-001"]


def test_links_and_foreign_folders_are_left_alone(history: History, make: Make, tmp_path: Path) -> None:
    make(OLD, "acme")
    foreign = tmp_path / "elsewhere"
    foreign.mkdir()
    (history.home / "runs" / "aaaaaaaa-001").symlink_to(foreign)
    (history.home / "runs" / "notes").mkdir()
    run("--older-than", "1d", "--yes")

    assert names(history.home / "runs") == ["aaaaaaaa-001", "notes"]
    assert foreign.is_dir()


def test_a_prune_that_was_cut_off_is_done_again(history: History, database: Database, make: Make) -> None:
    batch = make(OLD, "acme", "acme")
    Store(database).remove(batch)
    for path in history.run_folder(f"{batch}-001").iterdir():
        path.unlink()
    history.run_folder(f"{batch}-001").rmdir()
    run("--older-than", "90d", "--yes")

    assert names(history.home / "runs") == names(history.home / "batches") == []


def test_what_cannot_be_deleted_is_told_and_its_batch_stays(
    history: History, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make(OLD, "acme", "acme")
    found = plan(history, Wanted(client="acme"), Known(set(), set(), lambda _batch: False))
    real = shutil.rmtree

    def rmtree(folder: Path) -> None:
        if folder.name.endswith("-001"):
            raise PermissionError(13, "Permission denied")
        real(folder)

    monkeypatch.setattr(shutil, "rmtree", rmtree)
    troubles = carry_out(found, history, Rows())

    assert [(one.name, one.why) for one in troubles] == [(f"{batch}-001", "it could not be deleted: Permission denied")]
    assert [line.run for line in history.load_batch(batch).lines] == [f"{batch}-001"]
