"""Plays each flow on jobs that nobody asked for, up to its filled form, with every write refused in the browser."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.flows.declared import states_of
from bcflow.flows.registry import flow_function
from bcflow.flows.run import Settled
from bcflow.models.errors import BcflowError, CannotSee, NeedsPerson, Refused, ScreenChanged, SignedOut
from bcflow.models.failures.causes import in_words
from bcflow.models.identity import quoted
from bcflow.models.looks import Absent, Memory, Seen
from bcflow.models.ui_check import ElementSeen
from bcflow.pages.ad_account_details_page import AdAccountDetailsPage
from bcflow.pages.ad_accounts_page import AdAccountsPage
from bcflow.pages.kit.screen.session import stops
from bcflow.pages.members_page import MembersPage
from bcflow.pages.overview_page import OverviewPage
from bcflow.pages.partners_page import PartnersPage
from bcflow.runner.browser.ui.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bcflow.models.jobs import JobBase
    from bcflow.models.looks import Effect, Look
    from bcflow.models.unknown import UnknownWords
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.commit import Commit
    from bcflow.runner.browser.ui.watch import Watch


_OFF: Final = "element is not enabled"
"""What Playwright says of a click that waited in vain for a button."""
READY_SECONDS: Final = 3.0
MADE_UP: Final = "the form takes no made-up values"


class Visitor:
    """Implements `bcflow.flows.run.Run`: it looks, fills what would be written, and presses nothing that sends."""

    def __init__(self, site: Site) -> None:
        """Visit `site`."""
        self.site = site

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name a part of the flow's story."""
        logger.debug("{}", name)
        yield

    to_come: frozenset[str] = frozenset()

    def ensure(
        self,
        effect: Effect,
        *,
        look: Callable[[Memory], Look],
        act: Callable[[], Commit],
        needs: Callable[[], dict[str, str]] = dict,  # noqa: ARG002 - the form is opened here, and says it itself
    ) -> Settled:
        """Look; fill what is absent, and leave it. What cannot be seen is raised: nothing rests on it here."""
        found = look(Memory())
        if isinstance(found, Seen):
            return Settled(effect, "already", "", have=found.have, id=found.id)
        if not isinstance(found, Absent):
            raise CannotSee(found.reason)
        self._require_ready(act())
        return Settled(effect, "planned", "")

    def _require_ready(self, commit: Commit) -> None:
        """Require that the button could be pressed, as before a write."""
        if not self.site.until(commit.button.is_enabled, seconds=READY_SECONDS):
            raise ScreenChanged(
                self.site.screen, f"an enabled button {quoted(commit.names[0])}", found="it is disabled"
            )


class Visits:
    """All visits of one check."""

    def __init__(self, site: Site, watch: Watch) -> None:
        """Visit `site`; `watch` keeps what is seen."""
        self._site, self._watch = site, watch
        self.could_not: list[str] = []
        self._only: frozenset[str] = frozenset()

    def _is_wanted(self, *flows: str) -> bool:
        return not self._only or not self._only.isdisjoint(flows)

    def make(self, org: str, *, only: frozenset[str] = frozenset()) -> None:
        """Visit every screen of the Business Center `org` that can be reached without a write.

        `only`: what these flows come to, and the lists that their examples are taken from.
        """
        self._only = only
        session, known = self._site.session, self._site.session.known()
        session.watches, session.shared_looks, session.rehearses = self._watch, None, _goes_on
        try:
            partners, accounts = self._lists(org)
            for job in examples(org, partners=partners, accounts=accounts):
                if self._is_wanted(job.flow):
                    self._play(job)
        finally:
            session.watches, session.rehearses = None, stops
            session.go_back_to(known)
            self._site.learn_words()
            with suppress(PlaywrightError):
                self._site.leave()
            self._site.traffic.open_again()

    def _lists(self, org: str) -> tuple[list[str], list[str]]:
        """Look at what is read only; return some partners and ad accounts that are there."""
        partners: list[str] = []
        accounts: list[str] = []

        def list_partners() -> None:
            page = PartnersPage.open(self._site, org)
            partners.extend(row.ids[0] for row in page.table.drawn().rows if row.ids and page.is_active(row))

        def list_accounts() -> None:
            page = AdAccountsPage.open(self._site, org)
            accounts.extend(row.ids[0] for row in page.table.drawn().rows if len(row.ids) == 1)
            if accounts and page.open_details(accounts[0]):
                AdAccountDetailsPage(self._site, accounts[0])

        def list_members() -> None:
            page = MembersPage.open(self._site, org)
            shown = [email for row in page.table.drawn().rows if (email := page.address(row))]
            if shown:
                page.read_assigned(shown[-1])

        if self._is_wanted("share-with-partner"):
            self._visit("share-with-partner", list_partners)
        if self._is_wanted("create-ad-account", "add-ad-account", "share-with-partner"):
            self._visit("create-ad-account", list_accounts)
        if self._is_wanted("invite-member"):
            self._visit("invite-member", list_members)
        if self._is_wanted("create-business-center"):
            self._visit("create-business-center", lambda: OverviewPage.open(self._site, org))
        return partners, accounts

    def _play(self, job: JobBase) -> None:
        """Visit what a flow comes to; what it does not come to is kept with the reason."""
        why = self._visit(job.flow, lambda: flow_function(job.flow)(Visitor(self._site), job))
        for state in states_of(job):
            for element in state.elements:
                seen = ElementSeen(
                    screen=state.screen,
                    state=state.name,
                    kind=element.kind,
                    concept=element.concept,
                    purpose=element.purpose,
                    needed=element.needed,
                    why=why or "behind a write",
                )
                self._watch.not_reached(seen, refused=bool(why))

    def _stopped(self, screen: str, missing: str, why: str) -> str:
        """Keep what a flow stopped at on its way, and return why."""
        stop = {"screen": screen, "state": "on the way", "kind": "step", "concept": missing, "why": why}
        self._watch.note(ElementSeen.model_validate({**stop, "standing": "missing"}))
        return why

    def _visit(self, flow: str, go: Callable[[], object]) -> str:
        """Go somewhere for a flow; return what it stopped at, or an empty text."""
        self._watch.flow = flow
        self._site.traffic.refuse_writes()
        try:
            go()
        except SignedOut:
            raise
        except NeedsPerson as need:
            self.could_not.append(f"{flow}: {need}")
            return str(need)
        except Refused as error:
            logger.debug("{}: {}", flow, error)
            return MADE_UP
        except ScreenChanged as error:
            return self._stopped(error.screen, error.missing, str(error))
        except (BcflowError, PlaywrightError) as error:
            if isinstance(error, PlaywrightError) and _OFF in str(error):
                why = "what leads on is disabled, with all filled that the flow gives"
                return self._stopped(self._site.screen, "an enabled button that leads on", why)
            said = in_words(error)
            self.could_not.append(f"{flow}: {said}")
            return said
        return ""


def _goes_on(_unknown: UnknownWords) -> bool:
    """Go by what is most likely meant: nothing can be written, and what was meant is told."""
    return True
