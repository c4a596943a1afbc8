"""What an operator can ask for: one model per flow, together the `Job` union.

Only what names the wanted thing is required. What a form may or may not ask for is
optional: a form that insists on a field the job does not give ends `refused`, naming
the field. A right is never granted by default, so roles have no default.

Lengths: name 100, company 255 and street 512 characters are the limits of the public
Business API for the same fields.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bcflow.models import fields
from bcflow.models.identity import quoted
from bcflow.models.named import Names, Namespace, is_name

_EXAMPLE_ID: Final = "7012345678901234567"
_EXAMPLE_BC: Final = "7123456789012345678"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AssetRole(_Frozen):
    """One ad account and the role wanted on it."""

    aadvid: fields.AccountId = Field(
        description="Ad account: its 19-digit id in quotes, any Ads Manager address carrying aadvid=, its name if no "
        "other of the Business Center has it, or a reference.",
        examples=[_EXAMPLE_ID, "${main.aadvid}"],
    )
    role: fields.RoleWord = Field(description="Role on this ad account.")


def _named(value: object, info: ValidationInfo) -> object:
    """Return a job's ad accounts with the id of each that is named; of its Business Center only, known by now."""
    named: Names | None = (info.context or {}).get(fields.NAMED)
    org = (info.data or {}).get("business_center")
    if named is None or org is None or not isinstance(value, list | tuple):
        return value
    return [_named_account(item, named, Namespace(info.data["login"], org)) for item in value]


def _named_account(item: object, named: Names, space: Namespace) -> object:
    if not isinstance(item, dict) or not is_name(item.get("aadvid")):
        return item
    if fields.is_reference(space.business_center):
        msg = f"{quoted(item['aadvid'])} is a name, and the Business Center is yet to be made; write ${{id.aadvid}}"
        raise ValueError(msg)
    # As an address: no spreadsheet has cut its last digits.
    return {**item, "aadvid": f"aadvid={named.id_of(item['aadvid'], space)}"}


def _once(value: tuple[AssetRole, ...]) -> tuple[AssetRole, ...]:
    seen: dict[str, AssetRole] = {}
    for item in value:
        first = seen.setdefault(item.aadvid, item)
        if first.role != item.role:
            msg = f"{item.aadvid} stands twice, as {first.role} and as {item.role}"
            raise ValueError(msg)
    return tuple(seen.values())


_Accounts = Annotated[tuple[AssetRole, ...], BeforeValidator(_named), AfterValidator(_once)]


class JobBase(_Frozen):
    """What every job has."""

    flow: str
    id: fields.JobId | None = Field(
        default=None,
        description="Name of the job, for references from others.",
        examples=["main"],
    )
    client: fields.ShortText | None = Field(
        default=None, description="Whose job it is; for reports.", examples=["acme"]
    )
    note: fields.Note | None = Field(default=None, description="A remark that passes through to the report.")
    login: fields.LoginName = Field(default="default", description="Which named login does it.")
    business_center: fields.BusinessCenterId | None = Field(
        default=None,
        description="Business Center the job works in: its 19-digit id in quotes, an "
        "address carrying org_id=, its name if no other has it, or a reference.",
        examples=[_EXAMPLE_BC, "${bc.business_center_id}"],
    )


class _InBusinessCenter(JobBase):
    business_center: fields.BusinessCenterId = Field(
        description="Business Center the job works in: its 19-digit id in quotes, an "
        "address carrying org_id=, its name if no other has it, or a reference. May stand once at the top of the file.",
        examples=[_EXAMPLE_BC, "${bc.business_center_id}"],
    )


class CreateBusinessCenter(JobBase):
    """Create a Business Center. It cannot be deleted, and its country, currency and time zone stay."""

    flow: Literal["create-business-center"] = "create-business-center"
    name: fields.ShortText = Field(description="Name shown.", examples=["Acme"])
    company: fields.Text | None = Field(default=None, description="Full legal name.", examples=["Acme Inc."])
    kind: fields.KindWord | None = Field(default=None, description="Advertiser or agency.")
    country: fields.Country | None = Field(default=None, description="Where it is registered (ISO).", examples=["US"])
    time_zone: fields.TimeZone | None = Field(
        default=None, description="IANA time zone.", examples=["America/New_York"]
    )
    currency: fields.Currency | None = Field(default=None, description="ISO currency.", examples=["USD"])
    industry: fields.Industry | None = Field(
        default=None,
        description='As on the form: "Group > Item".',
        examples=["E-Commerce > Apparel"],
    )
    contact_name: fields.ShortText | None = Field(
        default=None, description="Person responsible.", examples=["Ana Silva"]
    )
    phone: fields.Phone | None = Field(default=None, description="Phone in quotes.", examples=["+1 212 555 0100"])
    website: fields.Website | None = Field(default=None, examples=["https://acme.example"], description="Web address.")
    ad_account_name: fields.ShortText | None = Field(
        default=None,
        description="Some forms create the first ad account with it; its name.",
        examples=["Acme US"],
    )
    accept_terms: fields.TermsAccepted | None = Field(
        default=None, description="true: you accept the terms the form asks for."
    )

    @field_validator("business_center", mode="after")
    @classmethod
    def _makes_its_own(cls, value: str | None) -> str | None:
        if value is not None:
            msg = "does not belong here: the job makes a new Business Center"
            raise ValueError(msg)
        return value


