"""What is asked about on a screen in other words, how it is told, and what is forgotten again."""

import pytest

from bcflow.pages.labels.learnt import Learnt
from standin import seed
from standin.switches import parse_fault
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import asset, make
from tests.support.flow_person import Person

TERMS = "registration.terms>Once and for all"
OTHER_ROLES_MEAN = {
    "members.access": ("What they may do", ("access settings",)),
    "members.role.standard": ("Hand", ("standard",)),
    "members.finance.analyst": ("Reads bills", ("finance analyst",)),
}
OTHER_ROLES = [
    f"renamed_button=members.{key}>{text}"
    for key, text in (("role.admin", "Boss"), ("advanced", "On top"), ("finance.manager", "Pays"))
]
"""What a person need not say: `Person` renames what it knows itself."""


@pytest.mark.nightly
@pytest.mark.standin(axes={"asset_step": "yes"}, faults=["renamed_button=members.skip>Leave it out"])
def test_a_renamed_skip_is_asked_about_and_not_told_as_a_disabled_confirm(desk: Desk) -> None:
    person = Person(desk, {"members.skip": ("Leave it out", ("skip",))})
    ran = person.play("invite-member")
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert [[word.concept for word in one.words] for one in person.asked] == [["skip"]]
    assert len(desk.writes("invite")) == 1


@pytest.mark.standin(faults=["renamed_button=partners.confirm>Off it goes"])
def test_shares_wait_with_their_partner_for_whoever_says_a_word(desk: Desk) -> None:
    ran = desk.run(make("share-with-partner"))
    assert set(ran.outcomes) == {"waiting"}, ran.said
    assert {one.waiting_for for one in ran.settled} == {"you"}, "one that is skipped would be asked about by nobody"


def test_a_button_that_is_gone_is_named_with_its_concept_and_the_command(desk: Desk) -> None:
    desk.page.add_init_script(
        "new MutationObserver(() => document.querySelectorAll('button').forEach("
        "e => { if (e.innerText.trim() === 'Invite Member') e.remove(); })).observe(document, "
        "{childList: true, subtree: true});"
    )
    ran = desk.run(make("invite-member"))
    assert ran.outcomes == ["screen-changed"], ran.said
    assert 'bcflow labels add "invite member"' in ran.first.next_action
    assert "bcflow check-ui" in ran.first.next_action
    looked = desk.run(make("invite-member"), only_look=True)
    assert (looked.outcomes, [one.kind for one in looked.pictures]) == (["screen-changed"], ["failure"])
    assert desk.attempts[-1][1].tree, "a look has the picture and the tree, too"


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"row_actions": "menu", "asset_step": "yes"}, faults=["renamed_button=members.view>Have a look"]
)
def test_an_action_behind_a_rows_dots_is_asked_about_from_the_menu_that_dropped_down(desk: Desk) -> None:
    person = Person(desk, {"members.view": ("Have a look", ("view",))})
    granted = [asset(seed.OWNED_APPROVED).model_dump()]
    ran = person.play("invite-member", email="ana.lima@agency.example", ad_accounts=granted)
    assert ran.first.needs != "word", ran.said
    (asked,) = person.asked
    assert [[one.text for one in word.candidates][:1] for word in asked.words] == [["Have a look"]]


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"captions": "placeholder"}, faults=["renamed_button=members.email.placeholder>name@firm.example"]
)
def test_a_field_that_is_called_by_an_example_of_an_address_is_a_candidate(desk: Desk) -> None:
    person = Person(desk, {"members.email.placeholder": ("name@firm.example", ("email",))})
    ran = person.play("invite-member")
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert [[word.concept for word in one.words] for one in person.asked] == [["email"]]


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"partners_route": "other"},
    faults=[f"renamed_button=nav.{each}>{word}" for each, word in (("members", "Blim"), ("partners", "Zorp"))],
)
def test_what_a_wrong_guess_led_to_is_forgotten(desk: Desk) -> None:
    """The likelier of two unknown entries leads to the list of members: it must not be taken for that of partners."""
    ran = desk.run(make("share-with-partner"))
    assert ran.first.needs == "word", ran.said
    session = desk.site.session
    assert (session.routes, session.list_paths, dict(session.learnt.words)) == ({}, {}, {})


