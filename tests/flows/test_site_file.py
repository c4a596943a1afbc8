"""What labels/site.yaml says is gone by: a route, a select that is no filter, a path that only reads."""

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages.ad_accounts_page import AdAccountsPage
from bcflow.pages.kit.writing.wire import Wire
from bcflow.pages.members_page import MembersPage
from standin import seed
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make_invite_member

MARK = """() => {
  const shown = document.querySelector('[class*="-select-input"] input');
  shown.value = 'Wide';
}"""
SENDS = "path => fetch(path, {method: 'POST'}).then(() => 'left', () => 'stopped')"


def test_a_screen_is_looked_for_where_the_operator_says(desk: Desk) -> None:
    desk.site.session.routes["Members"] = "/manage/users/members?from=menu"
    MembersPage.open(desk.site, seed.NORTHWIND)
    assert "from=menu" in desk.page.url


def test_a_select_that_is_no_filter_is_none(desk: Desk) -> None:
    page = AdAccountsPage.open(desk.site, seed.NORTHWIND)
    desk.page.evaluate(MARK)
    with pytest.raises(CannotSee, match="filtered by Wide"):
        page.read_accounts()
    desk.site.session.no_filters = frozenset({"wide"})
    assert len(page.read_accounts()) == 33


def test_a_path_that_only_reads_leaves_whatever_its_name_says(desk: Desk) -> None:
    page = desk.context.new_page()
    wire = Wire(
        page, may_load=lambda _url: True, on_stopped=desk.stopped.append, reads=frozenset({"/api/view/update/"})
    )
    page.goto(f"{desk.addresses.business_center}/robots.txt")
    wire.refuse_writes()
    assert page.evaluate(SENDS, "/api/view/update/") == "left"
    assert page.evaluate(SENDS, "/api/view/create/") == "stopped"
    page.close()


def test_a_screen_may_have_a_patience_of_its_own(desk: Desk) -> None:
    desk.site.session.patience = {"Members": 77.0}
    assert desk.site.patience != 77
    MembersPage.open(desk.site, seed.NORTHWIND)
    assert desk.site.patience == 77
    assert desk.run(make_invite_member(), only_look=True).first.outcome == "planned"
