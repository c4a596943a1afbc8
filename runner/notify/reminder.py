"""The text to send to the other side: what still waits for them, and what they have to click.

Where the clicks come from: TikTok's help pages on requests for access (2025), on partners (2024, 2025) and on
linking TikTok accounts; the invited person's and the partner's side from third parties' descriptions (2024, 2026).
Buttons were renamed several times, so the text says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from bcflow.runner.policy.waits import OTHER_SIDE, Wait
from bcflow.runner.reports.wording import plain

_ROLES: Final = {"admin": "Admin", "operator": "Operator", "analyst": "Analyst", "standard": "Standard"}
_HELLO: Final = (
    "Hello,",
    "",
    "some things we prepared in TikTok Business Center still need you. Each takes a minute or two.",
)
_BYE: Final = (
    "",
    "TikTok renames buttons now and then. If one is not where we say, look for our Business Center's name or id,",
    "or send us a screenshot and we find it together.",
    "",
    "Thank you!",
)


@dataclass(frozen=True)
class Sites:
    """The web addresses people are sent to."""

    business_center: str
    ads_manager: str


def reminder(found: Sequence[Wait], sites: Sites) -> str:
    """Return the text for everything in `found` that the other side can do; empty if that is nothing."""
    asked = sorted((one for one in found if one.who in OTHER_SIDE), key=_group)
    lines: list[str] = []
    for number, (_, each) in enumerate(groupby(asked, key=_group), start=1):
        lines += ["", *_section(number, list(each), sites)]
    return "\n".join([*_HELLO, *lines, *_BYE]) if lines else ""


def _group(wait: Wait) -> tuple[int, str, str]:
    """Return what goes under one heading: the same clicks in the same place."""
    partner = str(wait.run.inputs.get("partner_id") or "") if wait.who == "partner" else ""
    return OTHER_SIDE.index(wait.who), wait.run.business_center, partner


def _section(number: int, found: Sequence[Wait], sites: Sites) -> list[str]:
    run = found[0].run
    us = _us(found)
    title, steps = _STEPS[found[0].who](us, run.inputs, sites)
    things = [f"   - {line}" for one in found for line in _things(one)]
    clicks = [f"   {count}) {step}" for count, step in enumerate(steps, start=1)]
    return [f"{number}. {title}", *dict.fromkeys(things), "", *clicks]


def _us(found: Sequence[Wait]) -> str:
    name = next((one.run.business_center_name for one in found if one.run.business_center_name), "")
    org = found[0].run.business_center
    return f'our Business Center "{_line(name)}" (id {org})' if name else f"our Business Center {org}"


def _things(wait: Wait) -> list[str]:
    """Return one line for each thing that waits, with what is needed to find it."""
    inputs = wait.run.inputs
    since = f", asked for on {wait.since.day} {wait.since:%B %Y}" if wait.since else ""
    if wait.who == "partner":
        return [f"we share {_account(one)} with you{since}" for one in inputs.get("ad_accounts", [])] or [
            f"the partnership{since}"
        ]
    if wait.who == "owner":
        return [f"{_account(inputs)}{since}"]
    if wait.who == "invitee":
        return [f"{_line(inputs.get('email', ''))}{_role(inputs)}{since}"]
    return [f"{_line(wait.what)}{since}"]


def _account(inputs: dict[str, Any]) -> str:
    return f"ad account {_line(inputs.get('aadvid', ''))}{_role(inputs)}"


def _role(inputs: dict[str, Any]) -> str:
    role = str(inputs.get("role") or "")
    return f", role {_ROLES.get(role, _line(role))}" if role else ""


def _line(text: object) -> str:
    """Return a value on one line and without hidden characters: some of it was read from a page."""
    return plain(" ".join(str(text).split()))


def _owner(us: str, _inputs: dict[str, Any], sites: Sites) -> tuple[str, list[str]]:
    return f"Approve the access request from {us}", [
        "Who can: an admin of the ad account or of the Business Center that owns it, or the person who created it.",
        f"Open Ads Manager ({sites.ads_manager}) and choose the ad account by its id.",
        'Click the bell (notifications) and open our request; in some versions it is in the tab "Business Center".',
        'Check the name and id above, then click "Approve" (in some versions "Accept").',
        'If TikTok sent you an e-mail about it, its "Accept" button should do the same.',
    ]


def _partner(us: str, inputs: dict[str, Any], sites: Sites) -> tuple[str, list[str]]:
    theirs = _line(inputs.get("partner_id") or "")
    return f"Accept the partner request from {us}", [
        f"Sign in at {sites.business_center} as an admin of your Business Center {theirs}.".replace(" .", "."),
        'Open "Partners" in the left menu (in some versions it is under "Management" or "Users").',
        'Open the tab "Requests".',
        'Find our name or id and click "Accept". As far as we know, the ad accounts above show only after that.',
    ]


def _invitee(us: str, _inputs: dict[str, Any], _sites: Sites) -> tuple[str, list[str]]:
    return f"Accept the invitation to {us}", [
        "Open the e-mail from TikTok in the mailbox of the address above. If it is not there, look in spam.",
        'Click "Accept" in it.',
        "Sign in with the TikTok for Business login of that same address, or create one: another login is refused.",
        'Check the name that is shown and click "Join".',
        "If there is no such e-mail, or its link no longer works, tell us: we have it sent again.",
    ]


def _phone(us: str, _inputs: dict[str, Any], _sites: Sites) -> tuple[str, list[str]]:
    return f"Confirm on your phone that your TikTok account is linked with {us}", [
        "Tell us when you have your phone at hand: the QR code is valid for a short time only, we send you a new one.",
        "Open the TikTok app, signed in to the account above.",
        'Go to your profile, open the menu, then "Your QR code", then "Scan", and scan the code we sent.',
        'Check the name and id above, then confirm (the button should read "Authorize").',
    ]


_STEPS: Final[dict[str, Callable[[str, dict[str, Any], Sites], tuple[str, list[str]]]]] = {
    "owner": _owner,
    "partner": _partner,
    "invitee": _invitee,
    "client's phone": _phone,
}
