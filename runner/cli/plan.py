"""`bcflow plan` and `bcflow apply`: a run in two steps, so that another person can review it in between."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import complain, load_settings, say
from bcflow.runner.cli.wording.messages import is_there, minute
from bcflow.runner.cli.wording.options import Force, JobFile, Json, MaxWrites, NoWait, Trust, UnusualId, Yes

if TYPE_CHECKING:
    from bcflow.runner.batches.plans.plan import Plan
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.jobfiles.source import Order
    from bcflow.runner.storage.batch_rows import Batch

_LARGEST: Final = 50_000_000


def plan(
    file: JobFile,
    out: Annotated[Path | None, typer.Option("--out", help="Write the plan here, for `apply`.", metavar="PLAN")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the plan here as a page for who reviews it.", metavar="PAGE")
    ] = None,
    force: Force = False,
    allow_unusual_id: UnusualId = False,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """Only look, and tell what a run would do. And what is there already or otherwise.

    With --out it is also written to a signed file that `apply` takes, with --html as a page for who reviews it.

    \b
    Examples:
      bcflow plan onboarding.yaml
      bcflow plan onboarding.yaml --out plan.json --html plan.html
    """
    from bcflow.runner.batches.submit import How
    from bcflow.runner.cli.running.ordering import named_order
    from bcflow.runner.cli.running.work import work
    from bcflow.runner.jobfiles.source import Wanted

    settings = load_settings(make_home=False)
    wanted = Wanted(target=str(file), allow_unusual=allow_unusual_id)
    order = named_order(wanted, settings, wait=not no_wait)
    _check_places(file, out, html, force=force)
    if out is not None:
        _key(settings)
    batches: list[str] = []
    how = How(dry_run=True, allow_unusual=allow_unusual_id, wait=not no_wait, as_json=as_json)
    unusual = ["--allow-unusual-id"] if allow_unusual_id else []
    to_do = shlex.join(["bcflow", *(("run", str(file), *unusual) if out is None else ("apply", str(out)))])
    code = work(order, settings, how, on_batch=batches.append, to_do=to_do)
    if out is None and html is None:
        raise typer.Exit(code)
    held = _looked(settings, batches[0]) if batches else None
    if held is None:
        complain("no plan was written: the look did not come to its end")
        raise typer.Exit(code or 1)
    _check_places(file, out, html, force=force)
    tell = complain if as_json else say
    if html is not None:
        _write(html, _page(held, settings))
        tell(f"The plan's page is {html}")
    if out is not None:
        _write(out, _signed(held, settings, allow_unusual=allow_unusual_id))
        tell(f"The plan is in {out}")
    raise typer.Exit(code)


def apply(  # noqa: PLR0913, PLR0917 - every option, by name
    file: Annotated[Path, typer.Argument(help="What `bcflow plan` wrote.", metavar="PLAN")],
    yes: Yes = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="If something changed: do the jobs it does not concern.")
    ] = False,
    max_age: Annotated[
        float, typer.Option("--max-age", min=0, help="How old a plan may be, in hours.", metavar="HOURS")
    ] = 24,
    trust_first_write: Trust = False,
    max_writes: MaxWrites = None,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """Carry out a plan, if everything is as it was. It looks again first; exit code 5: something changed.

    What is there as wanted by now is no change, so a plan may be applied again after a crash. The other exit
    codes are those of `bcflow run`; 2 also for a plan that is too old, was changed, or is for another site.

    \b
    Examples:
      bcflow apply plan.json
      bcflow apply plan.json --yes --partial
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.batches.submit import How
    from bcflow.runner.cli.running.work import work

    settings = load_settings(make_home=False)
    if not yes and not frame.person_is_there():
        raise BadInput(["nobody is at a terminal to be asked; give --yes to write what the plan says"])
    found = _read(file, settings, max_age=max_age)
    order = _order(found, settings)
    how = How(
        yes=yes,
        trust_first_write=trust_first_write,
        max_writes=max_writes or settings.max_writes,
        allow_unusual=found.allow_unusual,
        wait=not no_wait,
        as_json=as_json,
        plan=found.agreed(partial=partial),
    )
    made = f"made {minute(found.made_at)} UTC by {found.made_by} from {found.source}"
    complain(f"Plan for {found.site}, {made}{':' if yes else ''}")
    if yes:  # else it is shown with the question, as the site is by then
        frame.show_plan(found.looks(), sys.stderr)
    raise typer.Exit(work(order, settings, how))


