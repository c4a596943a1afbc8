"""A baseline: how a site's screens were, as plain files that are reviewed in git.

DIR/check.json                    the site, bcflow's version, the language that was saved last
DIR/LANGUAGE/words.json           each word with its screen, and when it was seen first and last
DIR/LANGUAGE/SCREEN--STATE.json   the skeleton of a state and its elements; beside it its picture (.png)

No file but words.json says when: what did not change is the same byte for byte, and what did is the diff.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bcflow.models.errors import BadInput
from bcflow.models.ui_check import ElementSeen, ScreenSeen, UiCheck
from bcflow.runner.checks.controls import kind_and_word
from bcflow.runner.checks.plain_files import language_name, read_json, state_name, to_lines, write_changed
from bcflow.runner.checks.reach import reach, reached
from bcflow.runner.redaction.private_files import write_private

if TYPE_CHECKING:
    from datetime import date

_CHECK: Final = "check.json"
_WORDS: Final = "words.json"
_PNG: Final = b"\x89PNG\r\n\x1a\n"

Place = tuple[str, str]
Kind = TypeVar("Kind", bound=BaseModel)


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")

    site: str
    version: str
    language: str


class _Word(BaseModel):
    model_config = ConfigDict(extra="forbid")

    screen: str
    word: str
    first: str
    last: str


class _State(BaseModel):
    """One file: a state without a skeleton is one of which only elements were seen."""

    model_config = ConfigDict(extra="forbid")

    screen: str
    state: str
    path: str | None = None
    kit: dict[str, int] = {}
    outline: list[str] = []
    controls: list[str] = []
    elements: list[dict[str, Any]] = []

    def seen(self, picture: str) -> ScreenSeen | None:
        if self.path is None:
            return None
        plain = self.model_dump(exclude={"elements"}) | {"picture": picture}
        return ScreenSeen.model_validate(plain)

    def things(self) -> list[ElementSeen]:
        return [ElementSeen.model_validate({"screen": self.screen, "state": self.state} | one) for one in self.elements]


def save(check: UiCheck, pictures: Path, to: Path, today: date) -> list[Path]:
    """Make `check` the baseline in the folder `to`; return the files that were written or removed.

    Its pictures are in the folder `pictures`; one is replaced only if its skeleton changed. What was not reached stays
    as the baseline knew it: an element, and a state unless the check was at its screen and did not find it. Raises
    BadInput if the baseline that is there cannot be read, and OSError.
    """
    folder = pictures_of(to, check.language)
    earlier = load(to, check.language) if (to / _CHECK).exists() else None
    words = _words(check, folder / _WORDS, today)
    folder.mkdir(parents=True, exist_ok=True)
    old = {one.key: one for one in earlier.screens} if earlier else {}
    new = {one.key: one for one in check.screens}
    elements = _elements(check, earlier)
    changed: list[Path] = []
    for place in sorted({*old, *new, *elements}):
        path = folder / f"{state_name(*place)}.json"
        if place not in new and reach(check, place) == "gone" and reached(check, place[0]):
            changed += _remove(path) + _remove(path.with_suffix(".png"))
            continue
        skeleton = new.get(place) or old.get(place)
        changed += write_changed(path, to_lines(_plain(place, skeleton, elements.get(place, []))))
        if place in new:
            changed += _save_picture(new[place], old.get(place), pictures, path.with_suffix(".png"))
    changed += write_changed(folder / _WORDS, to_lines(words))
    return changed + write_changed(to / _CHECK, to_lines(check.model_dump(include={"site", "version", "language"})))


def load(folder: Path, language: str) -> UiCheck | None:
    """Return the baseline of a language as a check without a time; None if there is none in this language.

    Its pictures are in `pictures_of(folder, language)`. Raises BadInput, each mistake with its file.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    head = _read(folder / _CHECK, _Head)
    screens: list[ScreenSeen] = []
    elements: list[ElementSeen] = []
    problems: list[str] = []
    for path in sorted(pictures_of(folder, language).glob("*--*.json")):
        try:
            state = _read(path, _State)
            picture = path.with_suffix(".png")
            seen = state.seen(picture.name if picture.is_file() else "")
            elements += _things(path, state)
        except BadInput as error:
            problems += error.problems
            continue
        screens += [seen] if seen else []
    if problems:
        raise BadInput(problems)
    if not (screens or elements):
        return None
    return UiCheck(site=head.site, version=head.version, language=language, at="", screens=screens, elements=elements)


