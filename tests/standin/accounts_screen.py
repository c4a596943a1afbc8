"""The ad-account screens of the stand-in as a person drives them, for the tests beside this file."""

from playwright.sync_api import Locator, Page

from standin import seed
from standin.server import StandIn
from standin.words import words_for
from standin.world import Relation

VARIATIONS = [
    {},
    {"language": "vi", "surface": "drawer", "accounts_table": "div", "role_widget": "select"},
    {"edition": "2024", "surface": "page", "access_column": "no", "preselected_role": "standard"},
    {"edition": "2024", "language": "vi", "link_wording": "link", "list_order": "name"},
    {"kit_prefix": "byted", "success_screen": "yes", "codes": "all"},
    {"kit_prefix": "okee", "toast_prefix": "byted", "link_wording": "link"},
]


class Screen:
    """The list in one variation, with the words it has there."""

    def __init__(self, site: StandIn, page: Page, org_id: str) -> None:
        self.site, self.page, self.org_id = site, page, org_id
        self.words = words_for(site.world)
        page.context.request.post(f"{site.control}/sign-in", data={"email": seed.EMAIL})
        self.open()

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.site.bc_url}/manage/accounts/adv?org_id={self.org_id}{query}")

    def css(self, suffix: str) -> Locator:
        return self.page.locator(f"[class*='-{suffix}']").filter(visible=True)

    def button(self, key: str) -> Locator:
        name = self.words[key]
        return self.page.get_by_role("button", name=name, exact=True).filter(visible=True)

    def text(self, key: str) -> Locator:
        return self.page.get_by_text(self.words[key], exact=True).filter(visible=True)

    def row(self, text: str) -> Locator:
        return self.page.locator("tbody tr, [class*='-table-row']").filter(has_text=text).filter(visible=True)

    def ids(self) -> Locator:
        return self.page.get_by_text("ID: 7").filter(visible=True)

    def total(self) -> Locator:
        return self.css("pager-record")

    def field(self, key: str) -> Locator:
        label = self.page.locator("[class*='-form-container-label']").filter(
            has=self.page.get_by_text(self.words[key], exact=True)
        )
        return self.page.locator("[class*='-form-container-vertical']").filter(has=label).filter(visible=True)

    def pick(self, trigger: Locator, key: str) -> None:
        trigger.click()
        self.css("select-option-inner-wrapper").get_by_text(self.words[key], exact=True).click()

    def filter(self, nth: int, key: str) -> None:
        self.pick(self.page.locator(".si-filters [class*='-popper-trigger']").nth(nth), key)

    def start_request(self) -> None:
        self.button("accounts.addAgency").click()
        link = self.site.world.axis("link_wording") == "link"
        self.page.locator("p").get_by_text(self.words["accounts.link" if link else "accounts.request"]).click()
        self.button("accounts.next").click()

    def fill_request(self, aadvid: str, role: str = "operator") -> None:
        self.page.get_by_placeholder(self.words["accounts.request.idHint"]).fill(aadvid)
        field = self.field("accounts.request.role")
        if self.site.world.axis("role_widget") == "select":
            self.pick(field.locator("[class*='-popper-trigger']"), f"accounts.role.{role}")
        else:
            field.get_by_text(self.words[f"accounts.role.{role}"], exact=True).click()

    def request(self, aadvid: str, role: str = "operator") -> None:
        self.start_request()
        self.fill_request(aadvid, role)
        if self.site.world.axis("codes") == "all":
            self.send_and_give_code()
        else:
            self.button("accounts.send").click()

    def send_and_give_code(self) -> None:
        with self.page.expect_response("**/send_code/*"):
            self.button("accounts.send").click()
        box = self.page.get_by_placeholder(self.words["code.placeholder"])
        box.fill(self.site.world.codes[-1].code)
        dialog = self.css("modal-body").filter(has=box)
        dialog.get_by_role("button", name=self.words["code.confirm"], exact=True).click()

    def toast(self, kind: str) -> Locator:
        return self.css(f"message-type-{kind}").locator("[class*='-message-content']")

    def relation(self, aadvid: str) -> Relation | None:
        return self.site.world.ad_accounts[aadvid].relations.get(self.org_id)

    def writes(self) -> list[tuple[str, bool]]:
        return [(row.kind, row.applied) for row in self.site.world.writes if row.kind in {"request", "create", "share"}]
