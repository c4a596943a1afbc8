"""What a plan says of each job: legible in 60 columns, ids whole, both values of what differs, no more than seen."""

from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len

from bcflow.models.outcomes import EffectRecord, Outcome, RunRecord
from bcflow.runner.cli.frame import show_plan
from bcflow.runner.reports.plan_lines import plan_lines
from bcflow.runner.reports.report import batch_report_html

BC, ACCOUNT, OTHER, PARTNER = "7123456789012345678", "7012345678901234567", "7012345678901234568", "7345678901234567890"
ANA = "ana@acme.example"


def make_look(flow: str, outcome: Outcome = "planned", **overrides: Any) -> RunRecord:  # noqa: ANN401 - a record's fields
    values = {
        "id": "b-001",
        "job": "ana",
        "flow": flow,
        "outcome": outcome,
        "message": "said so",
        "business_center": BC,
        "business_center_name": "Northwind",
        "dry_run": True,
    }
    return RunRecord.model_validate(values | overrides)


def make_effect(kind: str, identity: str, outcome: Outcome = "planned", **overrides: Any) -> EffectRecord:  # noqa: ANN401 - an effect's fields
    values = {"kind": kind, "identity": identity, "business_center": BC, "outcome": outcome}
    return EffectRecord.model_validate(values | overrides)


def invited(outcome: Outcome = "planned", have: dict[str, Any] | None = None, **inputs: object) -> RunRecord:
    given = {"email": ANA, "role": "standard", **inputs}
    want: dict[str, Any] = {name: given[name] for name in ("role", "finance_role") if name in given}
    want["ad_accounts"] = {one["aadvid"]: one["role"] for one in inputs.get("ad_accounts", ())}  # type: ignore[attr-defined]
    effect = make_effect("member", ANA, outcome, want=want, have=have or {})
    return make_look("invite-member", outcome, inputs=given, effects=[effect])


def shared(partner: EffectRecord, *shares: EffectRecord, outcome: Outcome = "planned", **inputs: object) -> RunRecord:
    accounts = [{"aadvid": one.identity.partition(":")[2], "role": one.want["role"]} for one in shares]
    given = {"partner_id": PARTNER, "ad_accounts": accounts, **inputs}
    return make_look("share-with-partner", outcome, inputs=given, effects=[partner, *shares])


def share(account: str, outcome: Outcome = "planned", *, want: str = "operator", have: str = "") -> EffectRecord:
    return make_effect("share", f"{PARTNER}:{account}", outcome, want={"role": want}, have={"role": have or None})


def test_an_invitation_says_all_that_it_grants() -> None:
    accounts = [{"aadvid": ACCOUNT, "role": "operator"}, {"aadvid": OTHER, "role": "analyst"}]
    look = invited(finance_role="analyst", ad_accounts=accounts)
    look.client, look.source, look.login = "acme", "/home/ana/people.yaml:7", "second"

    assert plan_lines([look], width=60) == [
        f"+ invite-member {ANA}",
        f"    Business Center  {BC} “Northwind”",
        "    role             standard",
        "    finance role     analyst",
        f"    ad account       operator on {ACCOUNT}",
        f"    ad account       analyst on {OTHER}",
        "    client           acme",
        "    login            second",
        "    from             people.yaml:7",
        "",
        "Signs: + would be done",
        "1 to do",
    ]


def test_ad_accounts_have_their_names_where_a_look_has_seen_them() -> None:
    look = invited(ad_accounts=[{"aadvid": ACCOUNT, "role": "operator"}, {"aadvid": OTHER, "role": "analyst"}])
    look.names = {ACCOUNT: "Acme US"}
    also = shared(make_effect("partner", PARTNER), share(ACCOUNT))
    lines = plan_lines([look, also], width=80)
    assert [line.split("  ")[-1].strip() for line in lines if " on " in line] == [
        f"operator on {ACCOUNT} “Acme US”",
        f"analyst on {OTHER}",
        f"operator on {ACCOUNT} “Acme US”",
    ]
    assert "Acme US" in batch_report_html([look], title="Batch b")


def test_what_differs_has_both_values_and_the_rest_has_one() -> None:
    accounts = [{"aadvid": ACCOUNT, "role": "operator"}, {"aadvid": OTHER, "role": "analyst"}]
    have = {"role": "admin", "finance_role": None, "status": "active", "ad_accounts": {ACCOUNT: "analyst"}}
    lines = plan_lines([invited("differs", have, finance_role="analyst", ad_accounts=accounts)], width=80)

    assert lines[0] == f"~ invite-member {ANA}"
    assert lines[2:6] == [
        "  ~ role             standard asked, admin there",
        "    finance role     analyst",
        f"  ~ ad account       operator asked, analyst there: {ACCOUNT}",
        f"  ~ ad account       analyst asked, none there: {OTHER}",
    ]


def test_what_the_job_does_not_say_itself_is_told_too_if_it_differs() -> None:
    look = invited("differs", {"role": "standard", "status": "suspended"})
    look.effects[0].want["status"] = "active"

    assert "  ~ status           active asked, suspended there" in plan_lines([look], width=80)


def test_a_share_says_who_the_partner_is_and_that_nothing_is_done_beside_what_differs() -> None:
    delta = make_effect("partner", PARTNER, "already", have={"name": "Delta", "status": "active"})
    look = shared(delta, share(ACCOUNT, "differs", want="admin", have="operator"), share(OTHER), outcome="differs")

    assert plan_lines([look], width=60)[:8] == [
        f"~ share-with-partner {PARTNER}",
        f"    Business Center  {BC} “Northwind”",
        f"    partner          {PARTNER} “Delta” (there",
        "                     already)",
        "  ~ ad account       admin asked, operator there:",
        f"                     {ACCOUNT}",
        f"    ad account       operator on {OTHER}",
        "    Nothing of this job is done while a part of it differs.",
    ]


