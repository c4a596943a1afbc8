"""Signing in by the page, on every form and with everything that may come in between."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from pydantic import SecretStr

from bcflow.models.errors import NeedsPerson, Refused, SignedOut
from bcflow.pages.chooser_page import ChooserPage
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.wire import Wire
from bcflow.pages.members_page import MembersPage
from bcflow.runner.browser.code_entry import CodeStep
from bcflow.runner.browser.sign_in import sign_in
from bcflow.runner.codes.codes import Codes, CodeSettings
from bcflow.runner.config.settings import Credentials
from bcflow.runner.network.fence import Fence
from standin import seed
from standin.server import StandIn
from tests.support.nightly import nightly_except

Answer = Callable[[dict[str, Any]], str | None]


class Person:
    """Somebody (or nobody) who answers questions, and what was asked of them."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[dict[str, Any]] = []
        self.told: list[str] = []
        self.other: str | None = None

    def __call__(self, question: dict[str, Any]) -> str | None:
        if question.get("refused"):
            return self.other
        self.asked.append(question)
        return self._answer(question)


class Door:
    """A browser at the log-in page of the stand-in."""

    def __init__(self, standin: StandIn, context: BrowserContext) -> None:
        self.standin = standin
        page = context.new_page()
        page.set_default_timeout(8000)
        fence = Fence([standin.bc_url, standin.ads_url])
        wire = Wire(page, may_load=fence.allows, on_stopped=fence.note)
        sites = Addresses(standin.bc_url, standin.ads_url)
        self.site = Site(page, wire, sites, may_type=fence.allows, patience=15)

    def enter(
        self,
        person: Person,
        *,
        password: str | None = seed.PASSWORD,
        headed: bool = False,
    ) -> None:
        """Sign in with `person` at hand."""
        secret = SecretStr(password) if password else None
        who = Credentials(name="default", email=seed.EMAIL, password=secret)
        codes = CodeStep(person, learn_secret=person.told.append)
        sign_in(self.site, who, codes, ask=person, headed=headed, person_seconds=15)

    def events(self, kind: str) -> int:
        """Return how often the stand-in saw this: password, code_sent, code_tried, signed_in."""
        return sum(event["kind"] == kind for event in self.standin.world.notes.get("events", []))

    def mailed(self, _question: object = None) -> str:
        """Return the newest mailed code."""
        return self.standin.world.codes[-1].code

    def is_in(self) -> bool:
        """Whether the Business Centers of the login can be read now."""
        return seed.NORTHWIND in {each.id for each in ChooserPage.open(self.site).read()}


@pytest.fixture
def door(standin: StandIn, context: BrowserContext) -> Door:
    return Door(standin, context)


def nobody() -> Person:
    return Person(lambda _question: None)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "axes",
    [
        pytest.param({}, id="new form"),
        pytest.param({"login_form": "old"}, id="old form"),
        pytest.param({"language": "vi"}, id="Vietnamese"),
        pytest.param({"two_step_page": "yes"}, id="two-step set-up page"),
    ],
)
def test_e_mail_and_password_are_enough(door: Door, axes: dict[str, str]) -> None:
    door.standin.world.set_axes(axes)
    person = nobody()
    door.enter(person)
    assert door.is_in()
    assert (door.events("password"), person.asked) == (1, [])


@pytest.mark.parametrize(
    ("code", "form"),
    nightly_except(
        [("six", "new"), ("six", "old"), ("single", "new"), ("single", "old")], ("six", "old"), ("single", "new")
    ),
)
def test_mailed_code_is_asked_for_once_and_kept_secret(door: Door, code: str, form: str) -> None:
    door.standin.world.set_axes({"login_code": code, "login_form": form})
    person = Person(door.mailed)
    door.enter(person)
    assert door.is_in()
    (question,) = person.asked
    assert (question["kind"], question["channel"]) == ("code", "email")
    assert "@" in question["to"]
    assert person.told == [door.mailed()]
    assert door.events("code_tried") == 1


def test_authenticator_answers_by_itself(door: Door) -> None:
    door.standin.world.set_axes({"login_code": "six"})
    door.standin.world.logins[seed.EMAIL].two_step = True
    codes = Codes(CodeSettings(totp_secret=seed.TOTP_SECRET, wait=5.0))
    person = Person(codes.answer)
    door.enter(person)
    assert door.is_in()
    assert [question["channel"] for question in person.asked] == ["authenticator"]


def test_wrong_code_then_the_right_one(door: Door) -> None:
    door.standin.world.set_axes({"login_code": "six"})
    person = Person(lambda _question: "000000" if len(person.asked) == 1 else door.mailed())
    door.enter(person)
    assert door.is_in()
    assert (len(person.asked), door.events("code_tried")) == (2, 2)


