"""The pages a person reads: complete, inert, legible, and needing nothing from anywhere."""

import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bcflow.models.outcomes import OUTCOMES, EffectRecord, Outcome, Picture, RunRecord, StepRecord
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.reports.report import batch_report_html, run_report_html
from bcflow.runner.reports.report_files import write_reports, write_run_report
from bcflow.runner.reports.wording import OUTCOME_WORDS
from tests.support.words import ABOARD, make_unknown

ROOT = Path(__file__).resolve().parents[2]
BC = "7123456789012345678"
HOSTILE = '</title></style><script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(2)">'
RTL = "شركة\u202e النور"
LONG = "Averylongname" * 30


def make_record(number: int = 1, outcome: Outcome = "done", **overrides: object) -> RunRecord:
    at = datetime(2026, 11, 24, 20, 19, number % 60, tzinfo=UTC).isoformat()
    effect = EffectRecord(
        kind="member",
        identity="ana@acme.example",
        business_center=BC,
        outcome=outcome,
        want={"role": "admin", "finance_role": "analyst"},
        have={"role": "Admin", "finance_role": "manager"},
        proof="26 of 26 rows",
        writes=1,
        armed_at=at,
    )
    values = {
        "id": f"batch-{number:03d}",
        "batch": "batch",
        "job": f"jobs[{number}]",
        "client": f"client {number}",
        "flow": "invite-member",
        "outcome": outcome,
        "message": f"What happened to {number}.",
        "inputs": {"email": "ana@acme.example", "role": "admin", "finance_role": "analyst"},
        "business_center": BC,
        "business_center_name": "Northwind Agency",
        "requested_by": "maria@northwind.example",
        "started": at,
        "finished": at,
        "seconds": 65.0,
        "source": f"/home/maria/people.xlsx:{number + 2}",
        "writes": 1,
        "steps": [StepRecord(name="send the invitation", at=at, seconds=1.25, ok=outcome != "failed")],
        "effects": [effect],
        "versions": {"bcflow": "0.1.0", "Chromium": "143"},
    }
    return RunRecord.model_validate(values | overrides)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "home" / "runs" / "batch-001")


@pytest.fixture
def watched(page: Page) -> Page:
    """Give a page that fails the test by `page.complaints` when it fetches, runs or reports anything."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: complaints.append(f"request: {request.url}"))
    page.complaints = complaints  # type: ignore[attr-defined]
    return page


def complaints_of(page: Page) -> list[str]:
    inside = ("request: file:", "request: data:")
    return [line for line in page.complaints if not line.startswith(inside)]  # type: ignore[attr-defined]


def plain(html: str) -> str:
    """Return the text of a page, its white space folded."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_a_run_report_says_what_was_asked_what_happened_and_who_acts_next(tmp_path: Path) -> None:
    record = make_record(outcome="waiting", waiting_for="invitee", next_action="Ask Ana to accept.")
    text = plain(run_report_html(record, tmp_path))
    for said in (
        "Invite ana@acme.example as Admin and Finance analyst",
        "What happened to 1.",
        "Waiting",
        "The invited person Ask Ana to accept.",
        f"Northwind Agency {BC}",
        "Role admin Admin yes",
        "Finance role analyst manager no",
        "26 of 26 rows",
        "send the invitation 1.2 s",
        "maria@northwind.example",
        "people.xlsx:3",
        "1 min 5 s",
        "Chromium 143",
    ):
        assert said in text
    assert "/home/maria" not in text


@pytest.mark.parametrize(
    ("outcome", "told"), [("done", "admin not shown —"), ("waiting", "admin not shown —"), ("differs", "admin — no")]
)
def test_what_the_site_does_not_show_is_not_called_unequal(outcome: Outcome, told: str, tmp_path: Path) -> None:
    record = make_record(outcome=outcome)
    record.effects[0].want, record.effects[0].have = {"role": "admin"}, {"role": None, "name": "Ana"}
    record.effects[0].outcome = outcome
    text = " ".join(plain(run_report_html(record, tmp_path)).split())
    assert told in text


