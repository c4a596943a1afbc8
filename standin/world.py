"""The state of the fake site: people, Business Centers, ad accounts, switches and what happened.

Nothing here knows HTTP. Ids are 19-digit strings that start with 6 or 7, as on the site.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from standin.switches import ALL_AXES, Fault, check_axis

MAIL_CODE_LIFETIME = 600.0
"""Seconds an e-mailed code stays good."""


@dataclass
class Login:
    """Credentials of a person. `two_step` asks for the authenticator's code instead of a mailed one."""

    email: str
    password: str
    name: str
    user_id: str
    totp_secret: str = ""
    two_step: bool = False


@dataclass
class Session:
    """One signed-in browser."""

    token: str
    csrf: str
    email: str
    last_bc: str = ""


@dataclass
class Code:
    """A code that was mailed. `purpose` is `login` or the kind of the write it protects."""

    email: str
    code: str
    purpose: str
    at: float
    used: bool = False


@dataclass
class Member:
    """A person in a Business Center. `assets` maps aadvid to admin, operator or analyst."""

    user_id: str
    email: str
    name: str
    role: str = "standard"
    finance: str | None = None
    status: str = "active"
    assets: dict[str, str] = field(default_factory=dict)
    created_at: float = 0.0


@dataclass
class Share:
    """An ad account given to a partner. `status`: requested, active or declined."""

    level: str
    status: str = "requested"
    primary_agency: bool | None = None
    created_at: float = 0.0


@dataclass
class Partner:
    """Another Business Center we work with. `state`: requested or active. `shares` maps aadvid to share."""

    bc_id: str
    name: str
    state: str = "active"
    shares: dict[str, Share] = field(default_factory=dict)
    created_at: float = 0.0


@dataclass
class BusinessCenter:
    """A Business Center. `kind`: advertiser or agency."""

    bc_id: str
    name: str
    kind: str = "agency"
    company: str = ""
    country: str = "US"
    currency: str = "USD"
    time_zone: str = "America/New_York"
    status: str = "enabled"
    members: list[Member] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    created_at: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)

    def member(self, email: str) -> Member | None:
        """Return the member with this address, whatever its capitals."""
        wanted = email.strip().casefold()
        return next((row for row in self.members if row.email.casefold() == wanted), None)

    def partner(self, bc_id: str) -> Partner | None:
        """Return the partner with this Business Center id."""
        return next((row for row in self.partners if row.bc_id == bc_id), None)


@dataclass
class Relation:
    """How a Business Center stands to an ad account. `state`: owned, partner, pending, declined or bound."""

    state: str
    role: str = "admin"
    requested_by: str = ""
    created_at: float = 0.0


@dataclass
class AdAccount:
    """An ad account. `owner` is a BC id, or an e-mail address when a person owns it.

    `status`: in_review, approved, disapproved, suspended, contract_not_effective or disabled.
    """

    aadvid: str
    name: str
    owner: str
    country: str = "US"
    currency: str = "USD"
    time_zone: str = "America/New_York"
    company: str = ""
    status: str = "approved"
    relations: dict[str, Relation] = field(default_factory=dict)
    created_at: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Write:
    """One arrival of a write request; whether it was received whole, applied and answered are separate facts.

    `connection` numbers the connection it came on; `reused` says that this one had carried a request before.
    """

    seq: int
    at: float
    kind: str
    method: str
    path: str
    org_id: str
    body: dict[str, Any]
    received: bool = True
    applied: bool = False
    answered: bool = False
    connection: int = 0
    reused: bool = False


@dataclass
class Data:
    """What a stale list may show an older copy of."""

    business_centers: dict[str, BusinessCenter] = field(default_factory=dict)
    ad_accounts: dict[str, AdAccount] = field(default_factory=dict)


@dataclass
class Stale:
    """The data before a write, still shown until a moment or for a number of list loads."""

    data: Data
    until: float | None = None
    loads: int | None = None


