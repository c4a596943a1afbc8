"""What this screen's answers say of a list, beside the rows that it draws: a second witness.

A row that is not drawn may stand in the list's own JSON; so may the total, and the id of a row that shows none.
Ids and totals are numbers or texts there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bcflow.models.identity import canonical_name, fold
from bcflow.pages.kit.lists import nameless
from bcflow.pages.kit.lists.reading import Row
from bcflow.pages.kit.screen import site_api
from bcflow.pages.kit.screen.place import ORGANIZATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bcflow.pages.kit.screen.site import Site

    Identity = Callable[[Row], str | None]

_TOTAL = re.compile(r"total(_?(count|num|number|size|records?|items?|rows?|elements?))?", re.IGNORECASE)
_PAGING = re.compile(r"[?&\"](page\w*|limit|offset|size|cursor|keyword)[\"=]", re.IGNORECASE)


@dataclass(frozen=True)
class AnsweredList:
    """One list in an answer: what gave it, its objects, and how many the answer says there are in all."""

    path: str
    things: list[dict[str, Any]]
    total: int | None

    def names(self, known: Sequence[str]) -> bool:
        """Say whether the list holds all of these ids or addresses."""
        return _names_all(self.things, known)


def names(site: Site, wanted: str, *, about: str = "") -> bool:
    """Say whether an answer of this screen names an id or an address.

    What an answer only says again of its own request does not count, nor that it is a Business Center of the login
    itself. `about`: only answers to requests that name this id count; others may speak of the same thing.
    """
    pattern = _pattern(wanted)
    for path, asked, body in site.traffic.heard():
        if about not in asked or (wanted in site.session.business_centers and ORGANIZATIONS in path):
            continue
        echoed = pattern.search(fold(asked)) is not None
        said = [told.things for told in _lists_in(path, body, ())] if echoed else body
        if pattern.search(_text(said)):
            return True
    return False


def numbers(site: Site) -> frozenset[str]:
    """Return every number in this screen's answers: ids that none of them names are not among these."""
    return frozenset(one for _, _, body in site.traffic.heard() for one in re.findall(r"\d+", _text(body)))


def total(site: Site, known: Sequence[str]) -> int | None:
    """Return the total that the answer gives which lists all of `known`, each for itself; None where none does.

    One person who has all of these ad accounts is no list of them.
    """

    def holds(told: AnsweredList) -> bool:
        inner = (one for thing in told.things for one in _lists_below(thing))
        return bool(known) and told.names(known) and not any(_names_all(one, known) for one in inner)

    found = [told for told in lists(site) if told.total is not None and holds(told)]
    return found[-1].total if found else None


def learn_path(site: Site, name: str, known: Sequence[str]) -> None:
    """Keep which path gives the rows of the list called `name`: the one that lists nothing but some of `known`."""
    if not name or name in site.session.list_paths:
        return
    for told in lists(site):
        if told.things and all(not set(known).isdisjoint(_text(thing).split()) for thing in told.things):
            site.session.list_paths[name] = told.path


def says_empty(site: Site) -> bool:
    """Say whether an answer of this screen holds an empty list or a total of none."""
    return any(_none(body.get("data")) for _, _, body in site.traffic.heard() if isinstance(body, dict))


def counts_none(site: Site, *, about: str) -> bool:
    """Say whether the answer to a request that names the id `about` holds an empty list and a total of none."""
    heard = (_lists_in(path, body, ()) for path, asked, body in site.traffic.heard() if about in asked)
    return any(not told.things and told.total == 0 for each in heard for told in each)


def refused(site: Site, name: str) -> str | None:
    """Return the path of a request for the rows of the list called `name` that was given no data.

    Where its path is not known yet: any that may be one, unless another answer says that a list is empty and this
    request did not ask for a page of anything.
    """
    paths = site.traffic.refused()
    if not paths:
        return None
    if name in site.session.list_paths:
        return site.session.list_paths[name] if site.session.list_paths[name] in paths else None
    told_empty = any(not told.things and told.total == 0 for told in lists(site))
    pages = {path: _PAGING.search(asked) is not None for path, asked, _ in site.traffic.heard()}
    # One whose connection broke was not heard at all: what it asked for is not known.
    return next((one for one in paths if site_api.is_list(one) and (not told_empty or pages.get(one, True))), None)


def identified(site: Site, found: list[Row], identity: Identity) -> list[Row]:
    """Return the rows, each that shows no identity with the one that the answers give for what it names.

    Only where a row's name leads to exactly one, and no other row's leads to the same.
    """
    if all(map(identity, found)):
        return found
    told = [None if identity(row) else _told_of(site, row, identity) for row in found]
    named = [
        replace(row, told=one) if one and told.count(one) == 1 else row for row, one in zip(found, told, strict=True)
    ]
    return named if all(map(identity, named)) else _in_order(site, named, identity)


def searched(site: Site, found: list[Row], text: str) -> list[Row]:
    """Return the rows that a search for `text` shows; a single one that does not show it is what its answer names.

    Only where the answer to a request for it lists one thing, and that names it.
    """
    pattern = _pattern(text)
    if len(found) != 1 or pattern.search(fold(found[0].text)):
        return found
    asked = [(path, body) for path, said, body in site.traffic.heard() if pattern.search(fold(said))]
    answered = [told for path, body in asked[-1:] for told in _lists_in(path, body, ())]
    things = [told.things for told in answered if told.total is not None or len(answered) == 1]
    one = things[0][0] if len(things) == 1 and len(things[0]) == 1 else {}
    every = {name for told in lists(site) for thing in told.things for name in _names_of(thing)}
    # A row that is still drawn from before the search is another's.
    is_it = pattern.search(_text(one)) and _fits(found[0], one, every)
    return [replace(found[0], told=_text(one))] if is_it else found


