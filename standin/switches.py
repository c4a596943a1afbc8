"""Switches of the stand-in: variation axes (how the site looks) and faults (how it misbehaves)."""

from __future__ import annotations

import re
from dataclasses import dataclass

AXES: dict[str, tuple[str, ...]] = {
    "edition": ("2026", "2024"),
    "language": ("en", "vi", "de", "ja"),
    "surface": ("modal", "drawer", "page"),
    "emails": ("one", "chips"),
    "codes": ("none", "invite", "share", "all"),
    "partner_acceptance": ("needed", "none"),
    "kit_prefix": ("bc-okee", "okee", "byted"),
    "toast_prefix": ("kit", "byted"),
    "members_table": ("table", "div"),
    "accounts_table": ("table", "div"),
    "partners_table": ("table", "div"),
    "list_order": ("newest", "oldest", "name"),
    "preselected_role": ("none", "admin", "standard"),
    "role_widget": ("radio", "select"),
    "search": ("yes", "no"),
    "link_wording": ("request", "link"),
    "registration": ("combined", "old"),
    "partners_route": ("guess", "other"),
    "success_screen": ("no", "yes"),
    "login_code": ("none", "six", "single"),
    "login_form": ("new", "old"),
    "code_source": ("email", "authenticator", "text"),
    "consent": ("no", "yes"),
    "late_redirect": ("3",),
    "two_step_page": ("no", "yes"),
    "finance_widget": ("radio", "select", "checkbox"),
    "asset_step": ("yes", "no"),
    "access_column": ("yes", "no"),
    "empty_bc": ("buttons",),
    "totals": ("yes", "no"),
    "row_ids": ("yes", "no"),
    "list_style": ("paged", "virtual", "endless"),
    "header_select": ("no", "yes"),
    "ids": ("text", "number", "all"),
    "code_type": ("number", "text"),
    "role_type": ("text", "number"),
    "select_page": ("cards", "redirect"),
    "requests_tab": ("list", "blocks"),
    "assigned": ("table", "empty"),
}
"""Name to values, the first is the default. `late_redirect` takes any number of seconds."""

STRANGE_AXES: dict[str, tuple[str, ...]] = {
    "role_style": ("plain", "radio", "select", "cards", "segments", "chips"),
    "level_style": ("plain", "radio", "select", "cards", "segments", "chips"),
    "finance_style": ("plain", "radio", "select", "checkbox", "cards", "segments", "chips"),
    "form_steps": ("plain", "one", "two", "three"),
    "advanced": ("open", "collapsed"),
    "captions": ("shown", "placeholder"),
    "extra_fields": ("none", "note", "nickname", "department", "all"),
    "extra_boxes": ("none", "tips"),
    "declaration": ("none", "invite", "request", "create", "share", "register", "all"),
    "send_side": ("right", "left"),
    "send_place": ("bottom", "top"),
    "close": ("button", "icon"),
    "columns": ("plain", "reversed", "rotated"),
    "extra_columns": ("0", "1", "2", "3"),
    "row_actions": ("link", "menu", "text"),
    "partners_style": ("list", "blocks"),
    "account_type_select": ("no", "yes"),
    "beside": ("nothing", "tag", "count"),
    "hits": ("plain", "marked"),
    "list_rows": ("table", "plain", "hashed"),
    "accounts_tabs": ("no", "requests"),
    "panel": ("none", "closed"),
    "complaints": ("kit", "plain", "toast"),
    "picker": ("list", "select", "transfer"),
    "card_mark": ("class", "hashed", "border", "tick"),
    "request_form": ("dialog", "popover"),
    "bars": ("none", "fixed"),
    "pager": ("plain", "loses"),
}
"""Axes like the others, which only strangers have by themselves: no test of every flow tries their values."""

MORE_VALUES: dict[str, tuple[str, ...]] = {"language": ("es", "id")}
"""Further values of some axes, which tests of every flow do not try: all their words are from the pools."""

ALL_AXES = AXES | STRANGE_AXES

WRITES = ("invite", "resend", "cancel_invitation", "share", "accept_partner", "create", "request", "register")
"""The kinds of writes that change something."""
PAGES: tuple[str, ...] = ()
"""For faults that concern pages and not a kind of write: they take no KIND, or ignore it."""

