import pytest

from bcflow.runner.codes.mail import code_in, read_mail
from tests.support.imap_server import make_mail

FOOTER = "TikTok Pte. Ltd., 1 Raffles Quay, #26-10, South Tower, Singapore 048583"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"Your verification code is 123456.\n{FOOTER}", "123456"),
        (f"Hello,\n\nEnter this code:\n\n   123456\n\n{FOOTER}", "123456"),
        (f"To go on, use\n123456\n{FOOTER}", "123456"),
        (f"123456 is your TikTok code\n{FOOTER}", "123456"),
        (f"Mã xác minh: 123456\n{FOOTER}", "123456"),
        (f"验证码 123456\n{FOOTER}", "123456"),
        ("Ihr Code lautet: *123 456*\n 123 456 \n", "123456"),
        ("Code:\n1 2 3 4 5 6\n", "123456"),
        (f"Use it within 10 minutes: 123456\n{FOOTER.replace('048583', '')}", "123456"),
        ("Your code:\nAB12C3\n", "AB12C3"),
        ("Your code is a1b2c3, valid for 10 minutes", "a1b2c3"),
        ("Your verification code\nQWERTY\n", "QWERTY"),
        ("WONDER\nmail of the week", None),
        ("Your code is on its way, TikTok", None),
        ("Order 1234567 of 12345 for 123456.78 on 2026-11-24, colour #123456", None),
        ("See https://tiktok.example/code/123456?code=654321", None),
        ("Numbers 111111 and 222222", None),
        ("", None),
    ],
)
def test_a_code_is_told_from_other_numbers(text: str, code: str | None) -> None:
    assert code_in("Security", text) == code


def test_a_code_in_the_subject_counts() -> None:
    assert code_in("123456 is your TikTok code", f"Hello\n{FOOTER}") == "123456"
    assert code_in("AB12C3 is your verification code", "") == "AB12C3"


def test_a_page_is_read_as_it_is_seen() -> None:
    html = (
        "<html><head><style>.a{color:#111111} code 222222</style><title>code 333333</title></head>"
        "<body><p>Your <b>code</b>\nis:</p><table><tr><td>1</td><td>2</td><td>3</td><td>4</td><td>5</td><td>6</td></tr>"
        f"</table><a href='https://x.example/?code=444444'>go</a><footer>{FOOTER}</footer></body></html>"
    )

    assert read_mail(make_mail("See the page", html=html).raw).code == "123456"


def test_a_page_whose_head_is_never_closed_is_read() -> None:
    assert read_mail(make_mail("x", html="<head><style>a</style><body>code: 123456").raw).code == "123456"


def test_encoded_headers_and_bodies_are_read() -> None:
    mail = make_mail("Mã của bạn: 123456", subject="Xác minh", sender="Hỗ trợ <a@tiktok.com>", to="Ana <ANA@x.example>")
    read = read_mail(mail.raw)

    assert (read.sender, read.recipients, read.code) == ("a@tiktok.com", ("ana@x.example",), "123456")
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
    assert read_mail(raw).code is None


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
