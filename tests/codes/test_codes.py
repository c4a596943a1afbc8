import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from bcflow.runner.codes.authenticator import AnyLength
from bcflow.runner.codes.codes import Codes, CodeSettings, channel_of
from bcflow.runner.codes.programs import stripped

SEED = "JBSWY3DPEHPK3PXP"
BY_MAIL = {
    "kind": "code",
    "text": "Enter the code",
    "to": "o***@agency.example",
    "sent_after": "2026-11-24T10:00:00+00:00",
}


def command(tmp_path: Path, code: str) -> str:
    """Return a command that runs `code`, Python with `out` for printing."""
    file = tmp_path / "source.py"
    file.write_text(f"import os, sys, pathlib\n{code}\n")
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(file))}"


def test_an_authenticator_code_fits_the_servers_clock() -> None:
    offset = 3600.0
    answer = Codes(CodeSettings(totp_secret=SEED)).answer(
        {"kind": "code", "channel": "authenticator", "clock_offset": offset}
    )
    theirs = datetime.now(UTC) + timedelta(seconds=offset)

    around = [theirs + timedelta(seconds=shift) for shift in (-30, 0, 30)]
    assert answer in [AnyLength(SEED).at(moment) for moment in around]


def test_an_authenticator_code_is_not_tried_twice() -> None:
    stop = Event()
    codes = Codes(CodeSettings(totp_secret=SEED), stop=stop)
    question = {"kind": "code", "channel": "authenticator"}
    first = codes.answer(question)
    stop.set()

    assert first is not None
    assert codes.answer(question) is None


def test_the_command_is_told_what_is_asked_and_sees_no_secret(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    source = command(tmp_path, f"pathlib.Path({str(seen)!r}).write_text(repr(dict(os.environ))); print(' 123 456 ')")
    environment = {"PATH": "/usr/bin", "BCFLOW_PASSWORD": "planted", "AWS_SECRET": "planted"}
    answer = Codes(CodeSettings(command=source), environment=environment).answer(BY_MAIL)

    assert answer == "123456"
    assert "planted" not in seen.read_text()
    assert "'BCFLOW_CODE_KIND': 'email'" in seen.read_text()
    assert "'BCFLOW_CODE_TO': 'o***@agency.example'" in seen.read_text()
    assert "'BCFLOW_CODE_SENT_AFTER': '2026-11-24T10:00:00+00:00'" in seen.read_text()


def test_the_command_is_asked_again_until_it_has_a_new_code(tmp_path: Path) -> None:
    count = tmp_path / "count"
    source = command(
        tmp_path,
        f"file = pathlib.Path({str(count)!r}); n = len(file.read_text()) if file.exists() else 0\n"
        "file.write_text('x' * (n + 1)); print('111111' if n < 2 else '222222')",
    )
    codes = Codes(CodeSettings(command=source, wait=20))

    assert codes.answer(BY_MAIL) == "111111"
    assert codes.answer(BY_MAIL) == "222222"


@pytest.mark.parametrize("code", ["sys.exit(1)", "pass", "print('1'); sys.exit(3)"])
def test_a_command_without_an_answer_ends_in_none(tmp_path: Path, code: str) -> None:
    codes = Codes(CodeSettings(command=command(tmp_path, code), wait=0.1))

    assert codes.answer(BY_MAIL) is None


def test_a_short_secret_as_some_sites_give_it_works() -> None:
    # RFC 6238, appendix B, has a 160-bit secret; its code at 59 s is known.
    known = AnyLength("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

    assert known.at(59) == "287082"
    assert AnyLength("GEZDGNBVGY3TQOJQ").at(59).isdigit()


def test_the_person_is_asked_where_there_is_no_other_source() -> None:
    asked: list[tuple[str, str]] = []

    def prompt(question: str, kind: str) -> str:
        asked.append((question, kind))
        return " 123 456\n"

    codes = Codes(CodeSettings(), prompt=prompt)

    assert codes.answer(BY_MAIL) == "123456"
    assert codes.answer(BY_MAIL) is None
    assert asked[0][1] == "code"
    assert "o***@agency.example" in asked[0][0]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("482-913", "482913"),
        ("٤٨٢٩١٣", "482913"),
        ("Your code is 482913. Ticket 700123", "482913"),
        ("a1b2c3d4 e5", "a1b2c3d4e5"),
        ("  ", None),
    ],
)
def test_a_person_may_type_the_code_as_it_is_written_or_paste_its_sentence(typed: str, code: str | None) -> None:
    assert Codes(CodeSettings(), prompt=lambda *_: typed).answer(BY_MAIL) == code


def test_a_sentence_without_a_clear_code_is_asked_about_again_and_never_typed() -> None:
    asked: list[str] = []
    typed = iter(["482913 is for (Acme 360000)", "482 913"])

    def prompt(question: str, _kind: str) -> str:
        asked.append(question)
        return next(typed, "482913 is for (Acme 360000)")

    assert Codes(CodeSettings(), prompt=prompt).answer(BY_MAIL) == "482913"
    assert "is not clear, and nothing was typed" in asked[1]
    assert all(question.endswith("\nCode: ") for question in asked)
    assert Codes(CodeSettings(), prompt=prompt).answer(BY_MAIL) is None


def test_a_captcha_is_always_a_persons(tmp_path: Path) -> None:
    codes = Codes(CodeSettings(totp_secret=SEED, command=command(tmp_path, "print(1)")))

    assert codes.answer({"kind": "captcha", "text": "Solve it"}) is None


def test_nobody_and_nothing_gives_none() -> None:
    assert Codes(CodeSettings()).answer(BY_MAIL) is None


@pytest.mark.parametrize(
    ("question", "channel"),
    [
        ({"channel": "text", "to": "a@b.example"}, "text"),
        ({"to": "o***@agency.example"}, "email"),
        ({"to": "+1 ***55"}, "text"),
        ({"text": "Open your authenticator app"}, "authenticator"),
        ({"text": "We sent a code to your phone"}, "text"),
        ({"text": "Enter the code"}, None),
    ],
)
def test_the_channel_is_what_the_page_shows(question: dict[str, str], channel: str | None) -> None:
    assert channel_of(question) == channel


def test_an_unnamed_code_comes_from_the_only_source_there_is() -> None:
    assert Codes(CodeSettings(totp_secret=SEED)).answer({"kind": "code", "text": "Enter the code"})


def test_the_stripped_environment_has_nothing_of_ours() -> None:
    assert stripped({"PATH": "/p:p:", "BCFLOW_KEY": "k", "PGPASSWORD": "p"}) == {"PATH": "/p"}


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(CodeSettings(totp_secret=SEED, command="cat /planted"))

    assert SEED not in shown
    assert "planted" not in shown
