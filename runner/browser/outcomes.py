"""How each end of an effect is told: the outcome, the words, and who does what next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from playwright.sync_api import Error as PlaywrightError

from bcflow.flows.run import Settled
from bcflow.models import effect_words
from bcflow.models.errors import Ambiguous, BrowserGone, NeedsPerson, Refused, ScreenChanged, WordsUnknown
from bcflow.models.failures.causes import in_words

if TYPE_CHECKING:
    from bcflow.models.looks import Effect, Seen
    from bcflow.models.outcomes import Outcome, WouldSend
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.aftermath import Aftermath

ASK_OR_CHANGE: Final = "change the job, or ask who can do it"
WHICH_ONE: Final = "say which one is meant: see bcflow inbox"
AGAIN: Final = "nothing was written; wait some minutes, then run it again (it signs in anew if need be)"
NOT_FOR_EVER: Final = frozenset({401, 403, 408, 429})
"""Signed out, or too fast: the site's no is to the moment, not to the thing."""
WHICH_WORD: Final = "say which word is meant: bcflow inbox shows what is asked, bcflow answer takes it"
UNKNOWN_QUESTION: Final = "read it in the picture; if it may be answered, do this one by hand"
NOTHING_WRITTEN: Final = "nothing was written; see the reason, then run it again"


def trouble(effect: Effect, error: Exception, *, screen: str) -> Settled:
    """Tell an error that came up before anything was armed."""
    if isinstance(error, NeedsPerson):
        need = effect_words.person(error.kind)
        return Settled(effect, "waiting", str(error), waiting_for="you", next_action=need, needs=error.kind)
    if isinstance(error, Ambiguous):
        return Settled(effect, "refused", str(error), next_action=WHICH_ONE, candidates=error.candidates)
    if isinstance(error, Refused):
        return Settled(effect, "refused", str(error), next_action=ASK_OR_CHANGE)
    if isinstance(error, ScreenChanged):
        return _screen(effect, error)
    if isinstance(error, PlaywrightError):
        return Settled(effect, "failed", what_broke(error, screen), next_action=NOTHING_WRITTEN)
    return Settled(effect, "failed", str(error), next_action=NOTHING_WRITTEN)


def _screen(effect: Effect, error: ScreenChanged) -> Settled:
    """Tell that a screen is another one, or that a person can say which of its words is meant."""
    if not isinstance(error, WordsUnknown):
        return Settled(effect, "screen-changed", str(error), next_action=effect_words.screen_changed(error.concept))
    # Without the words of the page: its question has them.
    said = f"{error.screen}: {error.missing} is there under no word that is known; nothing was written"
    return Settled(effect, "waiting", said, waiting_for="you", next_action=WHICH_WORD, needs="word")


def is_gone(site: Site, error: Exception) -> bool:
    """Say whether an error came of the browser's end: one that is just dying may answer once more."""
    ended = isinstance(error, BrowserGone) or type(error).__name__ == "TargetClosedError"
    return ended or not site.is_alive()


def what_broke(error: Exception, screen: str) -> str:
    """Return what went wrong, in words that may be shown: Playwright's own text may hold what was typed."""
    return f"{screen}: {in_words(error)}" if isinstance(error, PlaywrightError) else in_words(error)


def cannot_see(effect: Effect, reason: str) -> Settled:
    """Tell that nothing could be concluded, so nothing was written."""
    return Settled(effect, "failed", reason, next_action=NOTHING_WRITTEN)


def differs(effect: Effect, found: Seen, *, ours: bool) -> Settled:
    """Tell that it is there, but not as asked: found so before a write, or after ours."""
    name, differences = effect_words.subject(effect), "; ".join(found.differences)
    if ours:
        message, after = f"{name} was written, but the site shows it otherwise: {differences}", "change it by hand"
    else:
        message = f"{name} is there, but not as asked: {differences}"
        after = "change it by hand or change the job; nothing was written"
    return Settled(effect, "differs", message, have=found.have, id=found.id, next_action=after)


def stands(effect: Effect, found: Seen, *, ours: bool) -> Settled:
    """Tell that it was seen as asked: written by us (`ours`), or there before; or in words that a person must read."""
    if found.words:
        return Settled(
            effect,
            "waiting",
            effect_words.not_understood(effect, found, ours=ours),
            have=found.have,
            id=found.id,
            waiting_for="you",
            next_action=effect_words.UNKNOWN_WORDS,
        )
    outcome: Outcome = "already"
    if ours:
        outcome = "waiting" if found.waiting_for else "done"
    return Settled(
        effect,
        outcome,
        effect_words.stands(effect, outcome, found),
        have=found.have,
        id=found.id,
        waiting_for=found.waiting_for,
        next_action=effect_words.waiting(effect, found.waiting_for),
    )


