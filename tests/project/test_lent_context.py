"""A context that is lent again is as empty as a new one."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Error

from standin import seed
from standin.server import StandIn
from tests.support.lent_context import LentContext

KEPT = "() => [localStorage.length, sessionStorage.length, document.cookie.includes('mine')]"


def test_what_one_test_left_is_gone_for_the_next(
    standin: StandIn, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    lent = LentContext(browser, browser_context_args)
    context = lent.lend()
    assert context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL}).ok
    page = context.new_page()
    page.goto(f"{standin.bc_url}/manage/overview?org_id={seed.NORTHWIND}")
    page.evaluate("() => { localStorage.a = '1'; sessionStorage.b = '2'; document.cookie = 'mine=3'; }")
    context.new_page()
    lent.take_back(standin.bc_url, standin.ads_url)
    assert page.is_closed()
    again = lent.lend()
    assert (again, [page.url for page in again.pages], again.cookies()) == (context, ["about:blank"], [])
    page = again.new_page()
    page.goto(f"{standin.ads_url}/i18n/login")
    assert page.evaluate(KEPT)[1:] == [0, False]
    page.goto(f"{standin.bc_url}/manage/overview?org_id={seed.NORTHWIND}")
    assert "a" not in page.evaluate("() => Object.keys(localStorage)")
    assert standin.world.sessions
    lent.close()
    with pytest.raises(Error):
        again.new_page()


def test_a_context_that_a_test_closed_is_replaced(browser: Browser) -> None:
    lent = LentContext(browser, {})
    spoilt = lent.lend()
    spoilt.close()
    lent.take_back("http://127.0.0.1:1")
    fresh = lent.lend()
    assert fresh != spoilt
    assert [page.url for page in fresh.pages] == ["about:blank"]
    lent.close()
