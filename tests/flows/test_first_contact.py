"""A site in words that nobody knows: a person is asked, and the flow goes on with what was learnt."""

import pytest

from bcflow.pages.labels.learnt import Learnt
from standin import seed
from standin.switches import parse_fault
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import WRITE_KIND, asset, make
from tests.support.flow_person import Person, Words
from tests.support.nightly import nightly_except
from tests.support.on_failure import requests

INVITE: Words = {
    "members.invite": ("Bring someone in", ("invite member",)),
    "members.email": ("Where to write", ("email",)),
    "members.email.placeholder": ("Their mailbox", ()),
    "members.access": ("What they may do", ("access settings",)),
    "members.role.admin": ("Runs everything", ("admin",)),
    "members.role.standard": ("Works here", ("standard",)),
    "members.next": ("Onwards", ("next",)),
    "members.confirm": ("Off it goes", ("send invitation",)),
    "members.permission": ("May do there", ("asset permission",)),
    "members.level.operator": ("Can run campaigns", ("operator",)),
    "members.level.analyst": ("Can look only", ("analyst",)),
    "members.level.admin": ("Can do anything", ("admin",)),
    "members.status.pending": ("Awaiting reply", ("pending",)),
}
ADD: Words = {
    "accounts.addAgency": ("Bring in accounts", ("add advertiser account",)),
    "accounts.request": ("Get permission", ("request access",)),
    "accounts.next": ("Onwards", ("next",)),
    "accounts.request.id": ("Number of it", ("account id",)),
    "accounts.request.idHint": ("Put the number here", ()),
    "accounts.request.role": ("What you may do", ("access permission",)),
    "accounts.request.roleHint": ("Pick one", ()),
    "accounts.role.operator": ("Can run campaigns", ("operator",)),
    "accounts.role.admin": ("Can do anything", ("admin",)),
    "accounts.role.analyst": ("Can look only", ("analyst",)),
    "accounts.send": ("Off it goes", ("confirm",)),
}
SHARE: Words = {
    "partners.add": ("Team up with somebody", ("add partner",)),
    "partners.id": ("Number of theirs", ("partner's business center id",)),
    "partners.id.placeholder": ("Put the number here", ()),
    "partners.next": ("Onwards", ("next",)),
    "partners.confirm": ("Off it goes", ("confirm",)),
    "partners.permission": ("May do there", ("asset permission",)),
    "partners.level.operator": ("Can run campaigns", ("operator",)),
    "partners.level.analyst": ("Can look only", ("analyst",)),
    "partners.level.admin": ("Can do anything", ("admin",)),
    "partners.status.requested": ("They have not replied", ("request pending",)),
}
CREATE: Words = {
    "accounts.addAgency": ("Bring in accounts", ("add advertiser account",)),
    "accounts.create": ("Make a fresh one", ("create new",)),
    "accounts.next": ("Onwards", ("next",)),
    "wizard.name": ("What shall it be called", ("ad account name",)),
    "wizard.nameHint": ("Your title for it", ()),
    "wizard.timeZone": ("Clock", ("time zone",)),
    "wizard.timeZoneHint": ("Which clock", ()),
    "wizard.currency": ("Money", ("currency",)),
    "wizard.currencyHint": ("Which money", ()),
    "wizard.country": ("Where", ("country/region",)),
    "wizard.countryHint": ("Where are you", ()),
    "wizard.submit": ("Off it goes", ("confirm",)),
    "wizard.terms": ("I go along with all of it", ("declaration",)),
}
REGISTER: Words = {
    "registration.bcName": ("What shall it be called", ("business center name",)),
    "registration.bcNameHint": ("Your title for it", ()),
    "registration.timeZone": ("Clock", ("time zone",)),
    "registration.timeZoneHint": ("Which clock", ()),
    "registration.currency": ("Money", ("currency",)),
    "registration.currencyHint": ("Which money", ()),
    "registration.create": ("Let's begin", ("create",)),
    "registration.terms": ("I go along with all of it", ("declaration",)),
}
CASES = {
    "invite-member": INVITE,
    "add-ad-account": ADD,
    "share-with-partner": SHARE,
    "create-ad-account": CREATE,
    "create-business-center": REGISTER,
}


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(CASES, "invite-member", "share-with-partner"))
def test_a_site_in_other_words_costs_questions_and_then_the_flow_is_done(desk: Desk, flow: str) -> None:
    person = Person(desk, CASES[flow])
    ran = person.play(flow)
    assert ran.first.outcome in ("done", "waiting", "already"), ran.said
    assert ran.first.waiting_for != "you", ran.said
    assert len(desk.writes(WRITE_KIND[flow])) == 1
    # A partner must be there before its page can be seen.
    assert person.rounds <= (3 if flow == "share-with-partner" else 2), [
        [word.concept for word in one.words] for one in person.asked
    ]
    asked = len(person.asked)
    again = person.play(flow)
    assert (again.first.outcome in ("already", "waiting"), again.writes) == (True, 0)
    assert len(person.asked) == asked, "nothing is asked twice"


