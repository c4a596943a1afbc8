"""What is wrong with a setting is told when it is loaded, with the place where it stands."""

from pathlib import Path

import pytest

from tests.support.given_settings import load, make_secrets, problems


def test_a_wrong_setting_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = make_secrets(tmp_path, "# mine\n\nBCFLOW_TIMEOUT=soon\nBCFLOW_HEADED=1\n")
    (line,) = problems(tmp_path)
    assert line == f"{path}:3: BCFLOW_TIMEOUT: 'soon' is not a length of time; write 90s, 10m or 1h30m"
    assert problems(tmp_path, BCFLOW_TIMEOUT="later")[0].startswith("BCFLOW_TIMEOUT: 'later'")


def test_a_name_that_no_value_follows_is_a_warning(tmp_path: Path) -> None:
    make_secrets(tmp_path, "BCFLOW_READ_ONLY\nBCFLOW_EMAIL=\n")
    (line,) = load(tmp_path).warnings
    assert line.endswith("secrets.env:1: is not NAME=value and was ignored")


def test_a_name_in_other_letters_is_said(tmp_path: Path) -> None:
    assert load(tmp_path, bcflow_read_only="1").warnings == (
        "bcflow_read_only: is not a setting of bcflow (did you mean 'BCFLOW_READ_ONLY'?)",
    )


def test_the_switch_for_debugging_is_no_mistake(tmp_path: Path) -> None:
    assert load(tmp_path, BCFLOW_DEBUG="1").warnings == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BCFLOW_KEY", "short-0ne"),
        ("BCFLOW_KEY", "aaaaaaaaaaaaaaaaaaaaaaaa"),
        ("BCFLOW_NOTIFY", "ana@agency.example"),
        ("BCFLOW_ALLOW_HOSTS", "cdn.example:99999"),
        ("BCFLOW_BROWSER", "~nobody-of-this-name/chromium"),
    ],
)
def test_what_cannot_be_used_later_is_refused_at_once(name: str, value: str, tmp_path: Path) -> None:
    (line,) = problems(tmp_path, **{name: value})
    assert line.startswith(f"{name}: ")
    assert name in {"BCFLOW_BROWSER", "BCFLOW_ALLOW_HOSTS"} or value not in line
