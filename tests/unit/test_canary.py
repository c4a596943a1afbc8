from pathlib import Path

from tests.unit.batch_desk import Answer, Desk, make_account, make_job, prove


def test_looks_at_everything_before_the_first_write(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")]).go()

    assert desk.slot.asked == [("look", "ana"), ("look", "bo"), ("run", "ana"), ("run", "bo")]
    assert desk.outcomes == ["done", "done"]


def test_an_unproven_flow_writes_one_then_five_then_all(tmp_path: Path) -> None:
    questions: list[str] = []

    def confirm(question: str) -> bool:
        questions.append(question)
        return True

    desk = Desk(tmp_path, [make_job(f"p{n}") for n in range(9)], trust=False, confirm=confirm).go()

    assert desk.outcomes == ["done"] * 9
    assert [question.splitlines()[-1] for question in questions] == [
        "Go on with 8 more?",
        "Go on with 3 more?",
    ]


def test_the_question_after_the_first_write_shows_its_picture(tmp_path: Path) -> None:
    questions: list[str] = []

    def confirm(question: str) -> bool:
        questions.append(question)
        return False

    picture = {"file": "01-before-send.png", "caption": "before", "kind": "before"}
    runs: dict[str, Answer] = {"ana": {"outcome": "done", "writes": 1, "pictures": [picture]}}
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs=runs, trust=False, confirm=confirm).go()

    assert desk.written == ["ana"]
    assert desk.outcomes == ["done", "cancelled"]
    assert str(tmp_path / "runs" / "b-001" / "01-before-send.png") in questions[0]


def test_a_first_write_that_is_not_seen_stops_everything(tmp_path: Path) -> None:
    jobs = [make_job("ana"), make_job("bo"), make_account()]
    for outcome in ("unknown", "screen-changed"):
        home = tmp_path / outcome
        desk = Desk(home, jobs, runs={"ana": {"outcome": outcome, "writes": 1}}).go()

        assert desk.written == ["ana"]
        assert desk.outcomes == [outcome, "skipped", "skipped"]


def test_a_proven_flow_goes_on_after_an_unknown_and_asks_nothing(tmp_path: Path) -> None:
    prove(tmp_path, "invite-member")
    runs: dict[str, Answer] = {"ana": {"outcome": "unknown", "writes": 1}}
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs=runs, trust=False).go()

    assert desk.outcomes == ["unknown", "done"]


def test_proof_holds_for_its_language_only(tmp_path: Path) -> None:
    prove(tmp_path, "invite-member", language="vi")
    desk = Desk(tmp_path, [make_job("ana")], trust=False)
    desk.batch.look()

    assert desk.batch.unproven() == ["invite-member"]


def test_a_refused_or_unwritten_run_proves_nothing(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"bo": {"outcome": "already"}}
    jobs = [make_job("ana"), make_job("bo")]
    desk = Desk(tmp_path, jobs, looks=looks, runs={"ana": {"outcome": "refused", "writes": 1}}).go()
    assert desk.proven.proofs("invite-member") == []

    Desk(tmp_path, [make_job("cy")]).go()
    assert [proof.language for proof in desk.proven.proofs("invite-member")] == ["en"]
