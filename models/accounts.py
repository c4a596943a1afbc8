"""Members, ad accounts, partners and Business Centers, as the pages show them; None where a page does not."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Level = Literal["admin", "operator", "analyst"]


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Stated(_Shown):
    """Something with a state; `unknown_words` is what the page says of it in words that are not known."""

    unknown_words: str = ""


class Member(_Stated):
    """One row of the Members list."""

    email: str
    role: Literal["admin", "standard"] | None = None
    finance_role: Literal["manager", "analyst"] | None = None
    status: Literal["active", "pending", "suspended"] | None = None


class AdAccount(_Stated):
    """One row of the ad accounts list; `status` and `relation` are the site's words by concept."""

    aadvid: str
    name: str
    status: str | None = None
    relation: str | None = None
    role: Level | None = None
    owner: str | None = None
    owned_here: bool | None = None


class Partner(_Stated):
    """One row of the partners list."""

    partner_id: str
    name: str
    status: str | None = None


class SharedAccount(_Stated):
    """One ad account shared with a partner."""

    aadvid: str
    role: Level | None = None
    status: str | None = None


class BusinessCenter(_Shown):
    """One Business Center this login may see."""

    id: str
    name: str
    role: str | None = None
