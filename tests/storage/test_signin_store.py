import base64
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.storage.sign_ins.files import SignInFiles
from bcflow.runner.storage.sign_ins.sign_in import SignIn

STATE = {"cookies": [{"name": "sessionid", "value": "planted-cookie-1"}], "origins": []}
SIGN_IN = SignIn("default", "https://bc.example", "ops@agency.example", STATE)


def make_key() -> bytes:
    return base64.urlsafe_b64encode(os.urandom(32))


def test_a_saved_sign_in_comes_back_and_is_not_readable_on_disk(tmp_path: Path) -> None:
    store = SignInFiles(tmp_path, make_key())
    store.save("default", SIGN_IN)
    file = tmp_path / "logins" / "default.json"

    assert store.load("default") == SIGN_IN
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert b"planted-cookie-1" not in file.read_bytes()
    assert b"sessionid" not in file.read_bytes()
    assert [entry.name for entry in file.parent.iterdir()] == ["default.json"]


def test_the_age_needs_no_key(tmp_path: Path) -> None:
    SignInFiles(tmp_path, make_key()).save("default", SIGN_IN)
    age = SignInFiles(tmp_path, b"").age("default")

    assert age is not None
    assert timedelta(0) <= age + timedelta(seconds=1) < timedelta(minutes=1)


def test_another_key_gives_a_clear_message_and_nothing_else(tmp_path: Path) -> None:
    SignInFiles(tmp_path, make_key()).save("default", SIGN_IN)

    with pytest.raises(BadInput, match="does not open with this key"):
        SignInFiles(tmp_path, make_key()).load("default")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"sealed": "x"}'])
def test_a_damaged_file_is_told_like_a_wrong_key(tmp_path: Path, text: str) -> None:
    store = SignInFiles(tmp_path, make_key())
    store.save("default", SIGN_IN)
    (tmp_path / "logins" / "default.json").write_text(text)

    with pytest.raises(BadInput, match="sign in again"):
        store.load("default")


def test_no_sign_in_is_no_error(tmp_path: Path) -> None:
    store = SignInFiles(tmp_path, make_key())

    assert store.load("default") is None
    assert store.age("default") is None


def test_a_save_that_breaks_off_keeps_the_old_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SignInFiles(tmp_path, make_key())
    store.save("default", SIGN_IN)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save("default", SIGN_IN)

    assert store.load("default") == SIGN_IN
    assert [entry.name for entry in (tmp_path / "logins").iterdir()] == ["default.json"]


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a" * 80])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="login's name"):
        SignInFiles(tmp_path, make_key()).load(name)
