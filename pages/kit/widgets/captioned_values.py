"""Reading captioned values ("Currency  USD") and telling whether they are the wanted ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.identity import fold
from bcflow.models.places.names import country_names
from bcflow.models.places.spelling import currency_matches, zone_options_match

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.pages.kit.widgets.surface import Surface


def read(surface: Surface, *concepts: str) -> str | None:
    """Return what stands beside or below a caption, or None if the surface does not show it once."""
    for concept in concepts:
        caption = surface.root.get_by_text(surface.site.words.pattern(concept)).filter(visible=True)
        beside: list[str] = caption.evaluate_all(f"all => all.map({_BESIDE})")
        values = {value.strip() for value in beside if value.strip()}
        values = values or _after_colon(surface, concept)
        if len(values) == 1:
            return values.pop()
    return None


def _after_colon(surface: Surface, concept: str) -> set[str]:
    """Return what follows "Currency:" where caption and value are one text."""
    split = (line.replace("\uff1a", ":").partition(":") for line in surface.text().split("\n"))
    words = surface.site.words
    return {value.strip() for caption, _, value in split if value.strip() and words.matches(concept, caption.strip())}


def as_wanted(surface: Surface, kind: str, want: str, shown: str | None) -> str | None:
    """Return `want` if what is shown means it, else what is shown; None where nothing is shown."""
    if shown is None or shown.strip() in ("", "-"):
        return None
    return want if meant(surface, kind, want)([shown]) else shown


def meant(surface: Surface, kind: str, want: str) -> Callable[[list[str]], list[str]]:
    """Return what picks the options that mean `want`: a country, time zone, currency, or a plain text."""
    language = surface.site.words.spoken
    if kind == "country":
        names = {fold(name) for name in country_names(want, language)}
        return lambda texts: [text for text in texts if names & {fold(text), *_parts(text)}]
    if kind == "time_zone":
        return lambda texts: zone_options_match(want, texts, language)
    if kind == "currency":
        return lambda texts: [text for text in texts if currency_matches(text, want)]
    return lambda texts: [text for text in texts if fold(text) == fold(want)]


def search_for(kind: str, value: str) -> str:
    """Return what to type into an options' own search box to find `value`; empty: nothing."""
    if kind == "time_zone":
        return value.rpartition("/")[2].replace("_", " ")
    return ""


def _parts(text: str) -> set[str]:
    """Return "United States" and "US" of "United States (US)"."""
    before, _, after = text.partition("(")
    return {fold(before), fold(after.rstrip(") "))} if after else set()


_BESIDE = """e => {
  const label = (e.innerText || '').trim();
  for (let at = e.parentElement, up = 0; at && up < 4; at = at.parentElement, up++) {
    const lines = (at.innerText || '').split('\\n').map(t => t.trim()).filter(Boolean);
    const rest = lines.filter(line => line !== label);
    // Two pieces of one line: the caption is cut off.
    if (rest.length === 1 && rest[0].startsWith(label)) return rest[0].slice(label.length).replace(/^\\s*:/, '');
    if (rest.length === 1) return rest[0];
    if (rest.length > 1) return '';
    if (!rest.length && lines.length === 1 && lines[0].length > label.length) return lines[0].slice(label.length);
  }
  return '';
}"""
