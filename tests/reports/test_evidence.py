"""What a run leaves behind: private, whole, without secrets, and never a reason to stop."""

import base64
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from loguru import logger
from pydantic import SecretStr

from bcflow.models.outcomes import EffectRecord, RunRecord, StepRecord
from bcflow.runner.redaction.redact import Redactor
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.reports.report_files import write_report_beside

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (300).to_bytes(4) + (200).to_bytes(4)
PASSWORD, CODE, COOKIE = "planted:pass wörd", "482913", "c00kie-planted-value"
SECRETS = (PASSWORD, CODE, COOKIE)


def make_record(**overrides: object) -> RunRecord:
    values = {
        "id": "run-001",
        "job": "jobs[0]",
        "flow": "invite-member",
        "outcome": "done",
        "message": "It is there.",
        "inputs": {"email": "ana@acme.example"},
    }
    return RunRecord.model_validate(values | overrides)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "runs" / "run-001", secrets=[SecretStr(PASSWORD), CODE])


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}", filter=lambda line: line["level"].name == "WARNING")
    yield lines
    logger.remove(sink)


def plant(evidence: Evidence) -> None:
    """Leave everything a run can leave, with secrets in every part of it."""
    everything = " ".join([*SECRETS, quote(PASSWORD), base64.b64encode(f"x:{PASSWORD}".encode()).decode()])
    evidence.redactor.add(COOKIE)
    record = make_record(
        message=everything,
        next_action=f"open https://business.tiktok.com/x?session={COOKIE}",
        result={"status": everything, PASSWORD: 1},
        note=everything,
        steps=[StepRecord(name=everything, at="", seconds=0)],
        effects=[
            EffectRecord(
                kind="member",
                identity="ana@acme.example",
                business_center="1",
                outcome="done",
                have={"x": [everything]},
                proof=everything,
            )
        ],
        pictures=[evidence.save_picture(PNG, name=everything, caption=everything, kind="failure")],
        tree=evidence.save_tree(f'- textbox "Password": "{PASSWORD}"\n- text: {everything}\n'),
    )
    evidence.append_log({"event": everything, "cookies": {"sid": COOKIE}, "nested": [{"a": (everything,)}]})
    sink = logger.add(evidence.log_sink(), format="{message}")
    bound = logger.bind(run="run-001", url=f"https://a.example/?q={quote(PASSWORD)}")
    bound.opt(exception=ValueError(everything)).error(everything)
    logger.remove(sink)
    evidence.write_result(record)
    write_report_beside(evidence, record)


def spellings(secret: str) -> set[bytes]:
    encoded = base64.b64encode(f"x:{secret}".encode()).rstrip(b"=")[3:-1]
    return {secret.encode(), quote(secret).encode(), json.dumps(secret)[1:-1].encode(), encoded}


def files_with_secrets(folder: Path) -> set[str]:
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file()
        for secret in SECRETS
        if any(spelled in path.read_bytes() + path.name.encode() for spelled in spellings(secret))
    }


def test_no_secret_is_in_any_file(evidence: Evidence) -> None:
    plant(evidence)
    assert {"result.json", "log.jsonl", "tree.txt", "report.html"} < {p.name for p in evidence.folder.iterdir()}
    assert files_with_secrets(evidence.folder) == set()


def test_the_search_for_secrets_finds_them_when_nothing_is_removed(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Redactor, "secrets_only", lambda _self, text: text)
    plant(evidence)
    assert files_with_secrets(evidence.folder) >= {"result.json", "log.jsonl", "tree.txt", "report.html"}


def test_everything_is_readable_by_its_owner_only(evidence: Evidence) -> None:
    before = os.umask(0)
    try:
        plant(evidence)
    finally:
        os.umask(before)
    assert stat.S_IMODE(evidence.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in evidence.folder.iterdir()} == {0o600}


