"""The address of a mailbox, as it is given in BCFLOW_CODE_IMAP."""

import pytest

from bcflow.runner.codes.mailbox_address import parse_mailbox


def test_an_address_is_read_with_its_defaults() -> None:
    box = parse_mailbox("imaps://ops%40agency.example:p%2Fw%3A@mail.example")

    assert (box.host, box.port, box.user, box.password) == ("mail.example", 993, "ops@agency.example", "p/w:")
    assert (box.folder, box.sender, box.tls) == ("INBOX", "tiktok", True)
    assert parse_mailbox("imap://u:p@localhost:1143/A/B?from=x%40y").folder == "A/B"
    assert parse_mailbox("imap://u:p@[::1]/?from=x%40y").sender == "x@y"


@pytest.mark.parametrize(
    "url",
    [
        "planted",
        "https://u:planted@mail.example/INBOX",
        "imaps://mail.example/INBOX",
        "imaps://planted@mail.example",
        "imaps://u:planted@",
        "imaps://u:planted@mail.example:port",
        "imaps://u:planted@[mail",
        "imap://u:planted@mail.example/INBOX",
        "imaps://u:planted@mail.example/INBOX?form=planted",
        "imaps://u:planted@mail.example/INBOX?from=",
        "imaps://u:planted@mail.example/IN%22BOX",
        "imaps://u:pl#anted@mail.example/INBOX",
        "imaps://u:planted%0D%0AX@mail.example/INBOX",
    ],
)
def test_a_wrong_address_is_told_without_itself(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as told:
        parse_mailbox(url)

    assert "planted" not in str(told.value)
    assert told.value.__cause__ is None
