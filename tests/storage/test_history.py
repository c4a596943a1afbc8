from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.batch_record import BatchLine, BatchRecord
from bcflow.runner.storage.history import History, new_id, run_id

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def make_run(history: History, run: str, **overrides: object) -> RunRecord:
    values = {"id": run, "job": "ana", "flow": "invite-member", "outcome": "done", "message": "ok"}
    record = RunRecord.model_validate(values | overrides)
    Evidence(history.run_folder(run)).write_result(record)
    return record


def make_batch(history: History, runs: int = 2, *, now: datetime = NOON, client: str | None = None) -> BatchRecord:
    batch = history.new_batch(now)
    ids = [run_id(batch, number) for number in range(1, runs + 1)]
    for run in ids:
        make_run(history, run, client=client)
    record = BatchRecord(id=batch, lines=[BatchLine(job="ana", run=run, flow="invite-member") for run in ids])
    history.save_batch(record)
    return record


def test_ids_are_short_and_sort_by_time() -> None:
    ids = [new_id(NOON + timedelta(seconds=step)) for step in (0, 1, 60, 86400, 400 * 86400)]

    assert ids == sorted(ids)
    assert {len(one) for one in ids} == {8}


def test_batches_of_one_moment_have_ids_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    history = History(tmp_path)
    made = [history.new_batch(NOON) for _ in range(50)]

    assert made == sorted(set(made))
    assert history.new_batch(NOON + timedelta(seconds=1)) > made[-1]


def test_last_is_the_newest_batch_with_its_runs(tmp_path: Path) -> None:
    history = History(tmp_path)
    make_batch(history)
    newest = make_batch(history, 3, now=NOON + timedelta(hours=1))
    found = history.find("last")

    assert found.batch == newest
    assert [run.id for run in found.runs] == [line.run for line in newest.lines]


def test_a_run_a_batch_and_the_start_of_an_id_are_found(tmp_path: Path) -> None:
    history = History(tmp_path)
    batch = make_batch(history)

    assert history.find(batch.id).batch == batch
    assert history.find(batch.id[:5]).batch == batch
    assert [run.id for run in history.find(f"{batch.id}-002").runs] == [f"{batch.id}-002"]
    assert history.find(f"{batch.id}-002").batch is None


def test_a_client_has_the_runs_of_all_batches(tmp_path: Path) -> None:
    history = History(tmp_path)
    make_batch(history, client="acme")
    make_batch(history, now=NOON + timedelta(hours=1), client="other")
    make_batch(history, now=NOON + timedelta(hours=2), client="acme")

    assert len(history.find("acme").runs) == 4
    assert {run.client for run in history.find("acme").runs} == {"acme"}


def test_the_start_of_two_ids_is_refused(tmp_path: Path) -> None:
    history = History(tmp_path)
    first = make_batch(history)
    make_batch(history, now=NOON + timedelta(seconds=1))

    with pytest.raises(BadInput, match="start of several ids"):
        history.find(first.id[:4])


@pytest.mark.parametrize("name", ["nobody", "", "../runs", "a/b"])
def test_what_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    history = History(tmp_path)
    make_batch(history)

    with pytest.raises(BadInput, match="is no run, batch or client here"):
        history.find(name)


def test_nothing_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing was run here yet"):
        History(tmp_path).find("last")


def test_a_damaged_batch_is_named(tmp_path: Path) -> None:
    history = History(tmp_path)
    batch = make_batch(history)
    (history.batch_folder(batch.id) / "batch.json").write_text('{"id": 1}')

    with pytest.raises(BadInput, match=r"batch\.json: cannot be read"):
        history.find(batch.id)


def test_a_run_that_left_nothing_is_left_out(tmp_path: Path) -> None:
    history = History(tmp_path)
    batch = make_batch(history, 2)
    (history.run_folder(batch.lines[0].run) / "result.json").unlink()

    assert [run.id for run in history.find("last").runs] == [batch.lines[1].run]


def test_rows_that_are_one_job_have_one_run(tmp_path: Path) -> None:
    history = History(tmp_path)
    batch = make_batch(history, 1)
    batch.lines.append(batch.lines[0].model_copy())

    assert len(history.runs_of(batch)) == 1


def test_a_batch_of_which_nothing_started_is_forgotten(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.drop_batch(make_batch(history, 0).id)

    assert history.batches() == []


def test_two_clients_never_share_a_folder(tmp_path: Path) -> None:
    names = ["A/B", "A-B", "A B", "a/b", "..", "../..", "", "é", "e\u0301", "client", f"{'x' * 300}1", f"{'x' * 300}2"]
    history = History(tmp_path)
    folders = [history.client_folder(name) for name in names]
    assert len({folder.name.casefold() for folder in folders}) == len(names)
    assert {folder.parent for folder in folders} == {tmp_path / "reports"}
    assert all(len(folder.name.encode()) < 250 for folder in folders)
