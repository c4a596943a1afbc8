"""The log compared with the batches and the writes that it must have seen."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer

from bcflow.models.looks import Effect
from bcflow.runner.cli import log
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.batch_record import BatchRecord
from bcflow.runner.storage.batch_rows import Batch, Terms
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.runs import Store


def verify(*words: str) -> object:
    app = typer.Typer()
    app.command()(log.log)
    return app(args=["--verify", *words], standalone_mode=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with closing(Database(f"sqlite:///{tmp_path / 'bcflow.sqlite3'}")) as opened:
        Audit(opened).note("submitted", actor="ana@x", subject="b1")
        yield opened


def test_verify_compares_with_the_batches_and_the_writes(home: Database, capsys: pytest.CaptureFixture[str]) -> None:
    record = BatchRecord(id="b1", lines=[])
    Store(home).add(Batch(record, "write", Terms()))
    with closing(Ledger(home.engine.url.render_as_string())) as ledger:
        for run_of, identity in (("b1-001", "a@x"), ("b2-004", "b@x"), ("b3-001", "c@x")):
            effect = Effect(kind="member", business_center="7", identity=identity, want={})
            entry = ledger.prepare("https://x", effect, run=run_of)
            if run_of != "b3-001":  # only looked for
                ledger.arm([(entry, effect)], run=run_of, before=())
    assert verify() == 1
    assert capsys.readouterr().out.splitlines()[:-3] == [
        "run b2-004: may have written, and no entry says who asked for batch b2"
    ]
    Audit(home).note("applied", actor="ana@x", subject="b2")
    assert not verify()
    with home.transaction() as connection:
        connection.execute(sa.text("DELETE FROM audit"))
    capsys.readouterr()
    assert verify("--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [line.partition(":")[0] for line in told["wrong"]] == ["batch b1", "run b1-001", "run b2-004"]
    assert len(told["not_known"]) == 2


def test_a_batch_and_its_entry_are_kept_together_or_not_at_all(home: Database) -> None:
    before = Audit(home).verify(), len(Audit(home).entries())

    def fail(connection: sa.Connection) -> None:
        Audit(home).note_within(connection, "submitted", actor="ana@x", subject="b9")
        raise OSError("the machine stops")

    with pytest.raises(OSError, match="stops"):
        Store(home).add(Batch(BatchRecord(id="b9", lines=[]), "write", Terms()), also=fail)
    assert not Store(home).has("b9")
    assert (Audit(home).verify(), len(Audit(home).entries())) == before
