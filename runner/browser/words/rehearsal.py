"""Going on although words are unknown: to find all that must be asked, with every write refused in the browser.

A job stops at the first word that nobody knows. Asked about one after the other, a new screen would cost a person a
round for each. So the job goes on by what is most likely meant, as a rehearsal: nothing is concluded from what it sees
then, nothing that may change anything leaves the browser, and it ends before the click that sends.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models.errors import BcflowError, BrowserGone, SignedOut, WordsUnknown
from bcflow.pages.kit.evidence.asking import joined
from bcflow.pages.kit.screen.session import nothing, stops
from bcflow.pages.kit.writing.carried import would_send
from bcflow.pages.kit.writing.commit import require_shown
from bcflow.pages.kit.writing.sending import rehearse
from bcflow.runner.browser import outcomes
from bcflow.runner.browser.words import learning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bcflow.flows.run import Settled
    from bcflow.models.looks import Effect, Look, Memory
    from bcflow.models.unknown import UnknownWords
    from bcflow.pages.kit.screen.session import Known
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.commit import Commit
    from bcflow.pages.kit.writing.wire import Wire
    from bcflow.runner.browser.pictures import Pictures
    from bcflow.runner.browser.story import Story

MOST_PICTURES: Final = 10
"""After so many the guesses have led somewhere else than the job."""

MOST_AGAIN: Final = 2
"""So often a job is rehearsed anew because a guess was misread."""


@dataclass
class Rehearsal:
    """Whether the job goes on by guesses by now."""

    goes_on: bool = False


def rehearse_write(wire: Wire, story: Story, pictures: Pictures, effect: Effect, commit: Commit) -> Settled:
    """Press the button that sends with the gate shut, and tell what it would have sent."""
    require_shown(commit, [effect, *commit.also])
    with story.step("press the button that sends, with every write refused"):
        call = rehearse(commit, wire, ready=lambda: pictures.before(commit))
    would = story.of(effect).would_send = would_send(commit, call) if call is not None else None
    commit.surface.site.leave()
    return outcomes.rehearsed(effect, would)


def rehearse_on(site: Site, wire: Wire, story: Story, pictures: Pictures, commit: Commit) -> None:
    """Go on from a form at whose click unknown words came up: what comes up after them is asked in the same round."""
    with suppress(BcflowError, PlaywrightError), rehearsing(site, wire, story, pictures):
        rehearse(commit, wire, ready=lambda: None)


def rehearse_look(
    site: Site, wire: Wire, story: Story, pictures: Pictures, look: Callable[[Memory], Look], memory: Memory
) -> None:
    """Look once more past the words that a look after the write did not know, to ask about all of them in one round.

    Nothing is done where there were none.
    """
    if not story.unknown:
        return
    with suppress(BcflowError, PlaywrightError), rehearsing(site, wire, story, pictures):
        learning.look(site, look, memory)


@contextmanager
def rehearsing(site: Site, wire: Wire, story: Story, pictures: Pictures, *, again: int = 0) -> Iterator[Rehearsal]:
    """Have the block go on where words are unknown; what was asked by its end is raised as `WordsUnknown`.

    Whatever else stopped it then may come of a wrong guess, and is not told. The guesses are forgotten, and what was
    found by them. Where all that was asked found its place later on, nothing is raised, and nothing was written: what
    the block did is to be done again. So it is where a guess turned out to be misread, if it may be done `again`: the
    same is asked about in fewer rounds, and with better proposals.
    """
    if again == MOST_AGAIN:
        # What a person said since then may leave nothing but what was thought to be misread.
        site.session.misread.clear()
    misread, before = len(site.session.misread), list(story.unknown)
    session, rehearsal, known, left = site.session, Rehearsal(), site.session.known(), MOST_PICTURES

    def go_on(unknown: UnknownWords) -> bool:
        learning.keep(story, pictures, unknown)
        wire.refuse_writes(silently=True)
        rehearsal.goes_on = True
        nonlocal left
        left -= 1
        return left > 0

    def withdraw(screen: str, concepts: frozenset[str]) -> None:
        learning.withdraw(story, screen, concepts)

    session.rehearses, session.withdraws = go_on, withdraw
    try:
        yield rehearsal
    except (SignedOut, BrowserGone):
        raise
    except (BcflowError, PlaywrightError) as error:
        if not rehearsal.goes_on:
            raise
        logger.debug("the rehearsal ended: {}", type(error).__name__)
    finally:
        session.rehearses, session.withdraws = stops, nothing
        if rehearsal.goes_on:
            _leave(site, story, pictures, known)
    if rehearsal.goes_on and again and len(session.misread) > misread:
        story.unknown[:] = before
        return
    if rehearsal.goes_on and story.unknown:
        raise WordsUnknown(story.unknown[-1])


def _leave(site: Site, story: Story, pictures: Pictures, known: Known) -> None:
    """Keep what the rows say in unknown words, and forget what was guessed and what was found by it."""
    if site.session.unsaid:
        learning.keep(story, pictures, joined(site, site.session.unsaid))
    site.session.go_back_to(known)
    site.learn_words()
    with suppress(PlaywrightError):
        # What is half filled has nothing more to say.
        site.leave()
