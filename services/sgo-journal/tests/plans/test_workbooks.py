"""Plans as workbooks: what was written is read back; what teachers have is read; what is wrong is named by row and column."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.workbooks import Extent, read_workbook
from servicekit.errors import DomainError
from sgo_journal.plans import errors
from sgo_journal.plans.workbooks import MAX_TOPICS, PlanRow, read_plan, write_plan

HEADER = ["Раздел", "Тема", "Часы", "Дата по плану", "Домашнее задание", "Примечание"]


def workbook(*rows: list[Any]) -> bytes:
    """A table as somebody typed it."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(number, place, value)
    return buffer.getvalue()


LINE = (
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(str.isprintable)
)
ROWS = st.builds(
    PlanRow,
    section=st.just("Раздел"),
    topic=LINE.filter(bool),
    hours=st.integers(1, 200),
    planned_on=st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    homework=st.none() | LINE.filter(bool) | st.just("§ 5, № 12\nвыучить правило"),
    note=st.none() | LINE.filter(bool),
)


@given(st.lists(ROWS, min_size=1, max_size=15))
@settings(max_examples=60)
def test_what_was_written_is_read_back(rows: list[PlanRow]) -> None:
    assert read_plan(write_plan(rows)) == rows


def test_a_plan_without_sections_and_with_several_is_read_back() -> None:
    rows = [
        PlanRow("", "Введение", 1),
        PlanRow("Числа", "=1+1", 2, date(2026, 9, 3), "-5 задач", "+"),
        PlanRow("Числа", "'@Дроби", 3),
        PlanRow("Фигуры", "Круг", 1),
    ]
    content = write_plan(rows)
    assert read_plan(content) == rows
    shown = read_workbook(content, Extent(10, 10))
    assert [shown[2][1], shown[2][4]] == ["'=1+1", "'-5 задач"]  # no spreadsheet takes it for a formula


def test_the_form_to_fill_in_has_the_columns_alone() -> None:
    assert read_workbook(write_plan([]), Extent(10, 10)) == [HEADER]
    with pytest.raises(errors.EmptyWorkbookError):
        read_plan(write_plan([]))


def test_a_table_as_teachers_have_it() -> None:
    """A title above, columns in another order and case, a column of their own, sections in rows of their own, merged cells."""
    content = workbook(
        ["Календарно-тематическое планирование, 5 класс"],
        [None],
        ["№", "КОЛ-ВО  ЧАСОВ", "тема урока", "Д/З", "Раздел", "Дата"],
        [None, None, None, None, "Натуральные числа"],
        [1, 2, "Запись чисел", "п. 1\nп. 2", None, date(2026, 9, 1)],
        [2, "3", "  Сравнение   чисел ", None, None, "8.09.2026"],
        [None] * 6,
        [3, 1, 2026, None, "Дроби"],
    )
    assert read_plan(content) == [
        PlanRow("Натуральные числа", "Запись чисел", 2, date(2026, 9, 1), "п. 1\nп. 2"),
        PlanRow("Натуральные числа", "Сравнение чисел", 3, date(2026, 9, 8)),
        PlanRow("Дроби", "2026", 1),
    ]


def test_every_wrong_cell_is_named_and_none_is_repeated() -> None:
    content = workbook(
        HEADER,
        ["Р", "Тема", 0],
        ["Р", "Тема", 1.5],
        ["Р", None, 1],
        ["Р", "Тема", None],
        ["Р", "Тема", 1, "31.02.2026"],
        ["Р", "т" * 501, 201, "01.01.1999", "д" * 4001],
        ["Р", "Те\x07ма", "-1"],
    )
    with pytest.raises(errors.WorkbookRowsError) as refused:
        read_plan(content)
    assert [
        (one.pointer.removeprefix("/body/rows/"), one.code.removeprefix("plan-workbook."))
        for one in refused.value.errors
    ] == [
        ("2/hours", "hours"),
        ("3/hours", "hours"),
        ("4/topic", "empty-cell"),
        ("5/hours", "empty-cell"),
        ("6/planned_on", "date"),
        ("7/topic", "text"),
        ("7/hours", "hours"),
        ("7/planned_on", "date"),
        ("7/homework", "text"),
        ("8/topic", "text"),
        ("8/hours", "hours"),
    ]
    assert refused.value.errors[0].title == "Строка 2, столбец «Часы»: нужно целое число от 1 до 200"
    assert all("31.02" not in one.title and "тттт" not in one.title for one in refused.value.errors)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.NotAWorkbookError),
        ("Тема;Часы\nЧисла;1".encode(), errors.NotAWorkbookError),
        (b"PK\x03\x04 broken", errors.BrokenWorkbookError),
        (workbook(["Тема", "Примечание"], ["Числа", "1"]), errors.WorkbookHeaderError),
        (workbook(["Тема", "Часы", "тема урока"], ["Числа", 1, "Дроби"]), errors.WorkbookHeaderError),
        (workbook(["Тема", "Часы"], ["Числа", "=1+1"]), errors.WorkbookFormulaError),
        (workbook(["Тема", "Часы"], [None, None], ["  ", None]), errors.EmptyWorkbookError),
        (
            workbook(["Тема", "Часы"], *([f"Тема {number}", 1] for number in range(MAX_TOPICS + 1))),
            errors.WorkbookTooLargeError,
        ),
        (
            workbook(["Тема", "Часы"], *([f"Тема {number}", 1] for number in range(MAX_TOPICS + 20))),
            errors.WorkbookTooLargeError,
        ),
        (workbook(["Тема", "Часы", *[str(number) for number in range(40)]]), errors.WorkbookTooLargeError),
    ],
)
def test_what_is_no_plan_is_refused(content: bytes, error: type[DomainError]) -> None:
    with pytest.raises(error):
        read_plan(content)


def test_a_table_wrong_all_over_names_a_bearable_number_of_cells() -> None:
    with pytest.raises(errors.WorkbookRowsError) as refused:
        read_plan(workbook(["Тема", "Часы"], *(["Тема", "много"] for _ in range(300))))
    assert len(refused.value.errors) == 100