@pytest.mark.standin(
    axes={"edition": "2024", "requests_tab": "list"}, faults=["renamed_button=partners.tab.requests>Open asks"]
)
def test_a_partner_that_stands_behind_a_tab_in_other_words_is_not_absent(desk: Desk) -> None:
    """Nothing else of the page shows it: it would be asked for once more. What the tab is only a person can say."""
    job = make("share-with-partner", partner_id=seed.ZETA_ADS)
    ran = desk.run(job)
    assert (ran.first.needs, desk.writes()) == ("word", []), ran.said
    desk.site.session.learnt = Learnt({"requests": ("Open asks",)})
    desk.site.forget_language()
    again = desk.run(job)
    assert (again.first.outcome, again.first.waiting_for) == ("already", "partner"), again.said
    assert desk.writes() == [], "the partner is not asked a second time"


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"edition": "2024", "requests_tab": "list"}, faults=["renamed_button=partners.tab.requests>Open asks"]
)
def test_that_nothing_stands_behind_a_tab_in_other_words_is_read_and_told(desk: Desk) -> None:
    ran = desk.run(make("share-with-partner"))
    assert ran.first.waiting_for == "you", "after the write it stands there"
    assert len(desk.writes("share")) == 1
    assert any("Open asks" in one for one in desk.site.session.warnings)


@pytest.mark.parametrize(
    "_complaints",
    [
        pytest.param(
            each, marks=[*by_night, pytest.mark.standin(axes={"complaints": each}, faults=[f"renamed_button={TERMS}"])]
        )
        for each, by_night in (("plain", []), ("toast", [pytest.mark.nightly]))
    ],
)
def test_a_box_that_the_form_misses_is_asked_about_however_it_says_so(desk: Desk, _complaints: str) -> None:
    ran = desk.run(make("create-business-center"))
    assert (ran.first.outcome, ran.first.needs) == ("waiting", "word"), ran.said
    (unknown,) = desk.attempts[-1][0].story.unknown
    assert [(word.concept, [one.text for one in word.candidates]) for word in unknown.words] == [
        ("declaration", ["Once and for all"])
    ]
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(axes={"picker": "select"}, faults=["renamed_button=partners.assets>Give away"])
def test_a_select_of_several_accounts_in_other_words_is_asked_about_by_what_it_offers(desk: Desk) -> None:
    ran = desk.run(make("share-with-partner"))
    assert (ran.first.outcome, ran.first.needs) == ("waiting", "word"), ran.said
    (unknown,) = desk.attempts[-1][0].story.unknown
    (word,) = unknown.words
    assert [(word.concept, word.candidates[0].text)] == [("advertiser accounts", "Give away")]
    assert "it offers" in word.candidates[0].why
    assert desk.writes() == []
    desk.site.session.learnt = Learnt({"advertiser accounts": ("Give away",)})
    assert set(desk.run(make("share-with-partner")).outcomes) <= {"done", "waiting"}


@pytest.mark.nightly
@pytest.mark.standin(axes={"totals": "no", "list_style": "virtual"}, faults=["renamed_button=members.search>Who is it"])
def test_a_list_that_counts_nothing_is_searched_by_a_box_in_other_words(desk: Desk) -> None:
    ran = desk.run(make("invite-member"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert len(desk.writes("invite")) == 1
    assert any("Who is it" in one for one in desk.site.session.warnings)


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"role_style": "select", "finance_style": "checkbox", "form_steps": "one"},
    faults=[f"renamed_button=members.role.{role}>{text}" for role, text in (("admin", "Boss"), ("standard", "Hand"))],
)
def test_boxes_of_which_several_may_be_ticked_are_no_role(desk: Desk) -> None:
    desk.standin.world.faults.append(parse_fault("renamed_button=members.access>What they may do"))
    desk.run(make("invite-member"))
    (unknown,) = desk.attempts[-1][0].story.unknown
    offered = {word.concept: [one.text for one in word.candidates] for word in unknown.words}
    assert offered["access settings"] == ["What they may do"]
    assert sorted(offered["standard"]) == ["Boss", "Hand"]
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"row_actions": "menu", "columns": "reversed"}, faults=["renamed_button=partners.column.name>Called"]
)
def test_a_row_whose_actions_come_first_is_opened_and_its_name_is_no_dots(desk: Desk) -> None:
    ran = desk.run(
        make("share-with-partner", partner_id=seed.DELTA_MEDIA, ad_accounts=[asset(seed.TWIN_A).model_dump()])
    )
    assert {one.outcome for one in ran.settled} <= {"done", "waiting", "already"}, ran.said
    assert ran.settled[0].have["name"] == "Delta Media"


