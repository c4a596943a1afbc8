"""Asking about the words that a run has met: once for each screen, whatever number of runs wait for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bcflow.runner.batches.moves import reopen
from bcflow.runner.batches.needs import picture_of
from bcflow.runner.storage.asked_words import KIND, AskedWord, AskedWords, open_questions, topic_of
from bcflow.runner.storage.batch_rows import set_run
from bcflow.runner.storage.database import as_text
from bcflow.runner.storage.labels.opening import open_labels
from bcflow.runner.storage.questions import About, extend, put

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from bcflow.models.outcomes import RunRecord
    from bcflow.models.unknown import UnknownWord, UnknownWords
    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Batch, Run
    from bcflow.runner.storage.labels.kept import Kept, LearntWord
    from bcflow.runner.storage.questions import Question


def ask_words(connection: sa.Connection, context: Context, batch: Batch, run: Run, record: RunRecord) -> list[Question]:
    """Ask about the words that `run` waits for, unless they are asked about already; return the new questions.

    What somebody has answered since the attempt began is not asked again: the run is attempted anew.
    """
    if not record.unknown or batch.cancelled:
        return []
    kept = open_labels(context.settings.home, context.database).read(within=connection)
    left = [each for each in record.unknown if not all(_is_answered(kept, record, word) for word in each.words)]
    if not left:
        reopen(connection, batch, which=[run.id])
        return []
    return _ask_all(connection, context, record, left)


def ask_in_follow_up(connection: sa.Connection, context: Context, look: RunRecord) -> list[Question]:
    """Ask about the words that a look at what waits for others has met: the answer has it made again."""
    return _ask_all(connection, context, look, look.unknown if look.needs == KIND else [])


def _ask_all(
    connection: sa.Connection, context: Context, record: RunRecord, unknown: Sequence[UnknownWords]
) -> list[Question]:
    topics = [topic_of(record.site, each) for each in unknown]
    set_run(connection, record.id, topic="\n".join(topics))
    return [new for each in unknown if (new := _asked(connection, context, record, each)) is not None]


def _asked(connection: sa.Connection, context: Context, record: RunRecord, unknown: UnknownWords) -> Question | None:
    wait, topic = context.settings.answer_wait, topic_of(record.site, unknown)
    known = open_questions(connection, [topic])
    if known:
        extend(connection, known[0].id, as_text(datetime.now(UTC) + timedelta(seconds=wait)))
        return None
    kept = open_labels(context.settings.home, context.database).read(within=connection)
    words = _words(context, kept, record, unknown)
    about = About(
        kind=KIND,
        text=text_of(words),
        login=record.login,
        batch=record.batch,
        run=record.id,
        picture=next((word.picture for word in words.words if word.picture), picture_of(context, record)),
        topic=topic,
        words=words.model_dump(mode="json"),
    )
    return put(connection, about, wait=wait)


def text_of(words: AskedWords) -> str:
    """Return what is asked, in words: one line, then one for each earlier answer that did not work."""
    what = ", ".join(word.what for word in words.words)
    earlier = [line for word in words.words for line in word.earlier]
    asked = f"{words.screen}: under which word is {what} there? No word that is known is on the screen"
    return "\n".join([asked, *earlier])


def _words(context: Context, kept: Kept, record: RunRecord, unknown: UnknownWords) -> AskedWords:
    words = [
        AskedWord(
            **word.model_dump(exclude={"picture"}),
            picture=picture_of(context, record, file=word.picture) if word.picture else "",
            earlier=[_did_not_work(one) for one in _doubtful(kept, record.site, word.concept)],
        )
        for word in unknown.words
    ]
    return AskedWords(site=record.site, screen=unknown.screen, language=unknown.language, words=words)


def _doubtful(kept: Kept, site: str, concept: str) -> list[LearntWord]:
    return [one for one in kept.words if (one.site, one.concept, one.state) == (site, concept, "doubtful")]


def _did_not_work(word: LearntWord) -> str:
    return f"an earlier answer ('{word.text}', by {word.by or 'somebody'}) did not work"


def _is_answered(kept: Kept, record: RunRecord, word: UnknownWord) -> bool:
    """Whether a word was taught while the attempt that missed it was under way."""
    return any(
        (one.site, one.concept) == (record.site, word.concept)
        and one.state != "doubtful"
        and one.text not in record.learnt.get(word.concept, ())
        and bool(record.started)
        and one.at >= record.started
        for one in kept.words
    )