@pytest.mark.nightly
@pytest.mark.slow
def test_each_account_gets_the_level_whose_word_was_learnt(desk: Desk) -> None:
    ran = Person(desk, INVITE).play("invite-member", ad_accounts=[asset(seed.OWNED_APPROVED, "operator").model_dump()])
    assert ran.first.waiting_for == "invitee", ran.said
    (write,) = desk.writes("invite")
    (granted,) = write.body["advertiser_list"]
    assert granted == {"advertiser_id": seed.OWNED_APPROVED, "advertiser_role": "OPERATOR"}


def test_a_screen_and_the_form_that_opens_from_it_are_one_question(desk: Desk) -> None:
    person = Person(desk, INVITE)
    person.play("invite-member", rounds=1)
    (asked,) = person.asked
    pictures = [(word.concept, word.picture) for word in asked.words]
    assert [concept for concept, _ in pictures[:3]] == ["invite member", "email", "standard"]
    assert pictures[1][1] == pictures[2][1] != pictures[0][1], "each with a picture of where it stands"
    numbers = {(one.n, one.text, word.picture) for word in asked.words for one in word.candidates}
    assert len(numbers) == len({n for n, _, _ in numbers}), "a number means one control, in whatever picture"
    assert desk.writes() == []


@pytest.mark.nightly
def test_the_page_that_is_asked_about_is_the_one_that_was_looked_at(desk: Desk) -> None:
    """Loaded anew, to learn why a button is missing, it was read before it was drawn, and nothing was asked."""
    Person(desk, SHARE).play("share-with-partner", rounds=1)
    assert [line for line in requests(desk.standin) if " GET /manage/users/partners" in line] == []


def test_what_was_denied_is_not_proposed_again_and_ends_as_a_changed_screen(desk: Desk) -> None:
    desk.standin.world.faults.append(parse_fault("renamed_button=members.invite>Bring someone in"))
    desk.site.session.learnt = Learnt(denied=frozenset({("Members", "invite member", "Bring someone in")}))
    ran = desk.run(make("invite-member"))
    assert ran.outcomes == ["screen-changed"], ran.said
    assert desk.writes() == []


