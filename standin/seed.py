"""The people, Business Centers and ad accounts a fresh stand-in starts with.

The ids here are fixed so that tests can name them; only ids made later depend on the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from time import time

from standin.stranger.looks import drawn_axes
from standin.switches import Fault
from standin.world import AdAccount, BusinessCenter, Login, Member, Partner, Relation, Share, World

EMAIL = "ops@agency.example"
PASSWORD = "Correct-Horse-7!"  # noqa: S105 - the fake site's own login, written in its README
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - the same
OTHER_EMAIL = "rana@client.example"
OTHER_PASSWORD = "Other-Horse-8!"  # noqa: S105 - the same

NORTHWIND = "7100000000000000017"
NORTHWIND_LABS = "7100000000000000025"
FABRIKAM = "7100000000000000033"
EMPTY_BC = "7100000000000000082"
DELTA_MEDIA = "7100000000000000041"
EPSILON = "7100000000000000058"
ZETA_ADS = "7100000000000000066"
OMEGA = "6900000000000000074"
"""A Business Center that is nobody's partner yet. So is `UNRELATED_BC`."""
UNRELATED_BC = "7100000000000000090"

OWNED_APPROVED = "7200000000000000011"
OWNED_IN_REVIEW = "7200000000000000029"
OWNED_DISAPPROVED = "7200000000000000037"
OWNED_SUSPENDED = "7200000000000000045"
OWNED_NO_CONTRACT = "7200000000000000052"
OWNED_DISABLED = "7200000000000000060"
PARTNER_OWNED = "7200000000000000078"
PENDING_REQUEST = "7200000000000000086"
DECLINED_REQUEST = "7200000000000000094"
BOUND_INDIVIDUAL = "7200000000000000102"
TWIN_A = "7200000000000000110"
TWIN_B = "7200000000000000128"
"""`TWIN_A` and `TWIN_B` are owned by Northwind Agency and have the same name."""
LABS_OWNED = "7200000000000000136"
REQUESTABLE = "7300000000000000015"
"""Owned by a person who is not the login: a request waits for that person."""
OWN_PERSONAL = "7300000000000000023"
"""Owned by the login itself: a request is approved at once."""
REQUESTABLE_DISAPPROVED = "7300000000000000031"
OTHER_BC_OWNED = "7300000000000000049"

BASE = 1_730_000_000.0
"""When the oldest row was made; rows are one day apart."""

_FIRST = (
    "Ana Ben Chi Dora Emil Finn Gia Hugo Iris Jan Kim Lea Milo "
    "Nina Otto Pia Quinn Rosa Sven Tara Uma Viktor Wanda Xenia"
)
_LAST = "Lima Okafor Tran Weiss Novak Berg Rossi Diaz"
_CLIENTS = (
    "Acme Bluebird Cobalt Dune Ember Fjord Grove Harbor Indigo "
    "Juniper Kelp Lagoon Maple Nimbus Opal Pine Quartz Ridge Solar Tundra Umber"
)


def build(
    *,
    seed: int = 1,
    axes: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
    clock: Callable[[], float] = time,
    stranger: int = 0,
) -> World:
    """Return a new world with the starting data; a stranger's looks give way to the axes that are given."""
    looks = drawn_axes(stranger) if stranger else {}
    world = World(seed=seed, axes=looks | (axes or {}), faults=faults, clock=clock, stranger=stranger)
    world.logins[EMAIL] = Login(EMAIL, PASSWORD, "Olivia Park", "6800000000000000019", TOTP_SECRET)
    world.logins[OTHER_EMAIL] = Login(OTHER_EMAIL, OTHER_PASSWORD, "Rana Client", "6800000000000000027", TOTP_SECRET)
    _add_business_centers(world)
    _add_northwind_members(world)
    _add_ad_accounts(world)
    _add_partners(world)
    if world.fault("near_duplicates") is not None:
        add_near_duplicates(world)
    return world


