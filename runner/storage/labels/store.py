"""Where what people taught about a site's words is kept: in the home folder or in PostgreSQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from bcflow.pages.labels.learnt import Learnt
    from bcflow.runner.storage.labels.kept import Kept


class LabelStore(ABC):
    """Keeps it, for all sites."""

    def learnt(self, site: str) -> Learnt:
        """Return what is to be used on a site; what is asked of it is noted in it, so it is another one each time."""
        return self.read().learnt(site)

    @abstractmethod
    def read(self, *, within: sa.Connection | None = None) -> Kept:
        """Return all that is kept, not to be changed; `within` as in `change`. Raises BadInput if it cannot be read."""

    @abstractmethod
    def change(self, change: Callable[[Kept], None], *, within: sa.Connection | None = None) -> None:
        """Change what is kept, all of it or nothing; processes that change it at once do so one after another.

        `within` is a transaction of the same database that is open: where it is kept there, it changes with it.
        Raises BadInput if it cannot be read, OSError or LedgerBroken if it cannot be written.
        """
