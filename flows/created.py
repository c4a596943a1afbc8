"""Recognising a created thing: it has no natural key, only a name that others may have too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.flows.compare import judge
from bcflow.models.errors import Refused
from bcflow.models.looks import Absent, CannotSee, Look, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bcflow.models.looks import Memory


def judge_created(
    ids: Sequence[str],
    *,
    want: dict[str, Any],
    read: Callable[[str], dict[str, Any]],
    memory: Memory,
    same_name: tuple[str, ...],
    proof: str,
    waiting_for: Callable[[dict[str, Any]], str | None],
) -> Look:
    """Say which of the things of this name (`ids`) is the wanted one.

    The id the ledger knows is looked at first, whatever its name is now. After a write of ours, the wanted
    one is exactly one *new* id. Without a ledger one equal match is taken for it; several raise `Refused`.
    """
    if memory.id in ids:
        have = read(str(memory.id))
        return judge({}, have, memory=memory, id=memory.id, waiting_for=waiting_for(have))
    if memory.id is not None:
        return Absent(f"{proof}; the id {memory.id} seen before is not among them", others=same_name)
    candidates = [one for one in ids if not memory.armed or one not in memory.before]
    looks = [_look(one, want, read(one), memory, waiting_for) for one in candidates]
    equal = [each for each in looks if isinstance(each, Seen) and not each.differences]
    unseen = [each for each in looks if isinstance(each, CannotSee)]
    if len(equal) + len(unseen) > 1:
        asked = "are" if not unseen else "may be"
        raise Refused(
            f"ambiguous: {len(equal) + len(unseen)} things of this name {asked} as asked ({', '.join(candidates)}); "
            "nothing was written"
        )
    if equal:
        return equal[0]
    if unseen:
        return unseen[0]
    if looks and not memory.armed:
        return looks[0]
    return Absent(proof, others=same_name)


def _look(
    one: str,
    want: dict[str, Any],
    have: dict[str, Any],
    memory: Memory,
    waiting_for: Callable[[dict[str, Any]], str | None],
) -> Look:
    return judge(want, have, memory=memory, id=one, waiting_for=waiting_for(have))
