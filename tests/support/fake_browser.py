"""A login's browser that answers each job from a script, and arms real rows of the ledger for what it writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bcflow.models.looks import Effect
from bcflow.models.outcomes import RunRecord
from tests.support.jobs import BC

if TYPE_CHECKING:
    from bcflow.runner.batches.session import OnEvent
    from tests.support.batches import Desk


class Armed(Exception):
    """Arm a write, then end the attempt with this error."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class Died(BaseException):
    """The machine stops here: nothing of it reaches the database any more."""


Given = dict[str, Any] | BaseException
Answer = Given | Callable[[dict[str, Any]], Given]
"""What an attempt says, or what makes it from the request."""


class FakeBrowser:
    """One login's browser: answers each job from the desk's script."""

    def __init__(self, desk: Desk, login: str, may_write: Callable[[], bool]) -> None:
        self._desk, self._login, self.may_write = desk, login, may_write

    def attempt(self, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        desk, mode = self._desk, request["mode"]
        desk.requests.append(request)
        default = {"outcome": "planned"} if mode == "look" else {"outcome": "done", "writes": 1}
        answer = (desk.looks if mode == "look" else desk.runs).get(request["name"], default)
        given = answer(request) if callable(answer) else answer
        if isinstance(given, Armed) or (isinstance(given, dict) and given.get("writes")):
            self._arm(request, "" if isinstance(given, Armed) else given["outcome"])
            on_event({"run": request["run"], "event": "armed", "name": "the invitation"})
        if isinstance(given, Armed):
            given = given.error
        if isinstance(given, Died):
            desk.database.dead = True
        if isinstance(given, BaseException):
            raise given
        return make_record(request, login=self._login, **given)

    def _arm(self, request: dict[str, Any], outcome: str) -> None:
        effect = Effect(BC, "member", f"{request['run']}/{request['attempt']}", {})
        run, ledger = request["run"], self._desk.ledger
        entry = ledger.prepare(self._desk.context.site, effect, run=run)
        ledger.arm([(entry, effect)], run=run, before=())
        if outcome == "refused":
            ledger.refused(entry, run=run, words="no")
        elif outcome not in {"", "unknown"}:
            ledger.seen(entry, run=run, site_id=None, have={})

    def holds(self) -> bool:
        return self._login not in self._desk.lost

    def close(self) -> None:
        self._desk.closed.append(self._login)


def make_record(request: dict[str, Any], **overrides: object) -> dict[str, Any]:
    """Return the record of an attempt as JSON."""
    values = {
        "id": request["run"],
        "job": request["name"],
        "flow": request["job"]["flow"],
        "inputs": request["job"],
        "message": "said so",
        "language": "en",
        "batch": request["batch"],
        "dry_run": request["dry_run"],
    }
    return RunRecord.model_validate(values | overrides).model_dump(mode="json")
