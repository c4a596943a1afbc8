"""The course of a batch that carries out a plan: look again, compare, and only then ask and write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.models.resolving import references
from bcflow.runner.batches.course import Course
from bcflow.runner.batches.plan import Agreed, Change, changes
from bcflow.runner.reports import summary

if TYPE_CHECKING:
    from bcflow.runner.storage.entry import Entry
    from bcflow.runner.storage.tables import Held

Moved = list[tuple["Entry", list[Change]]]
NEW_PLAN: Final = "look at what changed, then make a new plan"


class PlannedCourse(Course):
    """Like any course, but what a decision of the plan rests on must be as it was, or nothing is written."""

    def _passes(self) -> int | None:
        if self.held.phase != "look":
            return super()._passes()
        self.batch.look()
        moved = self._moved()
        if moved and self._hold_back(moved):
            return summary.STALE_PLAN
        self._move("ask")
        code = super()._passes()
        if code is None and _unsaid(moved, summary.exit_code(self.batch.records)):
            return summary.NOT_DONE
        return code

    @property
    def _agreed_plan(self) -> Agreed:
        return Agreed.model_validate(self.held.terms.plan)

    def _moved(self) -> Moved:
        """Return the jobs of which a fact changed since the plan was made, and tell each change."""
        moved = []
        for entry, was in zip(self.batch.entries, self._agreed_plan.facts, strict=True):
            found = changes(was, entry.record) if was is not None and entry.record is not None else []
            if found:
                moved.append((entry, found))
            for change in found:
                what = "changed since the plan" if change.seen else "could not be looked at again"
                self.talk.tell(f"{what}: {entry.task.name}: {change}")
        return moved

    def _hold_back(self, moved: Moved) -> bool:
        """End the jobs that moved, and all others unless they may go on; whether the plan is out of date.

        What could not be looked at keeps its own result, which says why.
        """
        changed = _changed(moved)
        for entry, found in changed:
            said = "; ".join(str(one) for one in found)
            self.batch.skip(entry, f"not started: since the plan was made, {said}", next_action=NEW_PLAN)
        if self._agreed_plan.partial:
            self._skip_dependents({entry.task.job.id for entry, _ in changed})
            return False
        why = "the plan is out of date" if changed else "not all that the plan rests on could be seen again"
        self.batch.cancel(why)
        return bool(changed)

    def _skip_dependents(self, skipped: set[str | None]) -> None:
        """End what refers to a job that moved; a job only ever refers to one above it."""
        for entry in self.batch.to_do:
            needed = next((name for _, name, _ in references(entry.task.job) if name in skipped), None)
            if needed is not None:
                why = f"not started: it needs job '{needed}', of which a fact changed since the plan was made"
                self.batch.skip(entry, why, next_action=NEW_PLAN)
                skipped.add(entry.task.job.id)


def _changed(moved: Moved) -> Moved:
    """Return the jobs of which a fact was seen to have changed."""
    return [(entry, found) for entry, found in moved if any(one.seen for one in found)]


def _unsaid(moved: Moved, code: int) -> bool:
    """Whether the records' own exit code would hide that something did not happen because it moved."""
    return bool(moved if code == summary.OK else code == summary.YOU_MUST_ACT and _changed(moved))


def kind_of_course(held: Held) -> type[Course]:
    """Return how a batch is carried out: with its plan, if it has one."""
    return Course if held.terms.plan is None else PlannedCourse
