"""A few rows stand for the whole cross of how the site may look: every two values meet in one of them."""

from itertools import combinations, product

from standin.switches import AXES
from tests.flows.looks import EDITIONS, ELSEWHERE, LANGUAGES, columns, looks, may, of_every_change
from tests.flows.pairwise import Row, pairs, pairwise
from tests.support.flow_jobs import FLOWS


def any_row(_row: Row) -> bool:
    return True


def test_every_two_values_meet_in_far_fewer_rows_than_the_whole_cross() -> None:
    five = dict.fromkeys("abcde", ("1", "2", "3"))
    rows = pairwise([{"start": "x"}, {"start": "y"}], lambda _start: five, any_row)
    wanted = {
        pair
        for row in product(("x", "y"), *five.values())
        for pair in pairs(dict(zip(("start", *five), row, strict=True)))
    }
    assert {pair for row in rows for pair in pairs(row)} == wanted
    assert len(rows) < 20 < 2 * 3**5


def test_what_does_not_go_together_never_meets() -> None:
    def apart(row: Row) -> bool:
        return (row.get("a"), row.get("b")) != ("1", "1")

    rows = pairwise([{"start": "x"}], lambda _start: {"a": "12", "b": "12", "c": "12"}, apart)
    assert all(map(apart, rows))
    assert {(row["a"], row["b"]) for row in rows} == {("1", "2"), ("2", "1"), ("2", "2")}


def test_each_flow_is_tried_in_each_edition_and_language_and_all_else_in_every_two_values() -> None:
    rows = looks()
    assert {(row["flow"], row["edition"], row["language"]) for row in rows} >= set(product(FLOWS, EDITIONS, LANGUAGES))
    free = columns()
    assert set(free) | ELSEWHERE - {"flow"} == set(AXES)
    cells = [(name, value) for name, values in free.items() for value in values]
    cells += [("edition", each) for each in EDITIONS] + [("language", each) for each in LANGUAGES]
    cells += [("flow", flow) for flow in FLOWS]
    met = {pair for row in rows for pair in pairs(row)}
    missing = {pair for pair in combinations(sorted(cells), 2) if pair[0][0] != pair[1][0]} - met
    assert missing == {(("edition", "2024"), ("registration", "combined"))}
    assert all(map(may, rows))
    assert len(rows) < 26


def test_the_rows_are_the_same_every_time() -> None:
    assert looks() == looks()


def test_with_every_change_each_value_is_seen_and_each_flow() -> None:
    rows = looks()
    daily = [rows[place] for place in of_every_change(rows)]
    assert {cell for row in daily for cell in row.items()} == {cell for row in rows for cell in row.items()}
    assert {row["flow"] for row in daily} == set(FLOWS)
    assert len(daily) < len(rows) / 2
