"""A sign-in carried from a laptop to one machine serves every machine that shares its database."""

from pathlib import Path

import pytest

from standin import seed
from standin.server import StandIn
from tests.cli.test_login_export import PASSPHRASE, Machine

SHARED_KEY = "a key for every machine"


@pytest.mark.nightly
def test_a_sign_in_that_one_machine_imported_works_on_another(tmp_path: Path, standin: StandIn, postgres: str) -> None:
    laptop = Machine(tmp_path / "laptop", standin, password=seed.PASSWORD)
    one, other = (Machine(tmp_path / name, standin) for name in ("one", "other"))
    for machine in (one, other):
        machine.environment |= {"BCFLOW_DATABASE_URL": postgres, "BCFLOW_KEY": SHARED_KEY}
    file = tmp_path / "acme.signin"
    assert laptop.login("--export", str(file), stdin=f"{PASSPHRASE}\n")[0] == 0

    assert other.login("--check")[0] == 3
    assert one.login("--import", str(file), stdin=f"{PASSPHRASE}\n")[1]["ok"] is True
    assert other.login("--check")[1]["message"] == "the saved sign-in works"
    again = tmp_path / "again.signin"
    password = {"BCFLOW_EMAIL": seed.EMAIL, "BCFLOW_PASSWORD": seed.PASSWORD}
    assert other.login("--export", str(again), stdin=f"{PASSPHRASE}\n", **password)[0] == 0
    assert again.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("o*/home/logins/*.json"))
