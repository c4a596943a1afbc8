"""Which flows were ever seen to work here, per site and page language.

Screens differ by language and change by year, so each pair is proven for itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.runner.storage.tables import languages, proofs, rehearsals

if TYPE_CHECKING:
    from pathlib import Path

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.storage.database import Database

_SEEN = ("done", "waiting")
UNKNOWN_LANGUAGE = "unknown"


@dataclass(frozen=True)
class Proof:
    """That `flow` was seen to work on `site` in `language`: first and last time (ISO 8601 UTC), and by which runs."""

    flow: str
    site: str
    language: str
    first: str
    first_run: str
    last: str
    run: str


class Proofs:
    """The proofs as one open transaction sees them."""

    def __init__(self, connection: sa.Connection) -> None:
        """Read and write in the transaction of `connection`."""
        self._connection = connection

    def of(self, flow: str) -> list[Proof]:
        """Return every proof of `flow`, the newest first."""
        query = sa.select(proofs).where(proofs.c.flow == flow).order_by(proofs.c.last.desc())
        return [Proof(**row._asdict()) for row in self._connection.execute(query)]

    def language(self, *, site: str, login: str) -> str:
        """Return the language the pages last had for `login` on `site`, or an empty text."""
        query = sa.select(languages.c.language).where(languages.c.site == site, languages.c.login == login)
        return str(self._connection.scalar(query) or "")

    def is_proven(self, flow: str, *, site: str, login: str, but: str = "") -> bool:
        """Whether `flow` was seen to work on `site` in the language that `login` has its pages in.

        What the batch `but` was the first to show does not count: it is as it was when that batch began.
        """
        language = self.language(site=site, login=login)
        return any(
            (proof.site, proof.language) == (site, language) and not (but and proof.first_run.startswith(f"{but}-"))
            for proof in self.of(flow)
        )

    def learn(self, run: RunRecord, *, site: str, at: str) -> bool:
        """Take note of how a run ended (`at`: ISO 8601 UTC); return whether it proves its flow."""
        if not run.language:
            return False
        self._put(languages, {"site": site, "login": run.login}, {"language": run.language})
        # One that stopped at words that nobody knows has shown no more than the way to them.
        proves = run.outcome in _SEEN and run.writes > 0 and run.needs != "word"
        if proves:
            key = {"flow": run.flow, "site": site, "language": run.language}
            self._put(proofs, key, {"last": at, "run": run.id}, new={"first": at, "first_run": run.id})
        return proves

    def learn_rehearsed(self, run: RunRecord, *, site: str, at: str) -> None:
        """Take note of what a rehearsal showed that each effect's button sends; the latest counts."""
        for effect in run.effects:
            if effect.would_send is not None and effect.would_send.kind and effect.outcome == "planned":
                key = {"site": site, "flow": run.flow, "effect": effect.kind}
                self._put(rehearsals, key, {"sends": effect.would_send.kind, "at": at, "run": run.id})

    def rehearsed(self, flow: str, *, site: str) -> dict[str, list[str]]:
        """Return what each effect of `flow` was seen to send in its latest rehearsal on `site`."""
        query = sa.select(rehearsals).where(rehearsals.c.flow == flow, rehearsals.c.site == site)
        return {row.effect: [row.sends] for row in self._connection.execute(query)}

    def take_in(self, file: Path) -> None:
        """Take in what an older bcflow kept in `file`, once; a damaged one costs one more question, no write."""
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            known = [Proof(**{**each, "first_run": each["run"]}) for each in kept["proofs"]]
            spoken = {tuple(key.split(" ", 1)): language for key, language in kept["languages"].items()}
        except (OSError, ValueError, TypeError, KeyError):
            return
        for each in known:
            key = {name: getattr(each, name) for name in ("flow", "site", "language")}
            new = {"first": each.first, "first_run": each.run}
            self._put(proofs, key, {"last": each.last, "run": each.run}, new=new)
        for (site, login), language in spoken.items():
            self._put(languages, {"site": site, "login": login}, {"language": language})
        file.rename(file.with_name(f"{file.name}.taken-in"))

    def _put(
        self, table: sa.Table, key: dict[str, str], values: dict[str, str], *, new: dict[str, str] | None = None
    ) -> None:
        these: list[Any] = [table.c[name] == value for name, value in key.items()]
        change = table.update().where(*these).values(**values)
        if self._connection.execute(change).rowcount:
            return
        try:
            with self._connection.begin_nested():
                self._connection.execute(table.insert().values(**key, **values, **(new or {})))
        except sa.exc.IntegrityError:
            # Another process learnt the same in the meantime.
            self._connection.execute(change)


def take_in_proofs(database: Database, home: Path) -> None:
    """Take in the proofs that an older bcflow kept in a file of `home`."""
    file = home / "proven.json"
    if file.exists():
        with database.transaction() as connection:
            Proofs(connection).take_in(file)
