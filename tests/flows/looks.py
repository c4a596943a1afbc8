"""How the site looks in the tests of every flow: each edition and language of each flow, every two values once."""

from itertools import product

from standin.switches import AXES
from tests.flows.pairwise import Columns, Row, pairwise
from tests.support.flow_jobs import FLOWS

EDITIONS = ("2026", "2024")
LANGUAGES = ("en", "vi")
OF_SIGNING_IN = frozenset({"login_code", "login_form", "code_source", "consent", "late_redirect"})
ELSEWHERE = frozenset({"flow", "edition", "language", "codes", "row_ids", "empty_bc"}) | OF_SIGNING_IN
"""Where a flow may not work, or must be told something; each has tests of its own."""


def looks() -> list[Row]:
    """Return the rows; each has a flow and a value of every axis that leaves it free to work."""
    starts = [
        {"flow": flow, "edition": edition, "language": language}
        for flow, edition, language in product(FLOWS, EDITIONS, LANGUAGES)
    ]
    return pairwise(starts, lambda _start: columns(), may)


def of_every_change(rows: list[Row]) -> list[int]:
    """Return the places of a few rows with every flow, and every value of every axis."""
    missing = {cell for row in rows for cell in row.items()}
    chosen: list[int] = []
    while missing:
        best = max(range(len(rows)), key=lambda place: len(missing & rows[place].items()))
        missing -= rows[best].items()
        chosen.append(best)
    return sorted(chosen)


def columns() -> Columns:
    """Return the axes that are free, those with the most values first."""
    free = {name: values for name, values in AXES.items() if name not in ELSEWHERE}
    return dict(sorted(free.items(), key=lambda axis: -len(axis[1])))


def may(row: Row) -> bool:
    """Say whether there is such a site, and its lists can be told to have been read whole."""
    boundless = (row.get("list_style"), row.get("totals"), row.get("search")) == ("virtual", "no", "no")
    return not boundless and (row["edition"], row.get("registration")) != ("2024", "combined")
