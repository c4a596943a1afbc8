"""What a batch comes to, in words: the plan before the question, the summary after it, the exit code."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from bcflow.models.outcomes import OUTCOMES, RunReport

OK: Final = 0
NOT_DONE: Final = 1
BAD_INPUT: Final = 2
YOU_MUST_ACT: Final = 3
A_SCREEN_CHANGED: Final = 4
STALE_PLAN: Final = 5
INTERRUPTED: Final = 130

_NOT_DONE: Final = frozenset({"differs", "refused", "failed", "unknown", "expired"})
_GOOD_IN_A_LOOK: Final = {
    "planned": "to do",
    "already": "already",
    "waiting": "waiting",
    "differs": "differs",
}
_LOOK_ORDER: Final = ("to do", "already", "waiting", "differs", "cannot")
# What is `already` there may still wait for somebody, as it did when it was made.
_WAITING: Final = frozenset({"waiting", "already"})
_MARKS: Final[dict[str, str]] = {
    "done": "✓",
    "already": "=",
    "waiting": "…",
    "planned": "+",
    "skipped": "-",
    "cancelled": "-",
}
_AGAIN: Final = frozenset({"unknown", "failed", "screen-changed", "cancelled", "expired"})
NEW_PLAN: Final = "look at what changed, then make a new plan"
_LIFTS: Final = re.compile(r"bcflow start \S+ --login \S+")
_MOST_RUNS, _MOST_NAMES = 20, 5
_FOREVER: Final = ("country", "time_zone", "currency")
_MAKES: Final = {"create-business-center": "Business Center", "create-ad-account": "ad account"}


def exit_code(runs: Iterable[RunReport], *, interrupted: bool = False) -> int:
    """Return the exit code of finished runs, the first that applies: 130, 4, 1, 3, 0."""
    if interrupted:
        return INTERRUPTED
    ended = list(runs)
    outcomes = {run.outcome for run in ended}
    if "screen-changed" in outcomes:
        return A_SCREEN_CHANGED
    if outcomes & _NOT_DONE or any(_before_it(run) for run in ended):
        return NOT_DONE
    if any(needs_you(run) for run in ended):
        return YOU_MUST_ACT
    return OK


def start_again(flow: str, login: str) -> str:
    """Return the command that lets a flow go on that a breaker let rest on a login."""
    return f"bcflow start {flow} --login {login}"


def resting(flow: str, login: str) -> str:
    """Return the next action of a run that was not begun because its flow rests on its login."""
    return f"see why it rests; {start_again(flow, login)} lets it go on"


def needs_you(run: RunReport) -> bool:
    """Whether the person who runs bcflow must act before this run can end."""
    return run.outcome in _WAITING and run.waiting_for == "you"


def ended_well(run: RunReport) -> bool:
    """Whether nothing of this run is left to the person who runs bcflow: at most somebody else must act."""
    return run.outcome in {"done", "planned", *_WAITING} and not needs_you(run)


def look_counts(outcomes: Iterable[str]) -> str:
    """Return what a look found: `5 to do · 3 already · 1 differs · 1 cannot`."""
    counts = Counter(_GOOD_IN_A_LOOK.get(outcome, "cannot") for outcome in outcomes)
    return " · ".join(f"{counts[word]} {word}" for word in _LOOK_ORDER if counts[word]) or "nothing to do"


def end_counts(outcomes: Iterable[str]) -> str:
    """Return how runs ended: `4 done · 1 waiting · 1 refused`."""
    counts = Counter(outcomes)
    return " · ".join(f"{counts[word]} {word}" for word in OUTCOMES if counts[word]) or "nothing ran"


def forever(jobs: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    """Return one line per (flow, inputs) whose effect can never be taken back or changed."""
    lines = []
    for flow, inputs in jobs:
        if flow in _MAKES:
            facts = ", ".join(
                f"{name.replace('_', ' ')} {inputs.get(name) or 'as the form has it'}" for name in _FOREVER
            )
            lines.append(f"{_MAKES[flow]} '{inputs.get('name', '')}': {facts}; it cannot be deleted")
    return lines


def summary(runs: Sequence[RunReport], *, listed: bool = True) -> list[str]:
    """Return the lines that end a batch: counts, if `listed` what did not end well or would be done, who must act."""
    lines = [f"{end_counts(run.outcome for run in runs)} · {_writes(runs)}"]
    told = [run for run in _worst_first(runs) if not ended_well(run) or run.outcome == "planned"] if listed else []
    if told:
        lines += ["", *(_line(run) for run in told[:_MOST_RUNS])]
        lines += [f"  and {len(told) - _MOST_RUNS} more"] if len(told) > _MOST_RUNS else []
    acts = who_must_act(runs)
    if acts:
        lines += ["", "Who must act next:", *(f"  {line}" for line in acts)]
    return lines


def next_command(batch: str, runs: Sequence[RunReport], *, to_do: str = "") -> str:
    """Return the one command to go on with, or an empty text if nothing is left or the input must change.

    `to_do` is the command that does what was only looked at.
    """
    outcomes = {run.outcome for run in runs}
    if command := next(filter(None, map(_before_it, runs)), ""):
        return command
    if outcomes & _AGAIN:
        return f"bcflow resume {batch}"
    if any(needs_you(run) for run in runs):
        return "bcflow inbox"
    if to_do and "planned" in outcomes:
        return to_do
    if outcomes & {"differs", "refused"}:
        return f"bcflow report {batch}"
    return "bcflow waiting" if any(_waits(run) for run in runs) else ""


def who_must_act(runs: Sequence[RunReport]) -> list[str]:
    """Return one line per person or office and what they must do, you first, with the jobs that it is for."""
    acts: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        if _waits(run):
            acts.setdefault((run.waiting_for or "somebody", run.next_action or run.message), []).append(named(run))
        elif run.outcome not in {*_WAITING, "done", "planned"} and run.next_action:
            acts.setdefault(("you", run.next_action), []).append(named(run))
    ordered = sorted(acts.items(), key=lambda act: (act[0][0] != "you", act[0][0]))
    return [f"{who}: {what} ({_names(names)})" for (who, what), names in ordered]


def run_line(run: RunReport) -> str:
    """Return one run in one line, as progress prints it when the run has ended."""
    return f"{_line(run)} · writes: {run.writes}"


def _before_it(run: RunReport) -> str:
    """Return the command that a run needs first which was not begun: its plan is old, or its flow rests."""
    if run.outcome != "skipped":
        return ""
    if run.next_action == NEW_PLAN:
        return f"bcflow plan {shlex.quote(run.source.rpartition(':')[0])}"
    found = _LIFTS.search(run.next_action)
    return found.group() if found else ""


def _worst_first(runs: Sequence[RunReport]) -> list[RunReport]:
    return sorted(runs, key=lambda run: (ended_well(run), OUTCOMES.index(run.outcome)))


def _waits(run: RunReport) -> bool:
    return run.outcome == "waiting" or (run.outcome == "already" and bool(run.waiting_for))


def _line(run: RunReport) -> str:
    return f"{_MARKS.get(run.outcome, '!')} {run.outcome:<14} {named(run)}: {run.message}"


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return "; ".join(names[:_MOST_NAMES]) + more


def named(run: RunReport) -> str:
    """Return what a run is about, as a person reads it: `acme · invite-member ana@acme.example (people.csv:3)`."""
    client = f"{run.client} · " if run.client else ""
    job = run.job if run.flow in run.job else f"{run.flow} {run.job}"
    return f"{client}{job}{_lines(run)}"


def place(run: RunReport) -> str:
    """Return the file and the lines that asked for a run: `people.csv:3, 5`; empty for a job that options gave."""
    return Path(run.source).name if run.lines else ""


def _lines(run: RunReport) -> str:
    """Return where the input has it, as far as the job's name does not say so."""
    where = place(run)
    if where in {"", run.job}:
        return ""
    return where.removeprefix(run.job) if where.startswith(f"{run.job},") else f" ({where})"


def _writes(runs: Sequence[RunReport]) -> str:
    total = sum(run.writes for run in runs)
    return f"writes: {total}"
