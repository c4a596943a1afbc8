import base64
import os
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config.keys import key_source, load_key


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = load_key(None, tmp_path / "home")
    file = tmp_path / "home" / "key"

    assert file.stat().st_mode & 0o777 == 0o600
    assert load_key(None, tmp_path / "home") == first
    assert [entry.name for entry in file.parent.iterdir()] == ["key"]


def test_a_fernet_key_is_used_as_it_is(tmp_path: Path) -> None:
    key = base64.urlsafe_b64encode(os.urandom(32)).decode()

    assert load_key(key, tmp_path) == key.encode()
    assert not (tmp_path / "key").exists()


def test_a_phrase_gives_the_same_key_every_time(tmp_path: Path) -> None:
    phrase = "a long enough phrase"

    assert load_key(phrase, tmp_path) == load_key(phrase, tmp_path)
    assert load_key(phrase, tmp_path) != load_key(phrase + "!", tmp_path)


def test_a_short_phrase_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="too short") as raised:
        load_key("hunter2", tmp_path)

    assert "hunter2" not in str(raised.value)


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load_key(None, tmp_path)
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(BadInput, match="chmod 600"):
        load_key(None, tmp_path)


def test_a_file_without_a_key_in_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("nothing")
    file.chmod(0o600)

    with pytest.raises(BadInput, match="does not hold a key"):
        load_key(None, tmp_path)


def test_doctor_can_name_the_source_without_making_a_key(tmp_path: Path) -> None:
    assert key_source("x" * 20, tmp_path) == "BCFLOW_KEY"
    assert "made when it is first needed" in key_source(None, tmp_path)
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize(
    "key",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "1234567890123456",
        "0123456789abcdef",
        "passwordpassword1",
        "changeme-changeme-please"[:17],
        "MyBcflowPassword123!",
        "qwertyuiopasdfghjkl",
        "bcflow secret key 2026"[:21],
        "the same phrase on every machine, 16 characters or more",
        "A" * 43 + "=",
        "Abc123!Abc123!Abc123!",
        "                    ",
    ],
)
def test_a_key_that_is_easily_guessed_is_refused_with_what_makes_a_good_one(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadInput, match=r"BCFLOW_KEY: .*; make a good one with: openssl rand -base64 32") as caught:
        load_key(key, tmp_path)
    assert key.strip() not in str(caught.value) or not key.strip()


@pytest.mark.parametrize("key", ["a long enough phrase", "a phrase for every machine", "tomato violet 73 gramophone"])
def test_a_phrase_of_ones_own_is_good_enough(tmp_path: Path, key: str) -> None:
    assert load_key(key, tmp_path)
