"""Which number of a mail is its code."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bcflow.runner.codes.candidates import codes_in, codes_printed

FOOTER = "TikTok Pte. Ltd., 1 Raffles Quay, #26-10, South Tower, Singapore 048583"
FOOTERS = ("", f"\n{FOOTER}", "\n© 2026 TikTok\n1 Raffles Quay #26-10\nSingapore 048583")
MAILS = [
    pytest.param(mail, id=f"{language} {number}")
    for language, mails in YAML(typ="safe").load(Path(__file__).with_name("mails.yaml")).items()
    for number, mail in enumerate(mails, start=1)
]


@pytest.mark.parametrize("mail", MAILS)
def test_the_code_of_a_mail_is_found_in_its_language_whatever_its_footer(mail: dict[str, Any]) -> None:
    expected = () if mail["code"] is None else (mail["code"],)
    assert [codes_in(mail.get("subject", "Security"), mail["text"] + footer) for footer in FOOTERS] == [expected] * 3


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
    assert codes_in("Security", text)[:1] == ((code,) if code else ())


def test_a_code_in_the_subject_counts() -> None:
    assert codes_in("123456 is your TikTok code", f"Hello\n{FOOTER}") == ("123456",)
    assert codes_in("AB12C3 is your verification code", "") == ("AB12C3",)


def test_of_several_numbers_the_nearer_one_comes_first() -> None:
    text = "Your code is 111111. For other accounts use 222222 in place of that code.\nYour newest code: 333333"
    assert codes_in("Security", text) == ("333333", "111111", "222222")


DIGITS = st.text("0123456789", min_size=6, max_size=6)
SENTENCES = (
    "Your verification code is {}.",
    "{} is your verification code",
    "Ihr Bestätigungscode: {}",
    "Use {} as your one-time password.",
    "Käytä koodia {} kirjautumiseen",
    "Kodunuz\n{}",
    "您的验证码是{}。请勿告诉他人",
    "رمز التحقق: {}",
    "आपका कोड {} है",
)
ASIDES = (
    "{}, TikTok Pte. Ltd., Singapore {}",
    "Москва, {}",
    "Questions? Ticket {}",
    "Order no. {} was paid",
    "Call us: tel. {}",
    "© 2026 TikTok, Raffles Quay 1, #{}",
    "Total: {} USD",
    "https://tiktok.example/{}",
    "ads.tiktok.com/x?id={}",
    "Something else happened in {} places.",
)


@given(
    code=DIGITS,
    sentence=st.sampled_from(SENTENCES),
    asides=st.lists(st.tuples(st.sampled_from(ASIDES), DIGITS), max_size=5),
    above=st.integers(0, 5),
)
def test_a_sentence_with_a_code_goes_before_any_other_number(
    code: str, sentence: str, asides: list[tuple[str, str]], above: int
) -> None:
    lines = [text.format(number, number) for text, number in asides]
    lines.insert(above, sentence.format(code))
    assert codes_in("Security", "\n".join(lines))[:1] == (code,)


@given(st.text(), st.text())
def test_whatever_a_mail_says_what_is_found_is_like_a_code(subject: str, body: str) -> None:
    assert all(len(code) == 6 and code.isascii() and code.isalnum() for code in codes_in(subject, body))


@pytest.mark.nightly
@pytest.mark.parametrize("junk", ["a", "1", "a.", "1 ", "@", "code", "111111 code ", "x=", "\n1"])
def test_a_long_mail_is_read_at_once(junk: str) -> None:
    assert isinstance(codes_in("", junk * (300_000 // len(junk))), tuple)


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("482913\n", ("482913",)),
        (" 482 913 ", ("482913",)),
        ("4829", ("4829",)),
        ("482-913", ("482913",)),
        ("٤٨٢٩١٣", ("482913",)),
        ("VAE97H", ("VAE97H",)),
        ("QWERTY", ("QWERTY",)),
        ("Your code is 482913", ("482913",)),
        ('{"code": "482913", "id": 700123}', ("482913",)),
        ("2026-11-24 10:00 read 3 mails\n482913\n", ("482913",)),
        ("[TikTok] 482913 is your verification code, valid for 5 minutes. Ticket 700123", ("482913",)),
        ("no new mail", ()),
        ("None", ()),
        ("null", ()),
        ("TIKTOK", ()),
        ("error 503 at 2026-11-24T10:00:00", ()),
        ("", ()),
    ],
)
def test_of_what_is_printed_or_typed_only_the_code_is_taken(printed: str, codes: tuple[str, ...]) -> None:
    assert codes_printed(printed) == codes