def test_what_waits_for_a_word_is_shown_with_its_frames_and_their_reasons(evidence: Evidence, watched: Page) -> None:
    watched.set_content("<button>Bring aboard</button>")
    pictures = [evidence.save_picture(watched.screenshot(), name="candidates", caption="The page", kind="failure")]
    record = make_record(
        outcome="waiting", waiting_for="you", needs="word", unknown=[make_unknown()], pictures=pictures
    )
    html = run_report_html(record, evidence.folder)
    text = plain(html)
    assert "On the screen members (language en) nothing has a word that is known" in text
    assert f"the button “Invite member” No. It reads Evidence What speaks for it 1 {ABOARD} strong it stands" in text
    assert html.count("<img ") == 1, "the picture is shown once"
    assert "How the screens were read" not in text


def test_a_run_says_which_learnt_words_it_went_by_and_what_it_read_by_evidence(tmp_path: Path) -> None:
    record = make_record(learnt={"invite member": [ABOARD]}, warnings=["members: “Find” was taken for the search"])
    text = plain(run_report_html(record, tmp_path))
    assert f"By words that a person taught: invite member {ABOARD}" in text
    assert "members: “Find” was taken for the search" in text
    assert "Words that are not known" not in text


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_its_words_and_its_place_in_the_manual(outcome: Outcome, tmp_path: Path) -> None:
    record = make_record(outcome=outcome, message="")
    words = OUTCOME_WORDS[outcome]
    for html in (run_report_html(record, tmp_path), batch_report_html([record], title="t")):
        assert words.label in html
        assert words.means in plain(html).replace("&#39;", "'")
    assert f"\n### {outcome}\n" in (ROOT / "docs" / "outcomes.md").read_text(encoding="utf-8")


def test_a_run_report_opens_without_a_request_a_script_or_a_complaint(evidence: Evidence, watched: Page) -> None:
    watched.set_content("<h1>Members</h1><p>one row</p>")
    pictures = [
        evidence.save_picture(watched.screenshot(), name="dialog", caption="The dialog", kind="before"),
        evidence.save_picture(watched.screenshot(), name="row", caption="The row", kind="after"),
        evidence.save_picture(watched.screenshot(), name="all", caption="The screen", kind="failure"),
    ]
    tree = evidence.save_tree('- heading "Members" [level=1]\n- textbox "Search": planted\n')
    path = write_run_report(make_record(outcome="failed", pictures=pictures, tree=tree), evidence.folder)
    watched.goto(path.as_uri())
    assert complaints_of(watched) == []
    for picture in watched.get_by_role("img").all():
        assert picture.evaluate("image => image.naturalWidth") > 0
    expect(watched.get_by_role("img", name="Before: The dialog")).to_be_visible()
    expect(watched.get_by_role("img", name="Failure: The screen")).to_be_visible()
    watched.get_by_text("What the screen said").click()
    expect(watched.locator("pre")).to_contain_text('heading "Members"')
    expect(watched.locator("pre")).not_to_contain_text("planted")
    assert watched.locator("script").count() == 0


