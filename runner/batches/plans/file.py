"""A plan as a file, signed.

Its signature is an HMAC-SHA256 over everything else in it, as JSON with sorted keys, no spaces and non-ASCII
letters escaped. The key is derived from this home's own: who does not have that can read a plan, not change it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from bcflow.models.errors import BadInput
from bcflow.runner.batches.plans.plan import FORMAT, Plan
from bcflow.runner.redaction.printable import json_text

_PURPOSE: Final = b"bcflow plan, format 1"
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


def signing_key(home_key: bytes) -> bytes:
    """Derive the key of plans from a home's key (see `keys.load_key`): neither opens what the other seals."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(home_key)


def rendered(plan: Plan, key: bytes) -> bytes:
    """Return the plan's file: signed, and laid out to be read."""
    document = plan.model_dump(mode="json")
    return _laid_out(document | {"signature": _signature(document, key)})


def opened(content: bytes, key: bytes, *, name: str) -> Plan:
    """Return the plan in `content`. Raises BadInput if it is none, of another format, or not as it was signed."""
    try:
        document = json.loads(content.decode())
        signature = document.pop("signature")
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise BadInput([f"{name}: is not a plan; `bcflow plan` makes one"]) from None
    if document.get("format") != FORMAT:
        raise BadInput([f"{name}: is of a format this bcflow does not know; make the plan again"])
    right = hmac.compare_digest(str(signature).encode(), _signature(document, key).encode())
    # What was laid out anew was touched, even if it says the same.
    if not right or _laid_out(document | {"signature": signature}) != content:
        said = "was changed after it was signed, or was signed with another key than this home's; make the plan again"
        raise BadInput([f"{name}: {said}"])
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        raise BadInput([f"{name}: cannot be read ({error.error_count()} problems); make the plan again"]) from None


def check_fits(plan: Plan, *, site: str, max_age: timedelta, now: datetime, name: str) -> None:
    """Raise BadInput if a plan is for another site, or older than `max_age`."""
    if plan.site != site:
        raise BadInput([f"{name}: is a plan for {plan.site}; this bcflow works on {site}"])
    age = now - datetime.fromisoformat(plan.made_at)
    if age > max_age:
        hours = f"{age / timedelta(hours=1):.1f} hours old, and {max_age / timedelta(hours=1):g} are allowed"
        raise BadInput([f"{name}: is {hours}; make the plan again, or give --max-age"])
    if age < -_CLOCKS_DIFFER:
        raise BadInput([f"{name}: was made at {plan.made_at}, which is still to come; set this computer's clock"])


def _signature(document: dict[str, Any], key: bytes) -> str:
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def _laid_out(document: dict[str, Any]) -> bytes:
    return (json_text(document, indent=1) + "\n").encode()
