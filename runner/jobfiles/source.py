"""What is to be run, checked whole before anything starts: a flow with options, a sheet, or a job file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles.task import Task

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase
    from bcflow.models.named import Lookup, Names, Namespace
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.jobfiles.duplicates import LocatedJob

_SHEETS: Final = (".csv", ".xlsx", ".tsv", ".txt", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".numbers")
_JOB_FILES: Final = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. `given` are the flow's own inputs, by their names.

    With neither `given` nor a `sheet` only a job file will do.
    """

    target: str
    sheet: Path | None = None
    business_center: str | None = None
    login: str | None = None
    allow_unusual: bool = False
    given: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Order:
    """Validated tasks in their order, and what they were read from; `named` are the names they gave, with the ids."""

    tasks: tuple[Task, ...]
    source: str
    sha256: str = ""
    columns: tuple[str, ...] = ()
    named: tuple[tuple[Namespace, str, str], ...] = ()


def read_order(
    wanted: Wanted,
    settings: Settings,
    *,
    look: Lookup | None = None,
    reading: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Order:
    """Return the tasks asked for. Raises BadInput with every mistake, one line each.

    `look` looks up what there is: then a job may name its Business Center, and ad accounts that this one has. It is
    called once for each place where one is named, when nothing else is wrong; without it only ids will do. The tasks
    have ids alone. Files are read within `reading()`.
    """
    from bcflow.models.named import Names

    named = Names() if look else None
    with reading():
        order = _order(wanted, settings, named)
    while look and named and named.missing:
        named = named.after(look)
        with reading():
            order = _order(wanted, settings, named)
    return replace(order, named=named.named) if named else order


def _order(wanted: Wanted, settings: Settings, named: Names | None) -> Order:
    from bcflow.models.jobs import FLOWS

    only_file = wanted.given is None and wanted.sheet is None
    if wanted.target not in FLOWS or (only_file and Path(wanted.target).is_file()):
        return _job_file(wanted, settings, named)
    if only_file:
        said = f"is a flow, and a job file is needed here; bcflow run {wanted.target} takes a flow with its options"
        raise BadInput([f"{wanted.target}: {said}"])
    if wanted.sheet is not None:
        return _sheet(wanted, settings, named)
    return _options(wanted, settings, named)


def _options(wanted: Wanted, settings: Settings, named: Names | None) -> Order:
    from pydantic import ValidationError

    from bcflow.models import fields
    from bcflow.models.explain import explain
    from bcflow.models.jobs import job_adapter

    given, problems = _given(wanted)
    try:
        context = {fields.ALLOW_UNUSUAL: wanted.allow_unusual, fields.RESOLVED: True, fields.NAMED: named}
        job: JobBase = job_adapter().validate_python({"flow": wanted.target} | given, context=context)
    except ValidationError as error:
        problems += [_option_problem(problem.path, problem.message) for problem in explain(error)]
    if problems:
        raise BadInput(list(dict.fromkeys(problems)))
    settings.login(job.login)
    return Order((Task(job, job.id or wanted.target),), source=f"bcflow run {wanted.target}")


def _given(wanted: Wanted) -> tuple[dict[str, Any], list[str]]:
    """Return the inputs that options give, and what is wrong with them before any model sees them."""
    given = {name: value for name, value in (wanted.given or {}).items() if value not in (None, [], ())}
    common = {"login": wanted.login, "business_center": wanted.business_center}
    given |= {name: value for name, value in common.items() if value}
    return given, _split_accounts(given)


def _split_accounts(given: dict[str, Any]) -> list[str]:
    """Turn each `AADVID:ROLE` into an ad account and its role; an address may hold colons itself."""
    from bcflow.runner.jobfiles.cells import is_several

    problems, accounts = [], []
    for text in given.get("ad_accounts", ()):
        if is_several(str(text)):
            problems.append(f"--ad-account: '{text}' is more than one ad account; give --ad-account once for each")
            continue
        account, colon, role = str(text).rpartition(":")
        if colon and account and "/" not in role:
            accounts.append({"aadvid": account, "role": role})
        else:
            problems.append(f"--ad-account: '{text}' must be AADVID:ROLE, such as 7012345678901234567:operator")
    if accounts or problems:
        given["ad_accounts"] = accounts
    return problems


def _option_problem(path: Sequence[str | int], message: str) -> str:
    inner = ".".join(str(part) for part in path[1:] if isinstance(part, str))
    option = option_of(str(path[0])) if path else "bcflow run"
    return f"{option}: {inner + ': ' if inner else ''}{message}"


def _job_file(wanted: Wanted, settings: Settings, named: Names | None) -> Order:
    from bcflow.runner.jobfiles.jobfile import read

    path = Path(wanted.target)
    if path.suffix.lower() in _SHEETS:
        raise BadInput([f"{path}: is a spreadsheet; say for which flow: bcflow run FLOW --from {path}"])
    require_target(wanted.target)
    said = {"--from": wanted.sheet, "--business-center": wanted.business_center, "--login": wanted.login}
    if wrong := [f"{option}: a job file says this itself" for option, value in said.items() if value]:
        raise BadInput(wrong)
    found = read(path, allow_unusual=wanted.allow_unusual, logins=settings.logins, named=named)
    tasks = tuple(_task(job, path) for job in found.jobs)
    return Order(tasks, source=str(path), sha256=found.sha256)


def require_target(target: str) -> None:
    """Refuse what is no flow, and no job file either. Raises BadInput with the flow that is nearest."""
    from bcflow.models.identity import quoted
    from bcflow.models.jobs import FLOWS
    from bcflow.models.suggestions import nearest

    path = Path(target)
    if target not in FLOWS and not path.exists() and path.suffix.lower() not in (*_SHEETS, *_JOB_FILES):
        said = f"{quoted(target)} is neither a flow{nearest(target, FLOWS)} nor a job file"
        raise BadInput([f"{said}; flows: {', '.join(FLOWS)}"])


def _task(located: LocatedJob, path: Path) -> Task:
    lines = ", ".join(map(str, (located.line, *located.also)))
    return Task(located.job, located.job.id or f"{path.name}:{located.line}", source=f"{path}:{lines}")


def _sheet(wanted: Wanted, settings: Settings, named: Names | None) -> Order:
    from bcflow.runner.jobfiles import sheet_jobs
    from bcflow.runner.jobfiles.sheet_file import read_sheet

    defaults, problems = _given(wanted)
    if problems:
        raise BadInput(problems)
    sheet = read_sheet(wanted.sheet or Path())
    jobs = sheet_jobs.read(
        sheet,
        wanted.target,
        defaults=defaults,
        allow_unusual=wanted.allow_unusual,
        logins=settings.logins,
        named=named,
    )
    # The rows are kept with the batch, so that its report does not depend on the file as it is later.
    texts = dict(sheet.row_texts())
    tasks = [
        replace(_task(job, sheet.path), rows=tuple((line, texts[line]) for line in (job.line, *job.also)))
        for job in jobs
    ]
    return Order(tuple(tasks), source=str(sheet.path), sha256=sheet.sha256, columns=sheet.columns)


def option_of(name: str) -> str:
    """Return the option for the input `name`; lists are given one by one, so theirs is singular."""
    return "--ad-account" if name == "ad_accounts" else f"--{name.replace('_', '-')}"
