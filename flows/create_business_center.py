"""Create a Business Center.

Source: help pages and public automation code, 2024-26: an old form, or a combined one that makes the first ad
account too. A Business Center can never be deleted, its region, currency and time zone never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.flows.created import judge_created
from bcflow.flows.run import Conclusion
from bcflow.models.effects import canonical
from bcflow.models.errors import CannotSee, ScreenChanged
from bcflow.models.identity import canonical_name
from bcflow.models.jobs import CreateBusinessCenter
from bcflow.pages.ad_accounts_page import AdAccountsPage
from bcflow.pages.chooser_page import ChooserPage
from bcflow.pages.overview_page import OverviewPage
from bcflow.pages.registration_page import RegistrationPage

if TYPE_CHECKING:
    from bcflow.flows.run import Run
    from bcflow.models.looks import Look, Memory
    from bcflow.pages.kit.writing.commit import Commit


def create_business_center(run: Run, job: CreateBusinessCenter) -> Conclusion:
    """Make sure that this login has one Business Center of this name, as asked for."""
    (effect,) = canonical(job)
    # Which of the two kinds it is, no page shows afterwards.
    want = {name: value for name, value in effect.want.items() if name != "kind"}

    def look(memory: Memory) -> Look:
        with run.step("look for Business Centers of this name"):
            chooser = ChooserPage.open(run.site)
            shown = chooser.read()
        named = [each.id for each in shown if each.id == memory.id or canonical_name(each.name) == effect.identity]
        if not named:
            chooser.require_whole()
        return judge_created(
            named,
            want=want,
            read=read,
            memory=memory,
            same_name=tuple(named),
            proof=f"{len(shown)} Business Centers are shown to this login",
            state=lambda _org, _have: (None, ""),
        )

    def read(org: str) -> dict[str, str | None]:
        with run.step("read the Business Center's overview"):
            return {"name": run.site.session.business_centers.get(org), **OverviewPage.open(run.site, org).read(want)}

    def act() -> Commit:
        with run.step("fill the registration"):
            return RegistrationPage.open(run.site).fill(job)

    settled = run.ensure(effect, look=look, act=act)
    result = {"business_center_id": settled.id, "aadvid": None, "status": settled.have.get("status")}
    if settled.id and settled.stands and job.ad_account_name:
        result["aadvid"] = _first_account(run, settled.id, job.ad_account_name)
    return Conclusion((settled,), result)


def _first_account(run: Run, org: str, name: str) -> str | None:
    try:
        with run.step("look for the ad account made with it"):
            named, _ = AdAccountsPage.open(run.site, org).find_named(name)
    except (CannotSee, ScreenChanged):
        # The Business Center stands all the same; the next run looks for its account again.
        return None
    return named[0].aadvid if len(named) == 1 else None
