"""A saved sign-in is used by its owner only: the same login, at the same site, for the same account."""

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bcflow.runner.storage.sign_ins.files import SignInFiles
from bcflow.runner.storage.sign_ins.own import NONE_IS_SAVED, OwnSignIn

STATE = {"cookies": [{"name": "sessionid", "value": "planted-cookie-1"}], "origins": []}
KEY = Fernet.generate_key()
OWNER = {"login": "default", "site": "https://bc.example", "account": "ops@agency.example"}


def own(home: Path, **other: str) -> OwnSignIn:
    return OwnSignIn(SignInFiles(home, KEY), **(OWNER | other))


def test_the_owner_gets_it_back(tmp_path: Path) -> None:
    own(tmp_path).save(STATE)
    again = own(tmp_path)
    assert again.load() == STATE
    assert again.why_none == ""
    assert b"ops@agency.example" not in (tmp_path / "logins" / "default.json").read_bytes()


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"account": "rana@client.example"}, "that of ops@agency.example, not of rana@client.example"),
        ({"site": "https://other.example"}, "is for https://bc.example, not for https://other.example"),
    ],
)
def test_another_owner_does_not(tmp_path: Path, other: dict[str, str], why: str) -> None:
    own(tmp_path).save(STATE)
    stranger = own(tmp_path, **other)
    assert stranger.load() is None
    assert why in stranger.why_none
    assert own(tmp_path).load() == STATE


def test_the_file_of_another_login_does_not_help(tmp_path: Path) -> None:
    own(tmp_path, login="acme").save(STATE)
    (tmp_path / "logins" / "acme.json").rename(tmp_path / "logins" / "default.json")
    moved = own(tmp_path)
    assert moved.load() is None
    assert "login 'acme'" in moved.why_none


def test_without_a_configured_address_the_account_is_the_one_that_signed_in(tmp_path: Path) -> None:
    at_the_window = own(tmp_path, account="")
    at_the_window.account = "ops@agency.example"
    at_the_window.save(STATE)
    later = own(tmp_path, account="")
    assert later.load() == STATE
    assert later.account == "ops@agency.example"
    assert own(tmp_path).load() == STATE
    assert own(tmp_path, account="rana@client.example").load() is None


def test_nobodys_is_not_used_for_somebody(tmp_path: Path) -> None:
    own(tmp_path, account="").save(STATE)
    named = own(tmp_path)
    assert named.load() is None
    assert "nobody it names" in named.why_none


@pytest.mark.parametrize("content", [STATE, {"login": "default", "state": STATE}, {}])
def test_what_an_older_bcflow_saved_is_not_trusted_and_no_crash(tmp_path: Path, content: object) -> None:
    own(tmp_path).save(STATE)
    file = tmp_path / "logins" / "default.json"
    old = json.loads(file.read_text()) | {"sealed": Fernet(KEY).encrypt(json.dumps(content).encode()).decode()}
    file.write_text(json.dumps(old))
    older = own(tmp_path)
    assert older.load() is None
    assert "older bcflow" in older.why_none
    older.save(STATE)
    assert own(tmp_path).load() == STATE


def test_no_sign_in_is_said_as_that(tmp_path: Path) -> None:
    nothing = own(tmp_path)
    assert nothing.load() is None
    assert nothing.why_none == NONE_IS_SAVED
