"""`bcflow status`: whether a worker is alive, what is open, and what of it nobody is there to do."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.wording.messages import NO_WORKER, minute, of_the_key
from bcflow.runner.cli.wording.options import Json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.presence import Living
    from bcflow.runner.storage.batch_rows import Batch
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.runs import Store


@dataclass(frozen=True)
class Standing:
    """How the work stands; `drained` is when the last worker ended because nothing was left to do, if it did."""

    workers: list[Living]
    drained: str
    batches: list[Batch]
    stopped: list[str]
    missing: list[str] = field(default_factory=list)
    unfinished: dict[str, str] = field(default_factory=dict)
    not_well: dict[str, str] = field(default_factory=dict)
    """Of the keys whose jobs must have ended well, those whose jobs did not, each with what to say of it."""
    called: dict[str, list[str]] = field(default_factory=dict)
    """The logins whose turn at a batch is under way or on its way, by batch."""

    @property
    def queued(self) -> list[Batch]:
        """The batches that are for a worker to do."""
        return [one for one in self.batches if one.queued]

    def troubles(self) -> list[str]:
        """Return what is missing, a line for each; nothing if all is well."""
        lines = [f"no batch was submitted under the key '{key}'" for key in self.missing]
        lines += [
            f"{of_the_key(batch, key)} has not ended, and no worker is there to go on with it"
            for key, batch in self.unfinished.items()
        ]
        lines += [line for key, line in self.not_well.items() if key not in self.unfinished]
        if not self.workers and self.queued:
            lines.append(f"{NO_WORKER}, and {_many(self.queued)} queued for one: start `bcflow worker`")
        elif not self.workers and not self.drained:
            lines.append(f"{NO_WORKER}; the last one, if there was any, did not end by --drain")
        return lines


def status(
    expect: Annotated[
        list[str] | None, typer.Option("--expect", help="A key that must have been submitted; may be repeated.")
    ] = None,
    expect_worker: Annotated[
        bool, typer.Option("--expect-worker", help="A worker must be alive, even if the last one ended by --drain.")
    ] = False,
    must_be_ok: Annotated[
        bool, typer.Option("--ok", help="With --expect: its jobs must have ended, and nothing may be left to you.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say whether a worker is alive and what is open. Exits 1 when a worker or an expected batch is missing.

    A worker is not missed after `worker --drain` did all there was to do, until something is queued again. An
    expected batch is missing if it was not submitted, or has not ended and no worker is alive.

    \b
    Examples:
      bcflow status
      bcflow status --expect night-2026-11-24
      bcflow status --expect night-2026-11-24 --ok
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.notify import events
    from bcflow.runner.storage.database import Database, now

    if must_be_ok and not expect:
        raise BadInput(["status: --ok goes with --expect only"])
    settings = load_settings(only_looks=True)
    with closing(Database(settings.database_to_look_into())) as database:
        standing = _standing(database, settings, expect or (), must_be_ok=must_be_ok)
    troubles = standing.troubles()
    if expect_worker and not standing.workers and not troubles:
        troubles.append(NO_WORKER)
    if as_json:
        document(_json(standing, troubles))
    else:
        say(*_lines(standing))
    for key in [*standing.missing, *standing.unfinished]:
        events.tell(settings, events.job_missed(key, expected=now()))
    for trouble in troubles:
        complain(trouble)
    raise typer.Exit(1 if troubles else 0)


def _standing(database: Database, settings: Settings, expect: Sequence[str], *, must_be_ok: bool) -> Standing:
    from bcflow.runner.engine.presence import drained, living_workers
    from bcflow.runner.storage.runs import Store
    from bcflow.runner.storage.switches import Switches

    store = Store(database)
    living = living_workers(settings, database)
    workers = [one for one in living if one.is_shared]
    batches = store.open_batches()
    for one in batches:
        one.queued = one.queued and (not one.owner or one.owner in {each.name for each in living})
    still_open = {one.id for one in batches}
    of_key = {key: store.of_key(key) for key in expect}
    return Standing(
        workers=workers,
        drained="" if workers else drained(database),
        batches=batches,
        stopped=[str(one) for one in Switches(database).all()],
        missing=[key for key, batch in of_key.items() if batch is None],
        called={one.id: _called(database, one.id) for one in batches if one.queued and living},
        unfinished={key: batch for key, batch in of_key.items() if batch in still_open and not workers and batch},
        not_well=_not_well(store, {key: batch for key, batch in of_key.items() if batch}) if must_be_ok else {},
    )


def _not_well(store: Store, of_key: Mapping[str, str]) -> dict[str, str]:
    """Return by its key what to say of each batch that has not ended, or of which something is left to you."""
    from bcflow.runner.reports.summary import OK, end_counts, ended_well

    found = {}
    for key, name in of_key.items():
        batch = store.load(name)
        named = of_the_key(name, key)
        if batch.phase != "ended":
            found[key] = f"{named} has not ended: bcflow status"
        elif batch.record.exit_code != OK or not all(map(ended_well, batch.records)):
            counts = end_counts(run.outcome for run in batch.records)
            found[key] = f"{named} did not end well: {counts}; see bcflow show {name}"
    return found


def _json(standing: Standing, troubles: Sequence[str]) -> dict[str, Any]:
    workers = [{"name": one.name, **vars(one.holder)} for one in standing.workers]
    for one in workers:
        del one["token"]
    return {
        "workers": workers,
        "drained": standing.drained or None,
        "open": [
            {
                "batch": one.id,
                "phase": one.phase,
                "queued": one.queued,
                "worker": one.owner or None,
                "logins": standing.called.get(one.id, []),
            }
            for one in standing.batches
        ],
        "switches": standing.stopped,
        "missing": standing.missing,
        "unfinished": list(standing.unfinished),
        "not_ok": list(standing.not_well),
        "troubles": list(troubles),
    }


def _lines(standing: Standing) -> list[str]:
    lines = [f"worker: {one.name}, {one.holder}" for one in standing.workers]
    if not lines:
        ended = f"; the last one ended by --drain at {minute(standing.drained)} UTC" if standing.drained else ""
        queued = "" if standing.queued else "; nothing is queued"
        lines = [f"worker: none is running{ended}{queued}"]
    lines += standing.stopped
    for one in standing.batches:
        logins = ", ".join(standing.called.get(one.id, []))
        at = f"is worked on with login {logins}" if logins else "is queued" if one.queued else "rests"
        lines.append(f"{one.id}  {at}, next: {one.phase}  {one.record.source}")
    return lines


def _called(database: Database, batch: str) -> list[str]:
    from bcflow.runner.batches.context import live_logins

    with database.transaction() as connection:
        return sorted(live_logins(connection, batch))


def _many(batches: Sequence[Batch]) -> str:
    return "1 batch is" if len(batches) == 1 else f"{len(batches)} batches are"
