"""The words of one attempt: what people taught, given to its pages, and what it meets that nobody knows.

What is met is kept in the attempt's story, with a picture, while the page still shows it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.models.errors import BcflowError, BrowserGone, SignedOut, WordsUnknown
from bcflow.models.failures.causes import in_words
from bcflow.models.looks import CannotSee
from bcflow.pages.kit.evidence.asking import joined
from bcflow.pages.kit.writing.commit import unknown_in
from bcflow.runner.browser import outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.flows.run import Settled
    from bcflow.models.looks import Look, Memory, Seen
    from bcflow.models.outcomes import RunRecord
    from bcflow.models.unknown import UnknownWords
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.aftermath import Aftermath
    from bcflow.pages.kit.writing.commit import Commit
    from bcflow.pages.labels.learnt import Learnt
    from bcflow.runner.browser.pictures import Pictures
    from bcflow.runner.browser.story import Story


class Learning:
    """The learnt words of one attempt, whatever number of browsers it takes, and its warnings."""

    def __init__(self, learnt: Learnt) -> None:
        """Begin an attempt with what is `learnt` now."""
        self._learnt = learnt
        self._warnings: list[str] = []

    def give_to(self, site: Site) -> None:
        """Have the pages of a site go by it."""
        session = site.session
        if session.learnt.words or self._learnt.words:
            # The words of the page's language were put together with what was learnt before.
            site.forget_language()
        session.learnt, session.warnings = self._learnt, self._warnings

    def note_in(self, record: RunRecord) -> None:
        """Put into a record which learnt words the attempt went by, and its warnings."""
        record.learnt = {concept: sorted(texts) for concept, texts in sorted(self._learnt.used.items())}
        record.warnings = list(dict.fromkeys(self._warnings))


def look(site: Site, looks: Callable[[Memory], Look], memory: Memory) -> Look:
    """Look; what the rows say in unknown words is what this look met."""
    site.session.unsaid.clear()
    return looks(memory)


def look_after(site: Site, looks: Callable[[Memory], Look], memory: Memory, story: Story, pictures: Pictures) -> Look:
    """Look after a write: whatever hinders the look is no answer to whether it happened."""
    try:
        return look(site, looks, memory)
    except (SignedOut, BrowserGone):
        raise
    except BcflowError as error:
        meet(story, pictures, error)
        return CannotSee(str(error))
    except PlaywrightError as error:
        pictures.why(error)
        if outcomes.is_gone(site, error):
            raise BrowserGone("the browser ended while it looked") from error
        return CannotSee(f"{site.screen}: {in_words(error)}")


def meet(story: Story, pictures: Pictures, error: Exception) -> None:
    """Keep what an error says is not known of a screen, with its picture."""
    if isinstance(error, WordsUnknown):
        keep(story, pictures, error.unknown)


def in_row(settled: Settled, found: Seen, site: Site, story: Story, pictures: Pictures) -> Settled:
    """Return how an effect stands whose row says something that nobody knows: then a person can say what it means."""
    unsaid = site.session.unsaid
    if not found.words or not unsaid:
        return settled
    keep(story, pictures, joined(site, unsaid))
    return replace(settled, needs="word")


def missing(commit: Commit, aftermath: Aftermath, story: Story, pictures: Pictures) -> UnknownWords | None:
    """Return what a form that sent nothing says is missing, where it is there in words that nobody knows."""
    if not aftermath.sent.nothing or not aftermath.said:
        return None
    found = unknown_in(commit, aftermath.said.split("; "))
    if not found:
        return None
    unknown = joined(commit.surface.site, found)
    keep(story, pictures, unknown)
    return unknown


def withdraw(story: Story, screen: str, concepts: frozenset[str]) -> None:
    """Forget what was kept of these concepts of a screen: they are there in known words."""
    left = [
        one.model_copy(update={"words": [word for word in one.words if word.concept not in concepts]})
        if one.screen == screen
        else one
        for one in story.unknown
    ]
    story.unknown[:] = [one for one in left if one.words]


def keep(story: Story, pictures: Pictures, unknown: UnknownWords) -> None:
    """Keep what is not known of a screen, with its picture: each word is asked about once, a screen in one question.

    One thing may go by several words, as the button that leads on from each step of a form.
    """
    earlier = next((one for one in story.unknown if one.place == unknown.place), None)
    asked = {(word.concept, one.text) for word in (earlier.words if earlier else ()) for one in word.candidates}
    fresh = [word for word in unknown.words if asked.isdisjoint((word.concept, one.text) for one in word.candidates)]
    now = unknown.model_copy(update={"words": fresh})
    if not now.words:
        return
    if earlier is not None:
        now = now.after(earlier)
    picture = pictures.candidates(now)
    words = [word.model_copy(update={"picture": picture}) for word in now.words]
    if earlier is None:
        story.unknown.append(now.model_copy(update={"words": words}))
    else:
        story.unknown[story.unknown.index(earlier)] = earlier.with_more(words)
