"""What may leave while one write is armed: the rule itself, without a browser."""

import pytest

from bcflow.pages.kit.writing.armed import Answer, Armed, Order
from bcflow.pages.kit.writing.requests import Call

ORG = "7100000000000000017"
OTHER = "7199999999999999999"
INVITE = "http://site/api/v3/bm/user/invite/"
CHECKED = "http://site/api/v3/bm/user/prevalidate/"
BIND = "http://site/api/v3/bm/user/bind/"
YES = Answer(path="/x", status=200, code=0, msg="")
NO = Answer(path="/x", status=200, code=40002, msg="no")
BROKEN = Answer(path="/x", status=0, code=None, msg="")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def armed(**changes: object) -> Armed:
    return Armed(**{"org": ORG, "ids": frozenset(), **changes})  # type: ignore[arg-type]


def post(url: str = INVITE, body: str | None = "{}", **changes: object) -> Call:
    return Call(**{"method": "POST", "url": url, "body": body, **changes})  # type: ignore[arg-type]


def told(orders: list[Order]) -> list[tuple[str, str]]:
    return [(order.token, order.verdict) for order in orders]


def answer(call: Call, like: Answer) -> Answer:
    return Answer(call.path, like.status, like.code, like.msg, does=call.nature == "write")


def test_the_same_write_leaves_once_under_every_version_and_slash() -> None:
    one = armed()
    assert told(one.arrives("1", post())) == [("1", "go")]
    same = ["http://site/api/v2/bm/user/invite", "http://site/API/v3/bm/user/INVITE/?x=1", INVITE]
    for token, url in zip("234", same, strict=True):
        assert told(one.arrives(token, post(url))) == [(token, "stop")]
    assert (len(one.sent.writes), len(one.sent.stopped)) == (1, 3)


def test_two_that_both_do_something_at_one_moment_are_a_double() -> None:
    one = armed()
    one.arrives("1", post())
    assert told(one.arrives("2", post("http://site/api/other/create/"))) == [("2", "stop")]


def test_a_second_request_leaves_after_a_yes_only() -> None:
    for like, verdict in ((YES, "go"), (NO, "stop"), (BROKEN, "stop")):
        one = armed()
        one.arrives("1", post())
        assert one.ends("1", answer(post(), like)) == []
        assert told(one.arrives("2", post(BIND))) == [("2", verdict)], like


def test_a_question_of_the_page_is_held_while_the_write_is_under_way_and_let_go_after_a_yes() -> None:
    one = armed()
    one.arrives("1", post())
    assert one.arrives("2", post(CHECKED)) == []
    assert one.sent.busy
    assert told(one.ends("1", answer(post(), YES))) == [("2", "go")]


def test_what_is_held_is_stopped_and_named_after_anything_but_a_yes() -> None:
    one = armed()
    one.arrives("1", post())
    one.arrives("2", post(CHECKED))
    assert told(one.ends("1", answer(post(), NO))) == [("2", "stop")]
    assert one.sent.stopped == ["POST /api/v3/bm/user/prevalidate/"]
    assert not one.sent.busy


def test_the_write_leaves_after_a_question_of_the_page_that_was_answered() -> None:
    one = armed()
    check = post(CHECKED)
    assert told(one.arrives("1", check)) == [("1", "go")]
    assert one.arrives("2", post()) == []
    assert told(one.ends("1", answer(check, YES))) == [("2", "go")]
    assert not one.sent.began()
    one.ends("2", answer(post(), YES))
    assert one.sent.began()


def test_noise_that_is_never_answered_holds_the_write_up_for_a_moment_only() -> None:
    clock = Clock()
    one = armed(clock=clock)
    one.arrives("1", post("http://site/api/odd/thing/"))
    assert one.arrives("2", post()) == []
    assert one.tick() == []
    clock.now = 2.5
    assert told(one.tick()) == [("2", "go")]


def test_noise_without_a_word_of_the_site_ends_nothing() -> None:
    one = armed()
    noise = post("http://site/api/odd/thing/")
    one.arrives("1", noise)
    one.ends("1", Answer(noise.path, 404, None, "", does=False))
    assert told(one.arrives("2", post())) == [("2", "go")]


def test_an_unclear_write_that_broke_off_ends_everything() -> None:
    one = armed()
    odd = post("http://site/api/odd/thing/")
    one.arrives("1", odd)
    one.ends("1", Answer(odd.path, 0, None, "", does=False))
    assert told(one.arrives("2", post())) == [("2", "stop")]


