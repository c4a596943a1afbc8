"""Ask for access to an ad account that exists, by its id.

Source: help page "request access to ad accounts": "Add advertiser account", "Request access", account id,
access permission. The owner must approve; an account the login administers is added at once; rejected
accounts cannot be requested. Since March 2026 parts of the site say "link accounts" for the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.flows.compare import judge
from bcflow.flows.run import Conclusion
from bcflow.models.effects import canonical
from bcflow.models.errors import Refused
from bcflow.models.identity import canonical_name, quoted
from bcflow.models.jobs import AddAdAccount
from bcflow.models.looks import Absent, CannotSee
from bcflow.pages.access_request_page import AccessRequestPage
from bcflow.pages.ad_accounts_page import AdAccountsPage

if TYPE_CHECKING:
    from bcflow.flows.run import Run
    from bcflow.models.accounts import AdAccount
    from bcflow.models.looks import Look, Memory
    from bcflow.pages.kit.writing.commit import Commit


def add_ad_account(run: Run, job: AddAdAccount) -> Conclusion:
    """Make sure that the Business Center has the ad account, or has asked for it, in the role wanted."""
    (effect,) = canonical(job)

    def look(memory: Memory) -> Look:
        with run.step("look for the ad account"):
            accounts = AdAccountsPage.open(run.site, job.business_center)
            found, proof = accounts.find(job.aadvid, was_absent=memory.armed)
        if found is None:
            why = accounts.why_not_add(job.business_center)
            return CannotSee(why) if why else Absent(proof)
        _require_name(job, found)
        return _judge(effect.want, found, memory)

    def act() -> Commit:
        with run.step("fill the request for access"):
            AdAccountsPage(run.site).start_request()
            return AccessRequestPage(run.site).fill(job)

    settled = run.ensure(effect, look=look, act=act)
    return Conclusion((settled,), {"aadvid": job.aadvid, "status": settled.have.get("status")})


def _judge(want: dict[str, str], found: AdAccount, memory: Memory) -> Look:
    if found.relation == "request declined":
        raise Refused("the owner declined this Business Center's request; ask the owner before asking again")
    if found.relation == "request pending":
        # The list does not say which role a pending request asks for.
        return judge({}, {"status": found.relation}, memory=memory, waiting_for="owner")
    have = {"role": found.role, "status": found.status, "name": found.name, "owner": found.owner}
    if found.owned_here:
        # An account of this Business Center needs no request: its admins have it already.
        return judge({}, have, memory=memory, words=found.unknown_words)
    return judge(want, have, memory=memory, words=found.unknown_words)


def _require_name(job: AddAdAccount, found: AdAccount) -> None:
    if job.expect_name and canonical_name(job.expect_name) != canonical_name(found.name):
        raise Refused(f"ad account {job.aadvid} is named {quoted(found.name, 255)}, not {quoted(job.expect_name, 255)}")
