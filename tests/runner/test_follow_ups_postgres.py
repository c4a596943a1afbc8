"""What is due to be looked at again, where several workers share one database."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.follow_up_looks import FollowUps
from bcflow.runner.storage.database import Database, as_text, tables


def make_run(run: str, login: str) -> RunRecord:
    return RunRecord(
        id=run, job="ana", flow="invite-member", outcome="waiting", waiting_for="invitee", message="", login=login
    )


def test_two_workers_share_what_is_due_by_login(postgres: str) -> None:
    with closing(Database(postgres)) as here, closing(Database(postgres)) as there:
        one, other = FollowUps(here), FollowUps(there)
        for run, login in (("a-001", "default"), ("a-002", "acme"), ("a-003", "default")):
            one.note(make_run(run, login))
        assert one.take(but=set()) is None, "nothing is due yet"
        due = as_text(datetime.now(UTC) - timedelta(hours=1))
        with here.transaction() as connection:
            connection.execute(tables.tables["follow_ups"].update().values(due=due))
        found = [one.take(but=set()), other.take(but=set()), one.take(but=set())]
        assert {taken.login: taken.runs for taken in found if taken} == {
            "acme": ["a-002"],
            "default": ["a-001", "a-003"],
        }
        other.put_back(["a-003"])
        back = one.take(but={"acme"})
        assert back is not None
        assert back.runs == ["a-003"]