def test_what_was_seen_while_nothing_was_armed_passes_uncounted() -> None:
    one = armed(is_known=lambda call: call.key == post("http://site/api/odd/thing/").key)
    assert told(one.arrives("1", post("http://site/api/odd/thing/"))) == [("1", "go")]
    assert one.sent.nothing


def test_what_says_that_it_does_something_is_never_known_as_harmless() -> None:
    one = armed(is_known=lambda _call: True)
    one.arrives("1", post())
    assert one.sent.writes == ["POST /api/v3/bm/user/invite/"]


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (f"{INVITE}?org_id={OTHER}", "{}"),
        (INVITE, f'{{"data": [{{"bcId": {OTHER}}}]}}'),
        (INVITE, f"org_id={OTHER}&role=1"),
        (f"http://site/bc/{OTHER}/invite", "{}"),
        (INVITE, f'{{"accounts": [{OTHER}]}}'),
    ],
    ids=["query", "json number in depth", "form body", "path", "known id"],
)
def test_another_place_or_account_is_stopped_wherever_it_is_named(url: str, body: str) -> None:
    one = armed(known_ids=frozenset({OTHER}))
    assert told(one.arrives("1", post(url, body))) == [("1", "stop")]
    assert one.sent.nothing


def test_a_place_that_nobody_knows_is_stopped_where_it_is_named_as_one() -> None:
    for url in (f"http://site/bc/{OTHER}/invite", f"{INVITE}?bc_id={OTHER}"):
        assert told(armed().arrives("1", post(url))) == [("1", "stop")], url


def test_what_cannot_be_read_does_not_leave() -> None:
    one = armed()
    assert told(one.arrives("1", post(body=None))) == [("1", "stop")]


def test_a_code_that_is_refused_leaves_no_trace_and_may_be_given_again() -> None:
    one = armed()
    code = post("http://site/api/security/verify_code/")
    one.arrives("1", code)
    assert not one.sent.nothing
    one.ends("1", answer(code, NO))
    assert one.sent.nothing
    assert told(one.arrives("2", code)) == [("2", "go")]


def test_a_write_that_a_code_was_asked_for_may_leave_again_but_not_one_the_site_said_yes_to() -> None:
    one = armed()
    one.arrives("1", post())
    one.ends("1", answer(post(), NO))
    one.again()
    assert told(one.arrives("2", post())) == [("2", "go")]
    one.ends("2", answer(post(), YES))
    one.again()
    assert told(one.arrives("3", post())) == [("3", "stop")]
    assert len(one.sent.writes) == 2


def test_a_captcha_that_is_asked_for_lets_the_same_request_leave_again() -> None:
    one = armed()
    one.arrives("1", post())
    one.ends("1", Answer(post().path, 200, 1107, "verify"))
    assert told(one.arrives("2", post(f"{INVITE}?fp=2"))) == [("2", "go")]


def test_after_it_is_shut_only_reads_pass_and_once_the_page_is_left_what_the_next_one_asks() -> None:
    one = armed()
    one.arrives("1", post())
    one.ends("1", answer(post(), YES))
    one.shut()
    assert told(one.arrives("2", post(BIND))) == [("2", "stop")]
    assert told(one.arrives("3", post("http://site/api/member/list/"))) == [("3", "go")]
    assert told(one.arrives("4", post("http://site/api/members/"))) == [("4", "stop")]
    one.page_left()
    assert told(one.arrives("5", post("http://site/api/accounts/"))) == [("5", "go")]
    assert told(one.arrives("6", post())) == [("6", "stop")]
    assert one.sent.writes == ["POST /api/v3/bm/user/invite/"]


def test_what_never_left_after_all_is_not_counted() -> None:
    one = armed()
    one.arrives("1", post())
    one.withdraw("1")
    assert (one.sent.nothing, one.sent.stopped, one.sent.busy) == (True, ["POST /api/v3/bm/user/invite/"], False)


def test_a_redirect_of_a_write_is_not_followed_to_another_place() -> None:
    one = armed()
    one.arrives("1", post())
    one.ends("1", Answer(post().path, 307, None, ""))
    assert told(one.arrives("2", post("http://site/api/elsewhere/create/"))) == [("2", "stop")]
