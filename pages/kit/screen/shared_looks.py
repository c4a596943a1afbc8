"""What looks share that come one after another: lists that were read whole, and the page they were read from.

Only a look takes part, never an attempt that may write. Whatever casts doubt on them ends them (the session's
become None): the look goes on by itself then, and the next one begins a visit anew.
"""

from __future__ import annotations

from time import monotonic
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Key = tuple[str, str]
Page = tuple[str, str | None, str]

LONGEST_SECONDS = 120.0
"""What was read longer ago is read again."""


class SharedLooks(Generic[T]):
    """The lists of one visit by Business Center and name; `expected` is how many looks at such a list are to come."""

    def __init__(self, name: str) -> None:
        """Begin the visit called `name` with nothing kept."""
        self.name = name
        self.expected = 1
        self._lists: dict[Key, tuple[float, T | None]] = {}
        self._page: Page | None = None
        self._loaded = monotonic()
        self._left = True

    def next_look(self, looks: int) -> None:
        """Begin a look, one of `looks` that are to come; what is too old is forgotten, with the page."""
        self.expected = looks
        oldest = monotonic() - LONGEST_SECONDS
        fresh = {key: (at, listing) for key, (at, listing) in self._lists.items() if at >= oldest}
        if len(fresh) < len(self._lists) or self._loaded < oldest:
            self.leave_page()
        self._lists = fresh

    def page_loaded(self) -> None:
        """Note that another page is loaded now."""
        self._page, self._loaded, self._left = None, monotonic(), False

    def leave_page(self) -> None:
        """Note that the page will not stay as it was loaded: the next look loads it again."""
        self._page, self._left = None, True

    def stay_on(self, page: Page) -> None:
        """Note which page stands as it was loaded: screen, Business Center, address."""
        self._page = None if self._left else page

    def is_on(self, page: Page) -> bool:
        """Whether this page stands as it was loaded."""
        return self._page == page

    def knows(self, key: Key) -> bool:
        """Whether the list was read, or tried to be read, for all looks."""
        return key in self._lists

    def listing(self, key: Key) -> T | None:
        """Return the list as it was read whole; None if it was not, or cannot be."""
        return self._lists[key][1] if key in self._lists else None

    def keep(self, key: Key, listing: T | None) -> None:
        """Keep a list that was read whole; None: it cannot be, and each look is on its own."""
        self._lists[key] = (monotonic(), listing)


def joined(visit: SharedLooks[Any] | None, asked: dict[str, Any] | None) -> SharedLooks[Any] | None:
    """Return the visit that the next look belongs to: `visit` goes on if it is the one that is `asked` for.

    `asked` is {id, looks}: the visit's name, and how many looks at the same list are to come, this one included.
    """
    if asked is None:
        return None
    if visit is None or visit.name != asked["id"]:
        visit = SharedLooks(asked["id"])
    visit.next_look(asked["looks"])
    return visit
