"""Words that nobody knows, as a person and a script meet them: inbox, answer, and the question at the terminal."""

import io
import json
from typing import Any

import pytest

from bcflow.runner.cli import frame
from bcflow.runner.cli.app import run_app
from bcflow.runner.storage.labels.file import LabelFile
from tests.support.fake_site import SITE, FakeSite
from tests.support.night import ANA, BO, CAPTCHA, TRUSTED, Night
from tests.support.words import ABOARD, EXPORT, INVITE, OFF, SEND, WHAT, make_unknown, make_word, page, waits

ONE = make_unknown()
TWO = make_unknown(make_word(INVITE, ABOARD, EXPORT), make_word(SEND, OFF, first=3, strength="fair", purpose="read"))
MEANS = {INVITE: ABOARD, SEND: OFF}
JOB = f"""business_center: "7123456789012345678"
jobs:
  - {{flow: invite-member, email: {ANA}, role: standard, client: acme}}
"""


class Page:
    """The fake site's page for a job: unknown words, and how it goes on once they are known."""

    def __init__(self, night: Night, unknown: Any, then: dict[str, Any], means: dict[str, str]) -> None:  # noqa: ANN401 - unknown words
        self._attempt = page(night.home, SITE, unknown, means=means, then=then)

    def __call__(self) -> dict[str, Any]:
        return self._attempt({})


def stick(site: FakeSite, unknown: Any, *jobs: str) -> None:  # noqa: ANN401 - unknown words
    for job in jobs:
        site.looks[job] = site.runs[job] = waits(unknown)


def learnt(night: Night) -> dict[str, tuple[str, ...]]:
    return dict(LabelFile(night.home).learnt(SITE).words)


def answer(night: Night, *options: str, stdin: str = "") -> tuple[int, str, str]:
    """Answer the question that is open, by options or on standard input."""
    night.monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    asked = night.question()["id"]
    night.capsys.readouterr()
    code = run_app(["answer", asked, *options])
    said = night.capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def batch(night: Night, site: FakeSite) -> str:
    """A batch that ended with a question about two words."""
    (night.home.parent / "jobs.yaml").write_text(JOB)
    stick(site, TWO, ANA)
    made = night.submit(*TRUSTED)
    night.work()
    return made


def test_the_inbox_is_a_list_and_has_everything_a_script_needs(night: Night, batch: str) -> None:
    found = night.document("inbox")
    assert isinstance(found, list)
    (question,) = found
    told = {name: question[name] for name in ("kind", "batch", "run", "client", "screen", "concept", "for", "language")}
    assert told == {
        "kind": "word",
        "batch": batch,
        "run": f"{batch}-001",
        "client": "acme",
        "screen": "members",
        "concept": INVITE,
        "for": "write",
        "language": "en",
    }
    why = "it stands where it should"
    assert question["candidates"] == [
        {"n": 1, "text": ABOARD, "why": why, "strength": "strong"},
        {"n": 2, "text": EXPORT, "why": why, "strength": "weak"},
    ]
    assert [(word["concept"], word["for"], word["answer"]) for word in question["words"]] == [
        (INVITE, "write", None),
        (SEND, "read", None),
    ]
    assert set(question) >= {"id", "text", "asked", "deadline", "picture"}
    assert "topic" not in question
    shown = night.shown("inbox")
    assert all(text in shown for text in (ABOARD, EXPORT, OFF, WHAT[INVITE], f"bcflow answer {question['id']}"))


