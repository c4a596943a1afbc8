"""Rows that show neither a name nor an id: which is whose is known only where nothing else can be."""

from typing import Any

import pytest

from bcflow.pages.kit.lists.nameless import is_told
from bcflow.pages.kit.lists.reading import Row


def row(*cells: str) -> Row:
    return Row(cells, ())


def thing(number: int, accounts: int = 0, finance: str | None = None) -> dict[str, Any]:
    return {"user_id": f"74{number}", "email": f"p{number}@acme.example", "assets": accounts, "finance": finance}


PLAIN, ANALYST = row("Pending", "0", "Standard"), row("Pending", "0", "Standard, Billing viewer")
ALIKE = [thing(1), thing(2), thing(3), thing(4)]
ONE_OTHER = [thing(1), thing(2), thing(3), thing(4, finance="analyst")]


@pytest.mark.parametrize(
    ("rows", "things", "told"),
    [
        pytest.param([PLAIN] * 4, ALIKE, [True] * 4, id="all read alike"),
        pytest.param([PLAIN] * 4, ONE_OTHER, [True] * 4, id="all read alike, whatever the answer says of each"),
        pytest.param([PLAIN] * 3 + [ANALYST], ONE_OTHER, [True] * 4, id="one has another role, in unknown words"),
        pytest.param([ANALYST] + [PLAIN] * 3, ONE_OTHER, [False] * 4, id="it stands in another order"),
        pytest.param([PLAIN] * 3 + [ANALYST], ALIKE, [False] * 4, id="told apart by what the answer does not say"),
        pytest.param([PLAIN, ANALYST], [thing(1), thing(2, finance="analyst")], [False] * 2, id="either may be either"),
        pytest.param(
            [row("Pending", "0"), row("Pending", "3")],
            [thing(1), thing(2, 3)],
            [True] * 2,
            id="the cell says the value",
        ),
        pytest.param(
            [row("Pending", "3"), row("Pending", "0")], [thing(1), thing(2, 3)], [False] * 2, id="another's value"
        ),
        pytest.param(
            [row("Pending", "1"), row("Pending", "2")], [{"a": 1, "b": 2}, {"a": 2, "b": 1}], [False] * 2, id="both"
        ),
    ],
)
def test_a_nameless_row_is_whose_it_can_be_alone(
    rows: list[Row], things: list[dict[str, Any]], told: list[bool]
) -> None:
    assert [is_told(at, rows, things, lambda _row, _thing: True) for at in range(len(rows))] == told


def test_one_that_has_a_name_of_its_own_is_not_mixed_up_with_them() -> None:
    rows, things = [PLAIN, row("Ana Lima", "0", "Admin")], [thing(1), thing(2)]
    assert is_told(0, rows, things, lambda row, _thing: row is PLAIN)
    assert not is_told(1, rows, things, lambda row, _thing: row is PLAIN)