class World:
    """Everything the fake site knows. One per running stand-in; `seed.build` makes it.

    `stranger` is the seed of other words and looks (`standin/stranger/`); 0: the site as it is known.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        axes: dict[str, str] | None = None,
        faults: list[Fault] | None = None,
        clock: Callable[[], float] = time.time,
        stranger: int = 0,
    ) -> None:
        self.seed = seed
        self.stranger = stranger
        self.random = random.Random(seed)
        self.axes: dict[str, str] = {}
        self.set_axes(axes or {})
        self.faults: list[Fault] = list(faults or [])
        self.data = Data()
        self.logins: dict[str, Login] = {}
        self.sessions: dict[str, Session] = {}
        self.codes: list[Code] = []
        self.tickets: set[str] = set()
        self.used_totp: set[str] = set()
        self.writes: list[Write] = []
        self.stale: Stale | None = None
        self.captcha_solved = False
        self.notes: dict[str, Any] = {}
        self._clock = clock
        self._offset = 0.0
        self._ids: set[str] = set()
        self.made_ids: list[str] = []
        self.ids_again: list[str] = []
        self.promises: dict[str, Any] = {}

    # --- time and ids ---
    def clock(self) -> float:
        """Seconds since 1970, as the site sees them."""
        return self._clock() + self._offset

    def advance(self, seconds: float) -> None:
        """Move the site's clock forward."""
        self._offset += seconds

    def new_id(self) -> str:
        """Return a fresh 19-digit id, repeatable for a seed; those of `ids_again` first."""
        if self.ids_again:
            return self.ids_again.pop(0)
        while True:
            made = "7" + "".join(self.random.choices("0123456789", k=18))
            if made not in self._ids and made not in self.data.ad_accounts and made not in self.data.business_centers:
                self._ids.add(made)
                self.made_ids.append(made)
                return made

    def new_token(self) -> str:
        """Return a fresh hexadecimal secret for cookies."""
        return f"{self.random.getrandbits(128):032x}"

    # --- switches ---
    def axis(self, name: str) -> str:
        """Return the value of a variation axis. Raises KeyError for an unknown one."""
        if name == "registration" and self.axes["edition"] == "2024":
            return "old"
        return self.axes.get(name) or ALL_AXES[name][0]

    def set_axes(self, axes: dict[str, str]) -> None:
        """Set some axes. Raises ValueError for an unknown name or value."""
        for name, value in axes.items():
            check_axis(name, value)
        self.axes = {name: values[0] for name, values in ALL_AXES.items()} | self.axes | axes

    def fault(self, name: str, kind: str | None = None) -> str | None:
        """Return the value of an active fault (`""` when it has none), or None. Uses nothing up."""
        found = self._find(name, kind)
        return None if found is None else found.value

    def take(self, name: str, kind: str | None = None) -> str | None:
        """Like `fault`, but counts as one use of a fault that has a limited count."""
        found = self._find(name, kind)
        if found is None:
            return None
        if found.count is not None:
            found.count -= 1
        return found.value

    def _find(self, name: str, kind: str | None) -> Fault | None:
        return next((fault for fault in self.faults if fault.name == name and fault.fits(kind)), None)

    # --- short cuts ---
    @property
    def business_centers(self) -> dict[str, BusinessCenter]:
        """Every Business Center by id."""
        return self.data.business_centers

    @property
    def ad_accounts(self) -> dict[str, AdAccount]:
        """Every ad account by aadvid."""
        return self.data.ad_accounts

    def business_centers_of(self, email: str) -> list[BusinessCenter]:
        """Return the Business Centers this login is an active member of, oldest first."""
        found = []
        for center in self.business_centers.values():
            row = center.member(email)
            if row is not None and row.status == "active":
                found.append(center)
        return found

    def new_code(self, email: str, purpose: str) -> Code:
        """Mail a code of six digits. The newest one of a purpose is the good one."""
        made = Code(email, "".join(self.random.choices("0123456789", k=6)), purpose, self.clock())
        self.codes.append(made)
        return made
