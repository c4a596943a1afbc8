"""Business Centers that a job names instead of giving their id: asked about once, then known by id only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bcflow.models.identity import canonical_name, quoted, trim

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Centers = Sequence[tuple[str, str]]
    """The Business Centers that a login sees: id and name of each."""

_AN_ID: Final = re.compile(
    r"([0-9].*){10}|://|org_id=|[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+|id\s*[:\uff1a]", re.IGNORECASE
)
_MOST_SHOWN: Final = 10


class NamedCenters:
    """Names that jobs give, and what they stand for: `known` has what each login sees.

    While nothing is known yet, each name that is asked for is noted and has an id of its own that is nobody's.
    """

    def __init__(self, known: Mapping[str, Centers] | None = None) -> None:
        """Take what each login sees, by its name; None: it is to be found out what has to be known."""
        self._known = known
        self._asked: dict[tuple[str, str], str] = {}

    @property
    def logins(self) -> list[str]:
        """The logins whose Business Centers are named."""
        return list(dict.fromkeys(login for login, _ in self._asked))

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Each name that was asked for, with its id."""
        return tuple((name, org) for (_, name), org in self._asked.items())

    def id_of(self, name: str, login: str) -> str:
        """Return the id of the one Business Center of this name. Raises ValueError with the candidates otherwise."""
        wanted = canonical_name(trim(name))
        if self._known is None:
            return self._asked.setdefault((login, wanted), f"7{len(self._asked):018d}")
        centers = self._known[login]
        found = [org for org, called in centers if canonical_name(called) == wanted]
        if len(found) == 1:
            return self._asked.setdefault((login, wanted), found[0])
        if found:
            msg = f"{quoted(wanted)} is the name of {len(found)} Business Centers; give the id: {', '.join(found)}"
            raise ValueError(msg)
        shown = [f"{quoted(called, 255)} ({org})" for org, called in centers[:_MOST_SHOWN]]
        more = f" and {len(centers) - _MOST_SHOWN} more (bcflow whoami)" if len(centers) > _MOST_SHOWN else ""
        there = f"there are {', '.join(shown)}{more}" if shown else "it sees none"
        msg = f"no Business Center of login {login} is named {quoted(wanted)}; {there}"
        raise ValueError(msg)


def is_name(value: object) -> bool:
    """Say whether a value is written as a name: letters, and nothing that an id or an address has."""
    return isinstance(value, str) and any(map(str.isalpha, value)) and not _AN_ID.search(trim(value))
