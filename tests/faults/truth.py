"""What the site really has of a job, read off the stand-in's world: the judge's own eyes."""

from __future__ import annotations

from typing import Any

from standin import seed
from standin.world import World


def state(world: World, job: Any) -> str:  # noqa: ANN401 - chosen by flow
    """Return how the site has what the job wants: absent, as asked, or otherwise."""
    return {
        "invite-member": _member,
        "add-ad-account": _access,
        "share-with-partner": _share,
        "create-ad-account": _account,
        "create-business-center": _center,
    }[job.flow](world, job)


def _told(found: object, *, fits: bool) -> str:
    if not found:
        return "absent"
    return "as asked" if fits else "otherwise"


def _member(world: World, job: Any) -> str:  # noqa: ANN401
    row = world.business_centers[job.business_center].member(job.email)
    return _told(row, fits=row is not None and row.role == job.role)


def _access(world: World, job: Any) -> str:  # noqa: ANN401
    relation = world.ad_accounts[job.aadvid].relations.get(job.business_center)
    return _told(relation, fits=relation is not None and relation.role == job.role)


def _share(world: World, job: Any) -> str:  # noqa: ANN401
    partner = world.business_centers[job.business_center].partner(job.partner_id)
    (asked,) = job.ad_accounts
    share = partner.shares.get(asked.aadvid) if partner else None
    return _told(share, fits=share is not None and share.level == asked.role)


def _account(world: World, job: Any) -> str:  # noqa: ANN401
    named = [each for each in world.ad_accounts.values() if each.name == job.name]
    alike = [(each.country, each.currency, each.time_zone) for each in named]
    return _told(named, fits=alike == [(job.country, job.currency, job.time_zone)])


def _center(world: World, job: Any) -> str:  # noqa: ANN401
    named = [each for each in world.business_centers.values() if each.name == job.name]
    alike = [(each.country, each.currency, each.time_zone) for each in named]
    return _told(named, fits=alike == [(job.country, job.currency, job.time_zone)])


def things(world: World) -> frozenset[str]:
    """Return everything a flow could have made or changed, each as one text."""
    found = {f"Business Center {key}" for key in world.business_centers}
    for key, center in world.business_centers.items():
        found |= {f"{key} member {row.email} {row.role} {sorted(row.assets.items())}" for row in center.members}
        for partner in center.partners:
            found |= {f"{key} partner {partner.bc_id}"}
            found |= {f"{key} share {partner.bc_id} {one} {share.level}" for one, share in partner.shares.items()}
    for key, account in world.ad_accounts.items():
        found |= {f"account {key}"} | {f"{org} access {key} {one.role}" for org, one in account.relations.items()}
    return frozenset(found | {f"fee {org}" for org in world.notes.get("fees", [])})


def wanted(world: World, job: Any) -> frozenset[str]:  # noqa: ANN401
    """Return what of `things` the job may have brought about."""
    org = job.business_center or ""
    if job.flow == "invite-member":
        return frozenset({f"{org} member {job.email} {job.role} []"})
    if job.flow == "add-ad-account":
        return frozenset({f"{org} access {job.aadvid} {job.role}"})
    if job.flow == "share-with-partner":
        (asked,) = job.ad_accounts
        shared = f"{org} share {job.partner_id} {asked.aadvid} {asked.role}"
        other = f"{job.partner_id} access {asked.aadvid} {asked.role}"
        return frozenset({f"{org} partner {job.partner_id}", f"{job.partner_id} partner {org}", shared, other})
    if job.flow == "create-ad-account":
        made = [each for each in world.ad_accounts.values() if each.name == job.name]
        return frozenset(f"account {one.aadvid}" for one in made) | frozenset(
            f"{org} access {one.aadvid} {each.role}" for one in made for each in one.relations.values()
        )
    centers = [key for key, each in world.business_centers.items() if each.name == job.name]
    firsts = [each for each in world.ad_accounts.values() if each.owner in centers]
    return (
        frozenset(f"Business Center {key}" for key in centers)
        | frozenset(f"{key} member {seed.EMAIL} admin []" for key in centers)
        | frozenset(f"account {each.aadvid}" for each in firsts)
        | frozenset(f"{key} access {each.aadvid} {one.role}" for each in firsts for key, one in each.relations.items())
    )
