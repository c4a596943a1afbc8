"""The command line, in this process or as a program of its own, with a real browser against the stand-in."""

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bcflow.runner.browser.lease import Lease
from bcflow.runner.config.settings import DATABASE
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.tables import rehearsals
from standin import seed
from standin.server import StandIn
from tests.support.nightly import nightly_except
from tests.support.shell import LONGEST
from tests.support.standin_shell import Shell
from tests.support.waiting import until

INVITE = [
    "invite-member",
    "--business-center",
    seed.NORTHWIND,
    "--email",
    "zoe@acme.example",
    "--role",
    "standard",
]
TRUSTED = ["--yes", "--trust-first-write"]


def received(standin: StandIn) -> int:
    """Return how many write requests the stand-in got."""
    return len(standin.world.writes)


@pytest.mark.nightly
def test_a_rehearsal_sends_nothing_and_a_run_after_it_sends_what_was_rehearsed(bcflow: Shell, standin: StandIn) -> None:
    code, shown, _ = bcflow("rehearse", *INVITE)
    [run] = shown["runs"]
    assert (code, run["outcome"], run["writes"], received(standin)) == (0, "planned", 0, 0)
    assert "the button would send POST /" in run["message"]
    report = (Path(run["evidence"]) / "report.html").read_text("utf-8")
    assert "Rehearsed: its button was pressed with every write refused" in report

    code, done, _ = bcflow("run", *INVITE, *TRUSTED)
    [run] = done["runs"]
    assert (code, run["outcome"], run["writes"], received(standin)) == (0, "waiting", 1, 1)
    [write] = standin.world.writes
    assert f"would send {write.method} {write.path} with" in shown["runs"][0]["message"]


@pytest.mark.nightly
def test_what_was_rehearsed_is_all_that_a_later_run_may_send(bcflow: Shell, standin: StandIn) -> None:
    bcflow("rehearse", *INVITE)
    with Database(f"sqlite:///{bcflow.home / DATABASE}").transaction() as connection:
        assert connection.execute(rehearsals.update().values(sends="POST /another/create")).rowcount == 1
    code, shown, _ = bcflow("run", *INVITE, *TRUSTED)
    assert (code, shown["runs"][0]["outcome"], received(standin)) == (1, "failed", 0)
    assert "rehearsed was POST /another/create" in shown["runs"][0]["message"]


@pytest.mark.nightly
@pytest.mark.slow
def test_login_whoami_and_list_read_and_write_nothing(bcflow: Shell, standin: StandIn) -> None:
    assert bcflow("login", "--check")[0] == 3
    code, answer, _ = bcflow("login")
    assert (code, answer["message"]) == (0, f"signed in as {seed.EMAIL}")
    assert bcflow("login", "--check")[0] == 0

    _, me, _ = bcflow("whoami")
    assert (me["login"], me["language"]) == ("default", "en")
    assert {"name": "Northwind Agency", "id": seed.NORTHWIND, "role": "admin"} in me["business_centers"]

    _, listed, _ = bcflow("list", "ad-accounts", "--business-center", seed.NORTHWIND)
    assert listed["total"] == len(listed["rows"]) == 33
    assert received(standin) == 0


@pytest.mark.nightly
@pytest.mark.standin(stranger=31)
def test_whoami_says_that_hardly_a_word_of_the_sites_language_is_known(bcflow: Shell) -> None:
    assert bcflow("login")[0] == 0
    code, me, _ = bcflow("whoami")
    assert (code, me["language"], me["language_is_known"]) == (0, "id", False)


@pytest.mark.nightly
def test_list_does_not_guess_among_several_business_centers(bcflow: Shell) -> None:
    code, answer, _ = bcflow("list", "members")

    assert code == 2
    assert f"Northwind Labs ({seed.NORTHWIND_LABS})" in answer["errors"][0]


@pytest.mark.slow
def test_a_run_is_seen_and_the_same_again_writes_nothing(bcflow: Shell, standin: StandIn) -> None:
    code, first, _ = bcflow.program("run", *INVITE, *TRUSTED)
    [run] = first["runs"]
    assert (code, run["outcome"], run["waiting_for"], run["writes"]) == (0, "waiting", "invitee", 1)
    assert received(standin) == 1

    code, second, _ = bcflow("run", *INVITE, "--yes")
    [run] = second["runs"]
    assert (code, run["outcome"], run["writes"]) == (0, "already", 0)
    assert received(standin) == 1
    assert (bcflow.home / "batches" / first["batch"] / "report.html").is_file()


@pytest.mark.nightly
def test_what_is_named_is_told_with_its_id_and_goes_on_as_that(bcflow: Shell, standin: StandIn) -> None:
    person = ["--email", "zoe@acme.example", "--role", "standard", "--ad-account", "Acme US:operator"]
    code, found, told = bcflow("run", "invite-member", "--business-center", "Northwind Agency", *person, "--dry-run")
    assert f"“Northwind Agency” is Business Center {seed.NORTHWIND}\n" in told
    assert f"“Acme US” is ad account {seed.OWNED_APPROVED}\n" in told
    [run] = found["runs"]
    assert (code, run["outcome"]) == (0, "planned")
    kept = json.loads((bcflow.home / "runs" / run["id"] / "result.json").read_text("utf-8"))["inputs"]
    assert kept["business_center"] == seed.NORTHWIND
    assert kept["ad_accounts"] == [{"aadvid": seed.OWNED_APPROVED, "role": "operator"}]
    assert received(standin) == 0