def saved_language(folder: Path) -> str | None:
    """Return the language that was saved last: what to compare with where the one that is spoken has no baseline.

    None if there is no baseline at all. Raises BadInput if what is there is none.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    return _read(folder / _CHECK, _Head).language


def pictures_of(folder: Path, language: str) -> Path:
    """Return the folder with the pictures of a baseline in one language."""
    return folder / language_name(language)


def _elements(check: UiCheck, earlier: UiCheck | None) -> dict[Place, list[ElementSeen]]:
    """Return by state what was seen of each element, now or else earlier; what nobody ever saw is left out."""
    known = {one.key: one for one in earlier.elements} if earlier else {}
    asked = {one.key for one in check.elements}
    places = {one.key for one in check.screens} | {(one.screen, one.state) for one in check.elements}
    best = [known.get(one.key) if one.standing == "not reached" else one for one in check.elements]
    best += [one for one in known.values() if one.key not in asked and (one.screen, one.state) not in places]
    found: dict[Place, list[ElementSeen]] = {}
    for one in best:
        if one:
            found.setdefault((one.screen, one.state), []).append(one)
    return found


def _plain(place: Place, skeleton: ScreenSeen | None, elements: list[ElementSeen]) -> dict[str, Any]:
    ordered = sorted(elements, key=lambda one: (one.kind, one.concept, one.text))
    plain = [one.model_dump(mode="json", exclude={"screen", "state"}, exclude_defaults=True) for one in ordered]
    shape = skeleton.model_dump(exclude={"picture"}) if skeleton else {"screen": place[0], "state": place[1]}
    return {**shape, "elements": plain}


def _save_picture(new: ScreenSeen, old: ScreenSeen | None, pictures: Path, path: Path) -> list[Path]:
    """Put a picture beside its skeleton; one that shows another skeleton does not stay there."""
    same = old is not None and old.model_copy(update={"picture": new.picture}) == new
    if same and path.is_file():
        return []
    source = pictures / Path(new.picture).name
    content = source.read_bytes() if new.picture and source.is_file() else b""
    if not content.startswith(_PNG):
        return _remove(path)
    write_private(path, content)
    return [path]


def _remove(path: Path) -> list[Path]:
    if not path.is_file():
        return []
    path.unlink()
    return [path]


def _words(check: UiCheck, path: Path, today: date) -> list[dict[str, str]]:
    """Return all words that were ever seen, with the days; a word that went away keeps its last one."""
    known = {(one.screen, one.word): one for one in _read_words(path)}
    seen = {(one.screen, kind_and_word(control)[1]) for one in check.screens for control in one.controls}
    seen |= {(one.screen, one.text) for one in check.elements if one.standing != "not reached"}
    day = today.isoformat()
    for screen, word in seen:
        if word:
            had = known.get((screen, word)) or _Word(screen=screen, word=word, first=day, last=day)
            known[screen, word] = had.model_copy(update={"last": max(had.last, day)})
    return [known[key].model_dump() for key in sorted(known)]


def _read_words(path: Path) -> list[_Word]:
    if not path.exists():
        return []
    found = read_json(path)
    try:
        return [_Word.model_validate(one) for one in found]
    except (ValidationError, TypeError):
        raise BadInput([f"{path}: is no list of words of a baseline"]) from None


def _things(path: Path, state: _State) -> list[ElementSeen]:
    try:
        return state.things()
    except ValidationError as error:
        raise BadInput(_problems(path, error)) from None


def _read(path: Path, model: type[Kind]) -> Kind:
    try:
        return model.model_validate(read_json(path))
    except ValidationError as error:
        raise BadInput(_problems(path, error)) from None


def _problems(path: Path, error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_input=False)
    return [f"{path}: is no file of a baseline: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found]
