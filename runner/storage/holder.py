"""Who has a login in use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Holder:
    """Who has a login in use; `since` is ISO 8601 UTC, `doing` the command in a few words."""

    pid: int
    host: str
    since: str
    doing: str
    token: str

    def __str__(self) -> str:
        doing = f" ({self.doing})" if self.doing else ""
        return f"pid {self.pid} on {self.host} since {self.since}{doing}"
