"""What is believed from where: the files of settings, their owners and modes, and the folder one happens to be in."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.browser import choice
from bcflow.runner.browser.environment import driver_environment
from bcflow.runner.browser.lease import Lease
from bcflow.runner.cli import dev, frame
from bcflow.runner.codes.codes import Codes, CodeSettings
from bcflow.runner.config import confirmed_sites
from bcflow.runner.config.keys import load_key
from bcflow.runner.config.settings import NAMES, Settings
from bcflow.runner.redaction import private_files
from bcflow.runner.storage.history import History
from tests.support.given_settings import load, make_secrets, problems

ROOT = Path(__file__).resolve().parents[2]
HERE = "BCFLOW_EMAIL=here@x.example\n"


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
@pytest.mark.parametrize("place", [".", "home"])
def test_a_secrets_file_that_others_can_write_to_is_refused(tmp_path: Path, mode: int, place: str) -> None:
    path = make_secrets(tmp_path / place, HERE, mode)
    found = problems(tmp_path)
    assert f"others can write to it; run: chmod 600 {path}" in "\n".join(found)
    assert "here@x.example" not in "\n".join(found)
    path.chmod(0o600)
    assert load(tmp_path).login().email == "here@x.example"


@pytest.mark.parametrize("linked", [False, True])
def test_a_secrets_file_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    real = make_secrets(tmp_path / "there", HERE) if linked else make_secrets(tmp_path, HERE)
    if linked:
        (tmp_path / "secrets.env").symlink_to(real)
    monkeypatch.setattr("os.geteuid", lambda: 4321)
    monkeypatch.setattr(private_files, "_ROOT", 99999)
    (line,) = problems(tmp_path)
    assert "belongs to another user" in line
    assert f"sudo chown 4321 {tmp_path / 'secrets.env'}" in line


def test_a_secrets_file_in_a_folder_that_everybody_can_change_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    make_secrets(folder, HERE)
    folder.chmod(0o777)
    (line,) = [line for line in problems(folder) if "secrets.env" in line]
    assert f"can replace files in its folder; run: chmod o-w {folder}" in line
    folder.chmod(0o1777)  # as /tmp: nobody can replace what is another's
    assert load(folder).login().email == "here@x.example"


def test_an_empty_home_that_others_can_read_is_closed_and_one_they_can_write_to_is_not_believed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o777)
    assert problems(tmp_path) == [f"{home} can be opened by other users; run: chmod 700 {home}"]
    home.chmod(0o755)
    assert load(tmp_path).make_home().stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_home_that_is_open_to_others_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "bcflow.sqlite3").touch()
    home.chmod(mode)
    assert problems(tmp_path) == [f"{home} can be opened by other users; run: chmod 700 {home}"]
    home.chmod(0o700)
    assert load(tmp_path).warnings == ()


KEPT_OUT: tuple[str, ...] = (
    "BROWSER",
    "CODE_COMMAND",
    "CODE_IMAP",
    "BUSINESS_CENTER_URL",
    "ADS_MANAGER_URL",
    "ALLOW_HOSTS",
    "NOTIFY",
)
KEPT_OUT += ("DATABASE_URL", "HOME", "KEY", "LOGIN__ACME__CODE_COMMAND", "LOGIN__ACME__CODE_IMAP")


@pytest.mark.parametrize("name", [f"BCFLOW_{name}" for name in KEPT_OUT])
def test_the_working_directory_says_neither_what_is_started_nor_where_secrets_go(tmp_path: Path, name: str) -> None:
    path = make_secrets(tmp_path, f"{HERE}{name}=x\n")
    at_home = tmp_path / "home" / "secrets.env"
    wanted = f"{path}: {name} may not be set from the working directory; put it into {at_home} or the environment"
    assert wanted in problems(tmp_path)


def test_a_setting_is_kept_out_of_the_working_directory_unless_it_was_thought_about(tmp_path: Path) -> None:
    path = make_secrets(tmp_path, "".join(f"{name}=x\n" for name in NAMES))
    refused = {line.split()[1] for line in problems(tmp_path) if "from the working directory" in line}
    assert {name.removeprefix("BCFLOW_") for name in refused} == {name for name in KEPT_OUT if "__" not in name}
    assert path.is_file()


def test_the_home_file_may_set_everything_and_the_folder_goes_before_it_for_each_setting(tmp_path: Path) -> None:
    make_secrets(
        tmp_path / "home", "BCFLOW_EMAIL=home@x.example\nBCFLOW_ALLOW_HOSTS=cdn.example\nBCFLOW_MAX_WRITES=7\n"
    )
    make_secrets(tmp_path, HERE)
    settings = load(tmp_path)
    assert (settings.login().email, settings.allow_hosts, settings.max_writes) == (
        "here@x.example",
        ("cdn.example",),
        7,
    )
    assert settings.secrets_files == (tmp_path / "home" / "secrets.env", tmp_path / "secrets.env")


def test_a_home_one_works_in_is_the_home(tmp_path: Path) -> None:
    make_secrets(tmp_path, "BCFLOW_ALLOW_HOSTS=cdn.example\n")
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path)}, tmp_path)
    assert settings.allow_hosts == ("cdn.example",)


@pytest.mark.parametrize(
    ("name", "value"),
    [("BCFLOW_CODE_COMMAND", "./read-code --now"), ("BCFLOW_CODE_COMMAND", "'a b"), ("BCFLOW_BROWSER", "bin/chromium")],
)
def test_a_program_is_named_by_a_full_path_or_a_bare_name(tmp_path: Path, name: str, value: str) -> None:
    (line,) = problems(tmp_path, **{name: value})
    assert line.startswith(f"{name}: ")
    assert "read-code --now" not in line


def test_a_program_started_as_a_module_imports_nothing_from_where_it_stands(tmp_path: Path) -> None:
    for name in ("typer", "openpyxl", "platformdirs", "dotenv"):
        (tmp_path / f"{name}.py").write_text("import os; os.write(2, b'planted'); os._exit(99)\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": ":."}
    for words in (["--version"], ["log", "--since", "nonsense"], ["runs"]):
        command = [sys.executable, "-m", "bcflow.runner.cli", *words]
        ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert "planted" not in ended.stderr, words
        assert ended.returncode != 99


@pytest.mark.parametrize("path", ["", ".", ":/nowhere", "bin:.:", "./x"])
def test_no_program_is_found_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for folder in (tmp_path, tmp_path / "bin", tmp_path / "x"):
        folder.mkdir(exist_ok=True)
        for name in ("planted-chromium", "read-code"):
            (folder / name).write_text("#!/bin/sh\ntouch ran\necho 123456\n", encoding="utf-8")
            (folder / name).chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    assert not list(choice._on_path(("planted-chromium",)))
    for setting in ("planted-chromium", "./planted-chromium", "bin/planted-chromium"):
        with pytest.raises(BadInput):
            choice.choose("live", setting)
    codes = Codes(CodeSettings(command="read-code", wait=0.1), environment={"PATH": path})
    assert codes.answer({"kind": "code", "channel": "email"}) is None
    assert not list(tmp_path.rglob("ran"))
    assert all(Path(part).is_absolute() for part in driver_environment()["PATH"].split(os.pathsep))


def test_the_code_command_does_not_work_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code.py").write_text("print(123456)\n", encoding="utf-8")
    given = CodeSettings(command=f"{sys.executable} code.py", wait=0.1)
    assert Codes(given).answer({"kind": "code", "channel": "email"}) is None
    given = CodeSettings(command=f"{sys.executable} {tmp_path / 'code.py'}", wait=5)
    assert Codes(given).answer({"kind": "code", "channel": "email"}) == "123456"


def test_our_own_modules_are_started_without_the_working_directory() -> None:
    sources = [path.read_text(encoding="utf-8") for path in [*ROOT.glob("runner/**/*.py"), *ROOT.glob("scripts/*.py")]]
    started = [text for text in sources if '"-m"' in text]
    assert len(started) >= 3
    assert not any(re.search(r'sys\.executable, "-m"', text) for text in started)


def test_a_checkout_is_the_one_the_program_is_part_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "standin").mkdir()
    (tmp_path / "standin" / "__main__.py").write_text("raise SystemExit('planted')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert dev.checkout() == ROOT


def test_all_that_a_command_makes_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "BCFLOW_HOME": str(home)}
    command = f'umask 000; "{sys.executable}" -m bcflow.runner.cli stop --why test'
    ended = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    made = [home, home.parent, *home.rglob("*")]
    assert len(made) > 2
    assert not [path for path in made if path.stat().st_mode & 0o077]


FOREIGN = {"BCFLOW_BUSINESS_CENTER_URL": "https://bc.example:8443"}


def test_a_site_that_is_not_tiktoks_is_refused_until_a_person_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(tmp_path, **FOREIGN)
    said = "https://bc.example:8443 is not a site of TikTok's; .* bcflow doctor --confirm-site https://bc.example:8443$"
    with pytest.raises(BadInput, match=said):
        confirmed_sites.check(settings, ask=None)
    with pytest.raises(BadInput, match=said):
        confirmed_sites.check(settings, ask=lambda _: False)
    assert not settings.home.exists()
    asked: list[str] = []

    def agree(question: str) -> bool:
        asked.append(question)
        return True

    confirmed_sites.check(settings, ask=agree)
    confirmed_sites.check(settings, ask=None)
    assert len(asked) == 1
    assert settings.home.stat().st_mode & 0o777 == 0o700
    with pytest.raises(BadInput):
        confirmed_sites.check(load(tmp_path, BCFLOW_ADS_MANAGER_URL="https://tiktok.com.evil.example"), ask=None)
    for name, value in {"BCFLOW_HOME": str(tmp_path / "home"), **FOREIGN}.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "home" / "sites.json").unlink()
    with pytest.raises(BadInput):
        frame.load_settings()
    with pytest.raises(BadInput, match="is not a site of these settings"):
        frame.load_settings(confirm_site="https://other.example")
    assert (
        frame.load_settings(confirm_site="HTTPS://bc.example.:8443/").business_center_url == "https://bc.example:8443"
    )
    assert frame.load_settings().home == tmp_path / "home"


@pytest.mark.parametrize("url", ["https://ads.tiktok.com", "https://tiktok.com", "http://127.0.0.1:1", "http://[::1]"])
def test_tiktoks_sites_and_this_machine_need_no_word(tmp_path: Path, url: str) -> None:
    assert confirmed_sites.unconfirmed(load(tmp_path, BCFLOW_ADS_MANAGER_URL=url)) == []


def test_every_folder_on_the_way_is_private_whatever_makes_it_first(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Lease(tmp_path / "one" / "home", "default"):
            load_key(None, tmp_path / "two" / "home")
            History(tmp_path / "three" / "home").new_batch()
    finally:
        os.umask(before)
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert len(folders) >= 8
    assert not [path for path in folders if path.stat().st_mode & 0o077]
