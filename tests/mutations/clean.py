"""Checks of a site that did not change but for its data: each must say that it is the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bcflow.runner.checks.compare import compare, confirmed
from standin import seed
from standin.switches import ALL_AXES
from standin.world import AdAccount, Member, Partner, Relation
from tests.flows.looks import looks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bcflow.runner.checks.findings import Findings
    from standin.world import World
    from tests.mutations.bench import Bench


@dataclass(frozen=True)
class Clean:
    """One clean check, and the axes of the site."""

    number: int
    axes: Mapping[str, str]
    findings: Findings
    first: Findings
    """What one look alone said."""

    @property
    def is_same(self) -> bool:
        """Whether it says so, and that all was looked at."""
        return self.findings.exit_code(None) == 0 and not self.findings.could_not

    def line(self) -> str:
        """Tell it, with all that is not the same."""
        look = ",".join(f"{name}={value}" for name, value in self.axes.items() if value != ALL_AXES[name][0])
        told = [
            f"    [{one.severity}] {one.screen}, {one.state}: {one.what} {one.removed} {one.added}"
            for one in self.findings.items
        ]
        told += [f"    [could not] {one}" for one in self.findings.could_not]
        first = "" if self.first.exit_code(None) == 0 else " at the second look"
        return "\n".join([f"clean {self.number}: {self.findings.verdict}{first} · {look}", *told])


def clean_checks(bench: Bench, numbers: Iterable[int]) -> Iterator[Clean]:
    """Yield a check for each number: beside one of the same look, of another session and with other data.

    The looks are those of `tests/flows/looks.py`: any two values of two axes meet in one of them, and flows end right.
    As `bcflow check-ui` does, it looks a second time before it alarms.
    """
    rows = looks()
    for number in numbers:
        axes = dict(rows[number % len(rows)])
        only = frozenset({axes.pop("flow")})
        before = bench.check(axes, only=only, number=1 + number)
        again = partial(bench.check, axes, only=only, number=1000 + number, grown=partial(grow, number=number))
        found = first = compare(before, again())
        if found.items or found.could_not:
            found = confirmed(first, compare(before, again()))
        yield Clean(number, axes, found, first)


def grow(world: World, number: int) -> None:
    """Add what others may have added since: members, ad accounts, a partner, in names that nobody had."""
    center, at = world.business_centers[seed.NORTHWIND], seed.BASE + 400 * 86400
    for each in range(1 + number % 4):
        email = f"since.{number}.{each}@client.example"
        name, status = f"Yara Since{each}", ("active", "pending")[each % 2]
        center.members.append(Member(f"68000000000000009{each:02d}", email, name, status=status, created_at=at))
    for each in range(1 + number % 3):
        aadvid, mine = f"72000000000000077{each:02d}", {seed.NORTHWIND: Relation("owned", created_at=at)}
        made = AdAccount(aadvid, f"Velvet {number} Shop", seed.NORTHWIND, created_at=at, relations=mine)
        world.ad_accounts[aadvid] = made
    partner = seed.OMEGA if number % 2 else seed.UNRELATED_BC
    center.partners.append(Partner(partner, world.business_centers[partner].name, created_at=at))
