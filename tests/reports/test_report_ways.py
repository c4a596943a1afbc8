"""What of a batch its report shows, and how it says to go on."""

from playwright.sync_api import Page, expect

from bcflow.models.outcomes import RunRecord
from bcflow.runner.reports.report import batch_report_html

HOSTILE = '"><script>alert(1)</script>'


def make_record(number: int, outcome: str, client: str | None) -> RunRecord:
    values = {"id": f"b-{number:03d}", "batch": "b", "job": f"job {number}", "flow": "invite-member", "client": client}
    return RunRecord.model_validate(values | {"outcome": outcome, "message": "said so"})


def test_the_rows_of_a_batch_are_filtered_by_outcome_and_client_without_a_script(page: Page) -> None:
    records = [make_record(1, "refused", "acme"), make_record(2, "done", HOSTILE), make_record(3, "refused", HOSTILE)]
    page.set_content(batch_report_html(records, title="t"))
    rows = page.locator("tbody tr")

    def shown() -> list[str]:
        return [row.inner_text().split("job ")[1][:1] for row in rows.all() if row.is_visible()]

    assert sorted(shown()) == ["1", "2", "3"]
    page.get_by_label("Only this outcome").select_option("Refused")
    assert shown() == ["1", "3"]
    page.get_by_label("Only this client").select_option(HOSTILE)
    assert shown() == ["3"]
    page.get_by_label("Only this outcome").select_option("all")
    assert sorted(shown()) == ["2", "3"]
    expect(page.locator("script")).to_have_count(0)


def test_one_outcome_and_one_client_need_no_filter() -> None:
    html = batch_report_html([make_record(1, "done", "acme"), make_record(2, "done", None)], title="t")
    assert "<select" not in html
    assert "Next:" not in html


def test_a_batch_says_how_to_go_on_with_it() -> None:
    html = batch_report_html([make_record(1, "done", "acme"), make_record(2, "failed", None)], title="t")
    assert "<p>Next: <code>bcflow resume b</code></p>" in html
    assert "Next:" not in batch_report_html([make_record(1, "refused", "acme")], title="t"), "it leads here"


def test_what_is_already_there_and_still_waits_is_named_with_who_must_act() -> None:
    run = make_record(1, "already", "acme").model_copy(update={"waiting_for": "invitee", "next_action": "Accept it."})
    html = batch_report_html([run], title="t")
    assert "The invited person" in html
    assert "<p>Next: <code>bcflow waiting</code></p>" in html
