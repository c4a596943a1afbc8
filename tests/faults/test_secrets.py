"""Planted secrets are in no file a batch leaves behind but the sealed sign-in, and in no other process."""

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.config.keys import load_key
from bcflow.runner.storage.sign_ins.files import SignInFiles
from standin import seed
from standin.server import StandIn
from standin.world import World
from tests.faults.secret_scan import secrets_in, secrets_in_text
from tests.support.flow_jobs import make
from tests.support.nightly import nightly_except
from tests.support.shell import INVITE, LONGEST, TRUSTED, Shell
from tests.support.signed_in_home import Desk
from tests.support.waiting import command_line, descendants, until

PASSWORD = 'Planted "Horse" & <7%>/ü'
TOTP_SECRET = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
ASSETS = f'[{{aadvid: "{seed.TWIN_A}", role: analyst}}]'
INVITED = "{flow: invite-member, email: zoe@acme.example, role: standard}"
OTHERS = [
    f'{{flow: add-ad-account, aadvid: "{seed.REQUESTABLE}", role: operator}}',
    f'{{flow: share-with-partner, partner_id: "{seed.OMEGA}", ad_accounts: {ASSETS}}}',
]
CODE_COMMAND = """
import json, os, sys, urllib.request
with open(sys.argv[2], "w") as file:
    json.dump(dict(os.environ), file)
codes = json.load(urllib.request.urlopen(sys.argv[1] + "/codes"))
print(sys.argv[3] if len(sys.argv) > 3 else codes[-1]["code"])
"""


@dataclass
class Burglar:
    """A batch run with planted secrets, and all that it showed or left behind."""

    standin: StandIn
    bcflow: Shell
    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.standin.world

    def secrets(self) -> set[str]:
        """Return everything planted, and the session and the codes the stand-in handed out so far."""
        sessions = {each for row in self.world.sessions.values() for each in (row.token, row.csrf)}
        return {PASSWORD, TOTP_SECRET} | sessions | {row.code for row in self.world.codes} | self.world.used_totp

    def code_command(self, *fixed: str) -> str:
        """Return a BCFLOW_CODE_COMMAND that notes its environment and prints the newest code (or a `fixed` one)."""
        script = self.folder / "code.py"
        script.write_text(CODE_COMMAND, encoding="utf-8")
        words = [sys.executable, str(script), self.standin.control, str(self.folder / "command.json"), *fixed]
        return shlex.join(words)

    def run(self, *words: str, **settings: str) -> Any:  # noqa: ANN401 - JSON has no better type
        """Run a command to its end and keep what it says."""
        with self.bcflow.start(*words, **settings) as process:
            out, err = process.communicate(timeout=LONGEST)
        self.said += [out, err]
        return json.loads(out)

    def left_behind(self) -> list[Path]:
        """Return every file in the home and in the folder for temporary files."""
        return sorted(
            path for top in (self.bcflow.home, self.folder / "tmp") for path in top.rglob("*") if path.is_file()
        )

    def finds(self, *more: str) -> list[str]:
        """Return every secret, and each of `more`, found in a file or in what was printed."""
        secrets = self.secrets() | set(more)
        printed = [f"printed: {how}" for text in self.said for how in secrets_in_text(text, secrets)]
        return secrets_in(self.left_behind(), secrets) + printed


@pytest.fixture
def burglar(standin: StandIn, tmp_path: Path) -> Burglar:
    login = standin.world.logins[seed.EMAIL]
    login.password, login.totp_secret = PASSWORD, TOTP_SECRET
    bcflow = Shell(
        tmp_path,
        standin,
        BCFLOW_PASSWORD=PASSWORD,
        BCFLOW_TOTP_SECRET=TOTP_SECRET,
        BCFLOW_DEBUG="1",
        BCFLOW_TIMEOUT="5",
    )
    return Burglar(standin, bcflow, tmp_path)


@pytest.mark.nightly
@pytest.mark.standin(axes={"login_code": "six", "codes": "all"})
@pytest.mark.parametrize(
    "lines",
    nightly_except([pytest.param([INVITED], id="one"), pytest.param([INVITED, *OTHERS], id="every kind")], "one"),
)
def test_batch_with_mailed_codes_leaves_no_secret(burglar: Burglar, lines: list[str]) -> None:
    jobs = burglar.folder / "jobs.yaml"
    listed = "".join(f"  - {line}\n" for line in lines)
    jobs.write_text(f'business_center: "{seed.NORTHWIND}"\njobs:\n{listed}', encoding="utf-8")
    answer = burglar.run("run", str(jobs), *TRUSTED, BCFLOW_CODE_COMMAND=burglar.code_command(), BCFLOW_CODE_WAIT="30")
    assert [run["outcome"] for run in answer["runs"]] == ["waiting"] * len(lines), answer
    assert len(burglar.world.codes) >= 1 + len(lines)

    assert burglar.finds() == []
    told_to_the_command = (burglar.folder / "command.json").read_text(encoding="utf-8")
    assert secrets_in_text(told_to_the_command, {PASSWORD, TOTP_SECRET}) == []
    planted = burglar.bcflow.home / "runs" / "planted.json"
    planted.write_text(json.dumps({"typed": PASSWORD}), encoding="utf-8")
    assert planted in burglar.left_behind()
    assert secrets_in([planted], burglar.secrets())
    assert {path.suffix for path in burglar.left_behind()} >= {".png", ".html", ".json", ".jsonl", ".sqlite3"}


