"""What every list of the site does with its rows: order, search, pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from standin.api.writes import Call

Row = TypeVar("Row")


def ordered(call: Call, rows: Iterable[Row], *, name: str = "name") -> list[Row]:
    """Rows in the order of axis `list_order`; they need `created_at` and the attribute `name`."""
    how = call.world.axis("list_order")
    if how == "name":
        return sorted(rows, key=lambda row: str(getattr(row, name)).casefold())
    return sorted(rows, key=lambda row: float(getattr(row, "created_at", 0.0)), reverse=how == "newest")


def page_of(call: Call, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Cut the asked page (`page` from 1, `limit`) out of the rows: `{list, total, page, limit}`.

    With axis `totals` at no, `has_more` is all that is told of the rest.
    """
    page, limit = max(1, int(call.query.get("page", "1"))), max(1, int(call.query.get("limit", "10")))
    found = {"list": rows[(page - 1) * limit : page * limit], "page": page, "limit": limit}
    if call.world.axis("totals") == "no":
        return found | {"has_more": page * limit < len(rows)}
    return found | {"total": len(rows)}


def matches(keyword: str, *texts: str) -> bool:
    """Whether the keyword is part of one of the texts, whatever the capitals. An empty one is."""
    wanted = keyword.strip().casefold()
    return not wanted or any(wanted in text.casefold() for text in texts)