@pytest.mark.nightly
def test_what_rests_is_told_beside_the_list(night: Night, site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.runs[ANA] = CAPTCHA
    night.submit(*TRUSTED)
    night.work()
    capsys.readouterr()
    assert run_app(["inbox", "--json"]) == 0
    said = capsys.readouterr()
    assert [one["kind"] for one in json.loads(said.out)] == ["captcha"]
    assert "invite-member on login default is paused" in said.err
    assert "paused" in str(night.document("status")["switches"])


def test_a_script_answers_one_word_after_the_other(night: Night, batch: str, site: FakeSite) -> None:
    code, said, _ = answer(night, "--choose", "1")
    assert (code, learnt(night)) == (0, {})
    assert f"is answered in part: {INVITE} is '{ABOARD}'; next: {WHAT[SEND]}" in said
    assert OFF in said, "what is next is shown"
    question = night.question()
    assert (question["concept"], question["for"], question["candidates"][0]["text"]) == (SEND, "read", OFF)
    assert question["words"][0]["answer"]["text"] == ABOARD

    site.runs.clear()
    code, said, err = answer(night, "--text", OFF)
    assert (code, learnt(night)) == (0, {INVITE: (ABOARD,), SEND: (OFF,)})
    assert f"batch {batch} is queued again" in said
    assert f"bcflow resume {batch} goes on" in err
    night.work()
    assert night.outcomes(batch) == ["done"]
    assert (night.document("inbox"), site.written[-1]) == ([], ANA)
    entries = night.document("log", "--action", "answered")
    assert [(one["actor"], one["detail"]["answer"]) for one in entries] == [
        ("maria@agency", ABOARD),
        ("maria@agency", OFF),
    ]


@pytest.mark.nightly
def test_an_answer_as_json_says_what_is_next(night: Night, batch: str) -> None:
    code, said, _ = answer(night, "--concept", SEND, "--none", "--json")
    told = json.loads(said)
    assert (code, told["open"], told["next"]["concept"]) == (0, True, INVITE)
    code, said, _ = answer(night, "--none", "--json")
    assert (json.loads(said)["open"], json.loads(said)["next"]) == (False, None)
    assert night.outcomes(batch) == ["screen-changed"]
    assert run_app(["report", batch]) == 0


@pytest.mark.nightly
@pytest.mark.parametrize(("stdin", "expected"), [("1\n", ABOARD), (f"{EXPORT}\n", EXPORT), ("none\n", None)])
@pytest.mark.usefixtures("batch")
def test_a_line_on_stdin_is_an_answer_too(night: Night, stdin: str, expected: str | None) -> None:
    assert answer(night, stdin=stdin)[0] == 0
    assert night.question()["words"][0]["answer"]["text"] == expected


@pytest.mark.nightly
@pytest.mark.usefixtures("batch")
def test_what_does_not_fit_ends_with_2_and_changes_nothing(night: Night) -> None:
    for options, why in [
        (["--choose", "9"], "the answer is one of: 1, 2; or --text"),
        (["--text", ""], "the text is empty"),
        (["--text", "Cancel"], "is the word of 'cancel'"),
        (["--yes"], "it asks for a word: --choose N, --text TEXT or --none"),
        (["--choose", "1", "--none"], "--choose and --none: give one of them"),
        (["--concept", "members", "--none"], f"it asks about {INVITE}, {SEND}"),
        ([], "nothing was given as the answer"),
    ]:
        code, said, told = answer(night, *options)
        assert (code, said) == (2, ""), options
        assert why in told, options
        assert [word["answer"] for word in night.question()["words"]] == [None, None], options


@pytest.mark.nightly
def test_the_other_questions_take_options_too(night: Night, site: FakeSite) -> None:
    batch = night.submit_unagreed()
    night.work()
    assert answer(night, "--choose", "1")[0] == 2
    assert answer(night, "--text", "perhaps")[0] == 2
    assert answer(night, "--concept", "members", "--yes")[0] == 2
    assert answer(night, "--yes")[0] == 0
    site.runs[ANA] = CAPTCHA
    night.work()
    site.runs.clear()
    assert night.question()["kind"] == "captcha"
    assert answer(night, "--yes")[0] == 0
    night.work()
    assert night.outcomes(batch) == ["done"] * 3
    night.ask_for_code()
    code, _, err = answer(night, "--text", "271828")
    assert (code, "a code is never an argument" in err) == (2, True)


class Terminal:
    """A person at the terminal who types these lines; `asked` are the prompts they got."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *lines: str | None) -> None:
        self.asked: list[str] = []
        self._lines = list(lines)
        monkeypatch.setattr(frame, "person_is_there", lambda: True)
        monkeypatch.setattr(frame, "ask_person", self._ask)
        monkeypatch.setattr(frame, "ask_yes_no", lambda _question: True)

    def _ask(self, question: str, *, secret: bool) -> str | None:
        assert not secret
        self.asked.append(question)
        return self._lines.pop(0)


def at_page(night: Night, site: FakeSite, unknown: Any, means: dict[str, str] = MEANS) -> None:  # noqa: ANN401 - unknown words
    """Have the job come to a page with unknown words, from which it goes on once what they mean is known."""
    (night.home.parent / "jobs.yaml").write_text(JOB)
    site.looks[ANA] = Page(night, unknown, {"outcome": "planned"}, means)
    site.runs[ANA] = Page(night, unknown, {"outcome": "done", "writes": 1}, means)


def test_at_a_terminal_every_word_is_asked_for_there_and_the_run_goes_on(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at_page(night, site, TWO)
    person = Terminal(monkeypatch, "\n", "\n", f"{OFF}\n")
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 0
    err = capsys.readouterr().err
    assert [("Enter for 1" in line, "a number" in line) for line in person.asked] == [
        (True, True),
        (False, True),
        (False, True),
    ]
    assert "evidence alone is not enough here: type the number" in err
    assert f"1  {ABOARD}  (strong: it stands where it should)" in err
    assert learnt(night) == {INVITE: (ABOARD,), SEND: (OFF,)}
    assert (night.outcomes("last"), night.document("inbox")) == (["done"], [])
    assert [word.state for word in LabelFile(night.home).read().words] == ["proven", "proven"]


def test_a_word_that_is_met_in_the_write_is_asked_for_before_the_batch_ends(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_page(night, site, ONE)
    del site.looks[ANA]
    person = Terminal(monkeypatch, "\n")
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 0
    assert (len(person.asked), night.outcomes("last"), site.written) == (1, ["done"], [ANA, ANA])


@pytest.mark.nightly
@pytest.mark.usefixtures("batch")
def test_one_word_can_be_asked_for_by_its_name(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    question = night.question()["id"]
    with monkeypatch.context() as patch:
        person = Terminal(patch, f"{OFF}\n")
        assert run_app(["answer", question, "--concept", SEND]) == 0
        assert run_app(["answer", question, "--concept", "members"]) == 2
        assert len(person.asked) == 1
    assert [word["answer"] is None for word in night.question()["words"]] == [True, False]


@pytest.mark.nightly
@pytest.mark.parametrize("line", ["later\n", None])
def test_what_is_left_at_the_terminal_waits_in_the_inbox_and_is_asked_there_once(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch, line: str | None
) -> None:
    at_page(night, site, ONE)
    with monkeypatch.context() as patch:
        person = Terminal(patch, line)
        assert run_app(["run", "jobs.yaml", *TRUSTED]) == 3
        assert len(person.asked) == 1
    assert night.outcomes("last") == ["waiting"]
    assert night.question()["kind"] == "word"

    with monkeypatch.context() as patch:
        Terminal(patch, "1\n")
        assert run_app(["answer", night.question()["id"]]) == 0
    night.work()
    assert night.outcomes("last") == ["done"]


@pytest.mark.nightly
def test_who_types_nothing_that_fits_is_not_asked_for_ever(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_page(night, site, ONE)
    person = Terminal(monkeypatch, "9\n", "Cancel\n", "8\n")
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 3
    assert len(person.asked) == 3
    assert learnt(night) == {}


@pytest.mark.nightly
def test_a_dry_run_at_a_terminal_asks_and_looks_again(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_page(night, site, ONE)
    Terminal(monkeypatch, "\n")
    assert run_app(["run", "jobs.yaml", "--dry-run"]) == 0
    assert (night.outcomes("last"), site.written) == (["planned"], [])


def test_without_a_terminal_the_run_ends_with_3_and_the_others_are_done(night: Night, site: FakeSite) -> None:
    stick(site, ONE, ANA)
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 3
    assert night.outcomes("last") == ["done", "waiting", "waiting"]
    assert site.written == ["Acme US"]
    assert BO not in site.looked, "what needs the same word is not begun"
    said = night.shown("show", "last")
    assert "you: bcflow inbox" in said
