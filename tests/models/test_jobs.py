from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bcflow.models.effects import canonical
from bcflow.models.errors import BadInput
from bcflow.models.explain import explain
from bcflow.models.fields import KEPT
from bcflow.models.jobs import FLOWS, AddAdAccount, InviteMember, JobBase, ShareWithPartner, job_adapter
from bcflow.models.resolving import references, resolve
from bcflow.models.results import RESULTS, referable

unhurried = settings(deadline=None)  # the first example loads tables; the machine may be shared

BC = "7123456789012345678"
ACCOUNT = "7012345678901234567"
PARTNER = "7345678901234567890"


def make_values(flow: str, **overrides: object) -> dict[str, object]:
    values: dict[str, dict[str, object]] = {
        "create-business-center": {"name": "Acme"},
        "create-ad-account": {"business_center": BC, "name": "Acme US"},
        "add-ad-account": {"business_center": BC, "aadvid": ACCOUNT, "role": "operator"},
        "invite-member": {"business_center": BC, "email": "ana@acme.example", "role": "standard"},
        "share-with-partner": {
            "business_center": BC,
            "partner_id": PARTNER,
            "ad_accounts": [{"aadvid": ACCOUNT, "role": "operator"}],
        },
    }
    return {"flow": flow, **values[flow], **overrides}


def make_job(flow: str, **overrides: object) -> JobBase:
    job: JobBase = job_adapter().validate_python(make_values(flow, **overrides))
    return job


def attempt(values: dict[str, object]) -> tuple[JobBase | None, list[str]]:
    """Return the job, or why it is none."""
    try:
        return job_adapter().validate_python(values), []
    except ValidationError as error:
        return None, [str(problem) for problem in explain(error)]