@pytest.mark.nightly
@pytest.mark.slow
def test_saved_sign_in_holds_the_session_sealed_and_one_that_ended_is_left_nowhere(burglar: Burglar) -> None:
    burglar.run("login", "--json")
    (session,) = burglar.world.sessions.values()
    assert burglar.finds() == []

    home = burglar.bcflow.home
    opened = SignInFiles(home, load_key(None, home)).load("default")
    assert opened is not None
    assert secrets_in_text(json.dumps(opened.state), {session.token, session.csrf})

    ended = burglar.secrets()
    burglar.world.sessions.clear()
    answer = burglar.run(*INVITE, "--email", "zoe@acme.example", *TRUSTED)
    assert answer["runs"][0]["outcome"] == "waiting", answer
    assert burglar.finds(*ended) == []


@pytest.mark.nightly
def test_authenticators_codes_are_left_nowhere(burglar: Burglar) -> None:
    burglar.world.logins[seed.EMAIL].two_step = True
    answer = burglar.run(*INVITE, "--email", "zoe@acme.example", *TRUSTED)
    assert answer["runs"][0]["outcome"] == "waiting", answer
    assert burglar.world.used_totp
    assert burglar.finds() == []


@pytest.mark.nightly
@pytest.mark.standin(axes={"login_code": "six"})
def test_sign_in_that_breaks_off_at_a_wrong_code_leaves_no_secret(burglar: Burglar) -> None:
    wrong = "730481"
    answer = burglar.run(
        *INVITE,
        "--email",
        "zoe@acme.example",
        *TRUSTED,
        BCFLOW_CODE_COMMAND=burglar.code_command(wrong),
        BCFLOW_TOTP_SECRET="",
    )
    assert answer["runs"][0]["outcome"] in {"waiting", "failed", "refused"}, answer
    assert burglar.world.writes == []
    assert burglar.finds(wrong) == []


READ_ONLY = """new MutationObserver(() => {
  for (const field of document.querySelectorAll('input')) field.readOnly = true;
}).observe(document, {subtree: true, childList: true})"""


def test_password_that_could_not_be_typed_is_in_no_file_of_the_failed_run(standin: StandIn, tmp_path: Path) -> None:
    login = {"name": "default", "email": seed.EMAIL, "password": PASSWORD, "totp_secret": TOTP_SECRET}
    desk = Desk(standin, tmp_path, logins={"default": login}, timeout=1.0)
    with desk.slot() as slot:
        assert slot.call("check", {})["needs"] == "sign-in"
        browser = slot._browser
        assert browser is not None
        slot._thread.submit(browser.site.page.add_init_script, READ_ONLY).result()
        record = slot.call("attempt", desk.request(make("invite-member")))
    assert record["outcome"] == "failed", record["message"]
    assert "did not do in time what was asked" in record["message"]
    files = [path for path in desk.home.rglob("*") if path.is_file()]
    assert secrets_in(files, {PASSWORD, TOTP_SECRET}) == []
    assert secrets_in_text(json.dumps([record, desk.events]), {PASSWORD, TOTP_SECRET}) == []


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.standin(faults=["slow=5:invite"])
def test_driver_and_browser_are_told_no_secret(burglar: Burglar) -> None:
    with burglar.bcflow.start(*INVITE, "--email", "zoe@acme.example", *TRUSTED) as process:
        until(lambda: burglar.world.writes or process.poll() is not None, "a write request")
        told = _told(process)
        burglar.said += process.communicate(timeout=LONGEST)
    assert len(burglar.world.writes) == 1
    assert any("--remote-debugging-pipe" in line for line in told)
    assert any("run-driver" in line for line in told)
    secrets = burglar.secrets()
    assert [line[:80] for line, environment in told.items() if secrets_in_text(line + environment, secrets)] == []
    assert burglar.finds() == []


def _told(process: subprocess.Popen[str]) -> dict[str, str]:
    """Return the environment of every process that `process` started, by its command line."""
    told = {}
    for each in descendants(process.pid):
        try:
            environment = Path(f"/proc/{each}/environ").read_bytes().decode(errors="surrogateescape")
        except OSError:
            continue
        told[f"{each} {command_line(each)}"] = environment.replace("\0", "\n")
    return told
