"""A member of a Business Center, as the page shows it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Member(BaseModel):
    """One row of the Members list; None where the page does not show it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str
    role: Literal["admin", "standard"] | None = None
    finance_role: Literal["manager", "analyst"] | None = None
    status: Literal["active", "pending", "suspended"] | None = None
    unknown_words: str = ""
    """What the row says of role or status in words that are not known."""
