from collections.abc import Mapping

import pytest

from bcflow.runner.jobfiles.references import RawJob, check


def make_jobs(*jobs: Mapping[str, object]) -> list[RawJob]:
    return [RawJob(index, index + 10, job) for index, job in enumerate(jobs)]


ACCOUNT = {"flow": "create-ad-account", "id": "main"}
CENTER = {"flow": "create-business-center", "id": "bc"}


@pytest.mark.parametrize(
    "values",
    [
        {"aadvid": "${main.aadvid}"},
        {"business_center": "${bc.business_center_id}"},
        {"ad_accounts": [{"aadvid": "${bc.aadvid}", "role": "admin"}]},
        {"note": "${nobody.aadvid}"},
        {"aadvid": "7012345678901234567"},
        {"aadvid": 5},
    ],
    ids=range(6),
)
def test_a_good_reference_is_no_problem(values: dict[str, object]) -> None:
    assert check(make_jobs(ACCOUNT, CENTER, {"flow": "add-ad-account", **values})) == []


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"aadvid": "${mian.aadvid}"}, "${mian.aadvid}: no job has the id 'mian' (did you mean 'main'?)"),
        (
            {"aadvid": "${main.advid}"},
            "gives no 'advid' (did you mean 'aadvid'?); it gives aadvid, status",
        ),
        (
            {"business_center": "${main.aadvid}"},
            "aadvid does not fit here; business_center needs business_center_id or partner_id",
        ),
        ({"email": "${bc.status}"}, "${bc.status}: a status does not fit here; email needs email"),
        (
            {"aadvid": "${later.aadvid}"},
            "${later.aadvid}: the job 'later' stands below, in line 13; move it above",
        ),
        ({"id": "me", "aadvid": "${me.aadvid}"}, "${me.aadvid}: goes round in a circle: me → me"),
    ],
    ids=range(6),
)
def test_a_bad_reference_says_why(values: dict[str, object], why: str) -> None:
    last = {"flow": "create-ad-account", "id": "later"}
    (bad,) = check(make_jobs(ACCOUNT, CENTER, {"flow": "add-ad-account", **values}, last))
    assert bad.why.endswith(why)
    assert bad.job.index == 2


def test_a_circle_over_several_jobs_is_shown() -> None:
    entries = make_jobs(
        {"flow": "add-ad-account", "id": "a", "aadvid": "${b.aadvid}"},
        {"flow": "add-ad-account", "id": "b", "aadvid": "${c.aadvid}"},
        {"flow": "add-ad-account", "id": "c", "aadvid": "${a.aadvid}"},
    )
    assert "goes round in a circle: a → b → c → a" in check(entries)[0].why


def test_a_reference_in_a_list_knows_its_path() -> None:
    values = {"flow": "invite-member", "ad_accounts": [{}, {"aadvid": "${x.aadvid}"}]}
    (bad,) = check(make_jobs(values))
    assert bad.path == ("ad_accounts", 1, "aadvid")


def test_a_job_of_an_unknown_flow_gives_what_nobody_knows() -> None:
    entries = make_jobs({"flow": "nope", "id": "a"}, {"flow": "add-ad-account", "aadvid": "${a.what}"})
    assert check(entries) == []
