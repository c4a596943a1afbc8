"""Which facts on the site a job wants: what makes two jobs the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bcflow.models.fields import is_reference
from bcflow.models.identity import canonical_email, canonical_name
from bcflow.models.looks import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.models.jobs import JobBase

_BUSINESS_CENTER_FACTS: Final = ("company", "kind", "country", "time_zone", "currency")
_AD_ACCOUNT_FACTS: Final = ("country", "time_zone", "currency", "company")
_IDENTITY: Final = {
    "business-center": "name",
    "ad-account": "name",
    "ad-account-access": "aadvid",
    "member": "email",
    "partner": "partner_id",
}
"""Under which name a job gives what identifies an effect of this kind."""


def canonical(job: JobBase) -> list[Effect]:
    """Return the facts `job` wants on the site, as the ledger knows them.

    Two jobs with an effect of equal business center, kind and identity want the same
    thing; if `want` differs they contradict each other. Guards such as `expect_name`
    are no part of what is wanted.
    """
    return _EFFECTS[job.flow](job)


def asked(effect: Effect) -> dict[str, Any]:
    """Return, by the job's names, what a form must show before `effect` is sent: what it is about and all it wants.

    The answer to a question that a form may or may not put (`primary_agency`) is no part of it.
    """
    want = {name: value for name, value in effect.want.items() if value not in (None, {}, ())}
    if effect.kind == "share":
        partner, _, aadvid = effect.identity.partition(":")
        return {"partner_id": partner, "ad_accounts": {aadvid: want["role"]}}
    return {_IDENTITY[effect.kind]: effect.identity, **want}


def _business_center(job: Any) -> list[Effect]:  # noqa: ANN401 - chosen by `flow`
    want = _given(job, _BUSINESS_CENTER_FACTS)
    return [Effect("", "business-center", canonical_name(job.name), want)]


def _ad_account(job: Any) -> list[Effect]:  # noqa: ANN401 - chosen by `flow`
    want = _given(job, _AD_ACCOUNT_FACTS)
    name = canonical_name(job.name)
    return [Effect(job.business_center, "ad-account", name, want)]


def _access(job: Any) -> list[Effect]:  # noqa: ANN401 - chosen by `flow`
    want = {"role": job.role}
    return [Effect(job.business_center, "ad-account-access", job.aadvid, want)]


def _member(job: Any) -> list[Effect]:  # noqa: ANN401 - chosen by `flow`
    email = job.email if is_reference(job.email) else canonical_email(job.email)
    want = _given(job, ("role", "finance_role"))
    want["ad_accounts"] = {item.aadvid: item.role for item in job.ad_accounts}
    return [Effect(job.business_center, "member", email, want)]


def _shares(job: Any) -> list[Effect]:  # noqa: ANN401 - chosen by `flow`
    bc, partner = job.business_center, job.partner_id
    answer = _given(job, ("primary_agency",))
    return [
        Effect(bc, "partner", partner),
        *(Effect(bc, "share", f"{partner}:{item.aadvid}", {"role": item.role, **answer}) for item in job.ad_accounts),
    ]


def _given(job: JobBase, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(job, name)) is not None}


_EFFECTS: Final[dict[str, Callable[[Any], list[Effect]]]] = {
    "create-business-center": _business_center,
    "create-ad-account": _ad_account,
    "add-ad-account": _access,
    "invite-member": _member,
    "share-with-partner": _shares,
}
