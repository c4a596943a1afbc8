"""Which control is most likely which of the things that are sought: what speaks for each, all of them together.

What one of them is taken for with good reason is hardly another: what the others leave over counts, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bcflow.models.identity import quoted
from bcflow.models.unknown import Candidate, Strength, UnknownWord
from bcflow.pages.kit.evidence.sought import known_as
from bcflow.pages.labels.nearness import nearness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.pages.kit.evidence.scan import Spotted
    from bcflow.pages.kit.evidence.sought import Sought
    from bcflow.pages.kit.screen.site import Site

MOST: Final = 8
"""So many candidates are shown at most: more is no help."""
STRONG, FAIR, APART, SEEN = 0.9, 0.45, 0.3, 0.4
ONLY_ONE, ONLY_FILLED, TAKEN, NEXT = 0.4, 0.1, -0.5, 0.05
_NAMES_OF_ROWS = re.compile(r"\d{6,}|\S+@\S+\.\S+")


@dataclass
class _Fit:
    """How well one control fits one thing sought."""

    sought: Sought
    seen: Spotted
    score: float
    near: float
    """How much of it is near words alone: a reason to ask, never enough to go by."""
    why: list[str] = field(default_factory=list)


def unknown_words(site: Site, spotted: Sequence[Spotted], wanted: Sequence[Sought]) -> list[UnknownWord]:
    """Return what may be meant by each of `wanted`, best first; nothing for one that nothing on the surface may be.

    What a person said is not meant is no candidate, nor is what is known to be something else. Where all that may be
    it is known to be called so, nothing is left to be said.
    """
    fits = {id(one): _fits(site, spotted, one) for one in wanted}
    _share_out([fit for one in wanted if one.alone for fit in fits[id(one)]])
    return [_word(one, fits[id(one)]) for one in wanted if not _is_said(site, one, fits[id(one)])]


def _is_said(site: Site, sought: Sought, fits: Sequence[_Fit]) -> bool:
    # What a box says is its own: no label has it.
    return not fits or (not sought.whole and all(site.words.matches(sought.concepts[0], fit.seen.text) for fit in fits))


def _fits(site: Site, spotted: Sequence[Spotted], sought: Sought) -> list[_Fit]:
    learnt, concept, best = site.session.learnt, sought.concepts[0], dict[str, _Fit]()
    others = {
        word.candidates[0].text
        for (screen, asked), word in site.session.asked.items()
        if screen == site.screen and asked != concept and word.candidates[0].strength == "strong" and sought.is_field
    }
    for one in spotted:
        each = replace(one, text=one.hint) if sought.whole else one
        # A field may be called by an example of what it takes.
        is_name = each.kind != "field" and _NAMES_OF_ROWS.search(each.text)
        score = sought.weigh(each) if each.text and not is_name else None
        if score is None or learnt.is_denied(site.screen, concept, each.text):
            continue
        if each.text in others or (site.screen, concept, each.text) in site.session.misread:
            continue
        if known_as(site, each.text, but=sought.concepts):
            continue
        near, shared = max((nearness(each.text, one, site.words.spoken) for one in sought.concepts), default=(0.0, ""))
        why = [*score[1], *([f"it shares {quoted(shared)} with what it was called so far"] if shared else [])]
        fit = _Fit(sought, each, score[0] + near, near, why)
        if each.text not in best or fit.score > best[each.text].score:
            best[each.text] = fit
    found = list(best.values())
    if len(found) == 1 and not sought.alone:
        _raise(found[0], "it is the only one left")
    filled = [fit for fit in found if fit.seen.filled]
    if len(found) > 1 and filled == [max(found, key=lambda fit: fit.score)]:
        filled[0].score += ONLY_FILLED
        filled[0].why.append("no other one is filled")
    return found


def _raise(fit: _Fit, why: str) -> None:
    fit.score += ONLY_ONE
    fit.why.append(why)


def _share_out(fits: Sequence[_Fit]) -> None:
    """Give each control to what it fits best, the best fit first; for all else it counts less then."""
    given: dict[int, Sought] = {}
    for fit in sorted(fits, key=lambda each: -each.score):
        if fit.score < FAIR:
            break
        if fit.seen.n not in given and not any(one is fit.sought for one in given.values()):
            given[fit.seen.n] = fit.sought
    for fit in fits:
        if fit.seen.n in given and given[fit.seen.n] is not fit.sought:
            fit.score += TAKEN
    # What is left over is it only where nothing else is left for which it could be.
    last: dict[int, list[_Fit]] = {}
    for sought in {id(fit.sought): fit.sought for fit in fits}.values():
        left = [fit for fit in fits if fit.sought is sought and given.get(fit.seen.n, sought) is sought]
        if len(left) == 1:
            last.setdefault(left[0].seen.n, []).append(left[0])
    for alike in last.values():
        if len(alike) == 1:
            _raise(alike[0], "it is the only one left")
    _in_order(fits, set(given))


def _in_order(fits: Sequence[_Fit], given: set[int]) -> None:
    """Of what nothing else speaks for, propose the fields one after another, in the order in which they are sought."""
    for sought in {id(fit.sought): fit.sought for fit in fits}.values():
        own = [fit for fit in fits if fit.sought is sought]
        best = max(fit.score for fit in own)
        following = next((fit for fit in own if fit.score == best and fit.seen.n not in given), None)
        if following is not None and best < FAIR:
            following.score += NEXT
            given.add(following.seen.n)


def _word(sought: Sought, fits: Sequence[_Fit]) -> UnknownWord:
    order = sorted(fits, key=lambda each: -each.score)[:MOST]
    best, second = order[0].score, order[1].score if len(order) > 1 else 0.0
    found = [
        Candidate(
            n=fit.seen.n,
            text=fit.seen.text,
            why="; ".join(fit.why) or "it stands where it would be",
            strength=_strength(fit, second if at == 0 else best),
            required=fit.seen.required,
            box=fit.seen.box,
        )
        for at, fit in enumerate(order)
    ]
    return UnknownWord(
        concept=sought.concepts[0],
        what=sought.what,
        purpose=sought.purpose,
        clicked=not (sought.alone or sought.whole),
        candidates=found,
    )


def _strength(fit: _Fit, other: float) -> Strength:
    if fit.score >= STRONG and fit.score - other >= APART and fit.score - fit.near >= SEEN:
        return "strong"
    return "fair" if fit.score >= FAIR and fit.score >= other - APART else "weak"
