"""`bcflow check-ui`: what changed on the site, and which flows it breaks."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bcflow.models.errors import BadInput
from bcflow.runner.cli.flows import known_flow
from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.signin import business_center_id, only_one
from bcflow.runner.cli.wording import completion, layout
from bcflow.runner.cli.wording.options import BusinessCenter, Json, Login, NoWait

if TYPE_CHECKING:
    from bcflow.models.ui_check import UiCheck
    from bcflow.runner.browser.login_browser import SlotLike
    from bcflow.runner.checks.findings import Findings

BASELINE: Final = "ui-baseline"
CHECKS: Final = "ui-checks"
PAGE: Final = "report.html"
_KEPT: Final = 20
"""So many checks are kept in a home; the oldest go."""


def check_ui(  # noqa: PLR0913, PLR0917 - typer makes the command line from it
    business_center: BusinessCenter = None,
    login: Login = "default",
    against: Annotated[
        Path | None, typer.Option("--against", help="The baseline's folder; else one in BCFLOW_HOME.", metavar="DIR")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help="Only what this flow comes to; may be repeated.",
            metavar="FLOW",
            autocompletion=completion.flows,
        ),
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="Make what is seen now the baseline.")] = False,
    min_coverage: Annotated[
        float | None,
        typer.Option("--min-coverage", min=0, max=100, help="Fail if fewer percent were seen.", metavar="PERCENT"),
    ] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML to FILE.", metavar="FILE")] = None,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """Say what changed on the site, and which flows it breaks.

    Every screen that can be reached without a write is visited. Forms are opened, filled and left; every write is
    refused in the browser. What is found is looked for a second time before it is told. Exit 0: the same; 4: something
    changed; 1: something could not be seen, which is never "the same".

    \b
    Examples:
      bcflow check-ui --save
      bcflow check-ui --min-coverage 80 --junit ui.xml
      bcflow check-ui --against ui-baseline --json
      bcflow check-ui --only invite-member
    """
    from bcflow.runner.cli.running.slot import one_slot

    settings = load_settings()
    wanted = business_center_id(business_center)
    flows = frozenset(known_flow(each) for each in only or ())
    if flows and save:
        raise BadInput(["--save: does not go with --only; a baseline is of all flows"])
    baseline = _Baseline(against or settings.home / BASELINE, flows)
    folder = _folder(settings.home)
    with one_slot(settings, login, doing="check-ui", wait=not no_wait) as slot:
        looks = _Looks(slot, wanted or only_one(slot), folder, baseline)
        found = looks.found()
    share = None if min_coverage is None else min_coverage / 100
    _write_page(found, looks, share)
    if junit is not None:
        from bcflow.runner.checks.junit import junit as as_junit

        junit.write_text(as_junit(found, looks.now, share), encoding="utf-8")
    saved = save and _save(baseline, looks, found)
    then = _next(baseline) if found.items and not saved else ""
    _tell(found, folder, share=share, next_command=then, as_json=as_json)
    raise typer.Exit(0 if saved else found.exit_code(share))


class _Baseline:
    """The baseline in a folder, whatever language it is in, as far as it is about `only` these flows."""

    def __init__(self, folder: Path, only: frozenset[str]) -> None:
        self.folder, self.only = folder, only

    def load(self, language: str) -> UiCheck | None:
        """Return what is known of a language, else of the one that was saved; None: nothing is."""
        from bcflow.runner.checks.baseline import load, saved_language

        found = load(self.folder, language)
        other = saved_language(self.folder) if found is None else None
        found = load(self.folder, other) if other else found
        return found.of(self.only) if found is not None and self.only else found


@dataclass
class _Looks:
    """The looks of one check: a second one only where the first found something."""

    slot: SlotLike
    business_center: str
    folder: Path
    baseline: _Baseline

    def found(self) -> Findings:
        """Look, and look again before alarming. Raises BadInput for a baseline that cannot be read."""
        from bcflow.runner.checks.compare import compare, confirmed

        self.before = self.baseline.load("")
        first = self._look()
        found = compare(self.before, first)
        if found.items or found.could_not:
            complain("something is not as expected: looking a second time")
            found = confirmed(found, compare(self.before, self._look()))
        return found

    def _look(self) -> UiCheck:
        from bcflow.models.ui_check import UiCheck

        only = sorted(self.baseline.only)
        request = {"business_center": self.business_center, "folder": str(self.folder), "only": only}
        self.now = UiCheck.model_validate(self.slot.call("check-ui", request))
        self.before = self.baseline.load(self.now.language)
        return self.now


def _write_page(found: Findings, looks: _Looks, share: float | None) -> None:
    from bcflow.runner.checks.baseline import pictures_of
    from bcflow.runner.checks.page import page

    before = looks.before
    html = page(
        found,
        looks.now,
        pictures=looks.folder,
        before=before,
        pictures_before=pictures_of(looks.baseline.folder, before.language) if before else None,
        min_coverage=share,
    )
    (looks.folder / PAGE).write_text(html, encoding="utf-8")
    (looks.folder / "check.json").write_text(looks.now.model_dump_json(indent=1), encoding="utf-8")


def _save(baseline: _Baseline, looks: _Looks, found: Findings) -> bool:
    """Make the latest look the baseline, and say so; what could not be looked at is none."""
    from bcflow.runner.checks.baseline import save

    if found.could_not:
        complain("the baseline was not saved: not everything could be looked at")
        return False
    written = save(looks.now, looks.folder, baseline.folder, datetime.now(UTC).date())
    complain(f"the baseline is in {baseline.folder}: {len(written)} files changed")
    return True


def _next(baseline: _Baseline) -> str:
    """Return the command that takes what is seen now for right."""
    where = f" --against {shlex.quote(str(baseline.folder))}" if baseline.folder.name != BASELINE else ""
    return f"bcflow check-ui --save{where}"


def _tell(found: Findings, folder: Path, *, share: float | None, next_command: str, as_json: bool) -> None:
    from bcflow.runner.checks.as_json import as_json as plain
    from bcflow.runner.checks.table import table

    where = folder / PAGE
    if as_json:
        document(plain(found, share) | {"report": str(where)})
        return
    say(*table(found, width=layout.width(), min_coverage=share, next_command=next_command))
    complain(f"The page is {where}")


def _folder(home: Path) -> Path:
    """Return a new folder for a check's page and pictures; the oldest ones are removed."""
    checks = home / CHECKS
    made = checks / datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    made.mkdir(parents=True, mode=0o700)
    for old in sorted(checks.iterdir())[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return made
