"""What of a job can be read in a request: what a rehearsal shows of the one that would leave."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from bcflow.models.identity import fold
from bcflow.models.outcomes import WouldSend
from bcflow.pages.kit.screen.site_api import texts
from bcflow.pages.kit.writing import requests, witness

if TYPE_CHECKING:
    from bcflow.pages.kit.writing.commit import Commit
    from bcflow.pages.kit.writing.requests import Call


def would_send(commit: Commit, call: Call) -> WouldSend:
    """Return which of what was filled in, and of the ids the write is about, can be read in `call`."""
    asked = commit.filling.shown if commit.filling is not None else {}
    wanted = {name: value for name, value in asked.items() if value not in (None, {}, "")}
    wanted |= {"business_center": commit.org} if commit.org is not None else {}
    query = dict(parse_qsl(urlsplit(call.url).query))
    said = {fold(each) for each in texts([requests.parsed(call.body), query])}
    is_said = {name: said.issuperset(map(fold, texts(value))) for name, value in wanted.items()}
    return WouldSend(
        kind=call.kind_of_write if call.nature == "write" else "",
        request=call.name,
        carries=sorted(name for name, is_there in is_said.items() if is_there),
        silent=sorted(name for name, is_there in is_said.items() if not is_there),
        contrary=witness.contrary(call, asked),
    )
