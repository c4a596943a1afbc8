"""What of a batch its report shows, and how it says to go on."""

from contextlib import closing

from playwright.sync_api import Browser, Page, expect

from bcflow.models.outcomes import RunRecord
from bcflow.runner.reports.report import batch_report_html

HOSTILE = '"><script>alert(1)</script>'


def make_record(number: int, outcome: str, client: str | None) -> RunRecord:
    values = {"id": f"b-{number:03d}", "batch": "b", "job": f"job {number}", "flow": "invite-member", "client": client}
    return RunRecord.model_validate(values | {"outcome": outcome, "message": "said so"})


def shown(page: Page) -> list[str]:
    return sorted(row.inner_text().split("job ")[1][:1] for row in page.locator("tbody tr").all() if row.is_visible())


def test_the_rows_of_a_batch_are_filtered_by_outcome_and_client_without_a_script(browser: Browser) -> None:
    records = [make_record(1, "refused", "acme"), make_record(2, "done", HOSTILE), make_record(3, "refused", HOSTILE)]
    with closing(browser.new_context(java_script_enabled=False)) as context:
        page = context.new_page()
        page.set_content(batch_report_html(records, title="t"))

        assert shown(page) == ["1", "2", "3"]
        page.get_by_label("Only this outcome").select_option("Refused")
        assert shown(page) == ["1", "3"]
        page.get_by_label("Only this client").select_option(HOSTILE)
        assert shown(page) == ["3"]
        page.get_by_label("Only this outcome").select_option("all")
        assert shown(page) == ["2", "3"]
        expect(page.get_by_role("searchbox", include_hidden=True)).to_be_hidden()


def test_the_rows_of_a_batch_are_filtered_by_text_by_the_one_script_that_may_run(page: Page) -> None:
    records = [make_record(1, "refused", "Ácme"), make_record(2, "done", HOSTILE), make_record(3, "refused", "acme")]
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    page.on("pageerror", lambda error: alerts.append(str(error)))
    page.set_content(batch_report_html(records, title="t"))
    text = page.get_by_label("Only runs with the text")

    text.fill("  áCME ")
    assert shown(page) == ["1"]
    expect(page.locator("output")).to_have_text("1 of 3 have it")
    text.fill("JOB")
    page.get_by_label("Only this outcome").select_option("Refused")
    assert shown(page) == ["1", "3"]
    text.fill("<script>")
    assert shown(page) == []
    page.get_by_label("Only this outcome").select_option("all")
    assert shown(page) == ["2"]
    page.evaluate("location.hash = 'run-1'")
    expect(text).to_have_value("")
    assert shown(page) == ["1", "2", "3"]

    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(2)'}))")
    assert alerts == []
    assert page.locator("script").first.inner_text().startswith("//")


def test_the_jobs_of_a_plan_are_filtered_by_text(page: Page) -> None:
    looks = [make_record(number, "planned", None).model_copy(update={"dry_run": True}) for number in (1, 2)]
    looks[1].inputs = {"email": "ana@acme.example"}
    page.set_content(batch_report_html(looks, title="t"))
    page.get_by_label("Only jobs with the text").fill("ANA@")
    expect(page.locator("article:visible h3").filter(has_text="invite-member")).to_have_count(1)


def test_one_outcome_and_one_client_need_no_filter() -> None:
    html = batch_report_html([make_record(1, "done", "acme"), make_record(2, "done", None)], title="t")
    assert "<select" not in html
    assert "<script" not in batch_report_html([make_record(1, "done", "acme")], title="t"), "one run needs no search"
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
