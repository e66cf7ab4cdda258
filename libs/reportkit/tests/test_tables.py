import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from reportkit import csv as csv_file
from reportkit import xlsx
from reportkit.footer import Footer
from reportkit.tables import Cell, Column, Kind, Table, restored, safe

FOOTER = Footer(datetime(2026, 9, 1, 12, 30, tzinfo=UTC), "Образцова М. И., секретарь")
COLUMNS = (
    Column("Фамилия", 30, hint="Как в документе"),
    Column("Дата рождения", kind=Kind.DATE),
    Column("Часов", kind=Kind.NUMBER),
    Column("Пол", choices=("женский", "мужской")),
)
ROWS: list[list[Cell]] = [
    ["Ёлкина", date(2015, 3, 1), 3, "женский"],
    ["=1+1", date(1899, 1, 1), Decimal("1.5"), None],
    ["+7 918 000-00-00", None, 0, True],
]
DANGEROUS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=x", " =1", "'=1", "＝1"]


def rows(content: bytes, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python()


def part(content: bytes, name: str) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_beginnings_are_neutralised(text: str) -> None:
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Детский сад № 5", "1-А", "'кавычки'", "д'Артаньян"])
def test_plain_text_stays(text: str) -> None:
    assert safe(text) == text == restored(text)


@given(st.text() | st.text("'=+-@ \t\r\nа"))
def test_what_was_neutralised_comes_back(text: str) -> None:
    assert restored(safe(text)) == text
    assert not safe(text).lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("large", [False, True])
def test_a_workbook_holds_titles_values_and_the_footer(large: bool) -> None:
    given_rows: Any = iter(ROWS) if large else ROWS
    found = rows(xlsx.render(Table("Ученики: 1/А", COLUMNS, given_rows), footer=FOOTER), "Ученики_ 1_А")
    assert found[0] == ["Фамилия", "Дата рождения", "Часов", "Пол"]
    assert found[1:4] == [
        ["Ёлкина", date(2015, 3, 1), 3, "женский"],
        ["'=1+1", "01.01.1899", 1.5, ""],
        ["'+7 918 000-00-00", "", 0, "да"],
    ]
    assert [line[0] for line in found[5:]] == list(FOOTER.lines())


def test_a_file_that_is_read_back_ends_with_its_rows() -> None:
    content = xlsx.render(Table("Т", COLUMNS, ROWS), footer=FOOTER, ending=False)
    assert len(rows(content, "Т")) == 4
    assert "Исполнитель: Образцова" in part(content, "xl/worksheets/sheet1.xml")


def test_equal_tables_give_equal_bytes() -> None:
    assert xlsx.render(Table("Т", COLUMNS)) == xlsx.render(Table("Т", COLUMNS))
    assert xlsx.render(Table("Т", COLUMNS, ROWS), footer=FOOTER) == xlsx.render(
        Table("Т", COLUMNS, ROWS), footer=FOOTER
    )


def test_a_template_has_lists_hints_and_a_hidden_version() -> None:
    content = xlsx.render(
        Table("Ученики", COLUMNS), Table("Родители", COLUMNS[3:]), metadata={"template": "students", "version": "2"}
    )
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert "<formula1>'_lists'!$A$1:$A$2</formula1>" in sheet
    assert 'sqref="D2:D1048576"' in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:D1"/>' in sheet
    assert "<formula1>'_lists'!$B$1:$B$2</formula1>" in part(content, "xl/worksheets/sheet2.xml")
    assert "Как в документе" in part(content, "xl/comments1.xml")
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    hidden = {one.name for one in book.sheets_metadata if one.visible is SheetVisibleEnum.VeryHidden}
    assert hidden == {"_lists", xlsx.METADATA_SHEET}
    assert rows(content, xlsx.METADATA_SHEET) == [["template", "students"], ["version", "2"]]


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        xlsx.render(Table("Т", COLUMNS, [["Ёлкина"]]))


def test_many_rows_pass_through_a_generator() -> None:
    def many() -> Iterator[list[Cell]]:
        for number in range(20_000):
            yield [f"Ученик {number}", date(2015, 1, 1), number, "мужской"]

    assert len(rows(xlsx.render(Table("Т", COLUMNS, many())), "Т")) == 20_001


def test_no_cell_is_a_formula_or_a_link() -> None:
    texts: list[list[Cell]] = [[text] for text in [*DANGEROUS, "http://example.org", "{=1}"]]
    with ZipFile(BytesIO(xlsx.render(Table("Т", COLUMNS[:1], texts)))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink" not in archive.read(name)


def test_csv_holds_the_same_table() -> None:
    content = csv_file.render(Table("Т", COLUMNS, ROWS))
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";")) == [
        ["Фамилия", "Дата рождения", "Часов", "Пол"],
        ["Ёлкина", "01.03.2015", "3", "женский"],
        ["'=1+1", "01.01.1899", "1,5", ""],
        ["'+7 918 000-00-00", "", "0", "да"],
    ]


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=4, max_size=4)))
def test_any_text_comes_back_from_csv(texts: list[list[Cell]]) -> None:
    read = csv.reader(
        StringIO(csv_file.render(Table("Т", COLUMNS, texts)).decode("utf-8-sig"), newline=""), delimiter=";"
    )
    assert [[restored(text) for text in line] for line in read][1:] == texts
