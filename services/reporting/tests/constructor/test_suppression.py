"""What is hidden cannot be worked out: held against every table of whole numbers that fits what is shown."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.constructor.suppression import THRESHOLD, Counts, Place, hidden

SIZES = st.tuples(st.integers(1, 3), st.integers(1, 3))


def grids(highest: int) -> st.SearchStrategy[list[list[int]]]:
    return SIZES.flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, highest), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        )
    )


def totalled(cells: list[list[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def shown(table: Counts) -> Iterator[Place]:
    for place in product(range(table.height + 1), range(table.width + 1)):
        if table.is_shown(place):
            yield place


def fitting(table: Counts, concealed: frozenset[Place]) -> Iterator[list[list[int]]]:
    """Tables that a reader cannot tell from this one, by trying every number up to one more than a cell has, from 1 or from 0.

    By the theory one person moved is enough; what is tried goes from the least up, which the theory does not say.
    """
    free = [place for place in product(range(table.height), range(table.width)) if place in concealed]
    true = totalled([list(row) for row in table.cells])
    least = int(not table.zeros)
    ranges = [range(least, table.cells[row][column] + 2) for row, column in free]
    for values in product(*ranges):
        cells = [list(row) for row in table.cells]
        for (row, column), value in zip(free, values, strict=True):
            cells[row][column] = value
        whole = totalled(cells)
        if all(
            whole[row][column] == true[row][column] if (row, column) not in concealed else whole[row][column] >= least
            for row, column in shown(table)
        ):
            yield whole


@given(cells=grids(7), row_totals=st.booleans(), column_totals=st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_hidden_cell_can_be_solved(cells: list[list[int]], row_totals: bool, column_totals: bool) -> None:
    if sum(value > 0 for row in cells for value in row) > 6:
        cells = cells[:2]
    table = Counts(cells, row_totals, column_totals)
    concealed = hidden(table)
    true = totalled(cells)
    for row, column in shown(table):
        assert (row, column) in concealed or true[row][column] == 0 or true[row][column] >= THRESHOLD
        assert (row, column) not in concealed or true[row][column] > 0
    open_yet = set(concealed)
    for other in fitting(table, concealed):
        open_yet -= {(row, column) for row, column in open_yet if other[row][column] != true[row][column]}
        if not open_yet:
            break
    assert not open_yet


@given(cells=grids(7), row_totals=st.booleans(), column_totals=st.booleans())
@settings(max_examples=200, deadline=None)
def test_nothing_hidden_is_known_to_be_there(cells: list[list[int]], row_totals: bool, column_totals: bool) -> None:
    cells = [row[:2] for row in cells]
    table = Counts(cells, row_totals, column_totals, zeros=True)
    concealed = hidden(table)
    true = totalled(cells)
    assert all(place in concealed or true[place[0]][place[1]] >= THRESHOLD for place in shown(table))
    open_yet = set(concealed)
    for other in fitting(table, concealed):
        open_yet -= {(row, column) for row, column in open_yet if other[row][column] != true[row][column]}
        if not open_yet:
            break
    assert not open_yet


@pytest.mark.parametrize("few", range(THRESHOLD))
def test_lines_of_few_and_of_nobody_look_alike(few: int) -> None:
    cells = [[few, 30 - few], [9, 40], [7, 50], [20, 60]]
    table = Counts(cells, row_totals=True, column_totals=True, zeros=True)
    assert hidden(table) == {(0, 0), (0, 1), (1, 0), (1, 1)}


@given(cells=grids(12))
@settings(max_examples=300, deadline=None)
def test_what_a_total_tells_of_the_hidden_together_is_not_small(cells: list[list[int]]) -> None:
    table = Counts(cells, row_totals=True, column_totals=True)
    concealed = hidden(table)
    true = totalled(cells)
    lines = [[(row, column) for column in range(table.width + 1)] for row in range(table.height + 1)]
    lines += [[(row, column) for row in range(table.height + 1)] for column in range(table.width + 1)]
    for *parts, total in lines:
        apart = sum(true[row][column] for row, column in parts if (row, column) in concealed)
        assert total in concealed or apart == 0 or apart >= THRESHOLD


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([[10, 20], [30, 40]], set()),
        ([[0, 20], [30, 0]], set()),
        ([[3, 20], [30, 40]], {(0, 0), (0, 1), (1, 0), (1, 1)}),
        ([[3, 20, 9], [30, 40, 50], [7, 8, 60]], {(0, 0), (0, 1), (2, 0), (2, 1)}),
    ],
)
def test_the_smallest_are_hidden_beside(cells: list[list[int]], expected: set[Place]) -> None:
    assert hidden(Counts(cells, row_totals=True, column_totals=True)) == expected


def test_ones_that_only_fit_as_ones_take_another_beside() -> None:
    """Two hidden cells under a total of 2 could only be 1 and 1, because 0 would be shown."""
    assert hidden(Counts([[1], [1], [9]], row_totals=False, column_totals=True)) == {(0, 0), (1, 0), (2, 0)}


def test_posts_of_few_workers_are_hidden_however_many_they_are() -> None:
    table = Counts([[6], [9], [8]], row_totals=False, column_totals=True, small=frozenset({(0, 0)}))
    assert hidden(table) == {(0, 0), (2, 0)}


def test_without_totals_only_what_is_small_is_hidden() -> None:
    assert hidden(Counts([[3, 20], [30, 40]], row_totals=False, column_totals=False)) == {(0, 0)}


def test_a_large_table_is_done_at_once() -> None:
    cells = [[(row * 31 + column * 17) % 13 for column in range(10)] for row in range(60)]
    concealed = hidden(Counts(cells, row_totals=True, column_totals=True))
    assert all((row, column) in concealed for row in range(60) for column in range(10) if 0 < cells[row][column] < 5)
