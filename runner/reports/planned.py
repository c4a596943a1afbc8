"""What a plan says of each job: what it asks for, how much of it is there already, what is there otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, Literal

from bcflow.models.effect_words import job_title
from bcflow.models.resolving import mentions
from bcflow.runner.reports.wording import plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bcflow.models.outcomes import EffectRecord, Outcome, RunRecord

Sign = Literal["+", "~", "=", "!"]
Key = tuple[str, str]
SIGNS: Final[dict[Sign, str]] = {
    "+": "would be done",
    "~": "is there otherwise, and is left as it is",
    "=": "is there already",
    "!": "needs you, or cannot be done as it is",
}
_SIGN: Final[dict[Outcome, Sign]] = {"planned": "+", "differs": "~", "already": "=", "done": "="}
_FOR_EVER: Final = ("country", "time_zone", "currency")
_MUST_BE: Final = {"aadvid": "expect_name", "partner_id": "expect_partner_name"}
# The title has these, or they stand in rows of their own.
_NOT_A_ROW: Final = frozenset(
    {"flow", "id", "note", "name", "email", "business_center", "client", "login", *_MUST_BE.values()}
)
_LABELS: Final = {
    "aadvid": "ad account",
    "ad_accounts": "ad account",
    "partner_id": "partner",
}
_MADE: Final = {
    "create-business-center": {"business_center_id": "name", "aadvid": "ad_account_name"},
    "create-ad-account": {"aadvid": "name"},
    "add-ad-account": {"aadvid": "expect_name"},
}
"""By flow: what a job gives to others, and which of its inputs is its name."""
_ID_SEEN: Final = {"ad-account": "aadvid", "business-center": "business_center_id"}


@dataclass(frozen=True)
class Row:
    """One thing that a job asks for.

    `of` is the ad account that `asked` is a level on; `there` is what the site shows instead, if that was seen;
    `stands`: it was seen there as asked.
    """

    name: str
    asked: str
    of: str = ""
    there: str = ""
    stands: bool = False

    @property
    def text(self) -> str:
        """The row without its name, in words."""
        if self.there:
            return f"{self.asked} asked, {self.there} there{f': {self.of}' if self.of else ''}"
        return f"{self.asked}{f' on {self.of}' if self.of else ''}{' (there already)' if self.stands else ''}"


@dataclass(frozen=True)
class Item:
    """One job of a plan; `rows` are empty where it is there already, `notes` say what else is to be known of it."""

    sign: Sign
    outcome: Outcome
    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def plan_items(records: Sequence[RunRecord]) -> list[Item]:
    """Return what a plan says of each look, in the order of the input."""
    names = dict(_names(records))
    return [_item(record, names) for record in records]


def _item(record: RunRecord, names: Mapping[str, str]) -> Item:
    sign = _SIGN.get(record.outcome, "!")
    title = job_title(record.flow, record.inputs)
    if sign == "=":
        status = next((one.have["status"] for one in record.effects if one.have.get("status")), "")
        title = f"{title} is there already{f': {status}' if status else ''}"
    rows = () if sign == "=" else tuple(_rows(record, names))
    return Item(sign, record.outcome, plain(title), rows, tuple(_notes(record, sign)))


def _notes(record: RunRecord, sign: Sign) -> Iterator[str]:
    if sign == "!":
        yield plain(record.message)
    if sign == "+" and not record.effects and any(mentions(record.inputs)):
        yield "It can be looked at only when another job is done."
    if sign == "~" and any(one.outcome == "planned" for one in record.effects):
        yield "Nothing of this job is done while a part of it differs."
    if sign != "+" and record.next_action:
        yield plain(record.next_action)


def _rows(record: RunRecord, names: Mapping[str, str]) -> Iterator[Row]:
    inputs, there = record.inputs, dict(_differences(record.effects))
    standing = {_about(one) for one in record.effects if one.outcome in ("already", "done")}
    if org := inputs.get("business_center") or record.business_center:
        yield Row("Business Center", _named(org, names))
    for name, value in _given(record):
        if name == "ad_accounts":
            for one in value:
                key = name, one["aadvid"]
                of = _named(one["aadvid"], names)
                yield Row(_label(name), one["role"], of, there.pop(key, ("", ""))[1], stands=key in standing)
        elif name in _MUST_BE:
            yield Row(_label(name), _known(value, inputs.get(_MUST_BE[name]), names), stands=(name, "") in standing)
        else:
            yield Row(_label(name), shown(value), there=there.pop((name, ""), ("", ""))[1])
    # Of what the job does not say itself, such as that a member is to be active.
    yield from (Row(_label(name), want, _named(of, names), have) for (name, of), (want, have) in there.items())
    yield from _about_it(record)


def _given(record: RunRecord) -> Iterator[tuple[str, Any]]:
    """Yield each input that is given; of what can never be changed also what is left to the form."""
    for name, value in record.inputs.items():
        if name not in _NOT_A_ROW and value not in (None, "", [], ()):
            yield name, value
    if record.flow in ("create-business-center", "create-ad-account"):
        yield from ((name, "as the form has it") for name in _FOR_EVER if not record.inputs.get(name))


def _about_it(record: RunRecord) -> Iterator[Row]:
    if record.client:
        yield Row("client", plain(record.client))
    if record.login != "default":
        yield Row("login", record.login)
    if own := record.inputs.get("id"):
        yield Row("id", own)
    if record.source:
        yield Row("from", PurePath(record.source).name)


def _differences(effects: Sequence[EffectRecord]) -> Iterator[tuple[Key, tuple[str, str]]]:
    """Yield what was asked for and what the site shows instead, by the job's name for it and, of several, by id."""
    for effect in effects:
        if effect.outcome != "differs":
            continue
        for name, want in effect.want.items():
            have = effect.have.get(name)
            if have is None:
                continue
            about, of = _about(effect)
            if isinstance(want, dict):
                seen = have if isinstance(have, dict) else {}
                pairs = {(name, one): (want[one], seen.get(one)) for one in want}
            else:
                pairs = {(about, of) if of else (name, ""): (want, have)}
            yield from ((key, (shown(old), _seen(new))) for key, (old, new) in pairs.items() if old != new)


