"""What a person's word means: it is taken, learnt once its question is answered whole, and the runs go on by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcflow.models.errors import BadInput
from bcflow.runner.batches.advance import advance
from bcflow.runner.batches.context import News
from bcflow.runner.batches.follow_ups import FollowUps
from bcflow.runner.batches.moves import again, dependents, reopen
from bcflow.runner.batches.steps import let_rest
from bcflow.runner.batches.words.ending import end_without
from bcflow.runner.policy.follow_up import YOU
from bcflow.runner.storage.asked_words import (
    FOUND,
    WordAnswer,
    keep_words,
    lock_words,
    open_questions,
    waiting_batches,
    words_of,
)
from bcflow.runner.storage.batch_rows import read_batch, read_records, set_batch, set_run
from bcflow.runner.storage.database import now
from bcflow.runner.storage.labels.kept import DeniedWord, LearntWord
from bcflow.runner.storage.labels.meanings import check_meaning, checked_text
from bcflow.runner.storage.labels.opening import open_labels
from bcflow.runner.storage.questions import NO_ANSWERS, close, withdraw
from bcflow.runner.storage.runs import in_doubt

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy as sa

    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.asked_words import AskedWord, AskedWords
    from bcflow.runner.storage.batch_rows import Batch, Run
    from bcflow.runner.storage.labels.kept import Kept
    from bcflow.runner.storage.questions import Question


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person said: the number of a candidate, a word as the page shows it, or with neither that it is none.

    `concept` names the word that is meant; empty: the first that was not answered yet.
    """

    choose: int | None = None
    text: str | None = None
    concept: str = ""


@dataclass
class Taken:
    """What came of it: the word that was answered, what is left of the question, and the moves of batches.

    `found`: at least one word of the question is on the screen. `waits`: some batch waited for it.
    """

    word: AskedWord
    answer: WordAnswer
    left: list[AskedWord]
    found: bool
    news: list[News] = field(default_factory=list)
    waits: bool = False


def check_said(context: Context, question: Question, said: Said) -> None:
    """Raise BadInput, with what is possible, if an answer does not fit: before anything is held for it."""
    asked = words_of(question)
    if asked.open:
        kept = open_labels(context.settings.home, context.database).read()
        _text(question, asked, _meant(question, asked, said), said, kept)


def answer_word(connection: sa.Connection, context: Context, question: Question, said: Said, *, by: str) -> Taken:
    """Take what was said in a transaction that is open, with all that follows from it.

    Raises BadInput, with what is possible, if it does not fit or the question was closed in the meantime.
    """
    lock_words(connection)
    open_now = open_questions(connection)
    known = {one.id: words_of(one) for one in open_now}
    if question.id not in known:
        raise BadInput([f"{question.id} was closed in the meantime; `bcflow inbox` lists what is open"])
    asked = known[question.id]
    kept = open_labels(context.settings.home, context.database).read(within=connection)
    word = _meant(question, asked, said)
    text = _text(question, asked, word, said, kept)
    answer = WordAnswer(text=text, by=by, at=now())
    same = {one: words for one, words in known.items() if words.place == asked.place}
    shown = {one.text for one in word.candidates}
    for one, words in same.items():
        _fill_in(words, word.concept, answer, shown, is_asked=one == question.id)
    whole = {one: words for one, words in same.items() if not words.open}
    topics = {one.topic: one for one in open_now if one.id in whole}
    # Locked before anything is changed, in one order: all others hold one batch at a time, and the log after it.
    held = [read_batch(connection, batch) for batch in waiting_batches(connection, topics)]
    for one, words in same.items():
        keep_words(connection, one, words)
    detail = {"kind": question.kind, "concept": word.concept, "answer": text or "none", "screen": asked.screen}
    detail |= {"batch": question.batch, "run": question.run}
    context.audit.note_within(connection, "answered", actor=by, subject=question.id, detail=detail)
    _learn_all(connection, context, whole, topics, by)
    found = {topic for topic, one in topics.items() if whole[one.id].found}
    moved = [_move(connection, context, batch, topics, found, by) for batch in held if not batch.cancelled]
    return Taken(word, answer, asked.open, asked.found, [news for news in moved if news], waits=bool(moved))


