"""What a request is, told by verb, path, headers and body: in doubt it is unclear, and that counts as a write."""

import pytest

from bcflow.pages.kit.screen import site_api
from bcflow.pages.kit.writing import requests
from bcflow.pages.kit.writing.requests import Call


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v2/bm/admin/user/invite/", "write"),
        ("/api/v2/bm/partner/add/", "write"),
        ("/api/v3/bm/bp/create/", "write"),
        ("/api/v2/bm/account/update_status/", "write"),
        ("/api/v2/bm/order/add_detail", "write"),
        ("/api/v3/bm/user/batch_update_status/", "write"),
        ("/api/v3/bm/register_account_info/", "write"),
        ("/bc/7199999999999999999/invite", "write"),
        ("/api/members/invite/v2", "write"),
        ("/", "unclear"),
        ("/api/members", "unclear"),
        ("/api/v3/bm/user/precheck/", "unclear"),
        ("/api/v3/bm/check_invite/", "unclear"),
        ("/pa/api/common/show/invoice/query_invoice_list", "read"),
        ("/api/v2/bm/asset/list/", "read"),
        ("/api/v2/bm/partner/check/", "read"),
        ("/api/v2/bm/security/send_code/", "read"),
        ("/api/v2/bm/security/verify_code/", "code"),
        ("/api/v2/bm/security/code", "code"),
    ],
)
def test_the_words_of_a_path_tell_what_a_post_is(path: str, kind: str) -> None:
    assert requests.kind(path) == kind


@pytest.mark.parametrize(
    ("call", "nature"),
    [
        (Call("GET", "https://site/api/v3/bm/user/invite/"), "write"),
        (Call("GET", "https://site/api/v3/bm/invite/list/"), "read"),
        (Call("GET", "https://site/account/create?source=x", "Document"), "read"),
        (Call("GET", "https://site/static/invite.3f2a.js", "Script"), "read"),
        (Call("GET", "https://site/static/add.svg", "Other"), "read"),
        (Call("POST", "https://site/account/create", "Document", body=None), "write"),
        (Call("PUT", "https://site/api/members/7"), "write"),
        (Call("POST", "https://verification-sg.tiktok.com/captcha/verify"), "captcha"),
        (Call("POST", "https://mcs-sg.tiktokv.com/v1/list"), "telemetry"),
        (Call("POST", "https://mssdk-sg.tiktok.com/web/report"), "telemetry"),
        (Call("POST", "https://site/web/common"), "telemetry"),
        (Call("POST", "https://site/v1/user/webid"), "telemetry"),
        (Call("POST", "https://site/api/attrib/trace/init/"), "telemetry"),
        (Call("POST", "https://site/api/events/create/"), "write"),
        (Call("POST", "https://site/monitor/collect/", headers={"X-Csrftoken": "t"}), "unclear"),
        (Call("POST", "https://site/graphql", body='{"operationName": "listMembers"}'), "read"),
        (Call("POST", "https://site/graphql", body='{"operationName": "InviteMember", "variables": {}}'), "write"),
        (Call("POST", "https://site/rpc?action=member.create"), "write"),
        (Call("POST", "https://site/graphql", body='{"query": "{ x }"}'), "unclear"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.method} {value.path}",
)
def test_verb_host_and_headers_tell_what_a_request_is(call: Call, nature: str) -> None:
    assert call.nature == nature


def test_requests_to_one_address_are_told_apart_by_what_they_are_to_do_and_by_their_shape() -> None:
    url = "https://site/graphql"
    page, invite = (Call("POST", url, body=body) for body in ('{"page": 1, "size": 2}', '{"email": "a@b.example"}'))
    assert page.key == invite.key
    assert page.shape != invite.shape
    assert page.shape == Call("POST", url, body='{"size": 9, "page": 3}').shape
    named = [Call("POST", url, body=f'{{"operationName": "{name}"}}').key for name in ("inviteMember", "bindMember")]
    assert named[0] != named[1]


def test_only_a_request_without_the_csrf_header_is_telemetry() -> None:
    url = "https://site/monitor_browser/collect/batch/"
    assert requests.is_telemetry(url, {"Content-Type": "application/json"})
    assert not requests.is_telemetry(url, {"X-Csrftoken": "t"})
    assert not requests.is_telemetry("https://site/api/v2/bm/admin/user/invite/", {})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": 0}, 0),
        ({"code": "0"}, 0),
        ({"code": "40002"}, 40002),
        ({"error_code": 1107}, 1107),
        ({"code": "ok"}, None),
        ({"code": True}, None),
        ({}, None),
    ],
)
def test_a_code_may_be_a_number_or_text(body: dict[str, object], code: int | None) -> None:
    assert site_api.code_of(body) == code
