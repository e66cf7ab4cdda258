"""Files nobody should trust: each is refused by a clear problem, before it costs anything."""

import io
import zipfile

import pytest
import xlsxwriter

from servicekit.errors import DomainError
from sgo_core.imports.errors import (
    BrokenFileError,
    FormulaError,
    NotATableError,
    SheetTooLargeError,
    UnpackedTooLargeError,
)
from sgo_core.imports.tables import MAX_ROWS, looks_readable, read_table

from .world import COLUMNS, repacked, row, xlsx

SHEET = "xl/worksheets/sheet1.xml"


def sheet_with(cells: str, *, head: str = "") -> bytes:
    """A workbook whose sheet holds this XML."""
    xml = (
        f'<?xml version="1.0"?>{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )
    return repacked(xlsx([row(1)]), {SHEET: xml.encode()})


def test_a_workbook_is_read_with_its_header_and_types() -> None:
    table = read_table(xlsx([row(1)]))
    assert tuple(table[0]) == COLUMNS
    assert [str(table[1][4]), table[1][5]] == ["2019-03-02", "М"]


def test_the_first_sheet_that_is_shown_is_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        hidden, shown = book.add_worksheet("Служебный"), book.add_worksheet("Список")
        shown.activate()
        hidden.hide()
        hidden.write(0, 0, "не для чтения")
        shown.write(0, 0, "Фамилия")
    assert read_table(out.getvalue()) == [["Фамилия"]]


def test_a_csv_is_read() -> None:
    assert read_table('﻿a;b\n"1;2";3\n'.encode()) == [["a", "b"], ["1;2", "3"]]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04 but nothing more", BrokenFileError),
        (repacked(xlsx([row(1)]), {"xl/workbook.xml": None}), NotATableError),
        (xlsx([row(1)])[:-200], BrokenFileError),
        ("Фамилия;Имя\nОбразцов;Иван\n".encode("cp1251"), NotATableError),
        (b"a;b\x00c", NotATableError),
        (b'a;"b', BrokenFileError),
        (b"a;" * 200, SheetTooLargeError),
        (b"a\n" * (MAX_ROWS + 2), SheetTooLargeError),
        (sheet_with('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'), FormulaError),
        (sheet_with('<row r="1"><c r="XFD1"><v>1</v></c></row>'), SheetTooLargeError),
        (sheet_with('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), SheetTooLargeError),
        (sheet_with('<row r="1"><c r="../A1"><v>1</v></c></row>'), BrokenFileError),
        (sheet_with("<row>"), BrokenFileError),
        (sheet_with("", head='<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]>'), BrokenFileError),
        (repacked(xlsx([row(1)]), {"xl/workbook.xml": b"<broken"}), BrokenFileError),
        (repacked(xlsx([row(1)]), {SHEET: b'<?xml version="1.0" encoding="nowhere"?><a/>'}), BrokenFileError),
    ],
)
def test_refused_files(content: bytes, error: type[DomainError]) -> None:
    with pytest.raises(error):
        read_table(content)


@pytest.mark.parametrize("number", ["4000000000", "-1", "٣", "1e3", "99999999999999999999"])
def test_a_row_number_beyond_the_limits_is_refused(number: str) -> None:
    cells = f'<row r="1"><c><v>1</v></c></row><row r="{number}"><c><v>1</v></c></row>'
    with pytest.raises((SheetTooLargeError, BrokenFileError)):
        read_table(sheet_with(cells))


def test_a_sheet_is_told_by_what_it_holds_not_by_where_it_lies() -> None:
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    for cells, error in (
        (b'<row r="1"><c r="XFD1"/></row>', SheetTooLargeError),
        (b"<row><c><f>1</f></c></row>", FormulaError),
    ):
        content = repacked(xlsx([row(1)]), {}, add={"other/S.XML": far % cells})
        with pytest.raises(error):
            read_table(content)


def test_a_sheet_under_another_suffix_is_refused() -> None:
    rels = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(xlsx([row(1)]))) as book:
        named = book.read(rels).replace(b"sheet1.xml", b"sheet1.dat")
    with pytest.raises(BrokenFileError):
        read_table(repacked(xlsx([row(1)]), {rels: named}))


def test_a_text_longer_than_a_cell_holds_is_refused() -> None:
    with pytest.raises(UnpackedTooLargeError):
        read_table(sheet_with(f'<row r="1"><c t="inlineStr"><is><t>{"я" * 40_000}</t></is></c></row>'))


def test_a_zip_bomb_is_refused() -> None:
    bomb = repacked(xlsx([row(1)]), {}, add={"xl/media/image.bin": bytes(80 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    with pytest.raises(UnpackedTooLargeError):
        read_table(bomb)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = xlsx([row(1)])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo(SHEET).file_size
    lying = content.replace(size.to_bytes(4, "little"), (size - 1).to_bytes(4, "little"))
    assert lying != content
    with pytest.raises(BrokenFileError):
        read_table(lying)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_packed_as_no_spreadsheet_is_refused(method: int) -> None:
    """Broken bzip2 raises the error of a disk that is away, broken LZMA one of its own."""
    out = io.BytesIO(xlsx([row(1)]))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/media/image.bin", bytes(1000), method)
        place = package.getinfo("xl/media/image.bin").header_offset
    content = bytearray(out.getvalue())
    data = place + 30 + len("xl/media/image.bin")
    content[data + 9 : data + 12] = b"\xff\xff\xff"
    with pytest.raises(BrokenFileError):
        read_table(bytes(content))


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(xlsx([row(1)]))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    with pytest.raises(BrokenFileError):
        read_table(bytes(content))


def test_a_part_twice_is_refused() -> None:
    content = xlsx([row(1)])
    out = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as package:
        package.writestr(SHEET, b"<worksheet/>")
    with pytest.raises(BrokenFileError):
        read_table(out.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"  \n", b"\x89PNG\r\n\x1a\n\x00\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00"]
)
def test_a_first_look_refuses_what_is_no_table(content: bytes) -> None:
    assert not looks_readable(content)
