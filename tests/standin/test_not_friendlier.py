"""The stand-in helps nobody find things: no role, aria attribute, test id or tied label that the kits lack.

Each screen is opened and every button on it is pressed, three levels deep; an observer in the page looks at
each element that ever appears. The allowed list is what the React kit itself was seen to render.
"""

import json
from collections.abc import Collection
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from standin import seed
from standin.server import StandIn
from tests.standin.page_scripts import LOADED, WATCHED

# Flows meet every one of these screens with every change; their own rules are looked at by night.
pytestmark = pytest.mark.nightly

ALLOWED: dict[str, list[str]] = {
    "role": ["table", "rowgroup", "row", "columnheader", "cell", "grid"],
    "aria-label": ["grid"],
    "aria-readonly": ["true"],
    "aria-rowindex": [],
    "aria-colindex": [],
    "aria-rowcount": [],
    "aria-colcount": [],
    "data-rc-id": [],
    "data-type": ["select-option"],
    "data-option-id": [],
    "data-motion-wave": [],
}
"""Attribute to its allowed values; an empty list allows any. `grid` and its label are the cascader's,
`data-motion-wave` comes and goes with the kit's click animation."""

IDS = (
    r"^(root|[0-9a-f-]{36}|TikTok_Ads_SSO_\w+|TikTokAds_Register-[\w-]+|ac-sendcode-separate-input"
    r"|captcha-verify-image)$"
)
"""Ids that the live pages were seen to have, and the random ones that the kit gives to its pop-ups."""

OBSERVER = """
(() => {
  const allowed = ALLOWED, ids = new RegExp(IDS);
  const watched = /^(role|aria-.*|data-.*|for|alt|title|accesskey)$/;
  // Titles of tooltips, notifications and the like are the kit's own.
  const titled = /-(notification|tooltip|tag|select)/;
  const vue = (element) => element.closest('[class^="vi-"], [class*=" vi-"]') !== null;
  const report = (element, what) => {
    const name = element.tagName.toLowerCase();
    window.reportStrange(`${location.pathname} <${name} class="${element.className}"> ${what}`);
  };
  const strange = (element, name, value) => {
    if (name === 'id') return !ids.test(value);
    if (name === 'title' && titled.test(element.className)) return false;
    if (!watched.test(name)) return false;
    return !(name in allowed) || (allowed[name].length > 0 && !allowed[name].includes(value));
  };
  const kitInput = 'input:not([class$=check-wrapper]):not([class*="-input "]):not([type=file])';
  const look = (element) => {
    if (/^(script|style|link|head|html|meta|title)$/i.test(element.tagName)) return;
    if (element.shadowRoot) element.shadowRoot.querySelectorAll('*').forEach(look);
    if (vue(element)) return;
    for (const { name, value } of element.attributes) {
      if (strange(element, name, value)) report(element, `${name}="${value}"`);
    }
    const label = element.tagName === 'LABEL' && element.textContent.trim();
    if (label && element.querySelector(kitInput)) report(element, `has both a text and an input: ${label}`);
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (target.nodeType === Node.ELEMENT_NODE) look(target);
      for (const node of addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) [node, ...node.querySelectorAll('*')].forEach(look);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
})();
""".replace("ALLOWED", json.dumps(ALLOWED)).replace("IDS", json.dumps(IDS))