STRIKES: dict[str, tuple[str, ...]] = {
    "slow": (*WRITES, "read"),
    "500_before": WRITES,
    "500_after": WRITES,
    "answer_before": WRITES,
    "answer_after": WRITES,
    "internal_error_before": WRITES,
    "internal_error_after": WRITES,
    "drop_before": WRITES,
    "drop_after": WRITES,
    "cut_fin": WRITES,
    "cut_rst": WRITES,
    "silent_confirm": WRITES,
    "rate_limit": WRITES,
    "stale_list": WRITES,
    "toast": WRITES,
    "late_write": WRITES,
    "precheck": WRITES,
    "two_requests": WRITES,
    "code_after_yes": WRITES,
    "fee_dialog": WRITES,
    "lists_fail": PAGES,
    "retry": WRITES,
    "beacon": tuple(kind for kind in WRITES if kind != "register"),
    "other_path": WRITES,
    "chatty": PAGES,
    "noise": PAGES,
    "slow_next": PAGES,
    "side_refused": PAGES,
    "signed_out": WRITES,
    "captcha": WRITES,
    "wrong_bc": PAGES,
    "near_duplicates": PAGES,
    "survey": PAGES,
    "tips": PAGES,
    "announcement": PAGES,
    "cookie_banner": PAGES,
    "renamed_button": PAGES,
    "login_blank": PAGES,
}
"""Fault to the kinds of writes it may be given (`read`: lists wait)."""

FAULTS = tuple(STRIKES)

PLAYED_BY_PAGES = ("toast", "late_write", "precheck", "fee_dialog", "retry", "beacon", "other_path")
"""Faults that pages play: they learn of them when they are loaded, and a write that arrives uses one up."""
PLAYED_ANYWHERE = ("side_refused", "chatty", "noise")
"""Faults that pages play whatever is written."""

_SECONDS = r"(\d+(\.\d+)?)?"
_CUT = r"(before-applied|unanswered|(headers|body)(@\d+)?)?"
SHAPES = {
    "slow": _SECONDS,
    "answer_before": r"[1-5]\d\d",
    "answer_after": r"[1-5]\d\d",
    "cut_fin": _CUT,
    "cut_rst": _CUT,
    "slow_next": _SECONDS,
    "chatty": r"\d*",
    "late_write": _SECONDS,
    "two_requests": _SECONDS,
    "code_after_yes": _SECONDS,
    "precheck": r"(no)?",
    "captcha": r"(1|login|write|page|page_sso)?",
}
"""Fault to the pattern of its values, where not any text will do."""

DRAWN: dict[str, tuple[str, ...]] = {
    "slow": ("0.3",),
    "answer_before": ("408", "409", "429", "502"),
    "answer_after": ("408", "409", "429", "502"),
    "cut_fin": ("before-applied", "unanswered", "headers", "body"),
    "cut_rst": ("before-applied", "unanswered", "headers", "body"),
    "stale_list": ("5", "2 loads"),
    "lists_fail": ("", "no", "drop"),
    "signed_out": ("next_page", "next_write", "after_write"),
    "captcha": ("write", "page", "page_sso"),
    "silent_confirm": ("", "unsent"),
    "toast": ("", "Notifications could not be loaded@400"),
    "slow_next": ("1.5",),
    "late_write": ("1.5", "6.06"),
    "precheck": ("", "no"),
    "two_requests": ("0.3", "1.2"),
    "code_after_yes": ("0.7",),
    "survey": ("modal", "redirect"),
}
"""Fault to values worth drawing at random; one that is not here needs no value."""


def values_of(name: str) -> tuple[str, ...]:
    """Return every value an axis may have."""
    return ALL_AXES[name] + MORE_VALUES.get(name, ())


def check_axis(name: str, value: str) -> None:
    """Raise ValueError when the axis or its value is not known."""
    if name not in ALL_AXES:
        message = f"no axis {name!r}; there are {', '.join(ALL_AXES)}"
        raise ValueError(message)
    if name == "late_redirect":
        float(value)
    elif value not in (allowed := values_of(name)):
        message = f"axis {name}: {value!r} is not one of {', '.join(allowed)}"
        raise ValueError(message)


@dataclass
class Fault:
    """A fault, perhaps only for one kind of write and a number of times."""

    name: str
    value: str = ""
    kind: str | None = None
    count: int | None = None

    def fits(self, kind: str | None) -> bool:
        """Whether it still has uses and concerns this kind of write."""
        return self.count != 0 and (self.kind is None or self.kind == kind)


def parse_fault(text: str) -> Fault:
    """Read `NAME[=VALUE][:KIND[:COUNT]]`; KIND `*` means any. Raises ValueError when it cannot."""
    head, *limits = text.split(":")
    name, _, value = head.partition("=")
    if name not in FAULTS:
        message = f"no fault {name!r}; there are {', '.join(FAULTS)}"
        raise ValueError(message)
    if name in SHAPES and not re.fullmatch(SHAPES[name], value):
        message = f"fault {name}: {value!r} is not like {SHAPES[name]}"
        raise ValueError(message)
    kind = limits[0] if limits and limits[0] not in {"", "*"} else None
    count = int(limits[1]) if len(limits) > 1 else None
    return Fault(name, value, kind, count)


def parse_axis(text: str) -> tuple[str, str]:
    """Read `NAME=VALUE` and check it. Raises ValueError."""
    name, _, value = text.partition("=")
    check_axis(name, value)
    return name, value
