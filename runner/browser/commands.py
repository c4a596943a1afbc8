"""What a slot can do, each in the browser's thread: plain JSON in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.flows.registry import flow_function
from bcflow.flows.run import Conclusion, Settled
from bcflow.models.effects import canonical
from bcflow.models.errors import BcflowError, BrowserGone, NeedsPerson, Refused, SignedOut, WordsUnknown
from bcflow.models.failures.causes import in_words
from bcflow.models.fields import ALLOW_UNUSUAL, KEPT, RESOLVED
from bcflow.models.jobs import JobBase, job_adapter
from bcflow.models.outcomes import Outcome, RunRecord
from bcflow.pages.kit.screen import shared_looks
from bcflow.runner.browser import outcomes
from bcflow.runner.browser.attempt import Attempt
from bcflow.runner.browser.code_entry import CodeStep
from bcflow.runner.browser.pictures import Pictures
from bcflow.runner.browser.run_record import blank, ended
from bcflow.runner.browser.signed_in import forget, sign_in_anew, signed_in
from bcflow.runner.browser.ui.check import check_ui
from bcflow.runner.browser.ui.survey import survey
from bcflow.runner.browser.words.learning import Learning
from bcflow.runner.redaction.redact import emails_in
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.reports.report_files import write_report_beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.pages.kit.screen.site import Site
    from bcflow.runner.browser.browser import Browser
    from bcflow.runner.browser.slot_state import SlotState

Request = dict[str, Any]
TURNS = 3
"""How often one attempt may start from the top: signed out, or its browser gone."""


def attempt(slot: SlotState, request: Request) -> dict[str, Any]:
    """Run one job from the top: {run, batch, job, mode: run|look, rehearse, visit, folder, …} to a RunRecord."""
    context = {ALLOW_UNUSUAL: request.get("allow_unusual", False), RESOLVED: True, KEPT: True}
    job = job_adapter().validate_python(request["job"], context=context)
    evidence = Evidence(Path(request["folder"]), secrets=slot.settings.secrets(), keep=[slot.credentials.email or ""])
    evidence.redactor.keep_emails(emails_in(request["job"]))
    sink = logger.add(evidence.log_sink(), level="DEBUG", diagnose=False, backtrace=False)
    evidence.begin(request["run"])
    started, began = _utc(), monotonic()
    try:
        with logger.contextualize(run=request["run"]):
            record = _attempt(slot, request, job, evidence)
    finally:
        logger.remove(sink)
    record.started, record.finished, record.seconds = started, _utc(), round(monotonic() - began, 2)
    evidence.note_steps(record.steps)
    evidence.write_result(record)
    write_report_beside(evidence, record)
    return evidence.clean(record).model_dump(mode="json")


def login(slot: SlotState, request: Request) -> dict[str, Any]:
    """Sign in and save it: {headed} to {ok, message, needs}."""
    try:
        browser = slot.browser(headed=request.get("headed"))
        sign_in_anew(slot, browser, CodeStep(slot.ask, learn_secret=forget))
    except NeedsPerson as need:
        return {"ok": False, "message": str(need), "needs": need.kind}
    except (BcflowError, PlaywrightError) as error:
        return {"ok": False, "message": _plain(error), "needs": None}
    return {"ok": True, "message": f"signed in as {slot.credentials.email or 'the person at the window'}"}


def check(slot: SlotState, _request: Request) -> dict[str, Any]:
    """Say whether the saved sign-in still works, without signing in: {ok, message, needs}."""
    browser = slot.browser()
    if not browser.had_sign_in:
        return {"ok": False, "message": slot.saved.why_none, "needs": "sign-in"}
    try:
        slot.require_own_account()
        _business_centers(browser)
    except SignedOut:
        return {"ok": False, "message": "the saved sign-in has expired", "needs": "sign-in"}
    except (BcflowError, PlaywrightError) as error:
        return {"ok": False, "message": _plain(error), "needs": getattr(error, "kind", None)}
    return {"ok": True, "message": "the saved sign-in works"}


def whoami(slot: SlotState, request: Request) -> dict[str, Any]:
    """Name the login, its language and every Business Center it may see; `whole`: only if these surely are all."""
    found = signed_in(slot, _all_business_centers if request.get("whole") else _business_centers)
    words = slot.browser().site.words
    who = {"login": slot.credentials.name, "language": words.spoken, "language_is_known": words.is_familiar}
    return who | {"business_centers": found}


def list_rows(slot: SlotState, request: Request) -> dict[str, Any]:
    """Read a list whole: {what: members|ad-accounts|partners, business_center} to {rows, total}."""
    from bcflow.pages.ad_accounts_page import AdAccountsPage
    from bcflow.pages.members_page import MembersPage
    from bcflow.pages.partners_page import PartnersPage

    org = request["business_center"]
    readers: dict[str, Callable[[Browser], list[Any]]] = {
        "members": lambda browser: MembersPage.open(browser.site, org).read_members(),
        "ad-accounts": lambda browser: AdAccountsPage.open(browser.site, org).read_accounts(),
        "partners": lambda browser: PartnersPage.open(browser.site, org).read_partners(),
    }
    rows = [row.model_dump() for row in signed_in(slot, readers[request["what"]])]
    return {"rows": rows, "total": len(rows)}


VERBS: Final[dict[str, Callable[[SlotState, Request], dict[str, Any]]]] = {
    "attempt": attempt,
    "login": login,
    "check": check,
    "whoami": whoami,
    "list": list_rows,
    "check-ui": check_ui,
    "survey": survey,
}


def _attempt(slot: SlotState, request: Request, job: JobBase, evidence: Evidence) -> RunRecord:
    record = blank(slot, request, job)
    try:
        browser = slot.browser()
    except (BcflowError, PlaywrightError) as error:
        return ended(record, job, _failed(job, error))
    pictures = Pictures(browser.site, evidence)
    one = Attempt(
        browser.site,
        browser.wire,
        run=request["run"],
        ledger=slot.ledger(),
        pictures=pictures,
        codes=CodeStep(slot.ask, learn_secret=evidence.redactor.add),
        only_look=request.get("mode") == "look",
        settle_seconds=slot.settings.settle_seconds,
        may_write=request.get("may_write", True),
        rehearses=request.get("rehearse", False),
        sends=request.get("sends"),
        holds_login=slot.holds_login,
        on_event=lambda event: slot.on_event(_noted(event, evidence)),
    )
    one.to_come = frozenset(request.get("to_come", ()))
    evidence.redactor.add(*browser.secrets())
    learning = Learning(slot.learnt())
    try:
        conclusion = _from_the_top(slot, one, job, request, learning)
    except (BcflowError, PlaywrightError) as error:
        if not isinstance(error, WordsUnknown):
            pictures.failure("when it ended")
        conclusion = Conclusion((one.broken_off(canonical(job)[0], error),), {})
    learning.note_in(record)
    site = one.site
    evidence.redactor.add(*slot.cookie_values())
    record.steps, record.pictures, record.tree = one.story.steps, pictures.taken, pictures.tree
    record.effects, record.writes, record.unknown = list(one.story.effects.values()), one.writes, one.story.unknown
    record.language, record.names = _language(site), one.names
    org = job.business_center or conclusion.result.get("business_center_id") or ""
    record.business_center_name = site.session.business_centers.get(org, "")
    return ended(record, job, conclusion)


def _noted(event: dict[str, Any], evidence: Evidence) -> dict[str, Any]:
    """Return an event with its moment; that a step begins is kept at once."""
    event = {"at": datetime.now(UTC).isoformat(timespec="milliseconds")} | event
    if event["event"] == "step":
        evidence.note_step(event["name"], event["at"])
    return event


def _language(site: Site) -> str:
    """Return the language of the pages, or an empty text if it ended before one was seen."""
    try:
        return site.words.spoken
    except PlaywrightError as error:
        logger.debug("no language: {}", type(error).__name__)
        return ""


def _from_the_top(slot: SlotState, one: Attempt, job: JobBase, request: Request, learning: Learning) -> Conclusion:
    """Run the flow; signed out or without a browser in between, start again with fresh looks.

    Without the request's `may_sign_in` nobody is to be sent a code: raises NeedsPerson where a sign-in would be needed.
    """
    flow, may_sign_in = flow_function(job.flow), request.get("may_sign_in", True)
    shared = request.get("visit") if request.get("mode") == "look" else None
    again = False
    for _ in range(TURNS):
        browser = slot.browser()
        one.go_on_with(browser.site, browser.wire)
        learning.give_to(browser.site)
        session = browser.site.session
        session.shared_looks = shared_looks.joined(None if again else session.shared_looks, shared)
        try:
            if (again or not browser.had_sign_in) and not may_sign_in:
                raise NeedsPerson("sign-in", "the sign-in has expired, and this look must not ask for a code")
            if again or not browser.had_sign_in:
                slot.on_event({"run": one.run, "event": "sign-in", "name": slot.credentials.name})
                with one.step("sign in again" if again else "sign in"):
                    sign_in_anew(slot, browser, one.codes)
            may_touch = request.get("mode") != "look" or request.get("rehearse")
            if may_touch and request.get("may_write", True):
                slot.require_own_account()
            return flow(one, job)
        except SignedOut as out:
            logger.info("{}", out)
            again = True
        except (BrowserGone, PlaywrightError) as error:
            if slot.was_killed or not outcomes.is_gone(one.site, error):
                raise
            logger.warning("the browser ended in the middle; looking again with a new one")
            again = False
    raise NeedsPerson("sign-in", "the site keeps signing this login out")


def _business_centers(browser: Browser) -> list[dict[str, Any]]:
    from bcflow.pages.chooser_page import ChooserPage

    found = ChooserPage.open(browser.site).read()
    return [{"name": each.name, "id": each.id, "role": each.role} for each in found]


def _all_business_centers(browser: Browser) -> list[dict[str, Any]]:
    from bcflow.pages.chooser_page import ChooserPage

    chooser = ChooserPage.open(browser.site)
    found = chooser.read()
    chooser.require_whole()
    return [{"name": each.name, "id": each.id, "role": each.role} for each in found]


def _failed(job: JobBase, error: Exception) -> Conclusion:
    effect = canonical(job)[0]
    if isinstance(error, NeedsPerson):
        return Conclusion((outcomes.trouble(effect, error, screen=""),), {})
    outcome: Outcome = "refused" if isinstance(error, Refused) else "failed"
    return Conclusion((Settled(effect, outcome, _plain(error), next_action="see the reason, then run it again"),), {})


def _plain(error: Exception) -> str:
    """Return what went wrong without what was typed: the browser's own texts may hold it."""
    return in_words(error)


def _utc() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