def test_a_result_can_be_read_again_whatever_the_password_is(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "run-001", secrets=["done", "view", "1234"])
    picture = evidence.save_picture(PNG, name="a", caption="b", kind="view")
    evidence.write_result(make_record(pictures=[picture]))
    again = RunRecord.model_validate_json((evidence.folder / "result.json").read_text(encoding="utf-8"))
    assert again.outcome == "done"
    assert again.pictures == [picture]
    assert [path.name for path in evidence.folder.iterdir() if path.name.startswith(".")] == []


def test_addresses_of_the_job_stay_and_others_are_masked(evidence: Evidence) -> None:
    evidence.write_result(make_record(message="ana@acme.example, not ben@acme.example", requested_by="m@us.example"))
    stored = json.loads((evidence.folder / "result.json").read_text(encoding="utf-8"))
    assert stored["message"] == "ana@acme.example, not b***@acme.example"
    assert stored["requested_by"] == "m@us.example"


def test_the_sink_keeps_lines_of_its_own_run_only(evidence: Evidence) -> None:
    sink = logger.add(evidence.log_sink(), level="DEBUG")
    logger.info("nobody's")
    logger.bind(run="run-002").info("another's")
    logger.bind(run="run-001", step="send").info("ours")
    logger.remove(sink)
    (line,) = (evidence.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
    event = json.loads(line)
    assert (event["message"], event["level"], event["extra"]) == ("ours", "info", {"step": "send"})
    assert event["at"].endswith("+00:00")


def test_pictures_are_numbered_and_named_safely(evidence: Evidence) -> None:
    first = evidence.save_picture(PNG, name="../../Invite Ana!", caption="c", kind="before")
    second = evidence.save_picture(PNG, name="***", caption="c", kind="after")
    assert (first.file, second.file) == ("01-before-invite-ana.png", "02-after-after.png")
    assert (evidence.folder / first.file).read_bytes() == PNG


def test_a_folder_that_cannot_be_made_warns_once_and_stops_nothing(tmp_path: Path, warnings: list[str]) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    evidence = Evidence(tmp_path / "file" / "run-001")
    plant(evidence)
    (warning,) = warnings
    assert "the run goes on without" in warning
    assert evidence.problem == warning.strip()


def test_a_full_disk_warns_and_leaves_the_old_result_whole(
    evidence: Evidence, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.write_result(make_record(message="first"))

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    evidence.write_result(make_record(message="second"))
    assert "first" in (evidence.folder / "result.json").read_text(encoding="utf-8")
    assert [path.name for path in evidence.folder.iterdir()] == ["result.json"]
    (warning,) = warnings
    assert "No space left on device" in warning


def test_a_sink_that_cannot_write_says_so_without_logging(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evidence = Evidence(tmp_path / "run-001")
    evidence.folder.rmdir()
    evidence.folder.write_text("in the way", encoding="utf-8")
    sink = logger.add(evidence.log_sink(), catch=False)
    logger.bind(run="run-001").info("one")
    logger.bind(run="run-001").info("two")
    logger.remove(sink)
    assert capsys.readouterr().err.count("cannot write the log") == 1


def test_what_is_no_picture_is_not_kept(evidence: Evidence, warnings: list[str]) -> None:
    picture = evidence.save_picture(b"<html>", name="x", caption="c", kind="view")
    assert not (evidence.folder / picture.file).exists()
    assert len(warnings) == 1


def test_half_a_character_is_written_all_the_same(evidence: Evidence, warnings: list[str]) -> None:
    evidence.redactor.add("half \ud800 secret")
    record = make_record(message="half \ud83d", tree=evidence.save_tree('- heading "half \ud83d"'))
    evidence.append_log({"event": "half \ud83d"})
    evidence.write_result(record)
    write_report_beside(evidence, record)
    assert warnings == []
    assert json.loads((evidence.folder / "log.jsonl").read_text(encoding="utf-8"))["event"] == "half \ud83d"


def test_a_fault_in_the_report_only_warns(
    evidence: Evidence, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bcflow.runner.reports.report_files.run_report_html", lambda *_: 1 // 0)
    write_report_beside(evidence, make_record())
    (warning,) = warnings
    assert "cannot write the report" in warning