def add_near_duplicates(world: World) -> None:
    """Add rows that look like others: names with other capitals or spaces, addresses with one sign more."""
    center = world.business_centers[NORTHWIND]
    for number, email in enumerate(
        ("ana.lima2@agency.example", "ana-lima@agency.example", "ana.lima@agency.example.org")
    ):
        if center.member(email) is None:
            center.members.append(Member(_user_id(80 + number), email, "Ana Lima", created_at=BASE + 300 * 86400))
    for number, name in enumerate(("acme us", "Acme  US", "Acme US ", "Acme US 2")):
        aadvid = f"72000000000000009{number:02d}"
        world.ad_accounts[aadvid] = _owned(aadvid, name, NORTHWIND, 300 + number)
    for number, name in enumerate(("Delta Media Ltd", "Delta  Media")):
        bc_id = f"71000000000000009{number + 10:02d}"
        world.business_centers[bc_id] = BusinessCenter(bc_id, name)
        if center.partner(bc_id) is None:
            center.partners.append(Partner(bc_id, name, created_at=BASE + 310 * 86400))


def _user_id(number: int) -> str:
    return f"68000000000000001{number:02d}"


def _admin(name: str = "Olivia Park", email: str = EMAIL, role: str = "admin") -> Member:
    finance = "manager" if role == "admin" else None
    return Member("6800000000000000019", email, name, role, finance, created_at=BASE)


def _add_business_centers(world: World) -> None:
    rows = [
        BusinessCenter(NORTHWIND, "Northwind Agency", "agency", "Northwind Agency Inc."),
        BusinessCenter(NORTHWIND_LABS, "Northwind Labs", "advertiser", "Northwind Labs LLC"),
        BusinessCenter(FABRIKAM, "Fabrikam", "advertiser", "Fabrikam GmbH", "DE", "EUR", "Europe/Berlin"),
        BusinessCenter(EMPTY_BC, "Northwind Empty", "advertiser", "Northwind Empty LLC"),
        BusinessCenter(DELTA_MEDIA, "Delta Media"),
        BusinessCenter(EPSILON, "Epsilon"),
        BusinessCenter(ZETA_ADS, "Zeta Ads"),
        BusinessCenter(OMEGA, "Omega Reach"),
        BusinessCenter(UNRELATED_BC, "Contoso Growth"),
    ]
    for day, center in enumerate(rows):
        center.created_at = BASE + day * 86400
        world.business_centers[center.bc_id] = center
    for bc_id in (NORTHWIND, NORTHWIND_LABS, EMPTY_BC):
        world.business_centers[bc_id].members.append(_admin())
    fabrikam = world.business_centers[FABRIKAM]
    fabrikam.members.append(
        Member(_user_id(70), "boss@fabrikam.example", "Bea Boss", "admin", "manager", created_at=BASE)
    )
    fabrikam.members.append(_admin(role="standard"))
    labs = world.business_centers[NORTHWIND_LABS]
    labs.members.append(Member(_user_id(71), "lab@agency.example", "Lab Tech", "standard", created_at=BASE + 86400))
    labs.members.append(
        Member(_user_id(72), "new@agency.example", "", "standard", status="pending", created_at=BASE + 2 * 86400)
    )


