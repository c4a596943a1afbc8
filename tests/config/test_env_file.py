"""What stands in a `secrets.env` is what is used, or it is said that it would not be."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcflow.models.errors import BadInput
from bcflow.runner.config.settings import Settings

one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
BACKSLASH = "holds a backslash that would not be taken as it stands; use single quotes, or none"
COMMENT = "what stands behind ' #' is a comment and no part of it; put it in quotes, or a space behind the #"
CURLY = "stands in quotes that would be part of it; use straight ones"


def load(folder: Path, text: str) -> Settings:
    path = folder / "secrets.env"
    path.write_text(text, encoding="utf-8", newline="")
    path.chmod(0o600)
    return Settings.load({"BCFLOW_HOME": str(folder / "home")}, folder)


def password(found: Settings) -> str | None:
    held = found.login().password
    return None if held is None else held.get_secret_value()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r"C:\new\table", r"C:\new\table"),
        (r"'C:\new\table'", r"C:\new\table"),
        ('"pass word"', "pass word"),
        ("'pass #word'", "pass #word"),
        ("pass#word", "pass#word"),
        ("#word", "#word"),
        ("pass # the old one", "pass"),
        ("'pass' #old", "pass"),
        ('"it\'s"', "it's"),
        ("'\u201cpass\u201d'", "\u201cpass\u201d"),
        ("p\u201cass\u201d", "p\u201cass\u201d"),
        ("$HOME/`x`", "$HOME/`x`"),
    ],
)
def test_a_value_is_taken_as_it_stands(tmp_path: Path, written: str, value: str) -> None:
    found = load(tmp_path, f"BCFLOW_PASSWORD={written}\n")
    assert (password(found), found.warnings) == (value, ())


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (r'"C:\new\table"', BACKSLASH),
        (r'"say \"hi\""', BACKSLASH),
        (r'"\\server"', BACKSLASH),
        (r"'it\'s'", BACKSLASH),
        (r"'a\\b'", BACKSLASH),
        ("s3cr3t #word", COMMENT),
        ("s3cr3t #", COMMENT),
        (" #s3cr3t", COMMENT),
        ("\u201cs3cr3t\u201d", CURLY),
        ("\u2018s3cr3t\u2019", CURLY),
    ],
)
def test_a_value_that_would_be_changed_is_refused_with_its_line_and_never_shown(
    tmp_path: Path, written: str, why: str
) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, f"BCFLOW_EMAIL=a@b.example\n\n\nexport BCFLOW_PASSWORD={written}\n")
    assert caught.value.problems == [f"{tmp_path / 'secrets.env'}:4: BCFLOW_PASSWORD: {why}"]


def test_settings_of_other_programs_are_not_ours_to_judge(tmp_path: Path) -> None:
    found = load(tmp_path, 'OTHER="a\\nb"\nANOTHER=a #b\nOTHER=c\n')
    assert found.warnings == tuple(f"{name}: is not a setting of bcflow" for name in ("OTHER", "ANOTHER"))


def test_a_name_that_is_set_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    found = load(tmp_path, "BCFLOW_PASSWORD=one\nBCFLOW_ACTOR=ana\n\n# new\nBCFLOW_PASSWORD=two\nBCFLOW_ACTOR=ana\n")
    told = "BCFLOW_PASSWORD is set in line 1 as well, to something else; this one counts"
    assert found.warnings == (f"{tmp_path / 'secrets.env'}:5: {told}",)
    assert password(found) == "two"


def test_a_broken_line_below_blank_ones_is_told_by_its_own_number(tmp_path: Path) -> None:
    (line,) = load(tmp_path, "BCFLOW_ACTOR=ana\n\n\nnot a setting\n").warnings
    assert line == f"{tmp_path / 'secrets.env'}:4: is not NAME=value and was ignored"


@one_folder
@given(st.text(st.sampled_from("aB$# \\\"'`\u201c\u201d="), max_size=12))
def test_any_value_without_quotes_is_whole_or_refused(tmp_path: Path, written: str) -> None:
    plain = written.lstrip("\"' ").rstrip()
    try:
        found = load(tmp_path, f"BCFLOW_PASSWORD={plain}\n")
    except BadInput:
        return
    if " # " not in f"{plain} " and " ##" not in plain:
        assert (password(found) or "") == plain
