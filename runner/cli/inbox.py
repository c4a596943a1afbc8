"""`bcflow inbox`: what waits for a person now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.runner.cli.answering.answer import opened
from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.wording.messages import NOTHING_FOR_YOU
from bcflow.runner.cli.wording.options import Json

if TYPE_CHECKING:
    from bcflow.runner.storage.batch_rows import Batch


def inbox(as_json: Json = False) -> None:
    """List what waits for you: questions, and what rests. Batches rest, and flows that a breaker let rest.

    With --json it is a list of the questions; what rests is told on stderr, and by `bcflow status --json`.

    \b
    Example:
      bcflow inbox
    """
    from bcflow.runner.cli.answering.shown import plain, told
    from bcflow.runner.storage.runs import Store
    from bcflow.runner.storage.switches import Switches

    settings = load_settings(only_looks=True)
    if not settings.has_database():
        document([]) if as_json else say(NOTHING_FOR_YOU)
        return
    with opened(settings) as (answers, context):
        answers.expire()
        questions = answers.questions.open()
        asked = {one.batch for one in questions}
        store = Store(context.database)
        resting = [one for one in store.open_batches() if not one.queued and one.id not in asked]
        switches = Switches(context.database).all()
        clients = store.clients([one.run for one in questions])
    rests = [*(_rests(one) for one in resting), *(str(one) for one in switches)]
    if as_json:
        document([plain(settings, one, client=clients.get(one.run)) for one in questions])
        for line in rests:
            complain(line)
        return
    lines = [line for one in questions for line in told(settings, one)]
    say(*([*lines, *rests] or [NOTHING_FOR_YOU]))


def _rests(batch: Batch) -> str:
    return f"{batch.id}  rests, next: {batch.phase}  bcflow resume {batch.id}"
