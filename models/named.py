"""What a job names instead of giving its id: asked about once, then known by id only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcflow.models.identity import canonical_name, quoted, trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Found = Sequence[tuple[str, str]]
    """What there is in a namespace: id and name of each."""
    Lookup = Callable[["Namespace"], Found]
    """Looks up in the browser what there is."""

_AN_ID: Final = re.compile(
    r"([0-9].*){10}|://|org_id=|[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+|id\s*[:\uff1a]", re.IGNORECASE
)
_MOST_SHOWN: Final = 10


@dataclass(frozen=True)
class Namespace:
    """Where a name must be the only one: among what a login sees, or among a Business Center's ad accounts."""

    login: str
    business_center: str = ""

    @property
    def kind(self) -> str:
        """What is found there."""
        return "ad account" if self.business_center else "Business Center"

    @property
    def owner(self) -> str:
        """Whose they are."""
        return f"Business Center {self.business_center}" if self.business_center else f"login {self.login}"

    @property
    def command(self) -> str:
        """The command that lists all of them."""
        if not self.business_center:
            return "bcflow whoami"
        return f"bcflow list ad-accounts --business-center {self.business_center}"


class Names:
    """Names that jobs give, and what they stand for: `known` has what there is at each space.

    While a space is not known yet, each name that is asked for there is noted and has an id that is nobody's.
    """

    def __init__(self, known: Mapping[Namespace, Found] | None = None) -> None:
        """Take what there is at each space that has been looked at."""
        self._known = dict(known or {})
        self._asked: dict[tuple[Namespace, str], str] = {}
        self._unknown: dict[str, Namespace] = {}

    @property
    def named(self) -> tuple[tuple[Namespace, str, str], ...]:
        """Each name that was asked for: where, the name, its id."""
        return tuple((space, name, found) for (space, name), found in self._asked.items())

    @property
    def missing(self) -> list[Namespace]:
        """The spaces to look at next; those of a Business Center that is itself only named come after it."""
        return [space for space in dict.fromkeys(self._unknown.values()) if space.business_center not in self._unknown]

    def after(self, look: Lookup) -> Names:
        """Look at what is missing, and return new names that know it."""
        return Names(self._known | {space: look(space) for space in self.missing})

    def id_of(self, name: str, space: Namespace) -> str:
        """Return the id of the only one of this name there. Raises ValueError with the candidates otherwise."""
        wanted = canonical_name(trim(name))
        if space not in self._known:
            made = self._asked.setdefault((space, wanted), f"7{len(self._asked):017d}1")
            self._unknown[made] = space
            return made
        there = self._known[space]
        found = [one for one, called in there if canonical_name(called) == wanted]
        if len(found) == 1:
            return self._asked.setdefault((space, wanted), found[0])
        if found:
            msg = f"{quoted(wanted)} is the name of {len(found)} {space.kind}s; give the id: {', '.join(found)}"
            raise ValueError(msg)
        shown = [f"{quoted(called, 255)} ({one})" for one, called in there[:_MOST_SHOWN]]
        more = f" and {len(there) - _MOST_SHOWN} more ({space.command})" if len(there) > _MOST_SHOWN else ""
        they = f"there are {', '.join(shown)}{more}" if shown else "there is none"
        msg = f"no {space.kind} of {space.owner} is named {quoted(wanted)}; {they}"
        raise ValueError(msg)


def is_name(value: object) -> bool:
    """Say whether a value is written as a name: letters, and nothing that an id, an address or a reference has."""
    if not isinstance(value, str) or not any(map(str.isalpha, value)):
        return False
    return not (trim(value).startswith("$") or _AN_ID.search(trim(value)))
