"""What a check says of a mutation, beside what is right, and beside what the flow then does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.runner.checks.compare import compare
from bcflow.runner.checks.findings import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcflow.runner.checks.findings import Findings
    from tests.mutations.bench import Bench, Ended
    from tests.mutations.mutation import Mutation


@dataclass(frozen=True)
class Judged:
    """One mutation, what the check found of it, and how the flow ended."""

    mutation: Mutation
    axes: Mapping[str, str]
    findings: Findings
    ended: Ended

    @property
    def is_found(self) -> bool:
        """Whether it was told at all: "could not check" is an alarm, too."""
        return self.findings.verdict != "same"

    @property
    def worst(self) -> str:
        """The worst class that was told, or an empty text."""
        return next(iter(self.findings.counts), "")

    @property
    def has_class(self) -> bool:
        """Whether it was told as what it is, or as worse."""
        return any(SEVERITIES.index(each) <= SEVERITIES.index(self.mutation.least) for each in self.findings.counts)

    @property
    def has_flows(self) -> bool:
        """Whether the visited flow is named if and only if it breaks, and no other flow that does not."""
        named, breaks = set(self.findings.flows), self.mutation.breaks
        return named <= breaks and (self.mutation.flow in named) == (self.mutation.flow in breaks)

    @property
    def runs_as_said(self) -> bool:
        """Whether the flow did what the check says of it, and wrote nothing wrong or twice."""
        return not self.ended.wrong and self.ended.is_good != (self.mutation.flow in self.findings.flows)

    @property
    def runs_as_thought(self) -> bool:
        """Whether the flow did what the mutation says that it does to it."""
        return self.ended.is_good != (self.mutation.flow in self.mutation.breaks)

    @property
    def is_right(self) -> bool:
        """Whether all of it is right."""
        return self.is_found and self.has_class and self.has_flows and self.runs_as_said

    def line(self) -> str:
        """Tell it in one line: a small letter for what is right, a capital one for what is not."""
        marks = (
            "found" if self.is_found else "MISSED",
            "class" if self.has_class else "CLASS",
            "flows" if self.has_flows else "FLOWS",
            "run" if self.runs_as_said else "RUN",
        )
        look = ",".join(f"{name}={value}" for name, value in self.axes.items()) or "as it is"
        return f"{' '.join(marks)} · {self.mutation.name} · {self.mutation.flow} · {look}"

    def details(self) -> list[str]:
        """Return what was said and done, for one that is not right."""
        breaks, ended = ", ".join(sorted(self.mutation.breaks)) or "nothing", self.ended
        told = [
            f"[{one.severity}] {one.screen}, {one.state}: {one.what} "
            f"{one.before}→{one.after} {list(one.flows)} {one.why}"
            for one in self.findings.items
        ]
        told += [f"[could not] {one}" for one in self.findings.could_not]
        how = " ".join((*ended.outcomes, *(["asked"] if ended.asked else []), *ended.wrong)) or "nothing"
        wanted = f"wanted {self.mutation.least}, breaks {breaks}"
        return [f"    {line[:300]}" for line in (wanted, *told, f"run: {how}: {ended.said}")]


def judge(bench: Bench, mutation: Mutation, look: Mapping[str, str]) -> Judged:
    """Check the screens of the mutation's flow before and after it, then run the flow."""
    axes = {**look, **mutation.before}
    before = bench.baseline(axes, mutation.flow)
    now = bench.check(axes, only=frozenset({mutation.flow}), mutation=mutation)
    return Judged(mutation, {**axes, **mutation.axes}, compare(before, now), bench.run(axes, mutation))
