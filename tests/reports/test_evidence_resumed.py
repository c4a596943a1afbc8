"""A run that is taken up again adds to its evidence: nothing that an earlier attempt left is dropped."""

import json
from pathlib import Path

import pytest

from bcflow.models.outcomes import RunRecord, StepRecord
from bcflow.runner.reports.evidence import Evidence
from tests.reports.test_evidence import PNG, make_record

RUN = "run-001"
FIRST, SECOND = "2026-11-28T10:00:00.000+00:00", "2026-11-28T10:00:02.500+00:00"


def begun(folder: Path) -> Evidence:
    evidence = Evidence(folder / RUN)
    evidence.begin(RUN)
    return evidence


def attempt(folder: Path, name: str, at: str) -> RunRecord:
    """Make an attempt of one step and one picture that comes to its end."""
    evidence = begun(folder)
    evidence.note_step(name, at)
    picture = evidence.save_picture(PNG, name="write", caption=f"Before {name}", kind="before")
    record = make_record(steps=[StepRecord(name=name, at=at, seconds=1.5)], pictures=[picture])
    evidence.note_steps(record.steps)
    evidence.write_result(record)
    return record


def stored(folder: Path) -> RunRecord:
    return RunRecord.model_validate_json((folder / RUN / "result.json").read_bytes())


def test_the_pictures_and_steps_of_both_attempts_are_there(tmp_path: Path) -> None:
    attempt(tmp_path, "look", FIRST)
    record = attempt(tmp_path, "look again", SECOND)
    assert [(step.name, step.seconds) for step in record.steps] == [("look", 1.5), ("look again", 1.5)]
    assert [one.file for one in record.pictures] == ["01-before-write.png", "02-before-write.png"]
    assert stored(tmp_path) == record
    assert sorted(path.name for path in (tmp_path / RUN).glob("*.png")) == [one.file for one in record.pictures]


def test_an_attempt_that_was_killed_is_told_from_the_log(tmp_path: Path) -> None:
    killed = begun(tmp_path)
    killed.note_step("look", FIRST)
    killed.note_step("send it, once", SECOND)
    picture = killed.save_picture(PNG, name="write", caption="Before the click", kind="before")
    record = attempt(tmp_path, "look again", "2026-11-28T10:05:00.000+00:00")
    told = [(step.name, step.ok) for step in record.steps]
    assert told == [("look", True), ("send it, once", False), ("look again", True)]
    assert record.steps[0].seconds == 2.5
    assert record.pictures[0] == picture
    assert len(record.pictures) == 2


def test_a_record_made_without_a_browser_drops_nothing(tmp_path: Path) -> None:
    before = attempt(tmp_path, "look", FIRST)
    ended = make_record(outcome="cancelled", steps=[StepRecord(name="look", at=FIRST, seconds=0.0)])
    Evidence(tmp_path / RUN).write_result(ended)
    assert (stored(tmp_path).outcome, stored(tmp_path).pictures) == ("cancelled", before.pictures)
    assert [step.name for step in ended.steps] == ["look"]


@pytest.mark.parametrize("torn", ['{"at": "2026", "event": "pic', '{"event": "step"'])
def test_a_line_that_a_kill_cut_short_takes_no_other_with_it(tmp_path: Path, torn: str) -> None:
    attempt(tmp_path, "look", FIRST)
    log = tmp_path / RUN / "log.jsonl"
    with log.open("a", encoding="utf-8") as file:
        file.write(torn)
    record = attempt(tmp_path, "look again", SECOND)
    assert [step.name for step in record.steps] == ["look", "look again"]
    whole = [line for line in log.read_text(encoding="utf-8").splitlines() if line != torn]
    assert len([json.loads(line) for line in whole]) == len(whole)
    assert len(record.pictures) == 2


def test_an_earlier_tree_stays_beside_the_new_one(tmp_path: Path) -> None:
    begun(tmp_path).save_tree('- heading "First"\n')
    begun(tmp_path).save_tree('- heading "Second"\n')
    assert "Second" in (tmp_path / RUN / "tree.txt").read_text(encoding="utf-8")
    assert "First" in (tmp_path / RUN / "tree-1.txt").read_text(encoding="utf-8")


def test_a_folder_for_looks_holds_the_last_look_only(tmp_path: Path) -> None:
    folder = tmp_path / RUN / "follow-up"
    for name in ("first", "second"):
        evidence = Evidence(folder)
        evidence.begin(RUN)
        record = make_record(steps=[StepRecord(name=name, at=FIRST, seconds=0.0)])
        evidence.note_steps(record.steps)
        evidence.write_result(record)
    assert [step.name for step in record.steps] == ["second"]
    assert (folder / "result.json").is_file()


def test_what_an_older_bcflow_left_is_kept(tmp_path: Path) -> None:
    old = make_record(steps=[StepRecord(name="look", at=FIRST, seconds=1.0)])
    Evidence(tmp_path / RUN).write_result(old)
    (tmp_path / RUN / "log.jsonl").unlink(missing_ok=True)
    record = attempt(tmp_path, "look again", SECOND)
    assert [step.name for step in record.steps] == ["look", "look again"]
    assert len(record.pictures) == 1


def test_broken_events_in_a_log_only_warn(tmp_path: Path) -> None:
    evidence = begun(tmp_path)
    evidence.append_log({"event": "steps", "steps": [{"no": "step"}]})
    evidence.write_result(make_record())
    assert "cannot read what earlier attempts left" in evidence.problem
    assert stored(tmp_path).outcome == "done"