OVERVIEW = "/manage/overview"
VARIATIONS = [
    {},
    {"edition": "2024", "surface": "drawer", "language": "vi", "codes": "all", "emails": "chips"}
    | dict.fromkeys(["members_table", "accounts_table", "partners_table"], "div")
    | {"totals": "no", "header_select": "yes"},
    {"surface": "page", "role_widget": "select", "finance_widget": "checkbox", "kit_prefix": "byted"}
    | {"link_wording": "link", "success_screen": "yes", "partners_route": "other"},
    {"list_style": "virtual", "requests_tab": "blocks", "assigned": "empty"},
    {"list_style": "endless", "totals": "no", "row_ids": "no", "select_page": "redirect"},
    {"role_style": "segments", "level_style": "chips", "finance_style": "cards", "form_steps": "three"}
    | {"advanced": "collapsed", "captions": "placeholder", "extra_fields": "all", "extra_boxes": "tips"}
    | {"declaration": "all", "send_place": "top", "close": "icon", "surface": "page", "columns": "rotated"}
    | {"extra_columns": "3", "row_actions": "menu", "partners_style": "blocks", "account_type_select": "yes"},
    {"role_style": "cards", "level_style": "cards", "finance_style": "chips", "form_steps": "one"}
    | {"send_side": "left", "row_actions": "text", "columns": "reversed", "language": "es"},
]


@pytest.fixture
def strange(page: Page) -> list[str]:
    """Collect what the observer reports."""
    found: list[str] = []
    # Playwright marks the function it is given, and a bound method takes no mark.
    page.expose_function("reportStrange", lambda text: found.append(text))  # noqa: PLW0108
    page.add_init_script(OBSERVER + WATCHED)
    return found


def ask(page: Page, script: str, argument: str | None = None) -> Any:  # noqa: ANN401 - any JSON
    """Run a script in the loaded page; when a press before it took the page away, in the new one."""
    page.wait_for_function(LOADED)
    try:
        return page.evaluate(script, argument)
    except Error as error:
        if "because of a navigation" not in str(error):
            raise
    page.wait_for_function(LOADED)
    return page.evaluate(script, argument)


def buttons(page: Page) -> list[str]:
    """Return the texts of what can be pressed, what closes a dialog last."""
    found: list[str] = ask(page, "() => [...buttonsByText().keys()]")
    return sorted(found, key=lambda text: text in {"Cancel", "Hủy"})


def press(page: Page, text: str) -> bool:
    """Click it in its own page, whatever lies over it; says whether it was still there."""
    script = "(text) => { const it = buttonsByText().get(text); if (it) it.click(); return Boolean(it); }"
    return bool(ask(page, script, text))


def fill_in(page: Page) -> None:
    """Give every empty field something, so that forms go on to their next step."""
    ask(page, "() => chooseFirst()")
    for field in page.locator("input[type=text]:not([readonly]), input:not([type], [readonly]), textarea").all():
        if field.is_visible() and field.is_enabled() and not field.input_value():
            asks_mail = "mail" in (field.get_attribute("placeholder") or "").lower()
            field.fill("someone@client.example" if asks_mail else seed.REQUESTABLE)


def crawl(page: Page, address: str, but: Collection[str] = ()) -> list[str]:
    """Press each button of a screen `but` some, then each new one, three levels deep; returns what was pressed."""
    page.goto(address)
    first = buttons(page)
    pressed = []
    for name in (each for each in first if each not in but):
        page.goto(address)
        if press(page, name):
            pressed += [name, *press_new_ones(page, set(first), levels=3)]
    return pressed


def press_new_ones(page: Page, known: set[str], *, levels: int) -> list[str]:
    """Press the buttons that were not there before, as long as the page stays; eight of each level."""
    here, pressed = page.url, []
    fresh = [text for text in buttons(page) if text not in known][:8]
    for text in fresh:
        fill_in(page)
        if page.url == here and press(page, text):
            pressed.append(text)
            if levels > 1:
                pressed += press_new_ones(page, known | set(fresh), levels=levels - 1)
    return pressed