def told(taken: Taken) -> str:
    """Return in words what came of an answer."""
    what = (
        f"{taken.word.concept} is '{taken.answer.text}'" if taken.answer.text else f"{taken.word.concept} is not there"
    )
    if taken.left:
        return f"{what}; next: {taken.left[0].what}"
    if taken.waits and not taken.news and not taken.left:
        return f"{what}; what waits for it has more to be told: bcflow inbox"
    batches = ", ".join(news.batch for news in taken.news)
    then = f"batch {batches} is queued again" if taken.found else f"what waited for it in batch {batches} has ended"
    return f"{what}; {then if batches else 'nothing waits for it any more'}"


def said_in(text: str) -> Said:
    """Return what a typed line says: a candidate's number, none, or the word itself. Raises BadInput for nothing."""
    line = text.strip()
    if not line:
        raise BadInput(["nothing was given as the answer"])
    if line.isascii() and line.isdigit():
        return Said(choose=int(line))
    return Said() if line.casefold() in NO_ANSWERS else Said(text=line)


def _meant(question: Question, asked: AskedWords, said: Said) -> AskedWord:
    if not said.concept:
        return asked.open[0]
    same = [word for word in asked.words if word.concept == said.concept]
    if not same:
        names = ", ".join(dict.fromkeys(word.concept for word in asked.words))
        raise BadInput([f"{question.id}: it asks about {names}; not about '{said.concept}'"])
    # One thing may go by several words: the button that leads on from each step of a form.
    numbered = [word for word in same if any(one.n == said.choose for one in word.candidates)]
    return next((word for word in numbered or same if word.answer is None), (numbered or same)[0])


def _text(question: Question, asked: AskedWords, word: AskedWord, said: Said, kept: Kept) -> str:
    """Return the word that was said; empty if nothing on the screen is it."""
    if said.choose is None and said.text is None:
        return ""
    if said.choose is not None:
        candidate = next((one for one in word.candidates if one.n == said.choose), None)
        if candidate is None:
            numbers = ", ".join(str(one.n) for one in word.candidates)
            one_of = f"one of: {numbers}; or " if numbers else ""
            raise BadInput([f"{question.id}: {word.concept}: the answer is {one_of}--text with the word, or --none"])
        text = checked_text(candidate.text)
    else:
        text = checked_text(said.text or "")
    for other in asked.words:
        is_beside = other is not word and other.picture == word.picture
        if is_beside and other.answer is not None and other.answer.text == text:
            raise BadInput([f"{question.id}: '{text}' is the answer to '{other.concept}' already"])
    # What the page was read for is not the word of anything else on its screen; what is typed may be a slip.
    is_read = said.choose is not None or any(one.text == text for one in word.candidates)
    check_meaning(word.concept, text, asked.language, kept=kept, site=asked.site, beside=is_read, screen=asked.screen)
    return text


def _fill_in(words: AskedWords, concept: str, answer: WordAnswer, shown: set[str], *, is_asked: bool) -> None:
    """Put an answer into a question, be it the one that `is_asked`: where it is one of several things, none of others.

    Another question may be about another form of the screen, and one thing may go by several words. That none of what
    was `shown` is it says nothing there where something else is proposed; and a word that is not there leaves open
    which of the several things is.
    """
    answered = [word for word in words.words if word.concept == concept]
    if not answer.text or len(answered) > 1:
        answered = [word for word in answered if shown.issuperset(one.text for one in word.candidates)]
    for word in answered:
        word.answer = answer
    is_there = [word for word in answered if is_asked or any(one.text == answer.text for one in word.candidates)]
    others = {(word.picture, word.either) for word in is_there if word.either and answer.text}
    for word in words.open:
        if (word.picture, word.either) in others:
            word.answer = WordAnswer(text="", by=answer.by, at=answer.at)


