"""What all mutations and all clean checks came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.mutations.clean import Clean
    from tests.mutations.judging import Judged

COLUMNS: dict[str, Callable[[Judged], bool]] = {
    "found": lambda one: one.is_found,
    "class": lambda one: one.has_class,
    "flows": lambda one: one.has_flows,
    "run": lambda one: one.runs_as_said,
}


def table(judged: Sequence[Judged]) -> list[str]:
    """Return a line for each kind: how many there were, and how many were right in each respect."""
    if not judged:
        return []
    kinds = list(dict.fromkeys(sorted(one.mutation.kind for one in judged)))
    lines = [f"{'kind':28}{'all':>5}" + "".join(f"{name:>7}" for name in COLUMNS)]
    lines += [_row(kind, [one for one in judged if one.mutation.kind == kind]) for kind in kinds]
    lines += [
        _row(f"= {each}", some)
        for each in ("blocking", "label", "structure", "cosmetic")
        if (some := _of(judged, each))
    ]
    lines.append(_row("= all", judged))
    seen = [one for one in judged if not one.mutation.hidden]
    lines.append(_row("= all that a visit can see", seen))
    wrong = [f"{one.mutation.name}: {'; '.join(one.ended.wrong)}" for one in judged if one.ended.wrong]
    thought = [
        f"{one.mutation.name}, {one.mutation.flow}: {one.ended.said}"[:160] for one in judged if not one.runs_as_thought
    ]
    return [
        *lines,
        f"written wrongly or twice: {len(wrong)}",
        *wrong,
        f"ended otherwise than thought: {len(thought)}",
        *thought,
    ]


def of_clean(clean: Sequence[Clean]) -> list[str]:
    """Return how many clean checks there were, and how many of them alarmed."""
    alarmed = [one for one in clean if not one.is_same]
    once = [one for one in clean if one.first.exit_code(None) != 0 or one.first.could_not]
    told = f"{len(clean)} clean checks, {len(alarmed)} false alarms ({len(once)} at the first look)"
    return [told] if clean else []


def _of(judged: Sequence[Judged], least: str) -> list[Judged]:
    return [one for one in judged if one.mutation.least == least]


def _row(name: str, some: Sequence[Judged]) -> str:
    counts = "".join(f"{sum(map(is_right, some)):>7}" for is_right in COLUMNS.values())
    return f"{name:28}{len(some):>5}{counts}"
