"""Sheets of a workbook have names that Excel takes, whatever the titles."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reportkit import xlsx
from reportkit.sheet_names import free_name
from reportkit.tables import Column, Table

LONG = "Сведения об обеспеченности учебниками"


def names(*titles: str) -> list[str]:
    content = xlsx.render(*(Table(title, [Column("Графа")]) for title in titles))
    return CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names


def test_titles_that_begin_alike_are_numbered() -> None:
    assert names(*[f"{LONG}, {number}" for number in range(3)]) == [
        "Сведения об обеспеченности учеб",
        "Сведения об обеспеченности (2)",
        "Сведения об обеспеченности (3)",
    ]


def test_case_makes_no_difference_in_any_alphabet() -> None:
    assert names("Ёлки", "ёлки", "ЁЛКИ", "Ёлки (2)") == ["Ёлки", "ёлки (2)", "ЁЛКИ (3)", "Ёлки (2) (2)"]


def test_what_excel_refuses_or_keeps_to_itself_is_no_name() -> None:
    assert names("", "1/А: [все]", "'кавычки'", "\x01", "History", "журнал", "_LISTS", "😀" * 20) == [
        "Лист", "1_А_ _все_", "_кавычки_", "_", "History (2)", "журнал (2)", "_LISTS (2)", "😀" * 15,
    ]  # fmt: skip


@given(st.lists(st.text() | st.text("аА'/ ", max_size=3), min_size=1, max_size=6))
def test_any_titles_make_a_workbook(titles: list[str]) -> None:
    made: list[str] = []
    for title in titles:
        made.append(free_name(title, made))
    assert names(*titles) == made
    assert len({name.casefold() for name in made}) == len(titles)
    assert all(len(name.encode("utf-16-le")) <= 62 for name in made)
