"""A run's record without secrets, as it may be stored and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.models.outcomes import RunRecord
from bcflow.runner.redaction.playwright_text import rebuild_tree
from bcflow.runner.redaction.redact import emails_in

if TYPE_CHECKING:
    from bcflow.runner.redaction.redact import Redactor


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
    if "\n" in record.tree:
        clean["tree"] = redactor.text(rebuild_tree(record.tree))
    return RunRecord.model_validate(clean)