def account_for(site: Site, rows: Sequence[Row], identity: Identity) -> bool:
    """Say whether the answers hold as many things as there are `rows`, and all that these are known by.

    Then no row can be anything that no answer names, though some do not show what they are.
    """
    known = [one for row in rows if (one := identity(row))]
    return bool(known) and any(one.names(known) for one in _as_many(site, rows))


def names_told(site: Site) -> list[str]:
    """Return the names that this screen's answers give to things with an id, but for the login's own."""
    own = {canonical_name(name) for name in site.session.business_centers.values()}
    things = [thing for told in lists(site) for thing in told.things if site_api.SITE_ID.search(_text(thing))]
    found = (text for thing in things for key, text in thing.items() if key.endswith("name") and isinstance(text, str))
    return [text for text in dict.fromkeys(found) if text.strip() and canonical_name(text) not in own]


def is_name(site: Site, text: str) -> bool:
    """Say whether this screen's answers give something this name."""
    return any(canonical_name(text) in _names_of(thing) for told in lists(site) for thing in told.things)


def lists(site: Site) -> list[AnsweredList]:
    """Return every list in this screen's answers, in the order they came."""
    return [told for path, _, body in site.traffic.heard() for told in _lists_in(path, body, ())]


def _as_many(site: Site, rows: Sequence[Row]) -> list[AnsweredList]:
    """Return the lists in the answers that have as many things as there are rows, or have them on all their pages.

    The latest comes first.
    """
    heard = lists(site)
    by_path: dict[str, dict[str, dict[str, Any]]] = {}
    for told in heard:
        by_path.setdefault(told.path, {}).update({_text(thing): thing for thing in told.things})
    whole = [AnsweredList(path, list(things.values()), None) for path, things in by_path.items()]
    return [one for one in [*reversed(heard), *whole] if len(one.things) == len(rows)]


def _in_order(site: Site, rows: list[Row], identity: Identity) -> list[Row]:
    """Return the rows, each that has no identity with that of the thing at its place in the site's answer.

    Only where most rows have one, and each stands at its own place: then the page shows the answer's order. A row whose
    thing has a name must show it, and one whose thing has none must show no other's; see `nameless`.
    """
    own = site.org_in_url or ""
    every = {name for told in lists(site) for thing in told.things for name in _names_of(thing)}
    for answer in _as_many(site, rows):
        said = [_text(thing).replace(own, "") if own else _text(thing) for thing in answer.things]
        told = [replace(row, told=text) for row, text in zip(rows, said, strict=True)]
        known = [(identity(row), identity(Row((), (), text))) for row, text in zip(rows, said, strict=True)]
        is_ordered = all(mine in (None, "", theirs) for mine, theirs in known)
        if not is_ordered or 2 * sum(bool(mine) for mine, _ in known) < len(rows):
            continue
        places = [at for at, (mine, _) in enumerate(known) if not mine]
        unknown, things = [rows[at] for at in places], [answer.things[at] for at in places]
        found = {
            at: told[at]
            for number, at in enumerate(places)
            if nameless.is_told(number, unknown, things, lambda row, thing: _fits(row, thing, every))
        }
        return [found.get(at, row) for at, row in enumerate(rows)]
    return rows


def _fits(row: Row, thing: dict[str, Any], every: set[str]) -> bool:
    shown = {canonical_name(line) for line in row.lines}
    names = {name for name in _names_of(thing) if name}
    return bool(shown & names) if names else not shown & (every - {""})


def _told_of(site: Site, row: Row, identity: Identity) -> str | None:
    lines = {canonical_name(line) for line in row.lines}
    things = [thing for told in lists(site) for thing in told.things if lines & set(_names_of(thing))]
    own = site.org_in_url or ""
    found = {identity(replace(row, told=_text(thing).replace(own, "") if own else _text(thing))) for thing in things}
    return found.pop() if len(found) == 1 else None


def _names_of(thing: dict[str, Any]) -> Iterator[str]:
    return (canonical_name(text) for key, text in thing.items() if key.endswith("name") and isinstance(text, str))


def _lists_in(path: str, value: Any, around: tuple[dict[str, Any], ...]) -> Iterator[AnsweredList]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        for each in value.values():
            yield from _lists_in(path, each, (value, *around))
    elif isinstance(value, list) and all(isinstance(each, dict) for each in value):
        counts = (count for each in around[:2] for count in _counts(each))
        yield AnsweredList(path, value, next(counts, None))
        for each in value:
            yield from _lists_in(path, each, ())


def _counts(around: dict[str, Any]) -> Iterator[int]:
    """Return the totals in an object that holds a list, or in one beside the list."""
    for level in (around, *(each for each in around.values() if isinstance(each, dict))):
        for key, count in level.items():
            if _TOTAL.fullmatch(key) and str(count).isdecimal():
                yield int(count)


def _none(data: Any) -> bool:  # noqa: ANN401 - whatever JSON the site sends
    if isinstance(data, dict):
        return any(_none(value) or (str(value) == "0" and _TOTAL.fullmatch(key)) for key, value in data.items())
    return bool(data == [])


def _lists_below(value: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - any JSON
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(each, list):
            yield each
        yield from _lists_below(each)


def _names_all(value: Any, known: Sequence[str]) -> bool:  # noqa: ANN401 - any JSON
    text = _text(value)
    return all(_pattern(one).search(text) for one in known)


def _pattern(wanted: str) -> re.Pattern[str]:
    """Build a pattern for an id or an address that is no part of a longer one, in a folded text."""
    return site_api.whole(fold(wanted))


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON the site sends
    return fold("\n".join(site_api.texts(value, is_told=bool)))