def test_where_an_earlier_attempt_stopped_is_put_away_once_it_is_done(evidence: Evidence, watched: Page) -> None:
    watched.set_content("<h1>Members</h1>")
    picture = evidence.save_picture(
        watched.screenshot(), name="candidates", caption="What may be meant", kind="failure"
    )
    watched.goto(write_run_report(make_record(pictures=[picture]), evidence.folder).as_uri())
    expect(watched.get_by_role("heading", name="The screen when an earlier attempt stopped")).to_be_visible()
    expect(watched.get_by_role("img")).to_be_hidden()
    watched.get_by_text("Picture of the whole screen").click()
    expect(watched.get_by_text("asked What may be meant")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_names_are_only_text_and_long_ones_wrap(scheme: str, evidence: Evidence, watched: Page) -> None:
    inputs = {"name": f"{HOSTILE} {RTL} {LONG}"}
    record = make_record(flow="create-ad-account", inputs=inputs, client=HOSTILE, message=HOSTILE, note=RTL, job=LONG)
    record.pictures = [Picture(file="gone.png", caption=HOSTILE, kind="before")]
    record.effects[0].identity = record.effects[0].proof = HOSTILE
    path = write_run_report(record, evidence.folder)
    batch = write_reports(evidence.folder.parent.parent, [record], runs_folder=evidence.folder.parent, title=HOSTILE)
    watched.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for page in (path, batch):
        watched.goto(page.as_uri())
        assert complaints_of(watched) == []
        expect(watched.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")
        assert watched.locator("script, img[src^=http]").count() == 0
        assert watched.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert "\u202e" not in watched.content()


def test_a_missing_or_foreign_picture_is_said_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"\x89PNG planted")
    folder = tmp_path / "run"
    folder.mkdir()
    record = make_record(pictures=[Picture(file="../secret.png", caption="c", kind="after")], tree="../x")
    html = run_report_html(record, folder)
    assert "could not be kept" in html
    assert "data:image" not in html


def test_a_batch_report_puts_first_what_needs_a_person() -> None:
    records = [make_record(n, outcome) for n, outcome in enumerate(OUTCOMES, 1)]
    html = batch_report_html(records, title="November", source="people.xlsx", sha256="ab" * 32, seconds=3.0)
    order = [OUTCOMES[int(n) - 1] for n in re.findall(r'<tr id="run-(\d+)"', html)]
    assert order[:7] == ["unknown", "screen-changed", "failed", "differs", "refused", "expired", "skipped"]
    assert order[7] == "waiting"
    assert order[-1] == "already"
    text = plain(html)
    assert "12 runs: 1 unknown" in text
    assert "7 need you." in text
    assert "ab" * 32 in text
    assert "people.xlsx" in text


def test_who_must_act_is_grouped_by_person_and_by_what_to_do() -> None:
    waiting = [make_record(n, "waiting", waiting_for="owner", next_action="Ask them.") for n in (1, 2)]
    html = batch_report_html([*waiting, make_record(3, "waiting", waiting_for="you")], title="t")
    text = plain(html)
    assert "1 need s you." in text.replace("needs", "need s")
    assert re.search(r"ad account.{1,8}s owner 2 Ask them. 3 client 1 , 4 client 2", text)
    assert html.count("Ask them.") == 1


def test_a_run_that_another_machine_did_says_where_its_pictures_are(tmp_path: Path) -> None:
    ours, theirs = make_record(1), make_record(2)
    theirs.machine = "worker2"
    page = write_reports(tmp_path / "b", [ours, theirs], runs_folder=tmp_path / "runs", title="t").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith('<tr id="run-')]
    assert ["on worker2" in row for row in sorted(rows)] == [False, True]


def test_links_hold_when_the_home_is_moved(evidence: Evidence, watched: Page, tmp_path: Path) -> None:
    home = evidence.folder.parent.parent
    record = make_record()
    evidence.write_result(record)
    write_reports(home / "batches" / "batch", [record], runs_folder=home / "runs", title="November")
    moved = tmp_path / "somewhere else"
    shutil.move(home, moved)
    watched.goto((moved / "batches" / "batch" / "report.html").as_uri())
    watched.get_by_role("link", name="Invite ana@acme.example").click()
    expect(watched.get_by_text("What happened to 1.")).to_be_visible()
    assert complaints_of(watched) == []


def test_a_report_is_made_again_when_the_result_has_changed(evidence: Evidence) -> None:
    runs, batch = evidence.folder.parent, evidence.folder.parent.parent / "batch"
    for message in ("first", "second"):
        record = make_record(message=message)
        evidence.write_result(record)
        write_reports(batch, [record, make_record(2)], runs_folder=runs, title="t")
    assert "second" in (evidence.folder / "report.html").read_text(encoding="utf-8")
    assert (batch / "report.html").read_text(encoding="utf-8").count('href="../') == 1


def test_five_hundred_runs_are_quick_and_fit_the_page(tmp_path: Path, watched: Page) -> None:
    records = [make_record(n, OUTCOMES[n % len(OUTCOMES)]) for n in range(1, 501)]
    batch_report_html([], title="the templates are compiled once")
    before = time.thread_time()
    html = batch_report_html(records, title="Five hundred")
    assert time.thread_time() - before < 1
    (tmp_path / "r.html").write_text(html, encoding="utf-8")
    watched.goto((tmp_path / "r.html").as_uri())
    expect(watched.get_by_role("row")).to_have_count(501)
    assert watched.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Fewer: on a busy machine Chromium takes minutes to lay out some hundred rows for paper.
    watched.set_content(batch_report_html(records[:40], title="Forty"))
    assert watched.pdf(prefer_css_page_size=True).startswith(b"%PDF")