def test_a_known_word_of_something_else_is_no_candidate(desk: Desk) -> None:
    desk.standin.world.faults.append(parse_fault("renamed_button=members.confirm>Remove"))
    desk.standin.world.faults.append(parse_fault("renamed_button=members.skip>Cancel"))
    ran = desk.run(make("invite-member", ad_accounts=[asset(seed.OWNED_APPROVED).model_dump()]))
    assert ran.outcomes == ["screen-changed"], ran.said
    assert desk.attempts[-1][0].story.unknown == []
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(faults=["renamed_button=members.status.pending>Awaiting reply"])
def test_a_status_in_unknown_words_is_asked_about_after_the_write_and_nothing_is_written_again(desk: Desk) -> None:
    person = Person(desk, {"members.status.pending": ("Awaiting reply", ("pending",))})
    ran = person.play("invite-member")
    assert (ran.first.outcome, ran.first.waiting_for) == ("already", "invitee"), ran.said
    (asked,) = person.asked
    assert {"pending", "active"} <= {word.concept for word in asked.words}, "all that it may mean, in one go"
    assert {one.text for word in asked.words for one in word.candidates} == {"Awaiting reply"}
    assert person.rounds == 1
    assert len(desk.writes("invite")) == 1


@pytest.mark.nightly
@pytest.mark.standin(axes={"declaration": "invite"})
def test_a_box_that_a_form_asks_for_after_the_click_is_asked_about_with_its_whole_text(desk: Desk) -> None:
    ran = desk.run(make("invite-member"))
    assert (ran.first.outcome, ran.first.needs, ran.writes) == ("waiting", "word", 0), ran.said
    (unknown,) = desk.attempts[-1][0].story.unknown
    (word,) = unknown.words
    (box,) = word.candidates
    assert (word.concept, box.text) == ("declaration", "I confirm that what I filled in is right")
    desk.site.session.learnt = Learnt({"declaration": (box.text,)})
    desk.site.forget_language()
    again = desk.run(make("invite-member"))
    assert (again.first.outcome, again.first.waiting_for) == ("waiting", "invitee"), again.said
    assert len(desk.writes("invite")) == 1


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"registration": "combined", "captions": "placeholder"},
    faults=["renamed_button=registration.contactHint>First and last", "renamed_button=registration.phoneHint>A number"],
)
def test_fields_that_a_form_asks_for_only_after_the_click_are_asked_about(desk: Desk) -> None:
    """Nothing marks them as needed before."""
    ran = desk.run(make("create-business-center", contact_name="Zoe Zephyr", phone="+1 212 555 0100"))
    assert (ran.first.outcome, ran.first.needs, ran.writes) == ("waiting", "word", 0), ran.said
    (unknown,) = desk.attempts[-1][0].story.unknown
    offered = {word.concept: [one.text for one in word.candidates] for word in unknown.words}
    assert ("First and last" in offered["contact name"], "A number" in offered["phone"]) == (True, True)
    known = {"contact name": "First and last", "phone": "A number"} | {"website": "Enter your website"}
    desk.site.session.learnt = Learnt(
        {concept: (text,) for concept, text in known.items()} | {"currency": ("Please select",)}
    )
    desk.site.forget_language()
    again = desk.run(make("create-business-center", contact_name="Zoe Zephyr", phone="+1 212 555 0100"))
    assert again.first.outcome == "done", again.said
    assert len(desk.writes(WRITE_KIND["create-business-center"])) == 1


WEATHERS = {
    "slow lists": ["slow=1:read"],
    "a page that never rests": ["chatty", "noise"],
    "a write that leaves late": ["late_write=1:invite"],
    "a question before the write": ["precheck:invite"],
    "things in the way": ["survey", "tips", "cookie_banner"],
    "a connection that breaks": ["drop_after:invite:1"],
}


@pytest.mark.nightly
@pytest.mark.parametrize("weather", nightly_except(WEATHERS, "a write that leaves late", "a connection that breaks"))
def test_other_words_and_bad_weather_still_make_one_write(desk: Desk, weather: str) -> None:
    desk.standin.world.faults += [parse_fault(each) for each in WEATHERS[weather]]
    ran = Person(desk, INVITE).play("invite-member")
    assert ran.first.outcome in ("done", "already", "waiting"), ran.said
    assert ran.first.waiting_for == "invitee", ran.said
    assert [write.applied for write in desk.writes("invite")] == [True]
