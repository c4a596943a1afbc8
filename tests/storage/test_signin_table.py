import base64
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput, LedgerBroken
from bcflow.runner.storage.sign_ins.opening import shared_key
from bcflow.runner.storage.sign_ins.own import OwnSignIn
from bcflow.runner.storage.sign_ins.sign_in import SignIn
from bcflow.runner.storage.sign_ins.table import SignInTable
from tests.support.postgres import PostgresServer

STATE = {"cookies": [{"name": "sessionid", "value": "planted-cookie-1"}], "origins": []}
SITE, WHO = "https://bc.example", "ops@agency.example"
SIGN_IN = SignIn("default", SITE, WHO, STATE)
NEWER = SignIn("default", SITE, WHO, STATE | {"origins": ["newer"]})
PHRASE = "a phrase for every machine"


def make_key() -> bytes:
    return base64.urlsafe_b64encode(os.urandom(32))


def test_what_one_machine_saved_another_one_opens(postgres: str, tmp_path: Path) -> None:
    keys = [shared_key(PHRASE, tmp_path / name) for name in ("one", "other")]
    SignInTable(postgres, keys[0]).save("default", SIGN_IN)
    SignInTable(postgres, keys[0]).save("default", NEWER)
    assert SignInTable(postgres, keys[1]).load("default") == NEWER
    assert list(tmp_path.iterdir()) == []


def test_it_is_not_readable_in_the_database(postgres: str, postgres_server: PostgresServer) -> None:
    SignInTable(postgres, make_key()).save("default", SIGN_IN)
    with postgres_server.connected(postgres) as connection:
        (row,) = connection.execute("SELECT login, data, saved FROM sign_ins").fetchall()
    assert row[0] == "default"
    assert b"planted-cookie-1" not in row[1]
    assert b"sessionid" not in row[1]


def test_the_age_needs_no_key(postgres: str) -> None:
    SignInTable(postgres, make_key()).save("default", SIGN_IN)
    age = SignInTable(postgres, b"").age("default")
    assert age is not None
    assert timedelta(0) <= age + timedelta(seconds=1) < timedelta(minutes=1)


def test_another_key_gives_a_clear_message_and_nothing_else(postgres: str) -> None:
    SignInTable(postgres, make_key()).save("acme", SIGN_IN)
    with pytest.raises(BadInput, match=r"does not open with this key.* bcflow login --headed --login acme"):
        SignInTable(postgres, make_key()).load("acme")


def test_a_row_that_was_moved_to_another_login_is_not_used(postgres: str, postgres_server: PostgresServer) -> None:
    table = SignInTable(postgres, make_key())
    OwnSignIn(table, login="acme", site=SITE, account=WHO).save(STATE)
    with postgres_server.connected(postgres) as connection:
        connection.execute("UPDATE sign_ins SET login = 'default'")
    own = OwnSignIn(table, login="default", site=SITE, account=WHO)
    assert own.load() is None
    assert own.why_none == "the saved sign-in is that of login 'acme', not of 'default'"


def test_no_sign_in_is_no_error(postgres: str) -> None:
    table = SignInTable(postgres, make_key())
    assert table.load("default") is None
    assert table.age("default") is None


def test_a_server_that_is_gone_is_no_missing_sign_in(postgres: str, postgres_server: PostgresServer) -> None:
    table = SignInTable(postgres, make_key())
    table.save("default", SIGN_IN)
    postgres_server.stop()
    with pytest.raises(LedgerBroken, match="cannot be used"):
        table.load("default")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a" * 80])
def test_a_name_is_a_login_s_name(name: str) -> None:
    with pytest.raises(BadInput, match="login's name"):
        SignInTable("postgresql://nowhere.invalid/x", make_key()).save(name, SIGN_IN)


def test_without_a_key_of_all_machines_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"BCFLOW_KEY: needed with PostgreSQL, the same on every machine \(any 16"):
        shared_key(None, tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "key").write_bytes(make_key())
    with pytest.raises(BadInput, match=rf"that of this machine is in {tmp_path}/key"):
        shared_key(None, tmp_path)