def _seen(value: object) -> str:
    return shown(value) if value else "none"


def _about(effect: EffectRecord) -> Key:
    """Return which input of a job an effect is about."""
    if effect.kind == "share":
        return "ad_accounts", effect.identity.partition(":")[2]
    return {"partner": "partner_id", "ad-account-access": "aadvid"}.get(effect.kind, effect.kind), ""


def _names(records: Sequence[RunRecord]) -> Iterator[tuple[str, str]]:
    """Yield (id or reference, name) of all whose name a look has seen, or a job gives to what it makes."""
    for record in records:
        for result, source in _MADE.get(record.flow, {}).items():
            if record.inputs.get("id") and record.inputs.get(source):
                yield f"${{{record.inputs['id']}.{result}}}", record.inputs[source]
        org = record.inputs.get("business_center") or record.business_center
        if org and record.business_center_name:
            yield org, record.business_center_name
        yield from record.names.items()
        for effect in record.effects:
            found = effect.identity if effect.kind in ("partner", "ad-account-access") else None
            found = found or record.result.get(_ID_SEEN.get(effect.kind, ""))
            if found and effect.have.get("name"):
                yield found, effect.have["name"]


def _named(found: str, names: Mapping[str, str]) -> str:
    return f"{found} “{plain(names[found])}”" if found in names else plain(found)


def _known(found: str, must_be: str | None, names: Mapping[str, str]) -> str:
    """Return an id with its name; of one whose name is not known, what it must be."""
    must = f"; it must be “{plain(must_be)}”" if must_be else ""
    return _named(found, names) if found in names else f"{plain(found)} (its name was not seen{must})"


def _label(name: str) -> str:
    return _LABELS.get(name) or name.replace("_", " ")
