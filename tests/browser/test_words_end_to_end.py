"""From a screen with a word that nobody knows, by a person's answer, to the end of the job: on a real slot."""

from pathlib import Path

import pytest

from bcflow.flows.run import Conclusion, Run
from bcflow.models.effects import canonical
from bcflow.models.errors import WordsUnknown
from bcflow.models.jobs import InviteMember
from bcflow.models.looks import Look, Memory, Seen
from bcflow.pages.kit.writing.commit import Commit
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.session import Session
from bcflow.runner.batches.submit import How, submit
from bcflow.runner.batches.words.answering import Said
from bcflow.runner.browser import commands
from bcflow.runner.jobfiles.source import Order
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.labels.file import LabelFile
from bcflow.runner.storage.runs import Store
from standin.server import StandIn
from tests.support.flow_jobs import make
from tests.support.signed_in_home import Desk
from tests.support.slots import Operator
from tests.support.turns import house_of
from tests.support.words import ABOARD, INVITE, make_unknown

JOB = make("invite-member")


def flow(run: Run, job: InviteMember) -> Conclusion:
    """Look at a screen whose word nobody knows; once it is learnt, the person is there."""
    (effect,) = canonical(job)

    def look(_memory: Memory) -> Look:
        run.site.show("members", "/member")
        if ABOARD in run.site.words.of(INVITE):
            return Seen({"email": job.email})
        raise WordsUnknown(make_unknown())

    def act() -> Commit:
        raise AssertionError("nothing was absent")

    return Conclusion((run.ensure(effect, look=look, act=act),), {})


def test_a_word_is_asked_for_learnt_and_gone_on_with(
    standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "flow_function", lambda _flow: flow)
    desk = Desk(standin, tmp_path)
    desk.save_sign_in()
    with desk.slot() as slot, house_of(Operator(slot, tmp_path, []), desk.home) as (services, listener):
        order = Order((Task(JOB, "zoe"),), "jobs.yaml")
        batch, _ = submit(services.context, order, How(yes=True, trust_first_write=True))
        Session(services, listener.called[-1]).work()
        (question,) = Answers(services.context).questions.open()
        (waiting,) = Store(services.context.database).load(batch).runs
        assert (waiting.outcome, waiting.waiting_for) == ("waiting", "you")
        assert (desk.home / question.picture).name == "01-failure-candidates.png"
        assert (desk.home / question.picture).is_file()
        report = (desk.home / "runs" / waiting.id / "report.html").read_text(encoding="utf-8")
        assert (ABOARD in report, "Words that are not known" in report) == (True, True)

        Answers(services.context).word(question, Said(choose=1), by="ana")
        Session(services, listener.called[-1]).work()
        (run,) = Store(services.context.database).load(batch).runs
        assert run.record is not None
        assert (run.outcome, run.record.answered_by, run.record.learnt) == ("already", "ana", {INVITE: [ABOARD]})
        assert Answers(services.context).questions.open() == []
    (word,) = LabelFile(desk.home).read().words
    assert (word.text, word.state, word.run, word.picture) == (ABOARD, "proven", run.id, question.picture)
    assert desk.writes() == []