def test_a_part_that_is_there_is_told_from_what_would_be_done() -> None:
    delta = make_effect("partner", PARTNER, "already", have={"name": "Delta"})
    lines = plan_lines([shared(delta, share(ACCOUNT, "already", have="operator"), share(OTHER))], width=100)

    assert f"    ad account       operator on {ACCOUNT} (there already)" in lines
    assert f"    ad account       operator on {OTHER}" in lines


def test_a_name_that_was_not_seen_is_not_made_up() -> None:
    new = make_effect("partner", PARTNER)
    plain, guarded = shared(new, share(ACCOUNT)), shared(new, share(ACCOUNT), expect_partner_name="Delta")

    assert f"    partner          {PARTNER} (its name was not seen)" in plan_lines([plain], width=100)
    said = f"    partner          {PARTNER} (its name was not seen; it must be “Delta”)"
    assert said in plan_lines([guarded], width=100)


def test_accounts_have_the_names_that_other_looks_have_seen_or_other_jobs_give() -> None:
    inputs = {"id": "main", "name": "O'Brien & Söhne", "country": "DE"}
    made = make_look("create-ad-account", inputs=inputs, effects=[make_effect("ad-account", "O'Brien & Söhne")])
    seen = make_look(
        "add-ad-account",
        "already",
        inputs={"aadvid": OTHER, "role": "admin"},
        effects=[make_effect("ad-account-access", OTHER, "already", have={"name": "Acme US", "status": "approved"})],
    )
    accounts = [{"aadvid": "${main.aadvid}", "role": "operator"}, {"aadvid": OTHER, "role": "analyst"}]
    later = make_look("invite-member", inputs={"email": ANA, "role": "standard", "ad_accounts": accounts})
    lines = plan_lines([made, seen, later], width=100)

    assert f"= add-ad-account {OTHER} is there already: approved" in lines
    assert "    ad account       operator on ${main.aadvid} “O'Brien & Söhne”" in lines
    assert f"    ad account       analyst on {OTHER} “Acme US”" in lines
    assert "    It can be looked at only when another job is done." in lines
    assert lines[1:5] == [
        f"    Business Center  {BC} “Northwind”",
        "    country          DE",
        "    time zone        as the form has it",
        "    currency         as the form has it",
    ]


def test_what_is_there_takes_one_line_and_what_cannot_be_done_says_why() -> None:
    there = invited("already", {"status": "pending"})
    there.waiting_for, there.next_action = "invitee", "the invited person must open the mail and accept"
    refused = invited("refused")
    refused.message, refused.next_action = "the site said no", "change the job"

    assert plan_lines([there, refused], width=80) == [
        f"= invite-member {ANA} is there already: pending",
        "    the invited person must open the mail and accept",
        "",
        f"! invite-member {ANA}",
        f"    Business Center  {BC} “Northwind”",
        "    role             standard",
        "    the site said no",
        "    change the job",
        "",
        "Signs: = is there already, ! needs you, or cannot be done as it is",
        "1 already · 1 cannot",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien, Père & Fils / Zoë-Anaïs " * 3,
        "شركة النور للتجارة " * 5,
        "東京広告株式会社" * 9,
        "👩‍💻👨‍👩‍👧‍👦 Studio " * 6,
    ],
)
@pytest.mark.parametrize("width", [60, 100, 160])
def test_every_line_fits_and_ids_stay_whole_whatever_the_names_are(name: str, width: int) -> None:
    new = make_effect("partner", PARTNER)
    look = shared(new, share(ACCOUNT), expect_partner_name=name.strip())
    look.business_center_name = name.strip()
    made = make_look("create-ad-account", inputs={"name": name.strip()}, effects=[make_effect("ad-account", name)])
    lines = plan_lines([look, made], width=width)

    assert max(cell_len(line) for line in lines) <= width
    assert all(sum(one in line for line in lines) for one in (BC, PARTNER, ACCOUNT))
    assert "".join(name.split()) in "".join("".join(lines).split())


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_only_a_terminal_gets_colours_and_no_name_can_bring_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    look = invited("differs", {"role": "admin"})
    look.business_center_name = "North\x1b[31mwind"
    terminal, file = Terminal(), StringIO()
    show_plan([look], terminal)
    show_plan([look], file)

    assert "\x1b[33m~ invite-member" in terminal.getvalue()
    assert "\x1b[31m" not in terminal.getvalue()
    assert "\x1b" not in file.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    bare = Terminal()
    show_plan([look], bare)
    assert bare.getvalue() == f"\n{file.getvalue()}", "apart from what is above it"


def test_the_report_of_a_plan_says_what_would_be_done_and_never_that_nothing_is_left() -> None:
    page = batch_report_html([invited(), invited("already", {"status": "active"})], title="Batch b")

    assert "Nobody, before it is run: 1 job would be done." in page
    assert "What would be done" in page
    assert f"<dt>Business Center</dt><dd>{BC} “Northwind”</dd>" in page
    assert "nothing left to do" not in page
    nothing = batch_report_html([invited("already", {"status": "active"})], title="Batch b")
    assert "Nobody. A run would write nothing." in nothing


def test_a_name_from_right_to_left_is_set_apart_in_a_report_and_not_spelled_out() -> None:
    made = make_look("create-ad-account", "done", inputs={"name": "شركة النور"}, dry_run=False)
    page = batch_report_html([made], title="Batch b")

    assert "Create the ad account “\u2068شركة النور\u2069”" in page
