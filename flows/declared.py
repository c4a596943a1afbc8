"""Which states of which screens each flow comes to, and so what it relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.jobs import AddAdAccount, CreateAdAccount, CreateBusinessCenter, InviteMember, ShareWithPartner
from bcflow.pages import (
    access_request_page,
    ad_account_details_page,
    ad_account_wizard_page,
    ad_accounts_page,
    invitation_page,
    members_page,
    overview_page,
    partner_details_page,
    partner_form_page,
    partners_page,
    registration_page,
)

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase
    from bcflow.pages.kit.screen.declared import State


def states_of(job: JobBase) -> tuple[State, ...]:
    """Return every state that the flow of `job` may come to, with the form as `job` would fill it."""
    if isinstance(job, InviteMember):
        form = invitation_page.plan(job).state("Members")
        return members_page.LIST, form, members_page.DETAILS
    if isinstance(job, AddAdAccount):
        form = access_request_page.plan(job).state("Ad accounts")
        return ad_accounts_page.LIST, ad_accounts_page.CHOOSERS[ad_accounts_page.REQUEST], form
    if isinstance(job, CreateAdAccount):
        form = ad_account_wizard_page.plan(job).state("Ad accounts")
        chooser = ad_accounts_page.CHOOSERS[ad_accounts_page.CREATE]
        return ad_accounts_page.LIST, chooser, form, ad_account_details_page.PAGE
    if isinstance(job, ShareWithPartner):
        forms = (partner_form_page.plan(job, job.ad_accounts[0], new=new).state("Partners") for new in (True, False))
        return partners_page.LIST, partner_details_page.PAGE, *forms
    if isinstance(job, CreateBusinessCenter):
        return overview_page.PAGE, registration_page.plan(job).state("the registration")
    raise KeyError(job.flow)
