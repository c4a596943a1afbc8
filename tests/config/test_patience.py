"""How long it is waited for other people: BCFLOW_REMIND_AFTER and BCFLOW_GIVE_UP_AFTER."""

from datetime import timedelta
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config.limits import patience_of
from bcflow.runner.config.settings import Settings
from bcflow.runner.policy.follow_up import Patience


def test_patience_is_what_the_settings_say(tmp_path: Path) -> None:
    home = {"BCFLOW_HOME": str(tmp_path)}
    given = home | {"BCFLOW_REMIND_AFTER": "12h", "BCFLOW_GIVE_UP_AFTER": "1d12h"}

    assert patience_of(Settings.load(home, tmp_path)) == Patience()
    assert patience_of(Settings.load(given, tmp_path)) == Patience(timedelta(hours=12), timedelta(hours=36))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"REMIND_AFTER": "30d"}, "BCFLOW_REMIND_AFTER: must be shorter than BCFLOW_GIVE_UP_AFTER"),
        ({"GIVE_UP_AFTER": "2d"}, "BCFLOW_REMIND_AFTER: must be shorter than BCFLOW_GIVE_UP_AFTER"),
        ({"GIVE_UP_AFTER": "366d"}, "BCFLOW_GIVE_UP_AFTER: '366d' is not between 0 and 365 days"),
        ({"GIVE_UP_AFTER": "soon"}, "BCFLOW_GIVE_UP_AFTER: 'soon' is not a length of time"),
    ],
)
def test_a_patience_that_makes_no_sense_is_refused(tmp_path: Path, given: dict[str, str], why: str) -> None:
    env = {f"BCFLOW_{name}": value for name, value in given.items()}

    with pytest.raises(BadInput, match=why):
        Settings.load(env | {"BCFLOW_HOME": str(tmp_path)}, tmp_path)
