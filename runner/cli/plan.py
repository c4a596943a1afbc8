"""`bcflow plan` and `bcflow apply`: a run in two steps, so that another person can review it in between."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import Json, NoWait, columns, complain, load_settings, say

if TYPE_CHECKING:
    from bcflow.runner.batches.plans.plan import Plan
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.jobfiles.source import Order

_LARGEST: Final = 50_000_000
_HEADS: Final = ("job", "flow", "business center", "found", "message")


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `app`."""
    app.command("plan")(plan)
    app.command("apply")(apply)


def plan(
    file: Annotated[Path, typer.Argument(help="The job file.", metavar="FILE")],
    out: Annotated[Path, typer.Option("--out", help="Where the plan is to be written.", metavar="PLAN")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    allow_unusual_id: Annotated[
        bool, typer.Option("--allow-unusual-id", help="Take ids that are not 19 digits.")
    ] = False,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """Only look, and write what was found and is to be done to a signed file that `apply` takes.

    \b
    Example:
      bcflow plan onboarding.yaml --out plan.json
    """
    from bcflow.runner.batches.submit import How
    from bcflow.runner.cli.running.work import work
    from bcflow.runner.jobfiles.source import Wanted, read_order

    settings = load_settings(make_home=False)
    order = read_order(Wanted(target=str(file), allow_unusual=allow_unusual_id), settings)
    _check_out(out, file, force=force)
    _key(settings)
    batches: list[str] = []
    how = How(dry_run=True, allow_unusual=allow_unusual_id, wait=not no_wait, as_json=as_json)
    code = work(order, settings, how, on_batch=batches.append)
    made = _made(settings, batches[0], allow_unusual=allow_unusual_id) if batches else None
    if made is None:
        complain("no plan was written: the look did not come to its end")
        raise typer.Exit(code or 1)
    _check_out(out, file, force=force)
    _write(out, made, settings)
    (complain if as_json else say)(f"The plan is in {out}; bcflow apply {out} carries it out")
    raise typer.Exit(code)


def apply(  # noqa: PLR0913, PLR0917 - every option, by name
    file: Annotated[Path, typer.Argument(help="What `bcflow plan` wrote.", metavar="PLAN")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before writing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="If something changed: do the jobs it does not concern.")
    ] = False,
    max_age: Annotated[
        float, typer.Option("--max-age", min=0, help="How old a plan may be, in hours.", metavar="HOURS")
    ] = 24,
    trust_first_write: Annotated[
        bool, typer.Option("--trust-first-write", help="Let flows write that were never seen to work here.")
    ] = False,
    max_writes: Annotated[
        int | None, typer.Option("--max-writes", min=1, help="Send at most so many writes; skip the rest.")
    ] = None,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """Carry out a plan: look again, and write only if everything is as it was. Exit code 5: it is not.

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
    for line in _shown(found):
        complain(line)
    raise typer.Exit(work(order, settings, how))


def _check_out(out: Path, file: Path, *, force: bool) -> None:
    """Refuse a place where a plan cannot or must not be written. Raises BadInput."""
    from bcflow.models.errors import BadInput

    if not out.parent.is_dir():
        raise BadInput([f"--out: there is no folder {out.parent}"])
    if not out.exists():
        return
    if not out.is_file() or out.samefile(file):
        raise BadInput([f"--out: {out} is no place for a plan"])
    if not force:
        raise BadInput([f"--out: {out} is there already; give another name, or --force to write over it"])


def _key(settings: Settings) -> bytes:
    from bcflow.runner.batches.plans.file import signing_key
    from bcflow.runner.config.keys import load_key

    settings.make_home()
    return signing_key(load_key(settings.key.get_secret_value() if settings.key else None, settings.home))


def _made(settings: Settings, batch: str, *, allow_unusual: bool) -> Plan | None:
    """Return the plan of a batch that has looked; None if it did not look at everything it could."""
    from contextlib import closing
    from datetime import UTC, datetime

    from bcflow.runner.batches.plans.plan import make_plan
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.runs import Store

    with closing(Database(settings.database())) as database:
        held = Store(database).load(batch)
    outcomes = [run.outcome or "cancelled" for run in held.runs]
    if held.phase != "ended" or "cancelled" in outcomes:
        return None
    now = datetime.now(UTC)
    return make_plan(held.record, held.runs, made_by=settings.actor, allow_unusual=allow_unusual, at=now)


def _write(out: Path, made: Plan, settings: Settings) -> None:
    from bcflow.models.errors import BcflowError
    from bcflow.runner.batches.plans.file import rendered
    from bcflow.runner.redaction.private_files import write_private

    try:
        write_private(out, rendered(made, _key(settings)))
    except OSError as error:
        raise BcflowError(f"{out}: the plan could not be written: {error.strerror}") from None


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


def _shown(found: Plan) -> list[str]:
    """Return a plan as a table, with who made it."""
    from bcflow.runner.reports.summary import look_counts

    rows = [
        (
            one.name,
            one.job["flow"],
            (one.facts.business_center_name if one.facts else "") or one.job.get("business_center", ""),
            one.facts.outcome if one.facts else "later",
            one.facts.message if one.facts else "can be looked at when another job is done",
        )
        for one in found.jobs
    ]
    counts = look_counts(one.facts.outcome if one.facts else "planned" for one in found.jobs)
    head = f"Plan for {found.site}, made {found.made_at} by {found.made_by} from {found.source}: {counts}"
    return [head, *(f"  {line}" for line in columns(rows, heads=_HEADS))]
