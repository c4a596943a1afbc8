"""The fixtures that QA's own tests get, in a folder that has nothing of ours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bcflow.runner.browser.choice import choose
from standin import seed
from tests.support.nightly import nightly_except

CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {options}
"""
LISTED = """
from bcflow.pages.members_page import MembersPage

def test_members_are_listed(bc_site, bc_business_center):
    page = MembersPage.open(bc_site, bc_business_center)
    assert len(page.read_members()) == 28
    left = bc_site.page.evaluate("fetch('/api/v2/bm/admin/user/invite/', {method: 'POST'}).then(() => 1, () => 0)")
    assert left == 0
"""
CHECKED = """
def test_no_flow_is_broken(bc_check):
    assert (bc_check.flows, bc_check.could_not) == ([], ())
    assert bc_check.coverage.share > 0.9
"""


def launch_options() -> str:
    """Return how the browser that set-up found is started, as a conftest can say it."""
    options = choose("standin", os.environ.get("BCFLOW_BROWSER")).launch_options(headless=True)
    return repr(json.loads(json.dumps(options, default=str)))


@pytest.mark.nightly
@pytest.mark.parametrize("tests", nightly_except([LISTED, CHECKED], LISTED), ids=["listed", "checked"])
def test_the_fixtures_give_a_site_that_cannot_be_written_to_and_a_check(tmp_path: Path, tests: str) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.replace("{options}", launch_options()), encoding="utf-8")
    (tmp_path / "test_site.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--bc-target=standin", "-p", "no:cacheprovider"]
    command += [f"--bc-business-center={seed.NORTHWIND}", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_the_only_business_center_is_taken_and_several_are_not_guessed_among(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.replace("{options}", launch_options()), encoding="utf-8")
    (tmp_path / "test_site.py").write_text("def test_it(bc_business_center): pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--bc-target=standin", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "say which one" in done.stdout
    assert done.returncode == 1