class CreateAdAccount(_InBusinessCenter):
    """Create an ad account. Its country, currency and time zone can never be changed."""

    flow: Literal["create-ad-account"] = "create-ad-account"
    name: fields.ShortText = Field(description="Name shown.", examples=["Acme US"])
    country: fields.Country | None = Field(default=None, description="Registered location (ISO).", examples=["US"])
    time_zone: fields.TimeZone | None = Field(
        default=None, description="IANA time zone.", examples=["America/New_York"]
    )
    currency: fields.Currency | None = Field(default=None, description="ISO currency.", examples=["USD"])
    company: fields.Text | None = Field(default=None, description="Company as in the records.", examples=["Acme Inc."])
    industry: fields.Industry | None = Field(
        default=None,
        description='As on the form: "Group > Item".',
        examples=["E-Commerce > Apparel"],
    )
    website: fields.Website | None = Field(default=None, examples=["https://acme.example"], description="Web address.")
    street: fields.LongText | None = Field(default=None, description="Street, number.")
    city: fields.ShortText | None = Field(default=None, description="City.")
    state: fields.ShortText | None = Field(default=None, description="State, region.")
    postal_code: fields.ShortText | None = Field(default=None, description="Postal code in quotes.", examples=["10001"])
    tax_id: fields.ShortText | None = Field(default=None, description="Tax or VAT number in quotes.")
    accept_terms: fields.TermsAccepted | None = Field(
        default=None, description="true: you accept the terms some forms ask for."
    )


class AddAdAccount(_InBusinessCenter):
    """Ask for access to an ad account that exists."""

    flow: Literal["add-ad-account"] = "add-ad-account"
    aadvid: fields.AccountId = Field(
        description="Ad account: its 19-digit id in quotes, any Ads Manager address carrying aadvid=, or a reference.",
        examples=[_EXAMPLE_ID],
    )
    role: fields.RoleWord = Field(description="Role asked for on the account.")
    notify_owner: bool | None = Field(
        default=None,
        description="Whether the site mails the owner; left out: as the form has it.",
    )
    expect_name: fields.NameThere | None = Field(
        default=None, description="Stop if the account shown has another name."
    )


class InviteMember(_InBusinessCenter):
    """Invite a person to a Business Center."""

    flow: Literal["invite-member"] = "invite-member"
    email: fields.Email = Field(description="Whom to invite.", examples=["ana@acme.example"])
    role: fields.MemberRoleWord = Field(description="Role in the Business Center.")
    finance_role: fields.FinanceRoleWord | None = Field(
        default=None, description="Finance manager or finance analyst, if any."
    )
    ad_accounts: _Accounts = Field(default=(), description="Ad accounts to assign, each with a role.")


class ShareWithPartner(_InBusinessCenter):
    """Add a partner, if need be, and share ad accounts with it."""

    flow: Literal["share-with-partner"] = "share-with-partner"
    partner_id: fields.BusinessCenterId = Field(
        description="The partner's Business Center id, 19 digits in quotes.",
        examples=["7345678901234567890"],
    )
    ad_accounts: _Accounts = Field(min_length=1, description="Ad accounts to share, each with a role.")
    primary_agency: bool | None = Field(
        default=None,
        description="Answer to the primary media agency question, if it is asked.",
    )
    expect_partner_name: fields.NameThere | None = Field(
        default=None, description="Stop if the partner shown has another name."
    )

    @model_validator(mode="after")
    def _not_itself(self) -> ShareWithPartner:
        if self.partner_id == self.business_center:
            msg = "partner_id is this Business Center itself; give the partner's id"
            raise ValueError(msg)
        return self


Job = Annotated[
    CreateBusinessCenter | CreateAdAccount | AddAdAccount | InviteMember | ShareWithPartner,
    Field(discriminator="flow"),
]

FLOWS: Final[dict[str, type[JobBase]]] = {
    "create-business-center": CreateBusinessCenter,
    "create-ad-account": CreateAdAccount,
    "add-ad-account": AddAdAccount,
    "invite-member": InviteMember,
    "share-with-partner": ShareWithPartner,
}


@cache
def job_adapter() -> TypeAdapter[Any]:
    """Return the validator of the `Job` union (built once, when first needed)."""
    return TypeAdapter(Job)
