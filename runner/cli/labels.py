"""`bcflow labels`: the site's words as this home has learnt them, put in, taken out and handed on."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from bcflow.runner.cli.frame import columns, complain, document, load_settings, say
from bcflow.runner.cli.wording import completion, messages
from bcflow.runner.cli.wording.options import Force, Json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.labels.kept import Kept, LearntWord
    from bcflow.runner.storage.labels.store import LabelStore

HELP = """The site's words as this home has learnt them.

    What a person answered when a screen said something in words that nobody knew is kept here, and used at once.

    \b
    Examples:
      bcflow labels list
      bcflow labels add "invite member" "Bring aboard"
    """
_Concept = Annotated[
    str,
    typer.Argument(
        help="What is looked for; `list --concepts` has all.", metavar="CONCEPT", autocompletion=completion.concepts
    ),
]
_File = Annotated[Path, typer.Argument(help="The file.", metavar="FILE")]


def show(
    concepts: Annotated[bool, typer.Option("--concepts", help="List every concept that there is instead.")] = False,
    as_json: Json = False,
) -> None:
    """List what was taught, and whether it has worked. Each word with its concept and who said it.

    \b
    Examples:
      bcflow labels list
      bcflow labels list --concepts
    """
    from bcflow.pages.labels import CONCEPTS
    from bcflow.runner.storage.labels.meanings import is_known

    if concepts:
        if as_json:
            document({screen: list(names) for screen, names in CONCEPTS.items()})
        else:
            say(*columns([(screen, name) for screen, names in CONCEPTS.items() for name in names]))
        return
    with _opened(only_looks=True) as (_, labels, _):
        kept = labels.read()
    told: list[dict[str, Any]] = [
        one.model_dump() | {"known": is_known(one.concept, one.text, one.language)} for one in kept.words
    ]
    told += [one.model_dump() | {"state": "denied"} for one in kept.denied]
    if as_json:
        document(told)
        return
    names = ("concept", "text", "language", "state", "by", "at", "run")
    rows = [[_cell(one, name) for name in names] for one in told]
    say(*(columns(rows, heads=names) if rows else [messages.NOTHING_TAUGHT]))
    for one in told:
        if one.get("known"):
            complain(f"'{one['text']}' is in the label files by now: bcflow labels forget '{one['concept']}'")


def add(
    concept: _Concept,
    text: Annotated[str, typer.Argument(help="The word, as the page shows it.", metavar="TEXT")],
    language: Annotated[
        str | None, typer.Option("--language", help="Of the page (default: the one it had last).", metavar="CODE")
    ] = None,
    as_json: Json = False,
) -> None:
    """Teach a word: what a concept is called on this site. From now on it is used.

    \b
    Examples:
      bcflow labels add "invite member" "Bring aboard"
      bcflow labels add terms "Tôi đồng ý" --language vi
    """
    from bcflow.runner.storage.database import now
    from bcflow.runner.storage.labels.kept import LearntWord
    from bcflow.runner.storage.labels.meanings import check_concept, check_meaning, checked_language, checked_text
    from bcflow.runner.storage.proofs import Proofs

    check_concept(concept)
    plain = checked_text(text)
    with _opened() as (settings, labels, database):
        site = settings.business_center_url
        with database.transaction() as connection:
            spoken = language or Proofs(connection).language(site=site, login="default") or "en"
        code, by = checked_language(spoken), settings.actor
        word = LearntWord(concept=concept, text=plain, language=code, site=site, by=by, at=now())

        def teach(kept: Kept) -> None:
            check_meaning(concept, plain, code, kept=kept, site=site)
            kept.teach(word)

        labels.change(teach)
        _note(settings, database, "taught", concept, {"text": plain, "language": code})
        _say_who_asks(database, concept)
    if as_json:
        document(word.model_dump())
    else:
        say(f"{concept} is '{plain}' on {site} ({code})")


def forget(
    concept: _Concept,
    text: Annotated[str | None, typer.Argument(help="One word of it (default: all).", metavar="TEXT")] = None,
    as_json: Json = False,
) -> None:
    """Forget what was taught of a concept, or one word of it. That nothing on a screen is it, too.

    \b
    Examples:
      bcflow labels forget "invite member"
      bcflow labels forget "invite member" "Bring aboard"
    """
    from bcflow.models.errors import BadInput
    from bcflow.models.suggestions import nearest

    with _opened() as (settings, labels, database):
        kept = labels.read()
        known = {*(one.concept for one in kept.words), *(one.concept for one in kept.denied)}
        gone: list[int] = []
        labels.change(lambda kept: gone.append(kept.forget(concept, text)))
        if not gone[0]:
            what = f"'{text}' was not taught as '{concept}'" if text else f"nothing was taught of '{concept}'"
            raise BadInput([f"{what}{nearest(concept, known - {concept})}; see bcflow labels list"])
        _note(settings, database, "forgotten", concept, {"text": text} if text else {})
    if as_json:
        document({"forgotten": gone[0]})
    else:
        say(f"forgotten: {gone[0]}")


def export(
    file: _File,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write the words into a file, to hand them on. Without who said them and for which run.

    \b
    Example:
      bcflow labels export words.yaml
    """
    from bcflow.models.errors import BadInput
    from bcflow.pages.labels.learnt import DECLARATION
    from bcflow.runner.redaction.private_files import write_private
    from bcflow.runner.storage.labels.file import to_yaml
    from bcflow.runner.storage.labels.kept import Kept

    with _opened(only_looks=True) as (_, labels, _):
        # A consent holds for who read its text; nobody takes it over unread.
        words = [one for one in labels.read().words if one.state != "doubtful" and one.concept != DECLARATION]
    if not words:
        raise BadInput([messages.NOTHING_TAUGHT])
    bare = {"by": "", "at": "", "run": "", "picture": "", "state": "new"}
    try:
        content = to_yaml(Kept([one.model_copy(update=bare) for one in words])).encode()
        write_private(file, content, overwrite=force)
    except FileExistsError:
        raise BadInput([messages.is_there(file)]) from None
    except OSError as error:
        raise BadInput([messages.cannot_write(file, error)]) from None
    if as_json:
        document({"file": str(file), "words": len(words)})
    else:
        say(f"{file}: {len(words)} {'word' if len(words) == 1 else 'words'}")


