"""The five flows in plain Playwright: what a good engineer would write for this one site, and no more.

It loads the same pages as bcflow and looks before and after, but knows the site: one language, one kit, one
order of steps. No ledger, no evidence, no fence, no second thought about what a click hit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from benchmarks.plain_page import AGENCY, CONTENT, COUNTRY, DIALOG, WORDS, ZONE, Job, Listing, Script, require


def create_business_center(script: Script, job: Job) -> None:
    page, body = script.page, script.page.locator("body")
    require(job["name"] not in script.business_centers(), "no Business Center of this name")
    page.goto(f"{script.address}/account/create", wait_until="domcontentloaded")
    script.fill(body, "Enter the full legal name of your business", job["company"])
    script.choose("Country/Region", COUNTRY)
    script.cascade("Industry", job["industry"])
    script.fill(body, "Enter a contact name", job["contact_name"])
    script.fill(body, "Enter a phone number", job["phone"])
    script.fill(body, "Enter your website", job["website"])
    script.fill(body, "Enter a Business Center name", job["name"])
    script.choose("Time zone", ZONE)
    script.choose("Payment currency", job["currency"])
    script.fill(body, "Enter ad account name", job["ad_account_name"])
    script.turn_on(body, "I agree")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/manage/overview**", wait_until="domcontentloaded")
    org = re.findall(r"org_id=(\d+)", page.url)[0]
    require(job["name"] in script.business_centers(), "the new Business Center")
    script.open("/manage/overview", org)
    page.locator(CONTENT).get_by_text(f"ID: {org}").wait_for()
    script.require_place(job["name"])
    require(len(script.accounts(org).having(job["ad_account_name"])) == 1, "its first ad account")


def create_ad_account(script: Script, job: Job) -> None:
    page, org, body = script.page, job["business_center"], script.page.locator("body")
    require(not script.accounts(org).having(job["name"]), "no ad account of this name")
    script.open("/manage/accounts/adv", org)
    script.sheet()
    page.get_by_role("button", name="Add advertiser account").click()
    page.locator(DIALOG).get_by_text("Create New", exact=True).click()
    page.locator(DIALOG).get_by_role("button", name="Next").click()
    page.locator(DIALOG).filter(has_text="still in review").get_by_role("button").last.click()
    script.choose_vi("Country/Region", COUNTRY)
    script.fill(body, "Search by company name", job["company"])
    script.fill(body, "Enter company website", job["website"])
    page.get_by_role("button", name="Next").click()
    script.cascade("Industry", job["industry"])
    script.fill(body, "Enter ad account name", job["name"])
    script.choose_vi("Time zone", ZONE, search=ZONE)
    script.choose_vi("Currency", job["currency"])
    for hint, name in (
        ("street", "street"),
        ("city", "city"),
        ("state/province", "state"),
        ("postal code", "postal_code"),
    ):
        script.fill(body, f"Enter {hint}", job[name])
    page.locator("label").filter(has_text="I agree").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Check your details").wait_for()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Add payment information", exact=True).wait_for()
    named = script.accounts(org).having(job["name"])
    require(len(named) == 1, "one new ad account")
    script.open("/manage/accounts/adv", org)
    aadvid = re.findall(r"\d{19}", named[0])[0]
    script.show(aadvid).get_by_text("View", exact=True).click()
    details = page.locator(CONTENT)
    details.get_by_text("Currency", exact=True).wait_for()
    text = details.inner_text()
    require(all(each in text for each in (COUNTRY, ZONE, job["currency"], job["company"])), "its details")


def add_ad_account(script: Script, job: Job) -> None:
    page, org = script.page, job["business_center"]
    require(not script.accounts(org).having(job["aadvid"]), "no such ad account yet")
    script.require_place(AGENCY)
    page.get_by_role("button", name="Add advertiser account").click()
    page.locator(DIALOG).get_by_text("Request Access", exact=True).click()
    page.locator(DIALOG).get_by_role("button", name="Next").click()
    dialog = page.locator(DIALOG).filter(has_text="Access permission")
    script.fill(dialog, "Enter account ID", job["aadvid"])
    script.turn_on(dialog, WORDS[job["role"]])
    dialog.get_by_role("button", name="Confirm").click()
    dialog.wait_for(state="hidden")
    require(bool(script.accounts(org, until=job["aadvid"]).having(job["aadvid"], "Request pending")), "the request")


def invite_member(script: Script, job: Job) -> None:
    page, org = script.page, job["business_center"]
    require(not script.members(org).having(job["email"]), "no such member yet")
    script.require_place(AGENCY)
    page.get_by_role("button", name="Invite Member").click()
    dialog = page.locator(DIALOG)
    script.fill(dialog, "Enter the new member's email address", job["email"])
    script.turn_on(dialog, WORDS[job["role"]])
    script.turn_on(dialog, f"Finance {WORDS[job['finance_role']]}")
    dialog.get_by_role("button", name="Next").click()
    for item in job["ad_accounts"]:
        row = script.tick(dialog, item["aadvid"])
        script.pick(row, WORDS[item["role"]])
    script.require_ticked(dialog, *(item["aadvid"] for item in job["ad_accounts"]))
    dialog.get_by_role("button", name="Confirm").click()
    dialog.wait_for(state="hidden")
    invited = script.members(org, until=job["email"]).having(job["email"], "Pending", "Admin", "Finance analyst")
    require(len(invited) == 1, "the invitation")
    script.show(job["email"]).get_by_text("View", exact=True).click()
    assigned = Listing(script.sheet(DIALOG)["rows"], "")
    for item in job["ad_accounts"]:
        require(len(assigned.having(item["aadvid"], WORDS[item["role"]])) == 1, "the assigned accounts")


def share_with_partner(script: Script, job: Job) -> None:
    page, org, partner = script.page, job["business_center"], job["partner_id"]
    first, second = job["ad_accounts"]
    require(not script.partners(org).having(partner), "no such partner yet")
    page.locator(CONTENT).get_by_text("Requests", exact=True).click()
    require(not script.walk().having(partner), "no request either")
    page.locator(CONTENT).get_by_text("All partners", exact=True).click()
    script.require_place(AGENCY)
    page.get_by_role("button", name="Add partner").click()
    dialog = page.locator(DIALOG)
    script.fill(dialog, "Enter the partner's Business Center ID", partner)
    dialog.get_by_role("button", name="Next").click()
    script.grant(dialog, first, primary=job["primary_agency"])
    dialog.get_by_role("button", name="Confirm").click()
    dialog.wait_for(state="hidden")
    require(len(script.partners(org).having(partner)) == 1, "the partner")
    require(bool(script.shares(org, partner).having(first["aadvid"], WORDS[first["role"]])), "the first share")
    require(not script.shares(org, partner).having(second["aadvid"]), "no second share yet")
    page.get_by_role("button", name="Share assets").click()
    script.grant(dialog, second, primary=None)
    dialog.get_by_role("button", name="Assign").click()
    dialog.wait_for(state="hidden")
    require(bool(script.shares(org, partner).having(second["aadvid"], WORDS[second["role"]])), "the second share")


FLOWS: Final[dict[str, Callable[[Script, Job], None]]] = {
    "create-business-center": create_business_center,
    "create-ad-account": create_ad_account,
    "add-ad-account": add_ad_account,
    "invite-member": invite_member,
    "share-with-partner": share_with_partner,
}
