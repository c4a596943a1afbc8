"""A sign-in carried from a laptop to a server: two homes, the command line, a real browser."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from standin import seed
from standin.server import StandIn
from tests.support.in_process import run_here

PASSPHRASE = "planted horse battery"


class Machine:
    """A home of its own that works on the stand-in; `password` is what it knows to sign in with."""

    def __init__(self, folder: Path, standin: StandIn, *, password: str = "") -> None:
        folder.mkdir()
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "BCFLOW_HOME": str(folder / "home"),
            "BCFLOW_BUSINESS_CENTER_URL": standin.bc_url,
            "BCFLOW_ADS_MANAGER_URL": standin.ads_url,
        }
        if password:
            self.environment |= {"BCFLOW_EMAIL": seed.EMAIL, "BCFLOW_PASSWORD": password}
        self.environment |= {name: os.environ[name] for name in ("PLAYWRIGHT_BROWSERS_PATH",) if name in os.environ}

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "bcflow.runner.cli", "login", *words]

    def login(self, *words: str, stdin: str = "", **environment: str) -> tuple[int, Any, str]:
        """Run `bcflow login` with --json; return its exit code, its document and what it said on stderr."""
        words = ("login", *words, "--json")
        done = run_here(words, folder=self.folder, environment=self.environment | environment, stdin=stdin)
        assert PASSPHRASE not in done.stdout + done.stderr
        return done.returncode, json.loads(done.stdout), done.stderr


@pytest.fixture
def laptop(tmp_path: Path, standin: StandIn) -> Machine:
    return Machine(tmp_path / "laptop", standin, password=seed.PASSWORD)


@pytest.fixture
def server(tmp_path: Path, standin: StandIn) -> Machine:
    return Machine(tmp_path / "server", standin)


def has_terminals() -> bool:
    """Whether pseudo-terminals can be opened: a bare chroot may have no /dev/pts."""
    try:
        ours, theirs = pty.openpty()
    except OSError:
        return False
    os.close(ours)
    os.close(theirs)
    return True


needs_a_terminal = pytest.mark.skipif(not has_terminals(), reason="opens pseudo-terminals")


@pytest.mark.nightly
def test_a_sign_in_made_on_a_laptop_works_on_a_server(laptop: Machine, server: Machine, tmp_path: Path) -> None:
    file = tmp_path / "acme.signin"
    code, answer, _ = laptop.login("--export", str(file), stdin=f"{PASSPHRASE}\n")
    assert (code, answer["ok"], answer["exported"]) == (0, True, str(file))
    assert file.stat().st_mode & 0o777 == 0o600

    assert server.login("--check")[0] == 3
    code, answer, _ = server.login("--import", str(file), stdin=f"{PASSPHRASE}\n")
    assert (code, answer["ok"]) == (0, True)
    assert server.login("--check")[1]["message"] == "the saved sign-in works"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and PASSPHRASE.encode() in path.read_bytes()]


def test_what_is_wrong_with_an_export_is_told_before_the_sign_in(
    laptop: Machine, standin: StandIn, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.write_text("mine")

    assert "is there already" in laptop.login("--export", str(there), stdin=f"{PASSPHRASE}\n")[2]
    assert "too short" in laptop.login("--export", str(tmp_path / "new"), stdin="short\n")[2]
    assert "no passphrase" in laptop.login("--export", str(tmp_path / "new"))[2]
    code, answer, _ = laptop.login("--export", str(tmp_path / "none" / "new"), stdin=f"{PASSPHRASE}\n")
    assert (code, len(answer["errors"])) == (2, 1)
    assert there.read_text() == "mine"
    assert not (tmp_path / "new").exists()
    assert not standin.world.sessions


def test_an_import_that_fails_keeps_the_sign_in_that_is_there(server: Machine, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"something else")
    saved = tmp_path / "server" / "home" / "logins" / "default.json"
    saved.parent.parent.mkdir(mode=0o700)
    saved.parent.mkdir()
    saved.write_text("kept")
    code, _, said = server.login("--import", str(tmp_path / "other"), stdin=f"{PASSPHRASE}\n")

    assert (code, saved.read_text()) == (2, "kept")
    assert "is no sign-in that bcflow exported" in said
    assert "there is no such file" in server.login("--import", str(tmp_path / "none"), stdin="x\n")[2]


def test_a_wrong_passphrase_and_another_site_are_refused(server: Machine, tmp_path: Path) -> None:
    file = exported(tmp_path, server.environment["BCFLOW_BUSINESS_CENTER_URL"])

    assert "does not open with this passphrase" in server.login("--import", str(file), stdin="planted no\n")[2]
    said = server.login("--import", str(file), stdin=PASSPHRASE, BCFLOW_BUSINESS_CENTER_URL="http://127.0.0.1:9")[2]
    assert "here bcflow works on http://127.0.0.1:9" in said
    assert server.login("--import", str(file), stdin=PASSPHRASE)[0] == 0


def test_a_sign_in_of_somebody_else_is_not_imported(server: Machine, tmp_path: Path) -> None:
    file = exported(tmp_path, server.environment["BCFLOW_BUSINESS_CENTER_URL"])
    code, _, said = server.login("--import", str(file), stdin=PASSPHRASE, BCFLOW_EMAIL="rana@client.example")
    assert code == 2
    assert f"is that of {seed.EMAIL}, not of rana@client.example; nothing was imported" in said
    assert not (tmp_path / "server" / "home" / "logins" / "default.json").exists()


def test_words_that_do_not_go_together_are_refused(server: Machine) -> None:
    for words in (["--import", "a", "--headed"], ["--import", "a", "--export", "b"], ["--export", "a", "--check"]):
        assert server.login(*words)[0] == 2
    assert "--force: goes with --export only" in server.login("--force")[2]


@pytest.mark.nightly
@needs_a_terminal
def test_at_a_terminal_the_passphrase_is_asked_twice_and_not_shown(laptop: Machine, tmp_path: Path) -> None:
    code, shown = at_terminal(laptop, ["--export", str(tmp_path / "new")], [PASSPHRASE, f"{PASSPHRASE}s"])

    assert code == 2
    assert "the two passphrases are not the same" in shown
    assert PASSPHRASE not in shown
    assert not (tmp_path / "new").exists()


@pytest.mark.nightly
@needs_a_terminal
def test_at_a_terminal_an_import_asks_once(server: Machine, tmp_path: Path) -> None:
    file = exported(tmp_path, server.environment["BCFLOW_BUSINESS_CENTER_URL"])
    code, shown = at_terminal(server, ["--import", str(file)], [PASSPHRASE])

    assert code == 0
    assert "imported the sign-in of 'laptop' made 2026-11-24 17:30 UTC" in shown
    assert PASSPHRASE not in shown


def exported(folder: Path, site: str) -> Path:
    """Write an export without a browser and return its file."""
    from datetime import UTC, datetime

    from bcflow.runner.storage.sign_ins.export import Exported, export_sign_in

    moment = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    export_sign_in(folder / "x.signin", Exported("laptop", site, seed.EMAIL, moment, {"cookies": []}), PASSPHRASE)
    return folder / "x.signin"


def at_terminal(machine: Machine, words: list[str], answers: list[str]) -> tuple[int, str]:
    """Run `bcflow login` at a terminal, answer each question once it is asked; return the exit code and the screen."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        machine.words(*words),
        cwd=machine.folder,
        env=machine.environment | {"TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown, asked, left = "", 0, list(answers)
        until = time.monotonic() + 60
        while time.monotonic() < until and (text := _read(ours)) is not None:
            shown += text
            if left and shown.count(": ", asked) and shown.endswith(": "):
                asked = len(shown)
                os.write(ours, f"{left.pop(0)}\n".encode())
        code = process.wait(timeout=100)
    os.close(ours)
    return code, shown


def _read(terminal: int) -> str | None:
    """Return what came in a second, or None once nobody writes any more."""
    if not select.select([terminal], [], [], 1.0)[0]:
        return ""
    try:
        return os.read(terminal, 4096).decode() or None
    except OSError:
        return None
