import pytest

from bcflow.runner.code_mail import code_in, read_mail
from tests.unit.imap_server import make_mail

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

    assert (read.sender, read.recipients, read.code) == ("Hỗ trợ <a@tiktok.com>", ("ana@x.example",), "123456")
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
