"""An attempt that meets words nobody knows: how it ends, its picture, and that it goes by what was learnt."""

from pathlib import Path
from typing import Any

import pytest

from bcflow.flows.run import Conclusion, Run
from bcflow.models.effects import canonical
from bcflow.models.errors import WordsUnknown
from bcflow.models.jobs import InviteMember
from bcflow.models.looks import Look, Memory, Seen
from bcflow.models.outcomes import RunRecord
from bcflow.pages.kit.screen.outline import MARK
from bcflow.pages.kit.writing.commit import Commit
from bcflow.runner.browser import commands
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.labels.file import LabelFile
from bcflow.runner.storage.labels.kept import Kept
from bcflow.runner.storage.ledger import Ledger
from standin.server import StandIn
from tests.support.flow_jobs import make
from tests.support.nightly import nightly_except
from tests.support.signed_in_home import Desk
from tests.support.words import ABOARD, INVITE, make_learnt, make_unknown, make_word

JOB = make("invite-member")
UNKNOWN = make_unknown(make_word(INVITE, ABOARD, "I accept: https://terms.example/a?b=c"))
UNKNOWN.words[0].candidates[0].box = (100, 100, 200, 40)


class Screen:
    """A flow whose screen has what it looks for under a word that nobody knows."""

    def __init__(self) -> None:
        self.warning = "read by evidence alone"
        self.pages: list[str] = []
        self.frames = 0

    def flow(self, run: Run, job: InviteMember) -> Conclusion:
        (effect,) = canonical(job)

        def look(_memory: Memory) -> Look:
            # The page is as the attempt before left it.
            self.frames += run.site.page.evaluate(f"document.querySelectorAll('[{MARK}]').length")
            run.site.show("members", "/member")
            self.pages.append(run.site.path)
            run.site.session.warnings.append(self.warning)
            if ABOARD in run.site.words.of(INVITE):
                return Seen({"email": job.email})
            raise WordsUnknown(UNKNOWN)

        def act() -> Commit:
            raise AssertionError("nothing was absent")

        return Conclusion((run.ensure(effect, look=look, act=act),), {})


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    made = Screen()
    monkeypatch.setattr(commands, "flow_function", lambda _flow: made.flow)
    return made


@pytest.fixture
def desk(standin: StandIn, tmp_path: Path) -> Desk:
    made = Desk(standin, tmp_path, settle_seconds=1.0)
    made.save_sign_in()
    return made


def teach(desk: Desk, **more: Any) -> None:  # noqa: ANN401 - as a learnt word has it
    word = make_learnt(site=desk.settings.business_center_url, **more)
    LabelFile(desk.home).change(lambda kept: kept.teach(word))


def doubt(desk: Desk) -> None:
    def change(kept: Kept) -> None:
        kept.judge(desk.settings.business_center_url, {INVITE: [ABOARD]}, "doubtful")

    LabelFile(desk.home).change(change)


@pytest.mark.parametrize("mode", nightly_except(["look", "run"], "run"))
def test_it_waits_for_a_person_with_a_picture_in_which_the_candidates_are_numbered(
    desk: Desk, screen: Screen, mode: str
) -> None:
    with desk.slot() as slot:
        record = RunRecord.model_validate(slot.call("attempt", desk.request(JOB, mode=mode)))

    assert (record.outcome, record.waiting_for, record.needs) == ("waiting", "you", "word"), record.message
    assert record.message.startswith("members: the button “Invite member” is there under no word that is known")
    assert "bcflow answer" in record.next_action
    words = [word.model_copy(update={"picture": record.pictures[0].file}) for word in UNKNOWN.words]
    assert record.unknown == [UNKNOWN.model_copy(update={"words": words})], (
        "as the page shows it, not as a report would tidy it up"
    )
    (picture,) = record.pictures
    assert (picture.kind, "numbered frame" in picture.caption) == ("failure", True)
    assert (desk.home / "runs" / record.id / picture.file).read_bytes().startswith(b"\x89PNG")
    assert record.warnings == [screen.warning]
    assert (record.writes, desk.writes()) == (0, [])


@pytest.mark.nightly
def test_the_frames_are_gone_after_the_picture_and_what_was_learnt_counts_at_the_next_attempt(
    desk: Desk, screen: Screen
) -> None:
    with desk.slot() as slot:
        assert slot.call("attempt", desk.request(JOB))["needs"] == "word"
        teach(desk)
        record = RunRecord.model_validate(slot.call("attempt", desk.request(JOB)))
        assert (record.outcome, record.learnt) == ("already", {INVITE: [ABOARD]}), record.message
        assert (record.unknown, record.warnings) == ([], [screen.warning])

        doubt(desk)
        again = RunRecord.model_validate(slot.call("attempt", desk.request(JOB)))
        assert (again.needs, again.learnt) == ("word", {}), "a word that is doubted is not used"
    assert (screen.frames, len(screen.pages)) == (0, 3)


@pytest.mark.nightly
def test_another_sites_words_are_not_used(desk: Desk, screen: Screen) -> None:
    LabelFile(desk.home).change(lambda kept: kept.teach(make_learnt(site="https://another.example")))
    assert desk.run(JOB)["needs"] == "word"
    assert len(screen.pages) == 1


def test_what_was_learnt_is_used_by_what_is_no_run_too(desk: Desk) -> None:
    teach(desk)
    with desk.slot() as slot:
        assert slot.call("check", {})["ok"]
        assert slot._browser is not None
        assert slot._browser.site.session.learnt.words == {INVITE: (ABOARD,)}


def test_what_may_have_been_sent_is_only_looked_for_whatever_is_asked(desk: Desk, screen: Screen) -> None:
    desk.settings.make_home()
    ledger, (effect,) = Ledger(desk.settings.database()), canonical(JOB)
    entry = ledger.prepare(desk.settings.business_center_url, effect, run="run-0")
    ledger.arm([(entry, effect)], run="run-0", before=())
    ledger.close()
    record = RunRecord.model_validate(desk.run(JOB, settle=0.1))
    assert (record.outcome, record.waiting_for, record.needs) == ("waiting", "you", "word")
    assert "it may have been written" in record.message
    assert len(screen.pages) >= 1
    assert desk.writes() == []


def test_a_file_of_words_that_cannot_be_read_stops_before_anything_is_done(desk: Desk, screen: Screen) -> None:
    teach(desk)
    LabelFile(desk.home).path.write_text("words: 3")
    record = RunRecord.model_validate(desk.run(JOB))
    assert (record.outcome, "local.yaml:1: 'words' is a list" in record.message) == ("failed", True)
    assert screen.pages == []


def test_the_words_of_a_page_lose_secrets_and_strangers_addresses_only(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "b-001", secrets=["hunter22"])
    text = "bo@other.example hunter22 https://a.example/?q=1 password: yes"
    values = {"id": "b-001", "job": "x", "flow": "invite-member", "outcome": "waiting", "message": text}
    unknown = make_unknown(make_word(INVITE, text))
    record = RunRecord.model_validate(values | {"unknown": [unknown], "learnt": {"password": ["Pass word"]}})
    clean = evidence.clean(record)
    assert (
        clean.unknown[0].words[0].candidates[0].text
        == "b***@other.example [removed] https://a.example/?q=1 password: yes"
    )
    assert clean.learnt == {"password": ["Pass word"]}
    assert "q=1" not in clean.message
