"""What is known of a login's session beyond the screen that shows now; put together where its browser is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bcflow.pages.labels.learnt import NOTHING_LEARNT, Learnt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Locator

    from bcflow.models.unknown import UnknownWord, UnknownWords
    from bcflow.pages.kit.screen.declared import State
    from bcflow.pages.kit.screen.shared_looks import SharedLooks


def nobody(_kind: str) -> bool:
    """Say that nobody is there to help."""
    return False


def stops(_unknown: UnknownWords) -> bool:
    """Say that nothing is done while words are unknown."""
    return False


def nothing(_screen: str, _concepts: frozenset[str]) -> None:
    """Leave what was asked about a screen as it is."""


class Pictured(Protocol):
    """Takes pictures of what is filled in while it shows; none that cannot be taken is an error."""

    def step(self, button: Locator, form: str) -> None:
        """Picture a step of a form, right before `button` leads on from it; `form` is the mark of its surface."""

    def ticked(self, row: Locator, what: str) -> None:
        """Picture a row that is ticked and that the form shows only when it is searched for."""


@dataclass(frozen=True)
class Known:
    """What a session knew of the site's words and ways at one moment."""

    learnt: Learnt
    routes: dict[str, str]
    list_paths: dict[str, str]


@dataclass
class Session:
    """Who is signed in, who may help, and what earlier screens told.

    `own_email` is the login's own address, if known: a list of members always holds its row. `hand_over(kind)` lets a
    person at the window act and says whether they did. `shared_looks` is None where something may be written.
    """

    own_email: str | None = None
    hand_over: Callable[[str], bool] = nobody
    shared_looks: SharedLooks[Any] | None = None
    business_centers: dict[str, str] = field(default_factory=dict)
    """The name of each Business Center that this login may see, by its id."""
    own_roles: dict[str, str] = field(default_factory=dict)
    """This login's role in each of them as the site gives it, by the Business Center's id."""
    asked_for_business_centers: bool = False
    routes: dict[str, str] = field(default_factory=dict)
    """Where a screen is, by its name: as an operator says, or found where its route is not known for sure."""
    no_filters: frozenset[str] = frozenset()
    """What selects beside a list show that are no filters of it, folded."""
    patience: Mapping[str, float] = field(default_factory=dict)
    """How many seconds to wait for a screen, by its name, where that is not as long as for all others."""
    list_paths: dict[str, str] = field(default_factory=dict)
    """Which path gave a list's rows, by the list's name: once seen, only its refusal speaks of that list."""
    unlisted: set[tuple[str, str]] = field(default_factory=set)
    """The Business Centers whose ad accounts could not be listed in a visit: by the visit's name, and the id."""
    learnt: Learnt = NOTHING_LEARNT
    """What people taught about this site's words."""
    unsaid: list[UnknownWord] = field(default_factory=list)
    """What the rows that the last look was about say in words that nobody knows."""
    warnings: list[str] = field(default_factory=list)
    """What was read by evidence alone in the run that is going on: for its record."""
    rehearses: Callable[[UnknownWords], bool] = stops
    """Keeps what is to be asked about, and says whether the job goes on by the likeliest all the same: as a rehearsal,
    from which nothing is concluded and in which nothing can be written."""
    later: set[tuple[str, str]] = field(default_factory=set)
    """What has its place on a later step of a form than one with something alike: the screen, and the concept."""
    asked: dict[tuple[str, str], UnknownWord] = field(default_factory=dict)
    """What the rehearsal that goes on asks about, by the screen and the concept."""
    misread: set[tuple[str, str, str]] = field(default_factory=set)
    """What was taken for something that a later step shows plainer: the screen, the concept, the text."""
    withdraws: Callable[[str, frozenset[str]], None] = nothing
    """Asks no more about these concepts of a screen: they are where they are known."""
    watches: Callable[[State, bool], None] | None = None
    """Sees each state of a screen that page objects come to, and how what is declared of it stands; None: nobody."""
    pictures: Pictured | None = None
    """Pictures what is filled in; None: nobody does."""
    gathers: bool = False
    """Whether what is met in unknown words is only noted, to be asked about with the rest of its screen."""

    def known(self) -> Known:
        """Return what is known now, to go back to after a rehearsal."""
        return Known(self.learnt, dict(self.routes), dict(self.list_paths))

    def go_back_to(self, known: Known) -> None:
        """Forget what was guessed since then, and all that was found by it: a wrong guess led to another screen."""
        self.learnt, self.routes, self.list_paths = known.learnt, known.routes, known.list_paths
        self.shared_looks = None
        self.asked = {}
