import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config import keys
from bcflow.runner.config.keys import seal, unseal
from bcflow.runner.config.settings import Settings
from bcflow.runner.storage.sign_ins.export import Exported, check_export, export_sign_in, read_export
from bcflow.runner.storage.sign_ins.files import SignInFiles
from bcflow.runner.storage.sign_ins.opening import open_store
from bcflow.runner.storage.sign_ins.sign_in import SignIn

PASSPHRASE = "correct horse battery"
STATE = {"cookies": [{"name": "sessionid", "value": "planted-cookie-1"}], "origins": []}


@pytest.fixture(autouse=True)
def quick_to_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_PASSPHRASE_N", 2**4)


def make_sign_in() -> Exported:
    return Exported("acme", "https://bc.example", "ana@acme.example", datetime(2026, 11, 24, 17, 30, tzinfo=UTC), STATE)


def make_file(tmp_path: Path, passphrase: str = PASSPHRASE, **options: Any) -> Path:  # noqa: ANN401 - passed on
    path = tmp_path / "acme.signin"
    export_sign_in(path, make_sign_in(), passphrase, **options)
    return path


def test_a_sign_in_comes_out_as_it_went_in(tmp_path: Path) -> None:
    path = make_file(tmp_path)

    assert read_export(path, PASSPHRASE) == make_sign_in()
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"planted" not in path.read_bytes()
    assert b"acme" not in path.read_bytes()
    assert "planted" not in repr(read_export(path, PASSPHRASE))


def test_the_same_passphrase_never_makes_the_same_file() -> None:
    assert seal(b"content", PASSPHRASE) != seal(b"content", PASSPHRASE)


def test_a_letter_written_in_two_ways_is_one_letter() -> None:
    assert unseal(seal(b"content", "pass wörd phrase"), "pass wo\u0308rd phrase") == b"content"


def test_a_wrong_passphrase_is_told_as_that(tmp_path: Path) -> None:
    path = make_file(tmp_path)

    with pytest.raises(BadInput, match=r"acme\.signin: does not open with this passphrase"):
        read_export(path, PASSPHRASE + " ")


def test_a_passphrase_that_is_too_short_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least 12 characters"):
        make_file(tmp_path, "short")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", [14, 15, 40, 100, -40, -1])
def test_one_changed_byte_is_told_as_damage(tmp_path: Path, place: int) -> None:
    path = make_file(tmp_path)
    sealed = bytearray(path.read_bytes())
    sealed[place] ^= 1
    path.write_bytes(sealed)

    with pytest.raises(BadInput, match="is damaged or not whole"):
        read_export(path, PASSPHRASE)


def test_a_forged_checksum_opens_nothing(tmp_path: Path) -> None:
    import hashlib

    path = make_file(tmp_path)
    body = bytearray(path.read_bytes()[:-32])
    body[60] ^= 1
    path.write_bytes(bytes(body) + hashlib.sha256(body).digest())

    with pytest.raises(BadInput, match="does not open"):
        read_export(path, PASSPHRASE)


@pytest.mark.parametrize("kept", [15, 31, 60, 200])
def test_a_file_cut_short_is_told_as_damage(tmp_path: Path, kept: int) -> None:
    path = make_file(tmp_path)
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(BadInput, match="is damaged or not whole"):
        read_export(path, PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"{}", b"bcflow", os.urandom(300)])
def test_another_file_is_told_as_that(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)

    with pytest.raises(BadInput, match="is no sign-in that bcflow exported"):
        read_export(path, PASSPHRASE)


def test_a_later_format_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as tomorrow:
        tomorrow.setattr(keys, "_VERSION", 2)
        later = seal(b"content", PASSPHRASE)

    with pytest.raises(BadInput, match="is in format 2; use the same version"):
        unseal(later, PASSPHRASE)


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    path.write_bytes(b"mine")
    path.chmod(0o644)
    with pytest.raises(BadInput, match="is there already"):
        make_file(tmp_path)
    assert path.read_bytes() == b"mine"

    make_file(tmp_path, overwrite=True)
    assert read_export(path, PASSPHRASE).login == "acme"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "acme.signin").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="is there already"):
        make_file(tmp_path)

    assert not (tmp_path / "elsewhere").exists()


def test_a_place_that_cannot_be_written_is_told_before_the_sign_in(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no folder"):
        check_export(tmp_path / "none" / "acme.signin")
    with pytest.raises(BadInput, match="is a folder"):
        check_export(tmp_path, overwrite=True)


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BadInput, match="cannot be written: No space left on device"):
        make_file(tmp_path, overwrite=overwrite)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_export(tmp_path / "none", PASSPHRASE)


def test_sign_ins_are_kept_in_the_home_folder_or_in_postgresql(tmp_path: Path) -> None:
    environment = {"BCFLOW_HOME": str(tmp_path / "home"), "BCFLOW_KEY": "a long enough phrase"}
    store = open_store(Settings.load(environment, tmp_path))
    assert isinstance(store, SignInFiles)
    store.save("default", SignIn("default", "https://bc.example", "", STATE))
    assert (tmp_path / "home" / "logins" / "default.json").exists()

    shared = environment | {"BCFLOW_DATABASE_URL": "postgresql://localhost/none"}
    assert type(open_store(Settings.load(shared, tmp_path))).__name__ == "SignInTable"
