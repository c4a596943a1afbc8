"""A run's record without secrets, as it may be stored and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.models.outcomes import RunRecord
from bcflow.runner.redaction.playwright_text import rebuild_tree
from bcflow.runner.redaction.redact import emails_in

if TYPE_CHECKING:
    from bcflow.runner.redaction.redact import Redactor


def _words(value: object, redactor: Redactor) -> Any:  # noqa: ANN401 - JSON has no better type
    """Return words of a page without secrets and other people's addresses, and otherwise unchanged."""
    if isinstance(value, dict):
        return {key: _words(each, redactor) for key, each in value.items()}
    if isinstance(value, list):
        return [_words(each, redactor) for each in value]
    return redactor.page_words(value) if isinstance(value, str) else value


def clean_record(record: RunRecord, redactor: Redactor) -> RunRecord:
    """Return `record` with every text cleaned; words of fixed meaning (outcomes, kinds, files) stay."""
    people = [record.requested_by, record.approved_by, record.answered_by]
    own = [record.inputs, record.result, people, record.login, record.client, record.note]
    redactor.keep_emails(emails_in([own, [(e.identity, e.want) for e in record.effects]]))
    raw = record.model_dump(mode="json")
    clean: dict[str, Any] = redactor.value(raw)
    for part, names in (("pictures", ("file", "kind")), ("effects", ("outcome",))):
        for was, now in zip(raw[part], clean[part], strict=True):
            now.update({name: was[name] for name in names})
    clean["outcome"] = raw["outcome"]
    # Words of the page must be what they are there: an answer is looked for as it is written here.
    clean |= {name: _words(raw[name], redactor) for name in ("unknown", "learnt")}
    if "\n" in record.tree:
        clean["tree"] = redactor.text(rebuild_tree(record.tree))
    return RunRecord.model_validate(clean)
