"""Switches of the stand-in: variation axes (how the site looks) and faults (how it misbehaves)."""

from __future__ import annotations

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
}
"""Name to values, the first is the default. `late_redirect` takes any number of seconds."""

FAULTS = (
    "slow",
    "500_before",
    "500_after",
    "drop_before",
    "drop_after",
    "silent_confirm",
    "rate_limit",
    "stale_list",
    "lists_fail",
    "signed_out",
    "captcha",
    "wrong_bc",
    "near_duplicates",
    "survey",
    "tips",
    "announcement",
    "cookie_banner",
    "renamed_button",
    "login_blank",
)


def check_axis(name: str, value: str) -> None:
    """Raise ValueError when the axis or its value is not known."""
    if name not in AXES:
        message = f"no axis {name!r}; there are {', '.join(AXES)}"
        raise ValueError(message)
    if name == "late_redirect":
        float(value)
    elif value not in AXES[name]:
        message = f"axis {name}: {value!r} is not one of {', '.join(AXES[name])}"
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
    kind = limits[0] if limits and limits[0] not in {"", "*"} else None
    count = int(limits[1]) if len(limits) > 1 else None
    return Fault(name, value, kind, count)


def parse_axis(text: str) -> tuple[str, str]:
    """Read `NAME=VALUE` and check it. Raises ValueError."""
    name, _, value = text.partition("=")
    check_axis(name, value)
    return name, value