@pytest.mark.nightly
def test_a_dry_run_plans_and_sends_nothing(bcflow: Shell, standin: StandIn) -> None:
    code, found, _ = bcflow("run", *INVITE, "--dry-run")

    assert (code, [run["outcome"] for run in found["runs"]]) == (0, ["planned"])
    assert received(standin) == 0


@pytest.mark.nightly
def test_a_wrong_password_is_refused_in_the_sites_words_and_shown_nowhere(bcflow: Shell) -> None:
    code, answer, err = bcflow("login", BCFLOW_PASSWORD="planted-wrong-1")

    assert code == 1
    assert "did not accept the sign-in" in answer["message"]
    assert "planted-wrong-1" not in json.dumps(answer) + err


@pytest.mark.nightly
@pytest.mark.standin(axes={"login_code": "six"})
def test_a_code_nobody_has_ends_with_3_and_is_asked_for_once(bcflow: Shell, standin: StandIn) -> None:
    code, answer, _ = bcflow("login")
    assert (code, answer["needs"]) == (3, "code")

    jobs = bcflow.folder / "jobs.yaml"
    line = "  - {{flow: invite-member, email: {}@acme.example, role: standard}}\n"
    top = f'business_center: "{seed.NORTHWIND}"\njobs:\n'
    jobs.write_text(top + "".join(line.format(name) for name in ("zoe", "yan", "xia")))
    code, found, _ = bcflow("run", "jobs.yaml", *TRUSTED)

    assert code == 3
    assert [(run["outcome"], run["waiting_for"]) for run in found["runs"]] == [("waiting", "you")] * 3
    assert ["not started" in run["message"] for run in found["runs"]] == [False, True, True]
    assert received(standin) == 0


@pytest.mark.standin(axes={"login_code": "six"})
def test_a_code_command_signs_in(bcflow: Shell, standin: StandIn) -> None:
    script = bcflow.folder / "code.py"
    script.write_text(
        "import json, urllib.request\n"
        f"found = json.load(urllib.request.urlopen('{standin.control}/codes'))\n"
        "codes = found['codes'] if isinstance(found, dict) else found\n"
        "print(codes[-1]['code'])\n"
    )
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"

    assert bcflow("login", BCFLOW_CODE_COMMAND=command)[0] == 0


@pytest.mark.nightly
@pytest.mark.standin(faults=["slow=4:invite"])
@pytest.mark.parametrize("how", nightly_except([signal.SIGINT, signal.SIGTERM], signal.SIGINT))
def test_an_interruption_during_a_write_tells_the_truth(bcflow: Shell, standin: StandIn, how: signal.Signals) -> None:
    with bcflow.start("run", *INVITE, *TRUSTED, "--json") as process:
        process_log = bcflow.home / "runs"
        wait_until_received(standin, process)
        process.send_signal(how)
        out, _ = process.communicate(timeout=LONGEST)

    [run] = json.loads(out)["runs"]
    assert process.returncode == 130
    assert run["outcome"] in ("unknown", "waiting")
    assert json.loads((process_log / run["id"] / "result.json").read_text())["outcome"] == run["outcome"]
    assert received(standin) == 1

    code, again, _ = bcflow("run", *INVITE, *TRUSTED)
    assert (code, again["runs"][0]["writes"]) == (0, 0)
    assert received(standin) == 1


def wait_until_received(standin: StandIn, process: subprocess.Popen[str]) -> None:
    """Wait until the stand-in got a write; the process must still be at work then."""
    until(lambda: received(standin) or process.poll() is not None, "a write request")
    assert (received(standin), process.poll()) == (1, None)


@pytest.mark.nightly
@pytest.mark.slow
def test_the_rehearsal_ends_well_and_writes_nothing_the_second_time(bcflow: Shell) -> None:
    jobs = bcflow.folder / "jobs.yaml"
    lines = [f"  - {{flow: invite-member, email: {name}@acme.example, role: standard}}" for name in ("zoe", "yan")]
    jobs.write_text("\n".join([f'business_center: "{seed.NORTHWIND}"', "jobs:", *lines]))
    code, found, _ = bcflow.program("dev", "demo", "--file", str(jobs), "--home", "rehearsal")

    assert (code, found["unexpected"]) == (0, [])
    assert [run["writes"] for run in found["first"]["runs"]] == [1, 1]
    assert [run["writes"] for run in found["second"]["runs"]] == [0, 0]
    assert Path(found["report"]).is_file()


@pytest.mark.nightly
def test_two_commands_on_one_login_take_turns(bcflow: Shell) -> None:
    bcflow.home.mkdir(mode=0o700)
    with Lease(bcflow.home, "default", doing="a test"):
        code, answer, _ = bcflow.program("whoami", "--no-wait")
        assert code == 2
        assert f"in use by pid {os.getpid()}" in answer["errors"][0]
        second = bcflow.start("whoami", "--json")
        assert second.stderr is not None
        assert any("waiting for it" in line for line in second.stderr)
    with second:
        out, _ = second.communicate(timeout=LONGEST)
    assert (second.returncode, json.loads(out)["login"]) == (0, "default")