def gone(effect: Effect, run: str) -> Settled:
    """Tell that it was seen before and is not there now: a person's question, never a new write."""
    return Settled(
        effect,
        "waiting",
        f"{effect_words.subject(effect)} was there before and is gone now; nothing was written",
        waiting_for="you",
        next_action=f"if it shall be done again: bcflow settle {run} --did-not-happen, then run it again",
    )


def planned(effect: Effect) -> Settled:
    """Tell what a run would write."""
    return Settled(effect, "planned", effect_words.planned(effect), next_action="run it to write it")


def rehearsed(effect: Effect, would: WouldSend | None) -> Settled:
    """Tell what the button that sends would send."""
    said = effect_words.planned(effect)
    if would is None:
        after = "nothing was sent; look at the picture: the button may need something more"
        return Settled(effect, "failed", f"{said}: pressed, the button wanted to send nothing", next_action=after)
    carries = ", ".join(would.carries) or "nothing of the job"
    silent = f"; not to be read in it: {', '.join(would.silent)}" if would.silent else ""
    first = "" if would.kind else " first"
    told = f"{said}: the button would{first} send {would.request} with {carries}{silent}"
    told += "" if would.kind else "; what it sends after that was not seen"
    if would.contrary:
        return Settled(effect, "refused", f"{told}; {would.contrary}", next_action=ASK_OR_CHANGE)
    return Settled(effect, "planned", told, next_action="compare it with the picture, then run it to write it")


def over_budget(effect: Effect) -> Settled:
    """Tell that the batch may write no more."""
    return Settled(effect, "skipped", "the limit of writes for this batch is reached; not started")


def not_done(effect: Effect, aftermath: Aftermath) -> Settled:
    """Tell that the site said no or nothing left the browser, and a second look found no trace."""
    if aftermath.wants:
        return Settled(
            effect,
            "waiting",
            f"the site asked for a {aftermath.wants} and nobody was there to give it; {_not_carried_out(aftermath)}",
            waiting_for="you",
            next_action=effect_words.person(aftermath.wants),
            needs=aftermath.wants,
        )
    if aftermath.refused:
        said = "" if aftermath.sent.nothing else " (the site's answer)"
        later = any(answer.status in NOT_FOR_EVER for answer in aftermath.sent.answers)
        return Settled(effect, "refused", aftermath.refused + said, next_action=AGAIN if later else ASK_OR_CHANGE)
    if aftermath.question:
        message = (
            f"a dialog came up that is not known, and nobody answered it: “{aftermath.question}”; nothing was sent"
        )
        return Settled(effect, "screen-changed", message, next_action=UNKNOWN_QUESTION)
    stopped = f": it would have been {aftermath.sent.stopped[0]}" if aftermath.sent.stopped else ""
    said = f"; the page said: {aftermath.said}" if aftermath.said else ""
    said += f"; {aftermath.trouble}" if aftermath.trouble else ""
    silence = "nothing was written; the site may be limiting the rate: wait some minutes, then run it again"
    return Settled(
        effect,
        "failed",
        f"the button did nothing and no request left the browser{stopped}{said}",
        next_action=NOTHING_WRITTEN if aftermath.said else silence,
    )


def _not_carried_out(aftermath: Aftermath) -> str:
    if aftermath.sent.nothing:
        return "it was cancelled, nothing was written"
    return "the list was looked at again and does not show it"


def unknown(effect: Effect, run: str, why: str, *, wants: str = "") -> Settled:
    """Tell that the write may have happened: settled by looking later, or by a person.

    `wants` is the help that the site waited for (code, captcha) when it was left, or a `word` that the look needs.
    """
    reason = f" ({why})" if why else ""
    if wants == "word":
        said = f"{effect_words.subject(effect)}: it may have been written, and is shown in words that nobody knows"
        return Settled(effect, "waiting", f"{said}{reason}", waiting_for="you", next_action=WHICH_WORD, needs=wants)
    if wants:
        return Settled(
            effect,
            "waiting",
            f"{effect_words.subject(effect)}: the site asked for a {wants} in the middle of the write, and nobody was "
            f"there to give it; whether it was written is not known yet{reason}",
            waiting_for="you",
            next_action=f"look at the site, then: bcflow settle {run} --happened or --did-not-happen",
            needs=wants,
        )
    return Settled(
        effect,
        "unknown",
        f"{effect_words.subject(effect)}: the write may have happened and could not be seen{reason}",
        next_action=f"look at the site, then: bcflow settle {run} --happened or --did-not-happen; "
        "running it again only looks",
    )
