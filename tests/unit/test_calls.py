"""What a request is, told by the words of its path: in doubt, a write."""

import pytest

from bcflow.pages.kit import calls
from bcflow.pages.kit.wire import Answer, Sent


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v2/bm/admin/user/invite/", "write"),
        ("/api/v2/bm/partner/add/", "write"),
        ("/api/v3/bm/bp/create/", "write"),
        ("/api/v2/bm/account/update_status/", "write"),
        ("/api/v2/bm/order/add_detail", "write"),
        ("/", "write"),
        ("/pa/api/common/show/invoice/query_invoice_list", "read"),
        ("/api/v2/bm/asset/list/", "read"),
        ("/api/v2/bm/partner/check/", "read"),
        ("/api/v2/bm/security/send_code/", "read"),
        ("/api/v2/bm/security/verify_code/", "code"),
        ("/api/v2/bm/security/code", "code"),
    ],
)
def test_the_words_of_a_path_tell_what_a_post_is(path: str, kind: str) -> None:
    assert calls.kind(path) == kind


def test_only_a_request_without_the_csrf_header_is_telemetry() -> None:
    path = "/monitor_browser/collect/batch/"
    assert calls.is_telemetry(path, {"Content-Type": "application/json"})
    assert not calls.is_telemetry(path, {"X-Csrftoken": "t"})
    assert not calls.is_telemetry("/api/v2/bm/admin/user/invite/", {})


def test_a_broken_connection_is_neither_yes_nor_no() -> None:
    broken = Answer(path="/invite", status=0, code=None, msg="")
    assert (broken.is_yes, broken.is_no) == (False, False)
    assert not Sent(writes=["POST /invite"], answers=[broken]).spent()


def test_what_the_site_said_yes_to_is_spent() -> None:
    yes = Answer(path="/invite", status=200, code=0, msg="")
    sent = Sent(writes=["POST /invite", "POST /other"], answers=[yes])
    assert sent.spent() == {"POST /invite"}
    assert not sent.accepted()


def test_code_that_was_handed_in_is_a_trace() -> None:
    assert Sent().nothing
    assert not Sent(codes=["POST /verify_code"]).nothing
