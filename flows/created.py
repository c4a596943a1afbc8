"""Recognising a created thing: it has no natural key, only a name that others may have too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.flows.compare import judge
from bcflow.models.errors import Ambiguous
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
    state: Callable[[str, dict[str, Any]], tuple[str | None, str]],
) -> Look:
    """Say which of the things of this name (`ids`) is the wanted one.

    `state` says of an id and what it shows who must still act, and what is said of it in words that are not known.

    The id the ledger knows is looked at first, whatever its name is now. After a write of ours, the wanted
    one is exactly one *new* id. Without a ledger one equal match is taken for it; several raise `Ambiguous`.
    """
    if memory.id in ids:
        return _judge(str(memory.id), {}, read(str(memory.id)), memory, state)
    if memory.id is not None:
        return Absent(f"{proof}; the id {memory.id} seen before is not among them", others=same_name)
    candidates = [one for one in ids if not memory.armed or one not in memory.before]
    looks = {one: _judge(one, want, read(one), memory, state) for one in candidates}
    equal = {one: look for one, look in looks.items() if isinstance(look, Seen) and not look.differences}
    unseen = {one: look for one, look in looks.items() if isinstance(look, CannotSee)}
    may_be = equal | unseen
    if len(may_be) > 1:
        asked = "are" if not unseen else "may be"
        raise Ambiguous(
            f"ambiguous: {len(may_be)} things of this name {asked} as asked ({', '.join(candidates)}); "
            "nothing was written",
            tuple(may_be),
        )
    if may_be:
        return next(iter(may_be.values()))
    if looks and not memory.armed:
        return next(iter(looks.values()))
    return Absent(proof, others=same_name)


def _judge(
    one: str,
    want: dict[str, Any],
    have: dict[str, Any],
    memory: Memory,
    state: Callable[[str, dict[str, Any]], tuple[str | None, str]],
) -> Look:
    waiting_for, words = state(one, have)
    return judge(want, have, memory=memory, id=one, waiting_for=waiting_for, words=words)
