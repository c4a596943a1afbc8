"""Every screen of a stranger opened once, with all texts that were to be seen on it."""

import re

from playwright.sync_api import expect

from standin import seed
from tests.standin import stranger_flows as flows
from tests.standin.stranger_walk import Person

DETAILS = f"&detail_adv={seed.OWNED_APPROVED}"


SELDOM = {
    ("accounts.filter.clear", "ad_accounts"): "shows once a filter is set",
    ("accounts.share.state.declined", "ad_account_details"): "nobody has declined an account",
    ("accounts.share.state.requested", "ad_account_details"): "of another account",
    ("members.level.admin", "members"): "of the member that was opened",
    ("members.level.operator", "members"): "of the member that was opened",
    ("members.level.analyst", "members"): "of the member that was opened",
    ("members.permission", "members"): "whoever has no accounts may have no table",
    ("partners.share.declined", "partner_details"): "nobody has declined an account",
    ("partners.status.declined", "partner_details"): "nobody has declined",
    ("partners.status.declined", "partners"): "nobody has declined",
    ("partners.status.requested", "partner_details"): "of another partner",
    ("wizard.companyHint", "wizard"): "of an advertiser's form",
    ("wizard.confirm", "wizard"): "of a form without a page to check",
    ("wizard.noData", "wizard"): "where nothing fits what is typed",
    ("kit.empty", ""): "of an empty list",
    ("core.cancel", "fee"): "under a fault",
    ("tips.ok", "tips"): "under a fault",
    ("announcement.ok", "announcement"): "under a fault",
    ("cookies.decline", "cookies"): "under a fault",
}
"""Words, each with its screen, that a walk need not meet, and why; no screen: any."""


def unseen(person: Person) -> set[tuple[str, str]]:
    """Return the words that the truth names for a screen and that were not seen there, as (key, screen)."""
    rows = {(row["key"], row["screen"], row["text"]) for texts in person.truth.values() for row in texts}
    missed = {(key, screen) for key, screen, text in rows if not saw(person, screen, text)}
    states = {(key, screen) for key, screen in missed if key.startswith("accounts.status.") and "details" in screen}
    return missed - states - SELDOM.keys() - {(key, screen) for key, screen in missed if (key, "") in SELDOM}


def saw(person: Person, screen: str, text: str) -> bool:
    """Whether a text stood on a screen as a line of its own."""
    pattern = re.compile(re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(text)))
    return any(pattern.fullmatch(seen) for seen in person.seen.get(screen, ()))


def see_all(person: Person) -> None:
    """Open each screen and go through each flow, but for signing in; the shell is seen all the way."""
    person.open("/manage/business-settings", "settings", "id")
    person.settle()
    person.note("settings")
    person.note("shell")
    see_members(person)
    see_accounts(person)
    see_partners(person)
    person.page.goto(f"{person.site.bc_url}/select")
    if person.axis("select_page") == "cards":
        expect(person.page.get_by_text(person.pattern("chooser", "select an account"))).to_be_visible()
        person.note("chooser")
    else:
        person.page.wait_for_url("**/manage/overview?**")
    see_login(person)
    for flow, screen in ((flows.invite, "invitation"), (flows.request, "ad_accounts"), (flows.create, "wizard")):
        flow(person)
        person.settle()
        person.note(screen)
    flows.share(person)
    flows.register(person)


def see_members(person: Person) -> None:
    """See the list, the details of a member and of an invitation, and the question whether to cancel it."""
    person.open("/manage/users/members", "members", "invite member")
    assert list(person.parts_of_list("members"))
    for state in ("active", "pending"):
        person.open("/manage/users/members", "members", "invite member")
        person.open_row("members", state)
    person.page.get_by_text(person.pattern("members", "remove")).filter(visible=True).click()
    person.settle()
    person.note("members")


def see_accounts(person: Person) -> None:
    """See the list, and one account with its tabs and the form that shares it."""
    screen = "ad_account_details"
    person.open("/manage/accounts/adv", "ad_accounts", "add advertiser account")
    assert list(person.parts_of_list("ad_accounts"))
    expect(person.action("ad_accounts", person.rows().last, "view")).to_be_visible()
    person.page.goto(f"{person.site.bc_url}/manage/accounts/adv?org_id={seed.NORTHWIND}{DETAILS}")
    person.settle()
    person.note(screen)
    person.page.get_by_text(person.pattern(screen, "partners")).filter(visible=True).last.click()
    person.settle()
    person.press(screen, "share with partner")
    person.settle()
    person.note(screen)


def see_partners(person: Person) -> None:
    """See both tabs, and one partner with the form that shares more with it."""
    path, screen = flows.partners_path(person), "partner_details"
    person.open(path, "partners", "add partner")
    person.open_row("partners", "active")
    person.note(screen)
    person.open(path, "partners", "add partner")
    person.page.get_by_text(person.pattern("partners", "requests")).filter(visible=True).last.click()
    person.settle()
    person.note("partners")
    for partner in (seed.DELTA_MEDIA, seed.EPSILON):
        person.page.goto(f"{person.site.bc_url}{path}/detail?org_id={seed.NORTHWIND}&partner_id={partner}")
        person.settle()
        person.note(screen)
    person.press(screen, "share assets")
    person.settle()
    person.note(screen)
    if person.axis("form_steps") in {"two", "three"}:
        person.tick_account(screen, seed.TWIN_B)
        person.press(screen, "next")
        person.settle()
    person.choose(screen, "operator", "access permission")
    person.settle()
    person.note(screen)


def see_login(person: Person) -> None:
    """See the form that signs in, the consent, and the step with the code."""
    person.page.goto(f"{person.site.ads_url}/i18n/login")
    expect(person.page.get_by_text(person.words["login.heading"], exact=True)).to_be_visible()
    if person.axis("login_form") == "old":
        person.page.get_by_text(person.pattern("login", "log in with email")).click()
    person.note("login")
    person.page.evaluate("ADS.codeStep('email', 'ops@agency.example')")
    person.note("login_code")
    person.page.reload()
    person.press("login", "log in with tiktok")
    expect(person.page.get_by_text(person.words["consent.text"], exact=True)).to_be_visible()
    person.note("consent")
    if person.axis("two_step_page") == "yes":
        person.page.goto(f"{person.site.bc_url}/two-step-verification")
        expect(person.page.get_by_text(person.words["two_step.text"], exact=True)).to_be_visible()
        person.note("two_step")
