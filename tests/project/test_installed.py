"""Who installed the wheel has no checkout: its three commands, followed in an empty environment."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.browser.choice import choose
from standin import seed
from standin.server import StandIn
from tests.project.test_packaging import make_wheel


class Installed:
    """A bcflow that was installed from its wheel, in a folder of its own."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.folder, self._programs = folder / "work", folder / "environment" / "bin"
        self.folder.mkdir()
        venv.create(folder / "environment", symlinks=True)
        self._install(make_wheel(folder))
        self._env = {name: value for name, value in os.environ.items() if not name.startswith(("BCFLOW_", "PYTHON"))}
        self._env |= {
            "BCFLOW_HOME": str(folder / "home"),
            "BCFLOW_BUSINESS_CENTER_URL": standin.bc_url,
            "BCFLOW_ADS_MANAGER_URL": standin.ads_url,
            "BCFLOW_BROWSER": str(choose("standin", os.environ.get("BCFLOW_BROWSER")).executable),
        }

    def _install(self, wheel: Path) -> None:
        """Install the wheel alone; what it needs is found where this test finds it, without any bcflow."""
        python = self._programs / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
        subprocess.run([*pip, str(wheel)], check=True)
        asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        packages = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        Path(packages, "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    def bcflow(self, *words: str) -> tuple[int, str]:
        """Run a command there; return its exit code and what it printed."""
        command = [str(self._programs / "bcflow"), *words]
        done = subprocess.run(command, cwd=self.folder, env=self._env, stdout=subprocess.PIPE, text=True, check=False)
        return done.returncode, done.stdout


@pytest.mark.nightly
@pytest.mark.slow
def test_the_commands_of_the_readme_lead_to_a_first_look(tmp_path: Path, standin: StandIn) -> None:
    installed = Installed(tmp_path, standin)
    code, said = installed.bcflow("init")
    assert (code, "jobs.yaml" in said) == (0, True)
    assert (
        "test_installed"
        not in subprocess.run(
            [tmp_path / "environment" / "bin" / "python", "-c", "import bcflow.runner; print(bcflow.runner.__file__)"],
            cwd=installed.folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )

    secrets = tmp_path / "home" / "secrets.env"
    filled = secrets.read_text("utf-8").replace("EMAIL=", f"EMAIL={seed.EMAIL}").replace("''", f"'{seed.PASSWORD}'")
    secrets.write_text(filled, encoding="utf-8")
    code, said = installed.bcflow("doctor", "--json")
    found: list[dict[str, Any]] = json.loads(said)["checks"]
    assert [one["name"] for one in found if not one["ok"]] == ["sign-in default"], found
    assert installed.bcflow("login")[0] == 0

    jobs = installed.folder / "jobs.yaml"
    jobs.write_text(jobs.read_text("utf-8").replace("7123456789012345678", seed.NORTHWIND), encoding="utf-8")
    code, said = installed.bcflow("run", "jobs.yaml", "--dry-run", "--json")
    assert {one["job"]: one["outcome"] for one in json.loads(said)["runs"]}["jobs.yaml:5"] == "planned", said
    assert standin.world.writes == []
