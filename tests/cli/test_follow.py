"""What is said while a batch runs: each run once, whoever is faster, its rows or the session that worked it."""

import io

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.context import Context
from bcflow.runner.cli.app import run_app
from bcflow.runner.cli.running.follow import Follower
from bcflow.runner.reports.progress import Lines


@pytest.mark.usefixtures("home", "site")
def test_a_run_whose_row_is_seen_first_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow, ends = Follower.follow, Follower.ends
    context: list[Context] = []

    def following(one: Follower, of: Context, *given: object, **named: object) -> object:
        context.append(of)
        return follow(one, of, *given, **named)  # type: ignore[arg-type]

    def late(one: Follower, batch: str, record: RunRecord) -> None:
        one._show(context[0])
        ends(one, batch, record)

    monkeypatch.setattr(Follower, "follow", following)
    monkeypatch.setattr(Follower, "ends", late)

    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    told = capsys.readouterr().err.splitlines()
    for what in ("planned", "done"):
        mine = [line for line in told if f" {what} " in line]
        assert [line.split()[2] for line in mine] == ["[1/3]", "[2/3]", "[3/3]"], told


def test_an_attempt_that_ends_as_the_one_before_it_is_told_again() -> None:
    said = io.StringIO()
    following = Follower(Lines(said))
    following.batch = "b"
    record = RunRecord(id="b-001", job="ana", flow="invite-member", outcome="waiting", message="a captcha", started="1")
    for started in ("1", "1", "2"):
        following.ends("b", record.model_copy(update={"started": started}))
    assert said.getvalue().count("a captcha") == 2
