"""How a plan is shown: on a terminal, as a page, while it looks."""

import stat
from pathlib import Path

import pytest

from bcflow.runner.cli.app import run_app
from tests.cli.test_plan import ANA, BO, member, refers_to_main
from tests.support.fake_site import FakeSite


@pytest.mark.usefixtures("home")
def test_a_plan_that_is_to_be_written_nowhere_is_printed_plainly_and_once(
    site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.looks[BO] = member(BO, "differs", want={"role": "standard"}, have={"role": "admin"})
    before = set(Path().iterdir())
    assert run_app(["plan", "jobs.yaml"]) == 1

    shown = capsys.readouterr()
    assert f"+ invite-member {ANA}\n" in shown.out
    assert f"~ invite-member {BO}\n" in shown.out
    assert "\n  ~ role             standard asked, admin there\n" in shown.out
    assert "\n2 to do · 1 differs\n" in shown.out
    assert "\x1b" not in shown.out
    assert "\\x1b" not in shown.out
    assert {path.name for path in set(Path().iterdir()) - before} == {"home"}


@pytest.mark.usefixtures("home", "site")
def test_a_plan_as_a_page_is_for_whoever_reviews_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["plan", "jobs.yaml", "--html", "plan.html"]) == 0
    page = Path("plan.html")
    assert "The plan's page is plan.html" in capsys.readouterr().out
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "What would be done" in page.read_text()
    assert "nothing left to do" not in page.read_text()
    assert 'href="../' not in page.read_text()
    assert not Path("plan.json").exists()

    assert run_app(["plan", "jobs.yaml", "--html", "plan.html"]) == 2
    assert run_app(["plan", "jobs.yaml", "--html", "both", "--out", "both"]) == 2
    assert capsys.readouterr().err == (
        "--html: plan.html is there already; give another name, or --force to write over it\n"
        "--html: both is the place of --out; give another name\n"
    )


def test_a_plan_shows_each_look_once_while_it_looks(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    refers_to_main(home, site)
    told = capsys.readouterr().err
    assert [
        told.count(one)
        for one in (" main (jobs.yaml:3): said so", "jobs.yaml:4: not looked at", "jobs.yaml:5: said so")
    ] == [1] * 3
