"""Share ad accounts with a partner, adding the partner if need be.

Source: help pages "add partners" (2024) and "form media agency partnerships" (2025): "Add partner", the
partner's Business Center id, "Next", ad accounts and a role, "Confirm"; or the partner's page, "You've shared",
"Share assets". The partner may have to accept under Requests (third parties, 2026).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.flows.compare import judge
from bcflow.flows.held import held_names
from bcflow.flows.run import Conclusion, Settled
from bcflow.models.effects import canonical
from bcflow.models.errors import Refused
from bcflow.models.identity import canonical_name, quoted
from bcflow.models.jobs import ShareWithPartner
from bcflow.models.looks import Absent, CannotSee
from bcflow.pages.partner_details_page import PartnerDetailsPage
from bcflow.pages.partner_form_page import PartnerFormPage
from bcflow.pages.partners_page import PartnersPage

if TYPE_CHECKING:
    from bcflow.flows.run import Run
    from bcflow.models.accounts import Partner
    from bcflow.models.jobs import AssetRole
    from bcflow.models.looks import Effect, Look, Memory
    from bcflow.models.outcomes import Outcome
    from bcflow.pages.kit.writing.commit import Commit


def share_with_partner(run: Run, job: ShareWithPartner) -> Conclusion:
    """Make sure that the partner is there and sees each ad account in the role asked for."""
    partner, *shares = canonical(job)
    settled = [_ensure_partner(run, job, partner, shares[0])]
    for effect, item in zip(shares, job.ad_accounts, strict=True):
        settled.append(_not_yet(effect, settled[0]) or _ensure_share(run, job, effect, item))
    return Conclusion(
        tuple(settled),
        {
            "partner_id": job.partner_id,
            "shares": [
                {"aadvid": item.aadvid, "role": item.role, "status": one.have.get("status") or one.outcome}
                for item, one in zip(job.ad_accounts, settled[1:], strict=True)
            ],
        },
    )


def _ensure_partner(run: Run, job: ShareWithPartner, effect: Effect, first: Effect) -> Settled:
    def look(memory: Memory) -> Look:
        with run.step("look for the partner"):
            partners = PartnersPage.open(run.site, job.business_center)
            found, proof = partners.find(job.partner_id, was_absent=memory.armed)
        if found is None:
            why = partners.why_not_add(job.business_center)
            return CannotSee(why) if why else Absent(proof)
        _require_name(job, found)
        if found.status == "request declined":
            raise Refused("the partner declined; ask them before asking again")
        have = {"name": found.name, "status": found.status, "has_page": partners.has_page(job.partner_id)}
        waiting = "partner" if found.status == "request pending" else None
        return judge({}, have, memory=memory, waiting_for=waiting, words=found.unknown_words)

    def act() -> Commit:
        with run.step("fill the form that adds the partner"):
            PartnersPage(run.site).start_adding()
            return PartnerFormPage(run.site).fill_new(job, job.ad_accounts[0], shared=first)

    def needs() -> dict[str, str]:
        return held_names(run, job.business_center, job.ad_accounts)

    return run.ensure(effect, look=look, act=act, needs=needs)


def _not_yet(effect: Effect, partner: Settled) -> Settled | None:
    """Return what is to be said of a share whose partner is not there yet."""
    if not partner.stands or not partner.have or partner.waiting_for == "you":
        # What was not seen (a code is missing, or it is gone), or not understood, is no ground for a share.
        why: Outcome = partner.outcome if partner.outcome in ("planned", "waiting") else "skipped"
        message = f"the partner comes first: {partner.outcome}"
        return Settled(effect, why, message, waiting_for=partner.waiting_for, next_action=partner.next_action)
    if partner.have["has_page"]:
        return None
    # Some editions keep a partner that was asked under Requests: what it is given shows only once it accepts.
    message = "the partner was asked and has not accepted yet; what it is given can be seen after that"
    return Settled(
        effect,
        "waiting",
        message,
        waiting_for=partner.waiting_for or "partner",
        next_action=f"{partner.next_action}; then run it again",
    )


def _ensure_share(run: Run, job: ShareWithPartner, effect: Effect, item: AssetRole) -> Settled:
    want = {"role": item.role}

    def look(memory: Memory) -> Look:
        with run.step(f"look at what is shared: {item.aadvid}"):
            PartnersPage.open(run.site, job.business_center).open_details(job.partner_id)
            details = PartnerDetailsPage(run.site, job.partner_id)
            found, proof = details.find_share(item.aadvid, was_absent=memory.armed)
        if found is None:
            why = details.why_not_share(job.business_center)
            return CannotSee(why) if why else Absent(proof)
        if found.status == "request declined":
            raise Refused("the partner declined; ask them before asking again")
        waiting = "partner" if found.status == "request pending" else None
        have = found.model_dump(exclude={"aadvid", "unknown_words"})
        return judge(want, have, memory=memory, waiting_for=waiting, words=found.unknown_words)

    def act() -> Commit:
        with run.step(f"fill the form that shares {item.aadvid}"):
            PartnerDetailsPage(run.site, job.partner_id).start_sharing()
            return PartnerFormPage(run.site).fill_share(job, item)

    def needs() -> dict[str, str]:
        return held_names(run, job.business_center, [item])

    return run.ensure(effect, look=look, act=act, needs=needs)


def _require_name(job: ShareWithPartner, found: Partner) -> None:
    if job.expect_partner_name and canonical_name(job.expect_partner_name) != canonical_name(found.name):
        raise Refused(
            f"partner {job.partner_id} is named {quoted(found.name, 255)}, not {quoted(job.expect_partner_name, 255)}"
        )
