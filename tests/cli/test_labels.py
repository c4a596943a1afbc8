"""`bcflow labels`: what this home was taught, put in by hand, taken out, and handed on to others."""

import json
from pathlib import Path

import pytest

from bcflow.runner.cli.app import run_app
from bcflow.runner.storage.labels.file import LabelFile, from_yaml
from bcflow.runner.storage.labels.kept import DeniedWord
from tests.support.fake_site import SITE, FakeSite
from tests.support.night import ANA, TRUSTED, Night
from tests.support.words import ABOARD, EXPORT, INVITE, OFF, SEND, make_learnt, make_unknown, waits


@pytest.fixture
def labels(home: Path) -> LabelFile:
    return LabelFile(home)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run_app(["labels", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def teach(labels: LabelFile, text: str = ABOARD, **more: str) -> None:
    labels.change(lambda kept: kept.teach(make_learnt(text=text, site=SITE, **more)))


def test_a_word_is_taught_listed_and_forgotten(
    labels: LabelFile, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BCFLOW_ACTOR", "maria@agency")
    assert run(capsys, "list")[1] == "nothing was taught here yet\n"
    assert run(capsys, "add", INVITE, f" {ABOARD} ")[:2] == (0, f"{INVITE} is '{ABOARD}' on {SITE} (en)\n")
    assert labels.learnt(SITE).words == {INVITE: (ABOARD,)}

    (told,) = json.loads(run(capsys, "list", "--json")[1])
    expected = {"concept": INVITE, "text": ABOARD, "language": "en", "site": SITE, "by": "maria@agency", "state": "new"}
    assert {name: told[name] for name in expected} == expected
    assert not told["known"]
    assert ABOARD in run(capsys, "list")[1]
    assert run(capsys, "forget", INVITE, ABOARD)[:2] == (0, "forgotten: 1\n")
    assert labels.learnt(SITE).words == {}
    capsys.readouterr()
    assert run_app(["log", "--json"]) == 0
    assert [one["action"] for one in json.loads(capsys.readouterr().out)] == ["taught", "forgotten"]


def test_a_word_of_another_language_is_said_to_be_so(labels: LabelFile, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "add", INVITE, "Rủ rê", "--language", "vi-VN")[0] == 0
    assert [word.language for word in labels.read().words] == ["vi"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "invite membr", ABOARD], "did you mean 'invite member'?"),
        (["add", INVITE, "Cancel"], "'Cancel' is the word of 'cancel'"),
        (["add", INVITE, "  "], "the text is empty"),
        (["add", INVITE, ABOARD, "--language", "x1"], "'x1' is no language"),
        (["forget", INVITE], "nothing was taught of 'invite member'"),
        (["forget", INVITE, ABOARD], f"'{ABOARD}' was not taught as 'invite member'"),
        (["export", "words.yaml"], "nothing was taught here yet"),
        (["import", "missing.yaml"], "cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused(
    labels: LabelFile, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    code, said, err = run(capsys, *words)
    assert (code, said) == (2, "")
    assert told in err
    assert not labels.path.exists()


def test_what_was_denied_is_listed_and_can_be_forgotten(labels: LabelFile, capsys: pytest.CaptureFixture[str]) -> None:
    denied = DeniedWord(concept=INVITE, text="", site=SITE, screen="members", by="ana")
    labels.change(lambda kept: kept.deny(denied))
    assert "(nothing on members)" in run(capsys, "list")[1]
    assert json.loads(run(capsys, "list", "--json")[1])[0]["state"] == "denied"
    assert run(capsys, "forget", INVITE)[0] == 0
    assert not labels.learnt(SITE).denied


def test_every_concept_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert INVITE in run(capsys, "list", "--concepts")[1]
    assert INVITE in json.loads(run(capsys, "list", "--concepts", "--json")[1])["members"]


def test_a_word_that_the_label_files_know_by_now_is_said_to_be_of_no_use(
    labels: LabelFile, capsys: pytest.CaptureFixture[str]
) -> None:
    teach(labels, "Invite Member")
    code, _, err = run(capsys, "list")
    assert (code, "is in the label files by now" in err) == (0, True)


def test_words_are_handed_on_without_names_and_runs(
    labels: LabelFile, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    teach(labels, by="ana@agency.example", run="b-001", picture="runs/b-001/01.png", screen="members", state="proven")
    teach(labels, EXPORT, state="doubtful")
    assert run(capsys, "export", "words.yaml")[:2] == (0, "words.yaml: 1 word\n")
    text = (tmp_path / "words.yaml").read_text(encoding="utf-8")
    assert all(private not in text for private in ("ana@agency.example", "b-001", EXPORT))
    assert [word.text for word in from_yaml(text, "words.yaml").words] == [ABOARD]
    assert run(capsys, "export", "words.yaml")[0] == 2
    assert run(capsys, "export", "words.yaml", "--force")[0] == 0

    labels.change(lambda kept: kept.words.clear())
    assert json.loads(run(capsys, "import", "words.yaml", "--json")[1]) == {"added": 1, "already": 0}
    assert [(word.text, word.state, word.screen) for word in labels.read().words] == [(ABOARD, "new", "members")]
    assert run(capsys, "import", "words.yaml")[1] == "added: 0, known already: 1\n"


def test_a_file_with_one_wrong_word_is_not_taken_in_at_all(
    labels: LabelFile, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = [f"- {{concept: {INVITE}, text: {ABOARD}, language: en, site: {SITE}}}"]
    lines += [f"- {{concept: {SEND}, text: {text}, language: en, site: {SITE}}}" for text in (OFF, ABOARD, "Cancel")]
    lines += ["- {concept: no such, text: x, language: en, site: x}"]
    (tmp_path / "words.yaml").write_text("words:\n" + "\n".join(lines))
    code, _, err = run(capsys, "import", "words.yaml")
    assert code == 2
    assert [line.split(": ", 1)[1][:20] for line in err.splitlines()] == [
        "'Bring aboard' is th",
        "'Cancel' is the word",
        "no label has the con",
    ]
    assert not labels.path.exists()


def test_who_teaches_a_word_that_is_asked_for_is_told_so(night: Night, site: FakeSite) -> None:
    site.looks[ANA] = waits(make_unknown())
    night.submit(*TRUSTED)
    night.work()
    night.capsys.readouterr()
    assert run_app(["labels", "add", INVITE, ABOARD]) == 0
    asked = night.capsys.readouterr().err
    assert f"{night.question()['id']} asks for it" in asked


def test_a_consent_is_not_handed_on(labels: LabelFile, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = "I have read and accept the conditions"
    assert run(capsys, "add", "declaration", text)[0] == 0
    teach(labels)
    assert run(capsys, "export", "words.yaml")[0] == 0
    exported = (tmp_path / "words.yaml").read_text()
    assert (text in exported, ABOARD in exported) == (False, True)
    consent = make_learnt("declaration", text, site=SITE).model_dump()
    (tmp_path / "consent.json").write_text(json.dumps({"words": [consent]}))
    code, _, err = run(capsys, "import", "consent.json")
    assert (code, "a consent is given by who reads it" in err) == (2, True)
