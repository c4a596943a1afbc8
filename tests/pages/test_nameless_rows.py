"""Rows that show neither a name nor an id: which is whose is known only where nothing else can be."""

import pytest

from bcflow.models.identity import canonical_name
from bcflow.pages.kit.lists.answers import _is_told
from bcflow.pages.kit.lists.reading import Row

INVITED = {"user_id": "7446700847047299005", "user_name": "", "email": "bo@acme.example", "role": 2, "asset_count": 1}


def row(*cells: str) -> Row:
    return Row(cells, ())


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([row("-", "Pending"), row("-", "Pending")], True, id="all read alike"),
        pytest.param(
            [row("-", "Pending", "1"), row("-", "Pending", "0")], True, id="told apart by what the answer says"
        ),
        pytest.param([row("-", "Pending", "1"), row("-", "Pending", "2")], False, id="the answer says both"),
        pytest.param([row("-", "Admin", "1"), row("-", "Member", "0")], False, id="told apart by more"),
        pytest.param([row("-", "Pending", "0"), row("-", "Pending", "1")], False, id="another row is it"),
        pytest.param([row("-", "Pending"), row("Ana Lima", "Active")], True, id="the other has a name"),
    ],
)
def test_a_nameless_row_is_whose_it_can_be_alone(rows: list[Row], *, told: bool) -> None:
    assert _is_told(rows[0], INVITED, rows, {"", canonical_name("Ana Lima")}) is told
