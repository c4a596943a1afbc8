"""Invite a person to a Business Center.

Source: help page "add users to Business Center" (2024): Members, "Invite Member", e-mail, access settings,
advanced permissions, then a step that assigns assets or is skipped. The invited person must accept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.flows.compare import judge
from bcflow.flows.held import held_names
from bcflow.flows.run import Conclusion
from bcflow.models.effects import canonical
from bcflow.models.jobs import InviteMember
from bcflow.models.looks import Absent, CannotSee
from bcflow.pages.invitation_page import InvitationPage
from bcflow.pages.members_page import MembersPage

if TYPE_CHECKING:
    from bcflow.flows.run import Run
    from bcflow.models.looks import Look, Memory
    from bcflow.pages.kit.writing.commit import Commit


def invite_member(run: Run, job: InviteMember) -> Conclusion:
    """Make sure that the person is a member or invited, with the role and the ad accounts asked for."""
    (effect,) = canonical(job)

    def look(memory: Memory) -> Look:
        with run.step("look for the person in Members"):
            members = MembersPage.open(run.site, job.business_center)
            found, proof = members.find(job.email, was_absent=memory.armed)
        if not found:
            why = members.why_no_invitation(job.business_center)
            return CannotSee(why) if why else Absent(proof)
        if len(found) > 1:
            return CannotSee(f"{len(found)} rows show {job.email}")
        have = found[0].model_dump(exclude={"unknown_words"})
        if job.ad_accounts:
            with run.step("read the ad accounts assigned to the person"):
                have["ad_accounts"] = members.read_assigned(job.email)
            if found[0].status in (None, "pending"):
                # They may show only once the person has accepted: none is no answer before that is known.
                have["ad_accounts"] = have["ad_accounts"] or None
        # What a pending row is called is not known for sure: an invitation of ours waits until it says otherwise.
        unsaid = found[0].status is None and not found[0].unknown_words and (memory.armed or memory.seen)
        waiting = "invitee" if found[0].status == "pending" or unsaid else None
        if found[0].status == "suspended":
            effect.want.setdefault("status", "active")
        return judge(effect.want, have, memory=memory, waiting_for=waiting, words=found[0].unknown_words)

    def act() -> Commit:
        with run.step("fill the invitation"):
            MembersPage(run.site).start_invitation()
            return InvitationPage(run.site).fill(job)

    def needs() -> dict[str, str]:
        return held_names(run, job.business_center, job.ad_accounts)

    settled = run.ensure(effect, look=look, act=act, needs=needs)
    return Conclusion((settled,), {"email": job.email, "status": settled.have.get("status")})