def _learn_all(
    connection: sa.Connection, context: Context, whole: dict[str, AskedWords], topics: dict[str, Question], by: str
) -> None:
    """Close the questions that were answered whole, and keep what was said."""
    if not whole:
        return
    for question in topics.values():
        close(connection, question.id, by=by)

    def learn(kept: Kept) -> None:
        for question in topics.values():
            _learn(kept, whole[question.id], question)

    open_labels(context.settings.home, context.database).change(learn, within=connection)


def _learn(kept: Kept, words: AskedWords, question: Question) -> None:
    for word in words.words:
        answer = word.answer
        if answer is None:
            continue
        if answer.text:
            kept.teach(
                LearntWord(
                    concept=word.concept,
                    text=answer.text,
                    language=words.language,
                    site=words.site,
                    screen=words.screen,
                    by=answer.by,
                    at=answer.at,
                    run=question.run,
                    picture=word.picture or question.picture,
                )
            )
            continue
        for text in ("", *(one.text for one in word.candidates)):
            kept.deny(
                DeniedWord(
                    concept=word.concept,
                    text=text,
                    site=words.site,
                    screen=words.screen,
                    by=answer.by,
                    at=answer.at,
                )
            )


def _move(
    connection: sa.Connection, context: Context, batch: Batch, topics: dict[str, Question], found: set[str], by: str
) -> News | None:
    """Let the runs of a batch be attempted again, or end them if nothing on the screen is what they need.

    None: they have more to be told.
    """
    told_all = [run for run in batch.runs if run.ended and _is_told_all(connection, run, topics, found)]
    waiting = [run for run in told_all if run.waiting_for == YOU]
    for one in told_all:
        if one.waiting_for != YOU:
            _look_again(connection, context, one)
    if not waiting:
        return News(batch.id) if told_all else None
    go_on = [run for run in waiting if run.topics & {*found, FOUND}]
    ended = [run for run in waiting if not run.topics & {*found, FOUND}]
    read_records(connection, waiting)
    doubt = in_doubt(connection, batch.id) if ended else set()
    records = [end_without(connection, context, batch, run, by, in_doubt=run.id in doubt) for run in ended]
    told = [line for record in records if record.outcome == "screen-changed" for line in let_rest(connection, record)]
    if go_on:
        which = [*(run.id for run in go_on), *dependents(batch.runs, go_on)]
        reopen(connection, batch, which=which)
        for run in which:
            set_run(connection, run, answered_by=by)
    _take_up(connection, batch, goes_on=bool(go_on))
    news = advance(connection, context, batch.id)
    news.ended += records
    news.told += told
    return news


def _is_told_all(connection: sa.Connection, run: Run, topics: Collection[str], found: Collection[str]) -> bool:
    """Whether these topics are the last that a run waited to be told about: before, another attempt would be in vain.

    What it waits for still, and whether anything of the rest was found, is kept.
    """
    if run.topics.isdisjoint(topics):
        return False
    left = {one.topic for one in open_questions(connection, run.topics)}
    if not left:
        return True
    kept = left | ({FOUND} if run.topics & {*found, FOUND} else set())
    set_run(connection, run.id, topic="\n".join(sorted(kept)))
    return False


def _look_again(connection: sa.Connection, context: Context, run: Run) -> None:
    """Have a run looked at that waits for others and could not be looked at for want of a word."""
    set_run(connection, run.id, topic="")
    FollowUps(connection, context).look_now(run.id, run.login)


def _take_up(connection: sa.Connection, batch: Batch, *, goes_on: bool) -> None:
    if goes_on and batch.phase == "ask":
        # What is agreed to is the whole of it: it is looked at first, and then asked again.
        withdraw(connection, batch.id)
        set_batch(connection, batch.id, phase="look")
    if batch.phase == "ended" or (goes_on and not batch.queued):
        again(connection, read_batch(connection, batch.id))
