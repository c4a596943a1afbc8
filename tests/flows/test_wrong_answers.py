"""A wrong answer to a word costs a stop: what was pressed by it is contradicted by what the page wants to send."""

import pytest

from bcflow.pages.labels.learnt import Learnt
from standin.switches import parse_fault
from tests.flows.test_first_contact import CASES
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make
from tests.support.flow_person import Words
from tests.support.nightly import nightly_except

COMPANY: Words = {
    "wizard.company": ("Official title", ()),
    "wizard.companyHint": ("Title", ()),
    "wizard.companySearch": ("Titles", ()),
}
WRONG = {
    "invite-member": {"standard": "Runs everything"},
    "share-with-partner": {"operator": "Can do anything"},
    "create-ad-account": {"company name": "What shall it be called", "ad account name": "Official title"},
    "add-ad-account": {"operator": "Can look only"},
}


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(WRONG, "invite-member", "add-ad-account"))
def test_what_was_taught_wrongly_is_never_sent(desk: Desk, flow: str) -> None:
    words = {**CASES[flow], **(COMPANY if flow == "create-ad-account" else {})}
    desk.standin.world.faults += [parse_fault(f"renamed_button={key}>{text}") for key, (text, _) in words.items()]
    right = {concept: text for text, concepts in words.values() for concept in concepts}
    taught = right | WRONG[flow]
    desk.site.session.learnt = Learnt({concept: (text,) for concept, text in taught.items()})
    ran = desk.run(make(flow))
    assert desk.writes() == [], ran.said
    assert ran.writes == 0
    assert {one.outcome for one in ran.settled} & {"failed", "refused", "screen-changed"}, ran.said


def test_a_choice_that_leads_on_may_not_write(desk: Desk) -> None:
    """Somebody taught that the button to be pressed first is one that sends at once."""
    desk.standin.world.faults.append(parse_fault("renamed_button=members.invite>Bring someone in"))
    desk.site.session.learnt = Learnt({"invite member": ("Send now",)})
    desk.page.add_init_script(
        """addEventListener('load', () => {
          const button = document.createElement('button');
          button.textContent = 'Send now';
          button.onclick = () => fetch('/api/v2/bm/admin/user/invite/?org_id=1', {method: 'POST', body: '{}'});
          setInterval(() => document.body.contains(button) || document.body.append(button), 50);
        });"""
    )
    ran = desk.run(make("invite-member"))
    assert desk.writes() == [], ran.said
    assert [what for what in desk.stopped if "nothing is armed" in what]
    assert ran.first.outcome not in ("done", "already"), ran.said
