"""Jobs for tests that are about batches and not about what a job says."""

from collections.abc import Iterable

from bcflow.models.jobs import JobBase, job_adapter

BC = "7123456789012345678"


def make_job(name: str, **overrides: object) -> JobBase:
    """Return an invitation called `name`."""
    values = {
        "flow": "invite-member",
        "email": f"{name}@acme.example",
        "role": "standard",
        "business_center": BC,
    }
    job: JobBase = job_adapter().validate_python({"id": name} | values | overrides)
    return job


def make_jobs(names: Iterable[str], **overrides: object) -> list[JobBase]:
    """Return an invitation for each name."""
    return [make_job(name, **overrides) for name in names]


def make_account(name: str = "main", **overrides: object) -> JobBase:
    """Return the job of a new ad account."""
    values = {"flow": "create-ad-account", "name": "Acme US", "business_center": BC}
    job: JobBase = job_adapter().validate_python({"id": name} | values | overrides)
    return job


def make_share(name: str, account: str, **overrides: object) -> JobBase:
    """Return the job that shares an ad account; `account` is an id or a reference."""
    values = {
        "flow": "share-with-partner",
        "id": name,
        "business_center": BC,
        "partner_id": "7345678901234567890",
        "ad_accounts": [{"aadvid": account, "role": "operator"}],
    }
    job: JobBase = job_adapter().validate_python(values | overrides)
    return job


def make_addition(name: str, account: str, **overrides: object) -> JobBase:
    """Return the job that asks for access to an ad account."""
    values = {"flow": "add-ad-account", "business_center": BC, "aadvid": account, "role": "operator"}
    job: JobBase = job_adapter().validate_python({"id": name} | values | overrides)
    return job