def test_the_other_number_of_a_mail_is_tried_before_another_mail_is_sent_for(door: Door) -> None:
    door.standin.world.set_axes({"login_code": "six"})

    def first(_question: dict[str, Any]) -> str:
        person.other = door.mailed()
        return "000000"

    person = Person(first)
    door.enter(person)
    assert (len(person.asked), door.events("code_tried"), door.events("code_sent")) == (1, 2, 1)
    assert person.told == ["000000", door.mailed()]


def test_wrong_codes_end_as_the_sites_no(door: Door) -> None:
    door.standin.world.set_axes({"login_code": "six"})
    person = Person(lambda _question: f"00000{len(person.asked)}")
    with pytest.raises(Refused, match="did not accept the code"):
        door.enter(person)
    assert door.events("signed_in") == 0
    assert door.events("code_tried") <= 2
    assert door.events("code_sent") <= 2


def test_no_code_to_be_had_needs_a_person(door: Door) -> None:
    door.standin.world.set_axes({"login_code": "six"})
    with pytest.raises(NeedsPerson, match="asks for a code") as need:
        door.enter(nobody())
    assert need.value.kind == "code"
    assert (door.events("code_tried"), door.events("signed_in")) == (0, 0)


def test_wrong_password_is_tried_once(door: Door) -> None:
    with pytest.raises(Refused, match="did not accept the sign-in: The email or password") as refused:
        door.enter(nobody(), password="Planted-wrong-1!")
    assert "Planted-wrong-1!" not in str(refused.value)
    assert door.events("password") == 1


def test_no_password_needs_a_person(door: Door) -> None:
    with pytest.raises(NeedsPerson, match="no e-mail and password") as need:
        door.enter(nobody(), password=None)
    assert need.value.kind == "sign-in"
    assert door.events("password") == 0


@pytest.mark.standin(faults=["captcha=login"])
def test_captcha_without_a_window_is_handed_over_unsolved(door: Door) -> None:
    with pytest.raises(NeedsPerson, match="captcha") as need:
        door.enter(nobody())
    assert need.value.kind == "captcha"
    assert door.events("signed_in") == 0
    assert not door.standin.world.captcha_solved


@pytest.mark.standin(faults=["captcha=login"])
def test_captcha_in_a_window_waits_for_the_person(door: Door) -> None:
    def solve(question: dict[str, Any]) -> str:
        assert question["kind"] == "captcha"
        door.standin.world.captcha_solved = True
        return "done"

    person = Person(solve)
    door.enter(person, headed=True)
    assert door.is_in()
    assert len(person.asked) == 1


@pytest.mark.standin(axes={"consent": "yes"})
def test_consent_without_a_window_is_handed_over_ungiven(door: Door) -> None:
    with pytest.raises(NeedsPerson, match="consent") as need:
        door.enter(nobody())
    assert need.value.kind == "consent"
    assert door.events("signed_in") == 0


@pytest.mark.standin(
    axes={"consent": "yes"},
    faults=[f"renamed_button=consent.{part}>In other words" for part in ("heading", "text", "yes")],
)
def test_a_page_that_nobody_knows_is_handed_over_after_one_wait_not_eight(door: Door) -> None:
    door.site.patience = 3
    with pytest.raises(NeedsPerson, match="nothing is known") as need:
        door.enter(nobody())
    assert need.value.kind == "sign-in"
    assert door.events("signed_in") == 0


@pytest.mark.standin(axes={"consent": "yes"})
def test_consent_in_a_window_waits_for_the_person(door: Door) -> None:
    def agree(question: dict[str, Any]) -> str:
        assert question["kind"] == "consent"
        door.site.page.locator(".consent-authorize").click()
        return "done"

    person = Person(agree)
    door.enter(person, headed=True)
    assert door.is_in()
    assert len(person.asked) == 1


@pytest.mark.nightly
@pytest.mark.standin(faults=["login_blank:*:1"])
def test_form_that_does_not_draw_is_loaded_again(door: Door) -> None:
    door.enter(nobody())
    assert door.is_in()


@pytest.mark.standin(axes={"late_redirect": "1"})
def test_expired_session_is_seen_when_the_page_leaves_late(door: Door) -> None:
    door.enter(nobody())
    door.standin.world.sessions.clear()
    with pytest.raises(SignedOut):
        MembersPage.open(door.site, seed.NORTHWIND)
    door.enter(nobody())
    assert len(MembersPage.open(door.site, seed.NORTHWIND).read_members()) >= 25
