import pytest

from bcflow.runner.codes.mail import read_mail
from tests.support.imap_server import make_mail

FOOTER = "TikTok Pte. Ltd., 1 Raffles Quay, #26-10, South Tower, Singapore 048583"


def test_a_page_is_read_as_it_is_seen() -> None:
    html = (
        "<html><head><style>.a{color:#111111} code 222222</style><title>code 333333</title></head>"
        "<body><p>Your <b>code</b>\nis:</p><table><tr><td>1</td><td>2</td><td>3</td><td>4</td><td>5</td><td>6</td></tr>"
        f"</table><a href='https://x.example/?code=444444'>go</a><footer>{FOOTER}</footer></body></html>"
    )

    assert read_mail(make_mail("See the page", html=html).raw).codes == ("123456",)


def test_a_page_whose_head_is_never_closed_is_read() -> None:
    assert read_mail(make_mail("x", html="<head><style>a</style><body>code: 123456").raw).codes == ("123456",)


@pytest.mark.parametrize(
    "html",
    [
        "<div style='display: none; max-height:0'>Your code is 111111</div><p>Your code is</p><h1>123456</h1>",
        "<span hidden>code <span>111111</span> code 222222</span><div>Your code: 123456</div>",
        "<div style='visibility:hidden'><br><img src=x>code: 111111</div>Your code: 123456",
        "Your code: 123456<blockquote type=cite>Your code: 111111<blockquote>code: 2</blockquote></blockquote>",
        "Your code: 123456<div class='x gmail_quote'><div>Your code: 111111</div>Your code: 222222</div>",
        "<td style='font-size:0;opacity:0.9'>Your code: <b style='font-size:20px'>123456</b></td>",
        "<p>Your code</p>" + "".join(f"<div><table><tr><td>{sign}</td></tr></table></div>" for sign in "123456"),
        "<p>Your code</p>" + "".join(f"<span>{sign}</span>" for sign in "123-456"),
        "<p style='display:none'>What is hidden and never ends: your code is 123456<p>",
        "<blockquote>Your code: 123456</blockquote>",
    ],
)
def test_what_a_reader_does_not_see_counts_only_where_there_is_nothing_else(html: str) -> None:
    assert read_mail(make_mail("See the page", html=f"<body>{html}<footer>{FOOTER}</footer>").raw).codes == ("123456",)


def test_an_older_mail_that_is_quoted_is_never_the_code() -> None:
    quoted = "<p>Thanks</p><blockquote type=cite>Your code: 111111</blockquote>"
    assert read_mail(make_mail("Thanks\n> Your code: 111111", html=quoted).raw).codes == ()


def test_encoded_headers_and_bodies_are_read() -> None:
    mail = make_mail("Mã của bạn: 123456", subject="Xác minh", sender="Hỗ trợ <a@tiktok.com>", to="Ana <ANA@x.example>")
    read = read_mail(mail.raw)

    assert (read.sender, read.recipients, read.codes) == ("a@tiktok.com", ("ana@x.example",), ("123456",))
    assert "123456" not in repr(read)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: =?nonsense?q?x?=\r\nSubject: =?utf-8?b?!!?=\r\n\r\nhello",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<![x",
    ],
)
def test_a_damaged_mail_has_no_code_and_breaks_nothing(raw: bytes) -> None:
    assert read_mail(raw).codes == ()


PASS = "mx.ours.example; dkim=pass header.d=tiktok.com; spf=pass"
SIGNED_BY_ANOTHER = "mx.ours.example; dkim=fail (bad) header.d=tiktok.com; dkim=pass header.d=evil.example"
BROKEN_BY_A_LIST = "mx.ours.example; dkim=fail header.d=list.example; dkim=pass (dkim=fail) header.i=@tiktok.com"


def raw_mail(*headers: str) -> bytes:
    return "\r\n".join([*headers, "Subject: code", "", "Your code is 123456."]).encode()


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ('"no-reply@tiktok.com" <a@evil.example>', "a@evil.example"),
        ("TikTok tiktok.com <A@Evil.example>", "a@evil.example"),
        ("=?utf-8?q?TikTok_=3Cno-reply=40tiktok.com=3E?= <a@evil.example>", "a@evil.example"),
        ("TikTok for Business <no-reply@mail.tiktok.com>", "no-reply@mail.tiktok.com"),
        ("no-reply@mail.tiktok.com", "no-reply@mail.tiktok.com"),
        ("a@evil.example, no-reply@tiktok.com", ""),
        ("tiktok.com", ""),
        ("", ""),
    ],
)
def test_a_sender_is_its_address_and_not_its_name(sender: str, address: str) -> None:
    assert read_mail(raw_mail(f"From: {sender}")).sender == address


def test_a_mail_with_two_senders_has_none() -> None:
    assert "tiktok" not in read_mail(raw_mail("From: no-reply@tiktok.com <a@evil.example>")).sender
    assert read_mail(raw_mail("From: a@evil.example", "From: no-reply@tiktok.com")).sender == ""


@pytest.mark.parametrize(
    ("results", "forged"),
    [
        ([], False),
        ([PASS], False),
        (["mx.ours.example; dkim=none"], False),
        (['mx.ours.example;\r\n dkim=fail reason="x" header.d=tiktok.com'], True),
        (["mx.ours.example; spf=pass; DKIM=Fail"], True),
        (["mx.ours.example; dkim=permerror header.d=tiktok.com"], True),
        (["mx.ours.example; dkim=pass header.d=evil.example; dmarc=fail"], True),
        ([SIGNED_BY_ANOTHER], True),
        ([BROKEN_BY_A_LIST], False),
        ([BROKEN_BY_A_LIST.replace("@tiktok.com", "@oktiktok.com")], True),
        (["mx.ours.example; dkim=fail header.d=tiktok.com", PASS], True),
        ([PASS, "whoever.example; dkim=fail"], False),
        (["mx.ours.example; dkim=pass (was dkim=fail; dkim=fail) header.d=tiktok.com"], False),
    ],
)
def test_a_signature_that_our_own_server_found_false_makes_a_mail_forged(results: list[str], forged: bool) -> None:
    lines = [f"Authentication-Results: {result}" for result in results]
    assert read_mail(raw_mail(*lines, "From: no-reply@tiktok.com")).forged is forged
