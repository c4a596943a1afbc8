"""What a batch needs of people, as questions that hold nothing but their row: no browser, no login, no thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bcflow.runner.storage.asked_words import KIND
from bcflow.runner.storage.questions import About, Question, put, questions_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from bcflow.models.outcomes import EffectRecord, RunRecord
    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Batch

# A page that waited for a code is gone when the question is put: what is left to do is to sign in.
_ASKED_AS: Final = {"code": "sign-in"}
_THEN: Final = {
    "code": "Answer done when you can give a code: a new one is sent then and asked for",
    "captcha": "Solve it in a window",
    "consent": "Decide in a window",
}


def ask(
    connection: sa.Connection, context: Context, batch: Batch, about: Iterable[About], *, once: bool = False
) -> tuple[list[Question], bool]:
    """Put what was not asked yet; return the new questions, and whether anything of `about` is open now.

    `once`: what a person at the terminal left open is not put again.
    """
    known = questions_of(connection, batch.id)
    is_open = {_same(one) for one in known if one.state == "open"}
    # Who said "none of these", or nothing in time, has said it for good; all else may come up again.
    said = {_same(one) for one in known if one.kind == "choice" and one.state in {"answered", "expired"}}
    said |= {_same(one) for one in known if one.state == "withdrawn"} - is_open if once else set()
    wanted = [one for one in about if _same(one) not in said]
    new = [one for one in wanted if _same(one) not in is_open]
    return [put(connection, one, wait=context.settings.answer_wait) for one in new], bool(wanted)


def of_people(context: Context, batch: Batch, records: Sequence[RunRecord]) -> list[About]:
    """Return one question for each login and kind of help, however many runs wait for it."""
    waiting = [one for one in records if one.outcome == "waiting" and one.waiting_for == "you"]
    first: dict[tuple[str, str], RunRecord] = {}
    for record in waiting:
        # Words are asked about as soon as they are met: see `words.asking`.
        if record.needs not in {"", KIND}:
            first.setdefault((record.login, _ASKED_AS.get(record.needs, record.needs)), record)
    return [
        About(
            kind=kind,
            text=_text(record, waiting),
            login=login,
            batch=batch.id,
            picture=picture_of(context, record),
        )
        for (login, kind), record in first.items()
    ]


def choices(context: Context, batch: Batch, records: Iterable[RunRecord]) -> list[About]:
    """Return the question which one is meant, for each run that found several of the same name."""
    found = []
    for record in records:
        effect = ambiguous(record)
        if record.outcome == "refused" and effect is not None:
            what = effect.kind.replace("-", " ")
            possible = [(one, f"the {what} with this id") for one in effect.candidates]
            found.append(
                About(
                    kind="choice",
                    text=f"{record.message}\nWhich {what} is '{effect.identity}'?",
                    login=record.login,
                    batch=batch.id,
                    run=record.id,
                    choices=(*possible, ("none", "none of these; the run stays refused")),
                    picture=picture_of(context, record),
                )
            )
    return found


def ambiguous(record: RunRecord) -> EffectRecord | None:
    """Return the effect of which several equal ones were found."""
    return next((one for one in record.effects if one.candidates), None)


def picture_of(context: Context, record: RunRecord, *, file: str = "") -> str:
    """Return a picture of a run, relative to BCFLOW_HOME: the newest one if none is named.

    An empty text where there is none: none was taken while a secret showed.
    """
    if not record.pictures:
        return ""
    folder = context.run_folder(record.id)
    # A look at what waits for others has a folder inside that of its run.
    own = Path(record.evidence) if Path(record.evidence).parent == folder else folder
    path = own / (file or record.pictures[-1].file)
    return str(path.relative_to(context.settings.home)) if path.is_file() else ""


def _text(record: RunRecord, waiting: Sequence[RunRecord]) -> str:
    many = sum(one.login == record.login for one in waiting)
    return f"{record.message}\n{_how(record)}. Runs that wait for it: {many}"


def _how(record: RunRecord) -> str:
    login = "" if record.login == "default" else f" --login {record.login}"
    window = f"bcflow login --headed{login}"
    carried = f"(or {window} --export FILE on a laptop and bcflow login{login} --import FILE here)"
    then = _THEN.get(record.needs, "Sign in")
    return f"{then}; or sign in: {window} {carried}" if record.needs == "code" else f"{then}: {window} {carried}"


def _same(about: About) -> tuple[str, ...]:
    return about.kind, about.login, about.run, about.flow
