"""Changes of whole screens: how a form is shown, what it asks besides, how a list is drawn, another language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.mutation import Mutation
from tests.mutations.targets import ADD, CREATE, INVITE, REGISTER, SHARE, SHARED_MORE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bcflow.runner.checks.findings import Severity

Changes = tuple[tuple[str, "Severity", str, str, str, tuple[str, ...]], ...]
WHOLE: Changes = (
    ("modal to drawer", "structure", "surface", "modal", "drawer", (INVITE, ADD, SHARE)),
    ("modal to page", "structure", "surface", "modal", "page", (INVITE, ADD, SHARE)),
    ("drawer to page", "structure", "surface", "drawer", "page", (INVITE, ADD)),
    ("radio to select", "structure", "role_widget", "radio", "select", (INVITE, ADD, SHARE)),
    ("select to radio", "structure", "role_widget", "select", "radio", (INVITE, ADD)),
    ("radio to select", "structure", "finance_widget", "radio", "select", (INVITE,)),
    ("field to chips", "structure", "emails", "one", "chips", (INVITE,)),
    ("table to div", "structure", "members_table", "table", "div", (INVITE,)),
    ("table to div", "structure", "accounts_table", "table", "div", (ADD,)),
    ("table to div", "structure", "partners_table", "table", "div", (SHARE,)),
    ("field added", "structure", "extra_fields", "none", "note", (INVITE, ADD, SHARE)),
    ("field added", "structure", "extra_fields", "none", "department", (INVITE, ADD)),
    ("box added", "structure", "extra_boxes", "none", "tips", (INVITE, ADD, REGISTER)),
    ("columns moved", "structure", "columns", "plain", "reversed", (INVITE, ADD, SHARE)),
    ("columns moved", "structure", "columns", "plain", "rotated", (INVITE, ADD)),
    ("column added", "structure", "extra_columns", "0", "2", (INVITE, ADD, SHARE)),
    ("column removed", "structure", "access_column", "yes", "no", (ADD,)),
    ("list to blocks", "structure", "partners_style", "list", "blocks", (SHARE,)),
    ("route changed", "structure", "partners_route", "guess", "other", (SHARE,)),
    ("step added", "structure", "form_steps", "one", "two", (INVITE, CREATE, REGISTER)),
    ("step added", "structure", "form_steps", "two", "three", (INVITE, CREATE, REGISTER)),
    ("steps joined", "structure", "form_steps", "three", "one", (CREATE, INVITE)),
    ("submit out of its footer", "structure", "send_place", "bottom", "top", (INVITE, ADD, SHARE)),
    ("buttons in another order", "structure", "send_side", "right", "left", (INVITE, ADD)),
    ("cancel is an icon", "structure", "close", "button", "icon", (INVITE, ADD)),
    ("captions in the fields", "structure", "captions", "shown", "placeholder", (REGISTER,)),
    ("part collapsed", "structure", "advanced", "open", "collapsed", (INVITE,)),
    ("search removed", "structure", "search", "yes", "no", (INVITE, ADD, SHARE)),
    ("other known word", "cosmetic", "link_wording", "request", "link", (ADD,)),
    ("select added", "structure", "account_type_select", "no", "yes", (ADD,)),
    ("other kit prefix", "structure", "kit_prefix", "bc-okee", "okee", (INVITE, ADD)),
    ("other edition", "cosmetic", "edition", "2026", "2024", (INVITE, ADD, SHARE, CREATE)),
    ("other language", "structure", "language", "en", "vi", (INVITE, ADD, SHARE, REGISTER)),
)
"""Kind, class, axis, from, to, flows: what a flow ends right with all the same."""
STOPS: Changes = (
    ("box that must be ticked", "blocking", "declaration", "none", "invite", (INVITE,)),
    ("box that must be ticked", "blocking", "declaration", "none", "request", (ADD,)),
    ("box that must be ticked", "blocking", "declaration", "none", "create", (CREATE,)),
    ("box that must be ticked", "blocking", "declaration", "none", "share", (SHARE,)),
    ("box that must be ticked", "blocking", "declaration", "none", "register", (REGISTER,)),
    ("other language", "label", "language", "en", "es", (INVITE, ADD, REGISTER)),
    ("other language", "label", "language", "en", "id", (SHARE, CREATE)),
    ("kind of business asked", "blocking", "registration", "combined", "old", (REGISTER,)),
)
JOBS: dict[tuple[str, str], Mapping[str, object]] = {("extra_fields", SHARE): SHARED_MORE}
BEHIND = "it only comes after what would write"
PUT_AWAY = "it comes and goes by itself, and is put away before anything is looked at"
LIES_OVER = {"cookie_banner": ADD, "announcement": SHARE, "tips": INVITE, "survey": REGISTER}
EVERY = frozenset({INVITE, ADD, SHARE, CREATE, REGISTER})
REQUIRED = (
    (INVITE, "members.email", "Cost centre"),
    (ADD, "accounts.request.id", "Reason for the request"),
    (REGISTER, "registration.bcName", "VAT number"),
    (CREATE, "wizard.street", "House number"),
    (SHARE, "partners.id", "Contract number"),
)
MOVED = (
    (REGISTER, "registration.phone"),
    (REGISTER, "registration.currency"),
    (CREATE, "wizard.city"),
    (CREATE, "wizard.currency"),
    (INVITE, "members.access"),
)
DOUBLED = (
    (INVITE, "members.email"),
    (ADD, "accounts.request.id"),
    (REGISTER, "registration.legalName"),
    (CREATE, "wizard.street"),
    (SHARE, "partners.id"),
)
HEADED = (
    (INVITE, "members.title"),
    (ADD, "accounts.title"),
    (SHARE, "partners.title"),
    (REGISTER, "registration.section.bc"),
)
OPTIONS = ((INVITE, "members.role.standard"), (ADD, "accounts.role.operator"))


def screen_kinds() -> Iterator[Mutation]:
    """Yield them all."""
    for changes, stops in ((WHOLE, False), (STOPS, True)):
        for kind, least, axis, old, new, flows in changes:
            for flow in flows:
                stopped = EVERY if axis == "language" else frozenset({flow})
                breaks, job = stopped if stops else frozenset[str](), JOBS.get((axis, flow), {})
                yield Mutation(kind, f"{axis}={new}", flow, least, breaks, {axis: old}, {axis: new}, job=job)
    yield from _in_the_page()
    for fault, flow in LIES_OVER.items():
        yield Mutation("something lies over it", fault, flow, "cosmetic", faults=(fault,), hidden=PUT_AWAY)
    terms = ("renamed_button=looks.declaration>Terms and conditions",)
    axes = {"declaration": "invite"}
    yield Mutation("terms to accept", "invite", INVITE, "blocking", frozenset({INVITE}), axes=axes, faults=terms)
    yield from _behind_a_write()


def _in_the_page() -> Iterator[Mutation]:
    for flow, key, text in REQUIRED:
        op = {"target": "field", "key": key, "change": "field", "text": f"{text} *"}
        yield Mutation("required field added", key, flow, "blocking", frozenset({flow}), ops=(op,))
    for flow, key in DOUBLED:
        yield _op("field doubled", flow, key, "field", "double", stops=True)
    for flow, key in MOVED:
        yield _op("field moved", flow, key, "field", "move")
    for flow, key in HEADED:
        op = {"target": "text", "key": key, "change": "heading", "text": "Good news"}
        yield Mutation("heading above", key, flow, "cosmetic", ops=(op,))
    for flow, key in OPTIONS:
        op = {"target": "option", "key": key, "change": "remove"}
        before = {"role_widget": "select"}
        yield Mutation("option removed", key, flow, "blocking", frozenset({flow}), before, ops=(op,))


def _op(kind: str, flow: str, key: str, target: str, change: str, *, stops: bool = False) -> Mutation:
    op = {"target": target, "key": key, "change": change}
    least: Severity = "blocking" if stops else "structure"
    return Mutation(kind, key, flow, least, frozenset({flow} if stops else ()), ops=(op,))


def _behind_a_write() -> Iterator[Mutation]:
    """Yield what no visit can see."""
    stops = frozenset({INVITE})
    yield Mutation("confirm step added", "fee_dialog", INVITE, "blocking", stops, faults=("fee_dialog",), hidden=BEHIND)
    axes = {"success_screen": "yes"}
    yield Mutation("confirm step added", "success_screen", INVITE, "structure", axes=axes, hidden=BEHIND)