@pytest.mark.nightly
@pytest.mark.standin(axes={"registration": "old", "card_mark": "tick"})
def test_cards_that_do_not_look_as_if_one_could_click_are_proposed_under_a_required_caption(desk: Desk) -> None:
    person = Person(
        desk,
        {
            "registration.advertiser": ("We sell our own things", ("i am an advertiser",)),
            "registration.agency": ("We help others sell", ("i am an agency",)),
        },
    )
    ran = person.play("create-business-center", kind="advertiser")
    assert ran.first.outcome == "done", ran.said
    assert "We sell our own things" in [one.candidates[0].text for each in person.asked for one in each.words]


@pytest.mark.nightly
@pytest.mark.standin(axes={"role_style": "select"}, faults=["renamed_button=members.role.standard>Hand"])
def test_a_select_left_open_by_a_word_that_nobody_knows_covers_no_other_choice(desk: Desk) -> None:
    person = Person(desk, {"members.role.standard": ("Hand", ("standard",))})
    ran = person.play("invite-member", finance_role="analyst")
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    (sent,) = desk.writes("invite")
    assert (sent.body["org_role"], sent.body["finance_role"]) == (2, 6)


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"finance_style": "checkbox", "form_steps": "two", "asset_step": "yes"},
    faults=OTHER_ROLES,
)
def test_boxes_that_may_be_left_out_are_told_from_the_choice_that_the_form_insists_on(desk: Desk) -> None:
    person = Person(desk, OTHER_ROLES_MEAN)
    ran = person.play("invite-member", finance_role="analyst")
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    offered = {word.concept: {one.text for one in word.candidates} for each in person.asked for word in each.words}
    assert (offered["finance analyst"], offered["standard"]) == ({"Pays", "Reads bills"}, {"Boss", "Hand"})
    (sent,) = desk.writes("invite")
    assert (sent.body["org_role"], sent.body["finance_role"]) == (2, 6)


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"edition": "2024", "partners_route": "other"},
    faults=[f"renamed_button=nav.{each}>{word}" for each, word in (("overview", "Board"), ("partners", "Zorp"))],
)
def test_an_entry_in_other_words_is_found_in_a_group_that_is_open_already(desk: Desk) -> None:
    person = Person(desk, {"nav.partners": ("Zorp", ("partners",))})
    ran = person.play("share-with-partner")
    assert {one.outcome for one in ran.settled} <= {"done", "waiting"}, ran.said
    (asked,) = person.asked
    assert [sorted(one.text for one in word.candidates) for word in asked.words] == [["Board", "Zorp"]]


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"partners_route": "other"},
    faults=["renamed_button=nav.overview>Board", "renamed_button=nav.partners>Members"],
)
def test_an_entry_that_seemed_to_be_it_and_led_elsewhere_is_asked_about(desk: Desk) -> None:
    ran = desk.run(make("share-with-partner"))
    assert (ran.first.outcome, ran.first.needs, desk.writes()) == ("waiting", "word", []), ran.said
    (unknown,) = desk.attempts[-1][0].story.unknown
    assert [[one.text for one in word.candidates] for word in unknown.words] == [["Board"]]


@pytest.mark.standin(
    axes={
        "surface": "page",
        "asset_step": "no",
        "form_steps": "three",
        "role_style": "select",
        "captions": "placeholder",
        "close": "icon",
    }
)
def test_a_step_with_as_many_controls_as_the_one_before_is_no_complaint_of_that(desk: Desk) -> None:
    ran = desk.run(make("invite-member"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert len(desk.writes("invite")) == 1


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"finance_style": "cards", "role_style": "segments", "advanced": "open", "form_steps": "three"},
    faults=OTHER_ROLES,
)
def test_all_groups_that_an_optional_choice_may_stand_in_are_proposed(desk: Desk) -> None:
    ran = Person(desk, OTHER_ROLES_MEAN).play("invite-member", finance_role="analyst")
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    (sent,) = desk.writes("invite")
    assert (sent.body["org_role"], sent.body["finance_role"]) == (2, 6)
