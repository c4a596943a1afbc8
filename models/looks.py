"""What a read-only look at the site can say.

`Absent` is a claim and needs a proof: the right Business Center was displayed, the role suffices,
filters were cleared, each row walked shows whose it is, the rows equal the total (or a search was shown
to work), and no answer of the site names what no row shows. Anything less is `CannotSee`, and nothing is
written on the strength of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Seen:
    """The wanted thing is there.

    `have` is what the page shows of it (plain JSON). `differences` names each asked property that is
    not as wanted, as "role: want admin, have standard". `waiting_for` is who must still act.
    `id` is the site's own id of a created thing. `words` are the site's own for its state, where they are not known:
    then it cannot be said that all is well.
    """

    have: dict[str, Any]
    differences: tuple[str, ...] = ()
    waiting_for: str | None = None
    id: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Absent:
    """The wanted thing is not there, and `proof` says how that is known.

    `others` are ids of things that bear the same name but are not the wanted one: a created thing
    is recognised later by being none of these.
    """

    proof: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class CannotSee:
    """Nothing may be concluded, and `reason` says why."""

    reason: str


Look = Seen | Absent | CannotSee


@dataclass(frozen=True)
class Effect:
    """One wanted fact on the site, unique by business center, kind and canonical identity."""

    business_center: str
    kind: str
    identity: str
    want: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Memory:
    """What the ledger knows of an effect before this look: nothing of it is taken for seen.

    `id` is the id under which a created thing was seen before; `armed` says that an earlier write
    may have been sent; `before` are the ids that had the same name when it was armed.
    """

    id: str | None = None
    armed: bool = False
    before: tuple[str, ...] = ()
    seen: bool = False
