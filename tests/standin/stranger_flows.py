"""The five flows as a person goes through them at any stranger; each returns what its write said."""

from typing import Any

from playwright.sync_api import expect

from standin import seed
from standin.areas.choices import country_label, currency_label, zone_label
from tests.standin.stranger_walk import Person

NEW = "new.person@client.example"
NAME = "Gadget Fair"
COMPANY = "Gadget Fair GmbH"
PLACE = ("country/region", "select where your business is registered")
CLOCK = ("time zone", "select a time zone")
MONEY = ("currency", "select a currency")
INDUSTRY = ("industry", "select an industry")


def partners_path(person: Person) -> str:
    """Return where the partners are."""
    return "/manage/users/partners" if person.axis("partners_route") == "guess" else "/manage/partnership/overview"


def invite(person: Person) -> dict[str, Any]:
    """Invite a member as Standard, with one account where the form offers any."""
    screen = "invitation"
    person.open("/manage/users/members", "members", "invite member")
    person.press("members", "invite member")

    def account() -> bool:
        if not person.offers_accounts(screen):
            return False
        row = person.tick_account(screen, seed.TWIN_B)
        place = row if person.axis("edition") == "2026" else person.row(screen, "asset permission")
        place.locator("[class*='-popper-trigger']").click()
        expect(person.option(screen, "operator")).to_be_visible()
        person.note(screen)
        person.option(screen, "operator").click()
        return True

    def finance() -> bool:
        caption = person.page.get_by_text(person.pattern(screen, "advanced permissions")).filter(visible=True)
        if caption.count():
            person.look_at_advanced(caption)
        return caption.count() > 0

    parts = [person.writes(screen, NEW, "enter email"), person.chooses(screen, "standard", "access settings"), finance]
    person.fill_steps(screen, *parts, *([account] if person.axis("asset_step") == "yes" else []))
    person.go_on_to(screen, "confirm")
    return person.send(screen, "invite", "confirm")


def request(person: Person) -> dict[str, Any]:
    """Ask for access to an account of somebody else."""
    screen = "ad_accounts"
    person.start_adding("request access")
    parts = [
        person.writes(screen, seed.REQUESTABLE, "enter account id"),
        person.chooses(screen, "operator", "access permission"),
    ]
    person.fill_steps(screen, *parts)
    person.go_on_to(screen, "confirm")
    return person.send(screen, "request", "confirm")


def create(person: Person) -> dict[str, Any]:
    """Create an account with the form that an agency gets."""
    screen, language = "wizard", person.axis("language")
    person.start_adding("create new")
    # One of the accounts waits for its review: the kit asks whether there shall be another.
    expect(person.button("ad_accounts", "confirm")).to_be_visible()
    person.press("ad_accounts", "confirm")
    expect(person.page.locator(".wizard")).to_be_visible()

    def industry() -> None:
        person.input(screen, *INDUSTRY).click()
        menus = person.page.locator(".vi-cascader-menu").filter(visible=True)
        menus.first.locator("li").filter(has_text="Travel").hover()
        menus.last.locator("li").get_by_text("Hotels", exact=True).click()

    currency = currency_label("EUR", person.axis("edition"))
    texts = {"company name": COMPANY, "website": "https://gadget.example", "enter ad account name": NAME}
    texts |= {"street": "Main 1", "city": "Berlin", "state": "Berlin", "postal code": "10115"}
    parts = [
        person.picks(screen, country_label("DE", language), *PLACE),
        person.does(screen, industry, *INDUSTRY),
        person.picks(screen, zone_label("Europe/Berlin", language), *CLOCK, search="Berlin"),
        person.picks(screen, currency, *MONEY),
        *(person.writes(screen, text, concept) for concept, text in texts.items()),
    ]
    person.fill_steps(screen, *parts)
    person.page.get_by_text(person.pattern(screen, "terms")).filter(visible=True).click()
    if person.axis("form_steps") in {"plain", "three"}:
        person.press(screen, "next")
    return person.send(screen, "create", "confirm")


def share(person: Person) -> dict[str, Any]:
    """Add a partner by its id and share an account with it."""
    screen = "partners"
    person.open(partners_path(person), screen, "add partner")
    person.press(screen, "add partner")

    def account() -> bool:
        if not person.offers_accounts(screen):
            return False
        person.tick_account(screen, seed.OWNED_APPROVED)
        return True

    def level() -> bool:
        if not person.row(screen, "access permission").count():
            return False
        person.choose(screen, "operator", "access permission")
        if person.axis("edition") == "2026":
            person.row(screen, "primary media agency").get_by_text(person.pattern(screen, "no")).click()
        return True

    person.fill_steps(screen, person.writes(screen, seed.OMEGA, "enter partner's business center id"), account, level)
    return person.send(screen, "share", "confirm")


def register(person: Person) -> dict[str, Any]:
    """Register a Business Center with the form that the stranger has."""
    screen, language = "registration", person.axis("language")
    old = person.axis("registration") == "old"
    person.open("/account/create", screen, "next" if person.axis("form_steps") in {"two", "three"} else "create")

    def kind() -> bool:
        card = person.page.get_by_text(person.pattern(screen, "i am an agency"))
        if card.count():
            card.click()
        return card.count() > 0

    country, currency = country_label("DE", language), currency_label("EUR", person.axis("edition"))
    texts = {"enter the full legal name of your business": COMPANY, "enter business center name": NAME}
    if not old:
        texts |= {"contact name": "Ana", "phone": "+49 30 123456", "website": "https://gadget.example"}
        texts["enter ad account name"] = "Gadget Fair Ads"
    parts = [
        person.picks(screen, country, *PLACE, search=country[:4]),
        person.picks(screen, zone_label("Europe/Berlin", language), *CLOCK, search="Berlin"),
        person.picks(screen, currency, *MONEY),
        *(person.writes(screen, text, concept) for concept, text in texts.items()),
        kind if old else person.does(screen, lambda: person.pick_industry("Apps", "Tool Apps"), *INDUSTRY),
    ]
    person.fill_steps(screen, *parts)
    if not old:
        person.page.get_by_text(person.pattern(screen, "terms")).click()
    return person.send(screen, "register", "create")