def take_in(file: _File, as_json: Json = False) -> None:
    """Take in the words of an exported file. What is known here stays as it is.

    \b
    Example:
      bcflow labels import words.yaml
    """
    with _opened() as (settings, labels, database):
        words = _words_in(file, settings)
        new: list[LearntWord] = []

        def teach(kept: Kept) -> None:
            new.extend(one for one in words if not kept.has(one))
            _teach_all(file, new, kept)

        labels.change(teach)
        for one in new:
            _note(
                settings,
                database,
                "taught",
                one.concept,
                {"text": one.text, "language": one.language, "file": file.name},
            )
    elsewhere = sorted({one.site for one in words} - {settings.business_center_url})
    if as_json:
        document({"added": len(new), "already": len(words) - len(new)})
    else:
        say(f"added: {len(new)}, known already: {len(words) - len(new)}")
    for site in elsewhere:
        complain(f"some of the words are for {site}, and are used there only")


def _words_in(file: Path, settings: Settings) -> list[LearntWord]:
    from bcflow.models.errors import BadInput
    from bcflow.pages.labels.learnt import DECLARATION
    from bcflow.runner.storage.database import now
    from bcflow.runner.storage.labels.file import from_yaml, text_of

    words = from_yaml(text_of(file), str(file)).words
    if any(one.concept == DECLARATION for one in words):
        raise BadInput([f"{file}: holds the text of a box to tick: a consent is given by who reads it; take it out"])
    if not words:
        raise BadInput([f"{file}: has no words"])
    ours = {"by": settings.actor, "at": now(), "run": "", "picture": "", "state": "new"}
    return [one.model_copy(update=ours) for one in words]


def _teach_all(file: Path, words: list[LearntWord], kept: Kept) -> None:
    """Take words in. Raises BadInput with everything that is wrong with them, and then none is taken."""
    from bcflow.models.errors import BadInput
    from bcflow.runner.storage.labels.meanings import check_concept, check_meaning, checked_language, checked_text

    problems = []
    for one in words:
        try:
            check_concept(one.concept)
            one.text, one.language = checked_text(one.text), checked_language(one.language)
            check_meaning(one.concept, one.text, one.language, kept=kept, site=one.site)
        except BadInput as error:
            problems += [f"{file}: {problem}" for problem in error.problems]
        kept.teach(one)
    if problems:
        raise BadInput(problems)


def _cell(one: dict[str, Any], name: str) -> str:
    value = str(one.get(name, ""))
    if name == "text" and not value:
        return f"(nothing on {one['screen']})"
    return messages.minute(value) if name == "at" else value


def _note(settings: Settings, database: Database, action: Any, concept: str, detail: dict[str, Any]) -> None:  # noqa: ANN401 - one of the log's actions
    from bcflow.runner.storage.audit import Audit

    Audit(database, secrets=settings.secrets()).note(action, actor=settings.actor, subject=concept, detail=detail)


def _say_who_asks(database: Database, concept: str) -> None:
    """Say which open question asks for this concept: its runs go on with its answer only."""
    from bcflow.runner.storage.asked_words import open_questions, words_of

    with database.transaction() as connection:
        asked = [one for one in open_questions(connection) if concept in {word.concept for word in words_of(one).open}]
    for one in asked:
        complain(f"{one.id} asks for it: bcflow answer {one.id} --concept '{concept}' --text … lets its runs go on")


@contextmanager
def _opened(*, only_looks: bool = False) -> Iterator[tuple[Settings, LabelStore, Database]]:
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.labels.opening import open_labels

    settings = load_settings(only_looks=only_looks)
    with closing(Database(settings.database_to_look_into() if only_looks else settings.database())) as database:
        yield settings, open_labels(settings.home, database), database


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "list": show,
    "add": add,
    "forget": forget,
    "export": export,
    "import": take_in,
}