def _add_northwind_members(world: World) -> None:
    center = world.business_centers[NORTHWIND]
    last = _LAST.split()
    for number, first in enumerate(_FIRST.split()):
        surname = last[number % len(last)]
        member = Member(_user_id(number), f"{first}.{surname}@agency.example".lower(), f"{first} {surname}")
        member.role = "admin" if number in {1, 9} else "standard"
        member.finance = {1: "manager", 4: "analyst"}.get(number)
        member.created_at = BASE + (number + 1) * 86400
        if number % 3 == 0:
            member.assets[OWNED_APPROVED] = ("admin", "operator", "analyst")[number % 9 // 3]
        center.members.append(member)
    center.members[-1].status = "suspended"
    for number, email in enumerate(
        ("pending.one@client.example", "pending.two@client.example", "pending.three@client.example")
    ):
        row = Member(
            _user_id(50 + number),
            email,
            "",
            "standard",
            status="pending",
            created_at=BASE + (40 + number) * 86400,
        )
        center.members.append(row)


def _owned(aadvid: str, name: str, bc_id: str, day: int, status: str = "approved") -> AdAccount:
    at = BASE + day * 86400
    return AdAccount(
        aadvid,
        name,
        bc_id,
        company=f"{name} Inc.",
        status=status,
        created_at=at,
        relations={bc_id: Relation("owned", created_at=at)},
    )


def _others(aadvid: str, name: str, owner: str, day: int, relation: Relation | None = None) -> AdAccount:
    at = BASE + day * 86400
    made = AdAccount(aadvid, name, owner, company=f"{name} Inc.", created_at=at)
    if owner in {DELTA_MEDIA, EPSILON, UNRELATED_BC}:
        made.relations[owner] = Relation("owned", created_at=at)
    if relation is not None:
        relation.created_at = at
        made.relations[NORTHWIND] = relation
    return made


def _add_ad_accounts(world: World) -> None:
    rows = [
        _owned(OWNED_APPROVED, "Acme US", NORTHWIND, 1),
        _owned(OWNED_IN_REVIEW, "Bluebird Launch", NORTHWIND, 2, "in_review"),
        _owned(OWNED_DISAPPROVED, "Cobalt Old", NORTHWIND, 3, "disapproved"),
        _owned(OWNED_SUSPENDED, "Dune Travel", NORTHWIND, 4, "suspended"),
        _owned(OWNED_NO_CONTRACT, "Ember Foods", NORTHWIND, 5, "contract_not_effective"),
        _owned(OWNED_DISABLED, "Fjord Wear", NORTHWIND, 6, "disabled"),
        _owned(TWIN_A, "Harbor Shop", NORTHWIND, 7),
        _owned(TWIN_B, "Harbor Shop", NORTHWIND, 8),
        _others(PARTNER_OWNED, "Delta House Brand", DELTA_MEDIA, 9, Relation("partner", "operator")),
        _others(
            PENDING_REQUEST,
            "Grove Outdoor",
            "grove@client.example",
            10,
            Relation("pending", "operator", EMAIL),
        ),
        _others(
            DECLINED_REQUEST,
            "Indigo Music",
            "indigo@client.example",
            11,
            Relation("declined", "admin", EMAIL),
        ),
        _others(BOUND_INDIVIDUAL, "Juniper Tea", "juniper@client.example", 12, Relation("bound", "analyst", EMAIL)),
        _others(REQUESTABLE, "Kestrel Bikes", OTHER_EMAIL, 13),
        _others(OWN_PERSONAL, "Olivia Personal", EMAIL, 14),
        _others(REQUESTABLE_DISAPPROVED, "Lumen Lights", OTHER_EMAIL, 15),
        _others(OTHER_BC_OWNED, "Contoso Retail", UNRELATED_BC, 16),
        _owned(LABS_OWNED, "Labs Test", NORTHWIND_LABS, 17),
    ]
    rows += [
        _owned(f"72000000000000002{n:02d}", f"{name} Store", NORTHWIND, 20 + n)
        for n, name in enumerate(_CLIENTS.split())
    ]
    world.ad_accounts.update({row.aadvid: row for row in rows})
    world.ad_accounts[REQUESTABLE_DISAPPROVED].status = "disapproved"


def _add_partners(world: World) -> None:
    at = BASE + 90 * 86400
    center = world.business_centers[NORTHWIND]
    delta = Partner(
        DELTA_MEDIA,
        "Delta Media",
        shares={OWNED_APPROVED: Share("operator", "active", created_at=at)},
        created_at=at,
    )
    epsilon = Partner(
        EPSILON,
        "Epsilon",
        shares={TWIN_A: Share("analyst", "requested", created_at=at)},
        created_at=at + 86400,
    )
    center.partners += [delta, epsilon, Partner(ZETA_ADS, "Zeta Ads", "requested", created_at=at + 2 * 86400)]
    for partner in center.partners:
        world.business_centers[partner.bc_id].partners.append(
            Partner(NORTHWIND, "Northwind Agency", partner.state, created_at=at)
        )
