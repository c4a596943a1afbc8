from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.browser import choice
from bcflow.runner.browser.choice import ALWAYS, choose, playwright_browser

REVISIONS = {"chromium": "7001", "chromium-headless-shell": "7002"}


def make_program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand for a Linux system without any browser; returns the folder that PATH names."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "registry"))
    monkeypatch.setattr(choice, "_revisions", lambda: REVISIONS)
    monkeypatch.setattr("sys.platform", "linux")
    return programs


@pytest.fixture
def playwrights_full(tmp_path: Path) -> Path:
    folder = tmp_path / "registry" / "chromium-7001"
    program = make_program(folder / "chrome-linux64" / "chrome")
    (folder / "INSTALLATION_COMPLETE").touch()
    return program


@pytest.fixture
def playwrights_shell(tmp_path: Path) -> Path:
    folder = tmp_path / "registry" / "chromium_headless_shell-7002"
    program = make_program(folder / "chrome-headless-shell-linux64" / "chrome-headless-shell")
    (folder / "INSTALLATION_COMPLETE").touch()
    return program


def test_setting_goes_before_everything(tmp_path: Path, playwrights_full: Path) -> None:
    mine = make_program(tmp_path / "mine")
    assert playwrights_full.exists()
    assert choose("live", str(mine)).executable == mine
    assert choose("standin", str(mine)).executable == mine


def test_setting_may_be_a_program_on_the_path(system: Path) -> None:
    mine = make_program(system / "my-browser")
    assert choose("live", "my-browser").executable == mine


def test_setting_may_be_a_channel() -> None:
    choice = choose("live", "chrome")
    assert choice.executable is None
    options = choice.launch_options(headless=True)
    assert options["channel"] == "chrome"
    assert "executable_path" not in options


def test_setting_that_is_no_program_is_refused_even_if_there_is_a_browser(playwrights_full: Path) -> None:
    assert playwrights_full.exists()
    with pytest.raises(BadInput, match="BCFLOW_BROWSER: '/no/such' is no program that can be run"):
        choose("live", "/no/such")


def test_playwrights_own_goes_before_the_system(system: Path, playwrights_full: Path) -> None:
    make_program(system / "chromium")
    assert choose("live").executable == playwrights_full


def test_half_installed_browser_does_not_count(system: Path, playwrights_full: Path) -> None:
    (playwrights_full.parents[1] / "INSTALLATION_COMPLETE").unlink()
    chrome = make_program(system / "google-chrome")
    assert playwright_browser("chromium") is None
    assert choose("live").executable == chrome


def test_browser_of_another_release_does_not_count(playwrights_full: Path) -> None:
    playwrights_full.parents[1].rename(playwrights_full.parents[2] / "chromium-6999")
    assert playwright_browser("chromium") is None


def test_macs_browser_is_found_inside_its_app(tmp_path: Path) -> None:
    folder = tmp_path / "registry" / "chromium-7001"
    name = "Google Chrome for Testing"
    program = make_program(folder / "chrome-mac-arm64" / f"{name}.app" / "Contents" / "MacOS" / name)
    (folder / "INSTALLATION_COMPLETE").touch()
    assert choose("live").executable == program


def test_stand_in_prefers_the_headless_shell(system: Path, playwrights_full: Path, playwrights_shell: Path) -> None:
    assert choose("standin").executable == playwrights_shell
    (playwrights_shell.parents[1] / "INSTALLATION_COMPLETE").unlink()
    systems_shell = make_program(system / "chromium-headless-shell")
    assert choose("standin").executable == systems_shell
    systems_shell.unlink()
    assert choose("standin").executable == playwrights_full


def test_live_work_never_gets_the_headless_shell(system: Path, playwrights_shell: Path) -> None:
    make_program(system / "chromium-headless-shell")
    assert playwrights_shell.exists()
    with pytest.raises(BadInput, match="no browser was found"):
        choose("live")


def test_without_a_browser_it_says_what_to_do() -> None:
    with pytest.raises(BadInput, match=r"install Google Chrome or Chromium.*or set BCFLOW_BROWSER"):
        choose("standin")


@pytest.mark.parametrize(("user", "sandbox"), [(0, False), (1000, True)])
def test_sandbox_is_off_for_root_alone(user: int, sandbox: bool, system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    make_program(system / "chromium")
    options = choose("live").launch_options(headless=False)
    assert options["chromium_sandbox"] is sandbox
    assert ("--no-sandbox" in options["args"]) is not sandbox


def test_background_networking_is_always_off(system: Path) -> None:
    make_program(system / "chromium")
    assert set(ALWAYS) <= set(choose("live").launch_options(headless=True)["args"])
    assert "--disable-background-networking" in ALWAYS