def _check_places(file: Path, out: Path | None, html: Path | None, *, force: bool) -> None:
    """Refuse places where a plan or its page cannot or must not be written. Raises BadInput."""
    from bcflow.models.errors import BadInput

    if out is not None and html is not None and out.absolute() == html.absolute():
        raise BadInput([f"--html: {html} is the place of --out; give another name"])
    for option, place in (("--out", out), ("--html", html)):
        if place is not None:
            _check_place(option, place, file, force=force)


def _check_place(option: str, place: Path, file: Path, *, force: bool) -> None:
    from bcflow.models.errors import BadInput

    if not place.parent.is_dir():
        raise BadInput([f"{option}: there is no folder {place.parent}"])
    if not place.exists():
        return
    if not place.is_file() or place.samefile(file):
        raise BadInput([f"{option}: {place} is no place for a plan"])
    if not force:
        raise BadInput([f"{option}: {is_there(place)}"])


def _key(settings: Settings) -> bytes:
    from bcflow.runner.batches.plans.file import signing_key
    from bcflow.runner.config.keys import load_key

    settings.make_home()
    return signing_key(load_key(settings.key.get_secret_value() if settings.key else None, settings.home))


def _looked(settings: Settings, batch: str) -> Batch | None:
    """Return a batch that has looked; None if it did not look at everything it could."""
    from contextlib import closing

    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.runs import Store

    with closing(Database(settings.database())) as database:
        held = Store(database).load(batch)
    outcomes = [run.outcome or "cancelled" for run in held.runs]
    return None if held.phase != "ended" or "cancelled" in outcomes else held


def _signed(held: Batch, settings: Settings, *, allow_unusual: bool) -> bytes:
    from datetime import UTC, datetime

    from bcflow.runner.batches.plans.file import rendered
    from bcflow.runner.batches.plans.plan import make_plan

    now = datetime.now(UTC)
    made = make_plan(held.record, held.runs, made_by=settings.actor, allow_unusual=allow_unusual, at=now)
    return rendered(made, _key(settings))


def _page(held: Batch, settings: Settings) -> bytes:
    from bcflow.runner.redaction.records import clean_record
    from bcflow.runner.redaction.redact import Redactor
    from bcflow.runner.reports.report import batch_report_html

    redactor, source = Redactor(settings.secrets()), Path(held.record.source).name
    looks = [clean_record(record, redactor) for record in held.records]
    title = redactor.text(f"Plan of {source}")
    return batch_report_html(looks, title=title, source=source, sha256=held.record.sha256).encode()


def _write(place: Path, content: bytes) -> None:
    from bcflow.models.errors import BcflowError
    from bcflow.runner.redaction.private_files import write_private

    try:
        write_private(place, content)
    except OSError as error:
        raise BcflowError(f"{place}: the plan could not be written: {error.strerror}") from None


def _read(file: Path, settings: Settings, *, max_age: float) -> Plan:
    """Return the plan in `file` if it may be applied here and now. Raises BadInput."""
    from datetime import UTC, datetime, timedelta

    from bcflow.runner.batches.plans.file import check_fits, opened
    from bcflow.runner.jobfiles.jobfile import read_bytes

    found = opened(read_bytes(file, _LARGEST), _key(settings), name=str(file))
    site, age = settings.business_center_url, timedelta(hours=max_age)
    check_fits(found, site=site, max_age=age, now=datetime.now(UTC), name=str(file))
    return found


def _order(found: Plan, settings: Settings) -> Order:
    from bcflow.runner.jobfiles.source import Order

    for login in found.logins:
        settings.login(login)
    return Order(found.tasks(), source=found.source, sha256=found.sha256)
