"""Create an ad account in a Business Center.

Source: help pages "create ad accounts in Business Center" and "account set-up": "Add advertiser account",
"Create new", then a wizard. Country, currency and time zone can never be changed, and names are not unique:
a new account is known by its id being new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.flows.created import judge_created
from bcflow.flows.run import Conclusion
from bcflow.models.effects import canonical
from bcflow.models.errors import Refused
from bcflow.models.jobs import CreateAdAccount
from bcflow.models.looks import Absent, CannotSee
from bcflow.pages.ad_account_details_page import AdAccountDetailsPage
from bcflow.pages.ad_account_wizard_page import AdAccountWizardPage
from bcflow.pages.ad_accounts_page import AdAccountsPage

if TYPE_CHECKING:
    from bcflow.flows.run import Run
    from bcflow.models.accounts import AdAccount
    from bcflow.models.looks import Look, Memory
    from bcflow.pages.kit.writing.commit import Commit

DEAD = ("disapproved", "disabled")


def create_ad_account(run: Run, job: CreateAdAccount) -> Conclusion:
    """Make sure that the Business Center owns one ad account of this name, as asked for."""
    (effect,) = canonical(job)

    def look(memory: Memory) -> Look:
        with run.step("look for ad accounts of this name"):
            accounts = AdAccountsPage.open(run.site, job.business_center)
            known = accounts.find(memory.id, made_here=True)[0] if memory.id else None
            named, proof = ([known], "") if known else accounts.find_named(job.name)
            may_add = accounts.may_add
        if known and known.status in DEAD:
            raise Refused(f"ad account {known.aadvid}, made for this before, is {known.status} now")
        alive = [each for each in named if each.status not in DEAD and each.owned_here is not False]
        found = judge_created(
            [each.aadvid for each in alive],
            want=effect.want,
            read=lambda aadvid: read(aadvid, alive),
            memory=memory,
            same_name=tuple(each.aadvid for each in named),
            proof=proof,
            state=lambda aadvid, have: (_awaits(have), _row(aadvid, alive).unknown_words),
        )
        why = "" if may_add or not isinstance(found, Absent) else accounts.why_not_add(job.business_center)
        return CannotSee(why) if why else found

    def read(aadvid: str, rows: list[AdAccount]) -> dict[str, str | None]:
        row = _row(aadvid, rows)
        have: dict[str, str | None] = {"status": row.status, "name": row.name}
        if effect.want:
            with run.step("read the ad account's details"):
                if AdAccountsPage.open(run.site, job.business_center).open_details(aadvid):
                    have |= AdAccountDetailsPage(run.site, aadvid).read(effect.want)
        return have

    def act() -> Commit:
        with run.step("fill the ad account wizard"):
            AdAccountsPage.open(run.site, job.business_center).start_creation()
            return AdAccountWizardPage(run.site).fill(job)

    settled = run.ensure(effect, look=look, act=act)
    return Conclusion((settled,), {"aadvid": settled.id, "status": settled.have.get("status")})


def _row(aadvid: str, rows: list[AdAccount]) -> AdAccount:
    return next(each for each in rows if each.aadvid == aadvid)


def _awaits(have: dict[str, str | None]) -> str | None:
    return "tiktok review" if have.get("status") == "in review" else None
