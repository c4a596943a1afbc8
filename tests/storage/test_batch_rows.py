"""What the database keeps of a job is read as it was taken in, whatever is asked of typing since."""

import pytest

from bcflow.runner.storage.batch_rows import Run

BC = "7123456789012345678"


@pytest.mark.parametrize(
    "job",
    [
        {"flow": "create-ad-account", "business_center": BC, "name": "\u201cAcme\u201d"},
        {"flow": "create-ad-account", "business_center": BC, "name": "Ac\u200bme"},
        {"flow": "invite-member", "business_center": BC, "email": "*ana@acme.example", "role": "standard"},
    ],
    ids=["in quotes", "with what nobody sees", "with a sign in front"],
)
def test_a_job_of_an_earlier_day_stops_no_worker(job: dict[str, str]) -> None:
    kept = Run("b-001", "default", dict(job), "a").task.job.model_dump(mode="json")
    assert {name: kept[name] for name in job} == job