@pytest.mark.slow
@pytest.mark.parametrize(
    "axes",
    VARIATIONS,
    ids=["plain", "2024-vi-drawer-div", "page-byted", "virtual", "endless", "strange", "strange-es"],
)
def test_no_screen_of_the_business_center_is_friendlier(
    standin: StandIn, page: Page, strange: list[str], axes: dict[str, str]
) -> None:
    standin.reset(axes=axes)
    page.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL})
    overview = f"{standin.bc_url}{OVERVIEW}?org_id={seed.NORTHWIND}"
    page.goto(overview)
    page.wait_for_function(LOADED)
    screens: list[str] = page.evaluate("[...BC.screens.keys()]")
    # The gallery shows the kit's parts to our own tests; it is no screen of the site.
    paths = [path for path in screens if path != OVERVIEW and "gallery" not in path]
    assert len(paths) > 8
    # The overview has nothing but what stands round every screen.
    round_all = crawl(page, overview)
    pressed = {path: crawl(page, f"{standin.bc_url}{path}?org_id={seed.NORTHWIND}", round_all) for path in paths}
    assert sum(map(len, pressed.values())) > 30, pressed
    assert strange == []


@pytest.mark.parametrize("form", ["new", "old"])
@pytest.mark.parametrize("code", ["six", "single"])
def test_no_step_of_the_login_page_is_friendlier(
    standin: StandIn, page: Page, strange: list[str], form: str, code: str
) -> None:
    faults = ["captcha", "cookie_banner", "announcement"]
    standin.reset(axes={"login_form": form, "login_code": code}, faults=faults)
    page.goto(f"{standin.ads_url}/i18n/login")
    crawl(page, f"{standin.ads_url}/i18n/login")
    page.goto(f"{standin.ads_url}/i18n/login")
    credentials = {"email": seed.EMAIL, "password": seed.PASSWORD}
    page.evaluate(
        "async (body) => ADS.login.next(await ADS.post('/passport/web/email/login/', body), body)",
        credentials,
    )
    expect(page.locator(".captcha-verify-container")).to_be_visible()
    page.request.post(f"{standin.control}/solve-captcha", data={})
    expect(page.get_by_text("a verification code has been sent to")).to_be_visible()
    assert strange == []


def test_what_comes_round_a_write_is_not_friendlier(standin: StandIn, page: Page, strange: list[str]) -> None:
    standin.reset(axes={}, faults=["toast", "fee_dialog", "captcha=page", "code_after_yes=0.1"])
    page.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL})
    page.goto(f"{standin.bc_url}/manage/overview?org_id={seed.NORTHWIND}")
    ask(
        page,
        "() => { BC.askCode('invite').then(() => BC.post('/api/v2/bm/admin/user/invite/', BODY)); }".replace(
            "BODY", "{ email_list: ['a@client.example'], org_role: 1, lang: 'en' }"
        ),
    )
    confirm = page.get_by_role("button", name="Confirm", exact=True)
    confirm.click()
    page.locator(".captcha-verify-container").get_by_role("button").click()
    expect(page.get_by_text("Enter the confirmation code", exact=True)).to_be_visible()
    assert strange == []


def test_interruptions_are_not_friendlier(standin: StandIn, page: Page, strange: list[str]) -> None:
    standin.reset(faults=["survey", "tips", "announcement", "cookie_banner"])
    page.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL})
    page.goto(f"{standin.bc_url}/manage/overview?org_id={seed.NORTHWIND}")
    page.wait_for_function(LOADED)
    page.evaluate("BC.toast('success', 'Saved'); BC.toast('error', 'Not saved')")
    expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    assert strange == []


def test_the_observer_sees_what_it_must(standin: StandIn, page: Page) -> None:
    found: list[str] = []
    # Playwright marks the function it is given, and a bound method takes no mark.
    page.expose_function("reportStrange", lambda text: found.append(text))  # noqa: PLW0108
    page.add_init_script(OBSERVER)
    page.goto(f"{standin.ads_url}/i18n/login")
    planted = (
        '<div role="dialog"></div><i data-testid="x"></i><b aria-modal="true"></b><u id="name"></u>'
        '<label for="a">Name</label><label>Name<input></label><p class="vi-dialog" role="dialog"></p>'
    )
    page.evaluate("(html) => { document.body.insertAdjacentHTML('beforeend', html); }", planted)
    expect(page.locator("[data-testid=x]")).to_have_count(1)
    page.wait_for_function("true")
    assert len(found) == 6
