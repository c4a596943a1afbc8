"""What `runs` and `show` leave out, and how each thing stands by now."""

import json
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.cli.app import run_app
from tests.support.fake_site import BC, JOBS, FakeSite
from tests.support.night import ANA, BO, TRUSTED, Night


def effect(email: str, outcome: str, message: str) -> dict[str, Any]:
    return {"kind": "member", "identity": email, "business_center": BC, "outcome": outcome, "message": message}


def ends(email: str, outcome: str, message: str = "said so") -> dict[str, Any]:
    return {"outcome": outcome, "message": message, "effects": [effect(email, outcome, message)]}


@pytest.fixture
def batches(night: Night, site: FakeSite, home: Path) -> list[str]:
    """Give two nights: in the first Ana is refused and Bo differs, in the second (of client beta) Bo is there."""
    site.runs |= {ANA: ends(ANA, "refused", "no seat is left"), BO: ends(BO, "differs", "is an admin")}
    first = night.submit("--key", "one", *TRUSTED)
    night.work()
    (home.parent / "jobs.yaml").write_text(JOBS.replace("client: acme", "client: beta"))
    site.runs |= {ANA: {"outcome": "failed", "message": "no network"}, BO: ends(BO, "already", "is there")}
    second = night.submit("--key", "two", *TRUSTED)
    night.work()
    return [first, second]


def test_runs_are_those_of_an_outcome_a_client_a_key_or_a_time(night: Night, batches: list[str]) -> None:
    def listed(*words: str) -> list[tuple[int, list[str]]]:
        found = night.document("runs", *words)
        return [(batches.index(one["id"]), [run["outcome"] for run in one["runs"]]) for one in found]

    assert listed() == [(1, ["done", "failed", "already"]), (0, ["done", "refused", "differs"])]
    assert listed("--outcome", "refused,failed") == [(1, ["failed"]), (0, ["refused"])]
    assert listed("--client", "acme") == [(0, ["done", "refused", "differs"])]
    assert listed("--client", "acme", "--outcome", "already") == []
    assert listed("--key", "one", "--outcome", "refused", "--outcome", "differs") == [(0, ["refused", "differs"])]
    assert listed("--since", "1h", "--limit", "1") == [(1, ["done", "failed", "already"])]
    assert listed("--since", "2099-01-01") == []
    assert night.shown("runs", "--outcome", "expired") == "nothing like that was run here\n"


@pytest.mark.nightly
def test_shown_is_only_what_was_asked_for(night: Night, batches: list[str]) -> None:
    def shown(*words: str) -> list[str]:
        return [f"{batches.index(run['batch'])} {run['outcome']}" for run in night.document("show", *words)]

    assert shown("--outcome", "failed") == ["1 failed"]
    assert shown("--key", "one", "--outcome", "refused,differs") == ["0 refused", "0 differs"]
    assert shown("--since", "1d", "--client", "acme", "--outcome", "done") == ["0 done"]
    text = night.shown("show", "acme", "--outcome", "differs")
    assert "is an admin" in text
    assert "1 differs · writes: 0" in text
    assert night.shown("show", batches[0], "--outcome", "unknown") == "nothing like that was run here\n"


@pytest.mark.nightly
@pytest.mark.usefixtures("batches")
def test_each_thing_stands_as_the_newest_run_says_that_could_see_it(night: Night) -> None:
    def stands(*words: str) -> list[tuple[str, str, str]]:
        return [(one["what"], one["outcome"], one["client"]) for one in night.document("runs", "--now", *words)]

    refused = (f"member {ANA}", "refused", "acme")
    assert refused in stands(), "the night after it could not look"
    assert (f"member {BO}", "already", "beta") in stands()
    assert stands("--outcome", "refused,differs,unknown") == [refused]
    assert [what for what, *_ in stands("--client", "beta")] == ["ad account 'Acme US'", f"member {BO}"]
    assert "no seat is left" in night.shown("runs", "--now", "--client", "acme")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["runs", "--outcome", "refusd"],
            "--outcome: 'refusd' is none (did you mean 'refused'?); known: done, already",
        ),
        (["runs", "--key", "noon"], "no batch was submitted under the key 'noon'"),
        (["runs", "--since", "soon"], "--since: 'soon' is no time; write 7d"),
        (["runs", "--now", "--key", "one"], "runs: --now tells of all batches together; leave out --key"),
        (["show", "acme", "--since", "7d"], "show: --key and --since stand for a NAME; give one or the other"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_filter_that_cannot_be_meant_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["errors"][0].startswith(said)