def problems(flow: str, **overrides: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        make_job(flow, **overrides)
    return [str(problem) for problem in explain(caught.value)]


@pytest.mark.parametrize("flow", FLOWS)
def test_what_identifies_the_thing_is_enough(flow: str) -> None:
    job = make_job(flow)
    assert job.flow == flow
    assert job.login == "default"
    assert job_adapter().validate_json(job.model_dump_json()) == job


@pytest.mark.parametrize("flow", FLOWS)
def test_each_required_field_is_missed_by_name(flow: str) -> None:
    for name in set(make_values(flow)) - {"flow"}:
        values = make_values(flow)
        del values[name]
        with pytest.raises(ValidationError) as caught:
            job_adapter().validate_python(values)
        assert [str(problem) for problem in explain(caught.value)] == [f"{name}: is missing"]


@pytest.mark.parametrize("flow", FLOWS)
def test_an_unknown_key_is_refused_with_the_nearest(flow: str) -> None:
    (line,) = problems(flow, clinet="x")
    assert line.startswith("clinet: unknown key (did you mean 'client'?)")


def test_a_job_cannot_be_changed() -> None:
    job = make_job("invite-member")
    with pytest.raises(ValidationError):
        job.client = "other"  # type: ignore[misc]


def test_choices_are_read_as_people_write_them() -> None:
    job = make_job("invite-member", role=" Standard ", finance_role="Finance Manager")
    assert isinstance(job, InviteMember)
    assert (job.role, job.finance_role) == ("standard", "manager")
    job = make_job("invite-member", role="ADMIN", finance_role="Financial Analyst")
    assert isinstance(job, InviteMember)
    assert (job.role, job.finance_role) == ("admin", "analyst")


@pytest.mark.parametrize(
    ("flow", "overrides", "line"),
    [
        (
            "add-ad-account",
            {"role": "owner"},
            "role: 'owner' is not possible; choose 'admin', 'operator' or 'analyst'",
        ),
        (
            "invite-member",
            {"role": "analyst"},
            "role: 'analyst' is not possible; choose 'admin' or 'standard'",
        ),
        ("share-with-partner", {"ad_accounts": []}, "ad_accounts: needs at least one"),
        (
            "share-with-partner",
            {"partner_id": BC},
            "partner_id is this Business Center itself; give the partner's id",
        ),
        (
            "create-business-center",
            {"accept_terms": False},
            "accept_terms: is false: the form cannot be sent without accepting the site's terms",
        ),
        (
            "create-business-center",
            {"business_center": BC},
            "business_center: does not belong here: the job makes a new Business Center",
        ),
        ("create-ad-account", {"postal_code": 10001}, 'postal_code: must be text; put it in quotes: "10001"'),
        ("create-ad-account", {"name": "x" * 101}, "name: is 101 characters long, 100 at most"),
        ("create-ad-account", {"name": "a\nb"}, "name: must be one line of text without control characters"),
        (
            "create-ad-account",
            {"website": "acme.example"},
            "website: 'acme.example' is not a web address; write it like https://www.acme.example",
        ),
        (
            "create-ad-account",
            {"name": "${a.aadvid}"},
            "name: a reference is not possible here; it can stand for an id or an e-mail address",
        ),
        (
            "add-ad-account",
            {"aadvid": "${main}"},
            "aadvid: '${main}' is not a reference; write ${id.field}, such as ${main.aadvid}",
        ),
        ("create-ad-account", {"name": "a\u2028b"}, "name: must be one line of text without control characters"),
        (
            "create-ad-account",
            {"name": "Ac\u200bme"},
            "name: has an invisible character behind 'Ac' (U+200B zero width space); type it again without it",
        ),
        (
            "create-business-center",
            {"name": "\u201cAcme\u201d"},
            "name: stands in quotes (\u201c\u201d) that would be part of it; leave them out; in YAML use straight ones",
        ),
        ("add-ad-account", {"notify_owner": "perhaps"}, "notify_owner: 'perhaps' is not true or false"),
    ],
)
def test_a_wrong_value_is_one_clear_line(flow: str, overrides: dict[str, Any], line: str) -> None:
    assert problems(flow, **overrides) == [line]


def test_direction_marks_round_a_value_are_dropped_in_every_field() -> None:
    around = "\u202a\u2068{}\u2069\u202c"
    values = {"business_center": BC, "email": "ana@acme.example", "role": "standard", "client": "acme", "id": "main"}
    marked = {name: around.format(value) for name, value in values.items()}
    account = {"aadvid": around.format("${other.aadvid}"), "role": around.format("admin")}
    plain = {"aadvid": "${other.aadvid}", "role": "admin"}
    assert make_job("invite-member", **marked, ad_accounts=[account]) == make_job(
        "invite-member", **values, ad_accounts=[plain]
    )


def test_a_name_that_is_only_compared_may_hold_anything() -> None:
    for name in ("\u201cAcme\u201d", "Ac\u200bme"):
        assert make_job("add-ad-account", expect_name=name).model_dump()["expect_name"] == name


def test_a_job_that_was_taken_in_before_is_still_one() -> None:
    for values in (
        make_values("create-ad-account", name="\u201cAc\u200bme\u201d"),
        make_values("invite-member", email="-ana@acme.example"),
    ):
        assert attempt(values)[0] is None
        job = job_adapter().validate_python(values, context={KEPT: True})
        assert canonical(job)
        assert resolve(job, {}) == job


def test_terms_may_be_left_to_the_form() -> None:
    for accepted in (True, None):
        assert make_job("create-business-center", accept_terms=accepted).flow == "create-business-center"


def test_an_account_named_twice_is_one_or_an_error() -> None:
    twice = [{"aadvid": ACCOUNT, "role": "admin"}] * 2
    job = make_job("share-with-partner", ad_accounts=twice)
    assert isinstance(job, ShareWithPartner)
    assert len(job.ad_accounts) == 1
    conflicting = [{"aadvid": ACCOUNT, "role": "admin"}, {"aadvid": ACCOUNT, "role": "analyst"}]
    assert problems("share-with-partner", ad_accounts=conflicting) == [
        f"ad_accounts: {ACCOUNT} stands twice, as admin and as analyst"
    ]


def test_a_reference_is_found_and_replaced() -> None:
    job = make_job(
        "invite-member",
        business_center="${bc.business_center_id}",
        ad_accounts=[{"aadvid": "${main.aadvid}", "role": "admin"}],
    )
    assert references(job) == [
        ("business_center", "bc", "business_center_id"),
        ("ad_accounts[0].aadvid", "main", "aadvid"),
    ]
    resolved = resolve(job, {"bc": {"business_center_id": BC}, "main": {"aadvid": ACCOUNT}})
    assert references(resolved) == []
    assert resolved.business_center == BC
    assert job.business_center == "${bc.business_center_id}"


def test_a_reference_without_a_value_is_named() -> None:
    job = make_job("add-ad-account", aadvid="${main.aadvid}")
    nothing: list[dict[str, dict[str, str | None]]] = [{}, {"main": {}}, {"main": {"aadvid": None}}]
    for values in nothing:
        with pytest.raises(BadInput, match=r"^aadvid: \$\{main\.aadvid\} is not known$"):
            resolve(job, values)


@pytest.mark.parametrize("value", ["701", "${x.aadvid}", "x"])
def test_a_value_that_is_no_id_stops_the_job(value: str) -> None:
    with pytest.raises(BadInput, match=r"^aadvid: "):
        resolve(make_job("add-ad-account", aadvid="${main.aadvid}"), {"main": {"aadvid": value}})


def test_a_note_is_left_as_it_is() -> None:
    job = make_job("add-ad-account", note="${main.aadvid}")
    assert references(job) == []
    assert resolve(job, {"main": {"aadvid": ACCOUNT}}).note == "${main.aadvid}"


def test_effects_have_one_identity_whatever_the_spelling() -> None:
    first = canonical(make_job("invite-member", email="Ana@Bücher.example", client="a"))
    second = canonical(make_job("invite-member", email=" ana@xn--bcher-kva.example", client="b"))
    assert first == second
    address = f"https://ads.tiktok.com/i18n/home?aadvid={ACCOUNT}"
    assert canonical(make_job("add-ad-account", aadvid=address)) == canonical(make_job("add-ad-account"))


def test_a_partner_and_each_account_are_effects_of_their_own() -> None:
    effects = canonical(make_job("share-with-partner"))
    assert [(effect.kind, effect.identity) for effect in effects] == [
        ("partner", PARTNER),
        ("share", f"{PARTNER}:{ACCOUNT}"),
    ]
    assert effects[1].want == {"role": "operator"}


def test_a_guard_is_no_part_of_what_is_wanted() -> None:
    assert canonical(make_job("add-ad-account", expect_name="Acme")) == canonical(make_job("add-ad-account"))


def test_each_flow_has_a_result_whose_fields_can_be_referred_to() -> None:
    assert set(RESULTS) == set(FLOWS)
    assert referable("share-with-partner") == ["partner_id"]
    assert "aadvid" in referable("create-ad-account")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@unhurried
@given(st.sampled_from(sorted(FLOWS)), st.data())
def test_any_values_are_a_job_or_reasons(flow: str, data: st.DataObject) -> None:
    names = sorted(set(FLOWS[flow].model_fields) - {"flow"})
    overrides = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=4))
    job, why = attempt(make_values(flow, **overrides))
    assert all(line.isprintable() for line in why)
    if job is not None:
        assert not why
        assert job_adapter().validate_json(job.model_dump_json()) == job
        assert canonical(job)


@unhurried
@given(json_values)
def test_any_value_at_all_is_a_job_or_reasons(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        job_adapter().validate_python(value)
    assert explain(caught.value)


def test_a_role_is_never_assumed() -> None:
    for model in (AddAdAccount, InviteMember):
        assert model.model_fields["role"].is_required()
