"""The code step may open on another way than the one that codes can be had from, or ask which one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from pydantic import SecretStr

from bcflow.models.errors import NeedsPerson
from bcflow.runner.browser.code_entry import CodeStep
from bcflow.runner.browser.sign_in import sign_in
from bcflow.runner.config.settings import Credentials
from tests.browser.test_sign_in_proof import Door, leads_to, signed_in_as
from tests.support.small_site import LOGIN, Served

CODE = "VAE97H"
OWN = "ops@agency.example"
ENTER = """<input maxlength="6" oninput="if (this.value.length === 6) check(this.value)">
<script>async function check(code) {
  const answer = await fetch('/check/' + code, {method: 'POST'});
  location = (await answer.json()).next;
}</script>"""
TEXT_FIRST = f"""<div id=step><h3>We sent a code to +1 *** *** **12</h3><p>%s</p>{ENTER}</div>
<script>function mail() {{ document.querySelector('h3').textContent = 'Send a code to o***@agency.example';
document.querySelector('p').innerHTML = '<button onclick="fetch(`/send`, {{method: `POST`}})">Send code</button>' }}
</script>"""
CHOICE = """<div id=step><h3>Choose a verification method</h3><p onclick="location='/i18n/login/text'">Text message</p>
<p onclick="location='/i18n/login/email'">Email</p></div>"""


@pytest.fixture
def door(context: BrowserContext) -> Iterator[Callable[[dict[str, Served]], Door]]:
    with ExitStack() as stack:

        def opened(pages: dict[str, Served]) -> Door:
            given: dict[str, Served] = {"/sign-in": {"next": "/i18n/login/code"}, f"/check/{CODE}": leads_to("/select")}
            return Door.before({"/i18n/login": LOGIN} | given | signed_in_as(OWN) | pages, context, stack)

        yield opened


def enter(door: Door, *, mail: bool = True) -> None:
    mailbox = SecretStr("imaps://ops:planted@imap.example/INBOX") if mail else None
    who = Credentials(name="default", email=OWN, password=SecretStr("Planted-Password-1!"), code_imap=mailbox)

    def ask(question: dict[str, Any]) -> str:
        door.asked.append(question["channel"])
        return CODE

    codes = CodeStep(ask, learn_secret=lambda _code: None)
    sign_in(door.site, who, codes, ask=lambda _question: None, headed=False, person_seconds=1)


@pytest.mark.parametrize(
    "switch",
    ["<a href='javascript:mail()'>Switch to email</a>", "<a href='javascript:mail()'>Switch to verify with email</a>"],
)
def test_it_switches_to_the_mail_that_codes_can_be_had_from(
    door: Callable[[dict[str, Served]], Door], switch: str
) -> None:
    made = door({"/i18n/login/code": TEXT_FIRST % switch})
    enter(made)
    assert made.asked == ["email"]
    assert made.server.got.count("POST /send") == 1
    assert made.site.path == "/select"


def test_without_a_mailbox_it_stays_where_it_is(door: Callable[[dict[str, Served]], Door]) -> None:
    made = door({"/i18n/login/code": TEXT_FIRST % "<a href='javascript:mail()'>Switch to email</a>"})
    enter(made, mail=False)
    assert made.asked == ["text"]
    assert "POST /send" not in made.server.got


def test_of_several_ways_it_takes_the_one_that_codes_can_be_had_from(
    door: Callable[[dict[str, Served]], Door],
) -> None:
    mailed = f"<h3>A code was sent to o***@agency.example</h3>{ENTER}"
    made = door({"/i18n/login/code": CHOICE, "/i18n/login/email": mailed})
    enter(made)
    assert made.asked == ["email"]
    assert "GET /i18n/login/text" not in made.server.got


def test_a_choice_that_nothing_decides_is_a_persons(door: Callable[[dict[str, Served]], Door]) -> None:
    made = door({"/i18n/login/code": CHOICE})
    with pytest.raises(NeedsPerson, match="how the code shall be sent"):
        enter(made, mail=False)
    assert made.asked == []
