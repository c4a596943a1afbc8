"""Whether a Business Center has the ad accounts that a job names: seen by a look, without the form that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee, Refused, ScreenChanged, WrongPlace
from bcflow.pages.ad_accounts_page import AdAccountsPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcflow.flows.run import Run
    from bcflow.models.jobs import AssetRole


def held_names(run: Run, org: str, items: Iterable[AssetRole]) -> dict[str, str]:
    """Return the names of the ad accounts that the list of the Business Center `org` shows, by id.

    Raises `Refused` for one that surely is not in it. Where the list cannot tell, the form will: nothing is claimed.
    What another job of the batch asks for is not expected to be there yet.
    """
    asked = [item.aadvid for item in items if item.aadvid not in run.to_come]
    session = run.site.session
    visit = session.shared_looks.name if session.shared_looks else ""
    if not asked or (visit and (visit, org) in session.unlisted):
        return {}
    try:
        with run.step("look whether the Business Center has the ad accounts"):
            held = AdAccountsPage.held(run.site, org, asked)
    except (CannotSee, ScreenChanged, WrongPlace) as error:
        session.unlisted.add((visit, org))
        session.warnings.append(f"Whether the Business Center has the ad accounts was not seen: {error}")
        return {}
    if missing := held.missing(asked):
        raise Refused(f"Business Center {org} has no ad account {', '.join(missing)} ({held.proof})")
    return {one: held.names[one] for one in asked if one in held.names}
