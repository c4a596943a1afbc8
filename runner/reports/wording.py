"""The words a report uses: outcomes, flows, who acts next, times. Plain text, safe to put anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bcflow.models.outcomes import Outcome, RunRecord

Tone = Literal["good", "calm", "wait", "look", "bad", "off"]


@dataclass(frozen=True)
class Words:
    """How an outcome is called, coloured and explained; the lowest `rank` needs a person most.

    `do` is what to do next if the run itself does not say it better.
    """

    label: str
    tone: Tone
    rank: int
    means: str
    do: str = ""


OUTCOME_WORDS: dict[Outcome, Words] = {
    "unknown": Words(
        "Unknown",
        "bad",
        0,
        "A write may have been sent and its effect could not be seen.",
        "Look on the site whether it happened, then say so with bcflow settle.",
    ),
    "screen-changed": Words(
        "Screen changed",
        "bad",
        1,
        "The site's screen is not the one we know. Nothing was sent.",
        "Open the run's report and compare the picture with what was looked for.",
    ),
    "failed": Words("Failed", "bad", 2, "Something went wrong before anything was sent.", "Run it again."),
    "differs": Words(
        "Differs",
        "look",
        3,
        "It is there, but not as asked. Nothing was written.",
        "Change it by hand on the site, or change the job to what is there.",
    ),
    "refused": Words(
        "Refused",
        "look",
        4,
        "The site said no.",
        "Change the job as the site's words say, then run it again.",
    ),
    "expired": Words("Expired", "look", 5, "Nobody answered in time.", "Run it again when somebody can answer."),
    "skipped": Words("Skipped", "off", 6, "It was not started.", "Take care of what held it up, then run it again."),
    "cancelled": Words("Cancelled", "off", 7, "Stopped by a person."),
    "waiting": Words(
        "Waiting",
        "wait",
        8,
        "Our part was seen. Somebody else must act.",
        "Nothing to send; it waits for them.",
    ),
    "planned": Words("Planned", "calm", 9, "A look only: this would be done. Nothing was written."),
    "done": Words("Done", "good", 10, "Seen on the site. Nobody else must act."),
    "already": Words("Already there", "good", 11, "It was as asked before. Nothing was written."),
}
_YOURS: set[Outcome] = {"unknown", "screen-changed", "failed", "differs", "refused", "expired", "skipped"}
_ACTORS = {
    "you": "You, the operator",
    "tiktok review": "TikTok (review)",
    "owner": "The ad account's owner",
    "partner": "The partner",
    "invitee": "The invited person",
    "client's phone": "The client, on their phone",
    "somebody": "Somebody else",
}
_KINDS = {
    "business-center": "Business Center",
    "ad-account": "Ad account",
    "ad-account-access": "Access to ad account",
    "member": "Member",
    "partner": "Partner",
    "share": "Shared ad account",
}
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """Return `text` without control characters and marks that turn the reading direction."""
    return _HIDDEN.sub("", text)


def inset(value: object) -> str:
    """Return a value to stand in an English sentence; right-to-left text cannot turn the rest around."""
    text = plain(str(value))
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)
    return f"\u2068{text}\u2069" if turns else text


def shown(value: object) -> str:
    """Return a JSON value in words: lists with commas, `{"aadvid": 1, "role": "x"}` as "1 (x)"."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if set(value) >= {"aadvid", "role"}:
            status = f", {shown(value['status'])}" if value.get("status") else ""
            return f"{shown(value['aadvid'])} ({shown(value['role'])}{status})"
        return ", ".join(f"{named(str(k))}: {shown(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(item) for item in value)
    return plain(str(value))


def named(key: str) -> str:
    """Return a field's name as words: `finance_role` is "Finance role"."""
    words = key.replace("_", " ").strip()
    known = {"aadvid": "Ad account id", "business center id": "Business Center id", "email": "E-mail"}
    return known.get(words, words[:1].upper() + words[1:])


def kind_named(kind: str) -> str:
    """Return an effect's kind in words."""
    return _KINDS.get(kind, named(kind.replace("-", " ")))


def wanted(record: RunRecord) -> str:
    """Return in one sentence what the job asked for."""
    say = _WANTED.get(record.flow)
    given = {key: value for key, value in record.inputs.items() if value not in (None, "", [], ())}
    try:
        return say(given) if say else f"{named(record.flow.replace('-', ' '))}: {inset(record.job)}"
    except KeyError:  # inputs of another version of the flow
        return f"{named(record.flow.replace('-', ' '))}: {inset(record.job)}"


def acts_next(record: RunRecord) -> str:
    """Return who must act: "" for nobody, "you", "tiktok review", "owner", "job main" …."""
    if record.outcome == "waiting" or (record.outcome == "already" and record.waiting_for):
        return record.waiting_for or "somebody"
    return "you" if record.outcome in _YOURS else ""


def next_step(record: RunRecord) -> str:
    """Return what to do next, in the run's own words if it has any."""
    if record.next_action or not acts_next(record):
        return plain(record.next_action)
    return "Do what the message says." if _waits_for_you(record) else OUTCOME_WORDS[record.outcome].do


def _waits_for_you(record: RunRecord) -> bool:
    return record.outcome in {"waiting", "already"} and record.waiting_for == "you"


def actor_named(actor: str) -> str:
    """Return who acts next as a heading."""
    if not actor:
        return "Nobody"
    return _ACTORS.get(actor.casefold(), inset(actor[:1].upper() + actor[1:]))


def meaning(record: RunRecord) -> str:
    """Return what the outcome means for this run."""
    if _waits_for_you(record):
        return "It goes on when you have acted."
    return OUTCOME_WORDS[record.outcome].means


def urgency(record: RunRecord) -> tuple[int, int]:
    """Sort key: what needs the operator first, then what waits for others, then what is finished."""
    actor = acts_next(record)
    return (0 if actor == "you" else 1 if actor else 2, OUTCOME_WORDS[record.outcome].rank)


def duration(seconds: float) -> str:
    """Return 0.04 as "under 0.1 s", 12.34 as "12.3 s", 125 as "2 min 5 s", 7300 as "2 h 1 min"."""
    if seconds < 0.1:  # noqa: PLR2004 - the figure is in the docstring
        return "under 0.1 s"
    if round(seconds, 1) < 60:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def moment(text: str, *, clock: bool = False) -> str:
    """Return an ISO 8601 time as "24 Nov 2026, 20:19 UTC", or as "20:19:05" with `clock`."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return plain(text)
    if clock:
        return f"{when:%H:%M:%S}"
    zone = "UTC" if when.utcoffset() is not None and not when.utcoffset() else f"{when:%Z}"
    return f"{when.day} {when:%b %Y, %H:%M} {zone}".strip()


def _create_business_center(given: Mapping[str, Any]) -> str:
    return f"Create the Business Center “{inset(given['name'])}”{_facts(given)}"


def _create_ad_account(given: Mapping[str, Any]) -> str:
    return f"Create the ad account “{inset(given['name'])}”{_facts(given)}"


def _add_ad_account(given: Mapping[str, Any]) -> str:
    return f"Ask for {_role(given['role'])} access to ad account {inset(given['aadvid'])}"


def _invite_member(given: Mapping[str, Any]) -> str:
    finance = f" and Finance {given['finance_role']}" if "finance_role" in given else ""
    accounts = f", with {_accounts(given)}" if "ad_accounts" in given else ""
    return f"Invite {inset(given['email'])} as {_role(given['role'])}{finance}{accounts}"


def _share_with_partner(given: Mapping[str, Any]) -> str:
    name = f" “{inset(given['expect_partner_name'])}”" if "expect_partner_name" in given else ""
    return f"Share {_accounts(given)} with the partner{name} {inset(given['partner_id'])}"


def _facts(given: Mapping[str, Any]) -> str:
    facts = [inset(given[key]) for key in ("country", "currency", "time_zone") if key in given]
    return f" ({', '.join(facts)})" if facts else ""


def _role(role: object) -> str:
    return inset(str(role)[:1].upper() + str(role)[1:])


def _accounts(given: Mapping[str, Any]) -> str:
    count = len(given["ad_accounts"])
    return "1 ad account" if count == 1 else f"{count} ad accounts"


_WANTED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "create-business-center": _create_business_center,
    "create-ad-account": _create_ad_account,
    "add-ad-account": _add_ad_account,
    "invite-member": _invite_member,
    "share-with-partner": _share_with_partner,
}
