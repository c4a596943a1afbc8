import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Timer
from typing import Any
from urllib.parse import quote

import pytest
from loguru import logger

from bcflow.runner.codes import mailbox, source
from bcflow.runner.codes.codes import Codes, CodeSettings
from bcflow.runner.codes.mailbox import MailboxCodes
from bcflow.runner.codes.mailbox_address import parse_mailbox
from bcflow.runner.codes.source import CodeRequest, SourceClosed
from bcflow.runner.config.log import set_up_log
from tests.support.imap_server import PASSWORD, USER, ImapServer, make_mail

CHANGING = ("SELECT", "STORE", "EXPUNGE", "COPY", "MOVE", "APPEND", "CLOSE", "DELETE", "RENAME", "CREATE")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(source, "_LONGEST_PAUSE", 0.05)


@pytest.fixture(autouse=True)
def log(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    del capfd  # it must be there first: the log writes to the stderr of now
    set_up_log(debug=True)
    yield
    logger.remove()


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


def address(server: ImapServer, folder: str = "INBOX", *, scheme: str = "imap", password: str = PASSWORD) -> str:
    user = f"{quote(USER, safe='')}:{quote(password, safe='')}"
    return f"{scheme}://{user}@127.0.0.1:{server.server_address[1]}/{folder}"


def asked(*, ago: float = 0.0, to: str = "o***@agency.example", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    sent_after = datetime.now(UTC) - timedelta(seconds=ago)
    return {"kind": "code", "channel": "email", "to": to, "sent_after": sent_after.isoformat(timespec="seconds")} | more


def find(server: ImapServer, *tried: str, wait: float = 0.0, url: str = "", **question: Any) -> str | None:  # noqa: ANN401
    codes = MailboxCodes(url or address(server))
    return next(iter(codes.find(CodeRequest(asked(**question), "email", tried, wait, Event()))), None)


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def test_the_newest_code_after_the_request_is_found_and_nothing_changes(server: ImapServer) -> None:
    server.box.mails = [
        make_mail("Your code is 111111", arrived=ago(500)),
        make_mail("Your code is 333333", arrived=ago(1)),
        make_mail("Your code is 222222", arrived=ago(20)),
        make_mail("A newsletter without any number"),
    ]

    assert find(server) == "333333"
    said = " ".join(server.box.commands)
    assert not [word for word in CHANGING if word in said]
    assert "BODY[" not in said
    assert "EXAMINE INBOX" in server.box.commands
    assert server.box.commands[-1] == "LOGOUT"


@pytest.mark.parametrize(("arrived", "found"), [(55, "123456"), (65, None)])
def test_the_mail_servers_clock_may_be_a_minute_off(server: ImapServer, arrived: float, found: str | None) -> None:
    server.box.mails = [make_mail(arrived=ago(arrived))]

    assert find(server) == found


def test_a_time_zone_of_the_mail_server_does_not_matter(server: ImapServer) -> None:
    from zoneinfo import ZoneInfo

    server.box.mails = [make_mail(arrived=datetime.now(ZoneInfo("Pacific/Auckland")))]

    assert find(server) == "123456"


def test_a_code_used_before_is_waited_over_and_an_older_one_is_not_taken(server: ImapServer) -> None:
    server.box.mails = [make_mail("code: 111111", arrived=ago(30)), make_mail("code: 222222", arrived=ago(9))]
    assert find(server, "222222") is None

    server.box.after = [make_mail("no number"), make_mail("code: 333333")]
    assert find(server, "222222", wait=5.0) == "333333"


def test_other_senders_are_not_read(server: ImapServer) -> None:
    server.box.mails = [make_mail("code: 111111 of tiktok", sender="Bank <codes@bank.example>")]

    assert find(server) is None
    assert find(server, url=f"{address(server)}?from=bank.example") == "111111"


def test_a_mail_to_another_login_of_the_same_mailbox_is_not_ours(server: ImapServer) -> None:
    server.box.mails = [
        make_mail("code: 111111", to="Ops <ops@agency.example>", arrived=ago(2)),
        make_mail("code: 222222", to="beta@agency.example", arrived=ago(1)),
    ]

    assert find(server, to="o***s@agency.example") == "111111"
    assert find(server, to="BETA@agency.example.") == "222222"
    assert find(server, to="") == "222222"


def test_a_folder_with_spaces_is_opened(server: ImapServer) -> None:
    server.box.mails = [make_mail()]

    assert find(server, url=address(server, "Codes%20from%20shops")) == "123456"


def test_a_connection_that_breaks_is_made_again(server: ImapServer, capfd: pytest.CaptureFixture[str]) -> None:
    server.box.drops = 2
    server.box.mails = [make_mail()]

    assert find(server, wait=10.0) == "123456"
    assert capfd.readouterr().err.count("BCFLOW_CODE_IMAP: the mail server does not answer") == 1


def test_a_busy_server_is_asked_again_and_a_refusal_is_final(server: ImapServer) -> None:
    server.box.refuses = "NO [UNAVAILABLE] later"
    assert find(server) is None

    server.box.refuses = "NO planted"
    with pytest.raises(SourceClosed, match="does not accept the user name and password"):
        find(server, wait=60.0)


@pytest.mark.parametrize("plain", [True, False])
def test_a_wrong_password_is_told_without_it(
    server: ImapServer, capfd: pytest.CaptureFixture[str], plain: bool
) -> None:
    set_up_log(debug=True)
    server.box.plain = plain
    codes = Codes(CodeSettings(imap=address(server, password="planted-wrong"), wait=60.0), prompt=lambda *_: "777777")

    assert codes.answer(asked()) == "777777"
    said = capfd.readouterr()
    assert "BCFLOW_CODE_IMAP: the mail server does not accept the user name and password" in said.err
    assert "planted" not in said.err + said.out


def test_a_missing_folder_is_told(server: ImapServer) -> None:
    with pytest.raises(SourceClosed, match="no such folder"):
        find(server, url=address(server, "Nowhere"))


def test_a_mail_server_that_does_not_exist_is_final_and_one_that_is_not_found_now_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(number: int) -> Callable[..., None]:
        def connect(*_: object, **__: object) -> None:
            raise socket.gaierror(number, "planted")

        return connect

    url = "imap://u:planted@localhost/INBOX"
    monkeypatch.setattr(mailbox, "IMAP4", unknown(socket.EAI_NONAME))
    assert Codes(CodeSettings(imap=url, command="echo 222222", wait=60.0)).answer(asked()) == "222222"
    assert mailbox.mailbox_problem(url) == "there is no mail server of that name"
    monkeypatch.setattr(mailbox, "IMAP4", unknown(socket.EAI_AGAIN))
    assert Codes(CodeSettings(imap=url, command="echo 222222", wait=0.05)).answer(asked()) is None


def test_stop_ends_the_wait(server: ImapServer) -> None:
    codes = Codes(CodeSettings(imap=address(server), wait=100.0))
    timer = Timer(0.2, codes.stop)
    timer.start()

    assert codes.answer(asked()) is None
    timer.join()


def test_each_code_is_given_once(server: ImapServer) -> None:
    server.box.mails = [make_mail("code: 111111")]
    codes = Codes(CodeSettings(imap=address(server), wait=0.05))

    assert codes.answer(asked()) == "111111"
    assert codes.answer(asked()) is None


TWO = "Your code is 111111. For other accounts use 222222 in place of that code."


def test_after_a_code_that_was_refused_the_mails_other_one_is_next_and_then_a_new_mail(server: ImapServer) -> None:
    server.box.mails = [make_mail(TWO)]
    codes = Codes(CodeSettings(imap=address(server), wait=0.05))

    assert codes.answer(asked(refused=True)) is None
    assert codes.answer(asked()) == "111111"
    assert codes.answer(asked(refused=True)) == "222222"
    assert codes.answer(asked(refused=True)) is None
    server.box.mails.append(make_mail("Your code is 333333. 222222 was the code of yesterday."))
    assert codes.answer(asked()) == "333333"
    assert codes.answer(asked(refused=True)) is None


def test_the_rest_of_a_mail_is_for_the_same_prompt_only(server: ImapServer) -> None:
    server.box.mails = [make_mail(TWO)]
    codes = Codes(CodeSettings(imap=address(server), wait=0.05), prompt=lambda *_: "777777")

    assert codes.answer(asked()) == "111111"
    assert codes.answer(asked(channel="text", to="+1 ***55", refused=True)) is None
    assert codes.answer(asked()) is None
    assert codes.answer(asked(refused=True)) is None


def test_the_source_is_the_one_that_fits_what_the_page_asks(server: ImapServer) -> None:
    server.box.mails = [make_mail("code: 111111")]
    settings = CodeSettings(imap=address(server), command="echo 222222", totp_secret="JBSWY3DPEHPK3PXP", wait=0.1)

    assert Codes(settings).answer(asked()) == "111111"
    assert Codes(settings).answer(asked(channel="", to="")) == "111111"
    assert Codes(settings).answer(asked(channel="text", to="+1 ***55")) == "222222"
    assert Codes(settings).answer(asked(channel="authenticator")) not in {"111111", "222222", None}


def test_a_mailbox_that_is_closed_leaves_it_to_the_command(server: ImapServer) -> None:
    settings = CodeSettings(imap=address(server, password="other"), command="echo 222222", wait=60.0)

    assert Codes(settings).answer(asked()) == "222222"
    assert Codes(CodeSettings(imap="imap://planted", command="echo 222222")).answer(asked()) == "222222"


def test_the_settings_do_not_show_the_address() -> None:
    shown = repr(CodeSettings(imap="imaps://u:planted@mail.example")) + repr(
        parse_mailbox("imaps://u:planted@mail.example")
    )

    assert "planted" not in shown


def test_imaps_wants_a_certificate_that_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ImapServer(context) as server:
        server.box.mails = [make_mail()]
        with pytest.raises(SourceClosed, match="certificate"):
            find(server, url=address(server, scheme="imaps"), wait=60.0)

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert find(server, url=address(server, scheme="imaps")) == "123456"


def make_certificate(folder: Path) -> Path:
    """Return a file with a key and a certificate of 127.0.0.1 that it signed itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = (
        builder.not_valid_before(ago(60))
        .not_valid_after(ago(-3600))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "server.pem"
    file.write_bytes(pem + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


def test_a_name_that_looks_like_the_sender_and_a_false_signature_are_not_read(server: ImapServer) -> None:
    named = make_mail("code: 111111", sender='"no-reply@tiktok.com" <codes@evil.example>')
    forged = make_mail("code: 222222")
    forged.raw = b"Authentication-Results: mx.example; dkim=fail header.d=mail.tiktok.com\r\n" + forged.raw
    server.box.mails = [named, forged]
    assert find(server, wait=0.2) is None
    server.box.mails = [named, make_mail("code: 333333"), forged]
    assert find(server) == "333333"
