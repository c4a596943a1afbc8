"""`bcflow check-ui` and `bcflow survey`, with a real browser against the stand-in."""

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from standin import seed
from standin.server import StandIn
from standin.switches import parse_fault
from tests.support.standin_shell import Shell

ONLY = ["--only", "invite-member"]
CHECK = ["check-ui", "--business-center", seed.NORTHWIND]


@pytest.mark.nightly
def test_a_check_tells_what_changed_since_its_baseline_and_which_flow_stops(bcflow: Shell, standin: StandIn) -> None:
    code, first, _ = bcflow(*CHECK, "--save")
    assert (code, first["verdict"], first["findings"]) == (0, "same", [])
    assert first["coverage"]["seen"] > 0.9 * first["coverage"]["total"] > 70
    baseline = bcflow.home / "ui-baseline"
    assert (baseline / "en" / "members--list.png").is_file()

    standin.world.faults.append(parse_fault("renamed_button=members.invite>Bring someone in"))
    code, found, told = bcflow(*CHECK, *ONLY, "--junit", str(bcflow.folder / "ui.xml"))
    assert (code, found["verdict"], found["flows"]) == (4, "changed", ["invite-member"])
    [finding] = found["findings"]
    assert (finding["class"], finding["before"], finding["after"]) == ("label", "Invite Member", "Bring someone in")
    assert finding["command"] == 'bcflow labels add "invite member" "Bring someone in"'
    assert "looking a second time" in told
    failed = ET.parse(bcflow.folder / "ui.xml").getroot().findall(".//failure")  # noqa: S314 - our own file
    assert len(failed) == 1
    page = Path(found["report"]).read_text("utf-8")
    assert page.count("data:image/png") > 4, "before and now"
    assert standin.world.writes == []

    assert bcflow("labels", "add", "invite member", "Bring someone in")[0] == 0
    code, found, _ = bcflow(*CHECK, *ONLY)
    assert (code, [one["class"] for one in found["findings"]], found["flows"]) == (4, ["cosmetic"], [])


@pytest.mark.nightly
def test_a_check_that_saw_less_than_is_wanted_is_no_pass(bcflow: Shell) -> None:
    code, found, _ = bcflow(*CHECK, *ONLY, "--min-coverage", "99.9")
    assert (code, found["verdict"]) == (1, "could not check")


@pytest.mark.nightly
def test_a_survey_says_what_screens_are_made_of_and_nothing_of_anybody(bcflow: Shell, standin: StandIn) -> None:
    path = bcflow.folder / "survey.zip"
    code, told, _ = bcflow("survey", "--business-center", seed.NORTHWIND, "--out", str(path))
    assert (code, told["could_not"]) == (0, [])
    with zipfile.ZipFile(path) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    everything = "\n".join(texts.values())
    assert [text for text in _of_somebody(standin) if text in everything] == []
    members = json.loads(texts["screens/members--list.json"])
    assert "column: Role" in members["controls"]
    assert "Aa Aa" in members["shapes"], "a name is a shape"
    asked = [one for one in members["exchanges"] if one["answered"]]
    assert asked
    assert all(set(_leaves(one["answered"])) <= {"str", "int", "bool", "float", "NoneType", "dict"} for one in asked)
    assert standin.world.writes == []
    assert bcflow("survey", "--out", str(path))[0] == 2, "nothing is written over"


def _leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [str(value)]


def _of_somebody(standin: StandIn) -> list[str]:
    """Return every name, address and id of the world that a screen may show."""
    world = standin.world
    found = {seed.EMAIL, seed.PASSWORD, *(login.name for login in world.logins.values())}
    for center in world.business_centers.values():
        found |= {center.name, center.bc_id, center.company}
        found |= {text for member in center.members for text in (member.name, member.email, member.user_id)}
        found |= {text for partner in center.partners for text in (partner.name, partner.bc_id)}
    found |= {text for account in world.ad_accounts.values() for text in (account.name, account.aadvid)}
    return sorted(text for text in found if len(text) > 3)
