"""The lines of an act as a table, CSV or XLSX as spreadsheets save it: read row by row with what is wrong in each, written as CSV."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from eu_enrollment.territories.checking import LineDraft
from eu_enrollment.territories.errors import LinesRefusedError, TableError
from reportkit.csv import render
from reportkit.tables import Column, Table, restored
from reportkit.uploaded import fault_title, read_sheet
from reportkit.workbooks import Extent, Value, WorkbookError
from servicekit.errors import FieldError

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
_MAX_CELL = 2000
_MAX_ERRORS = 200
_EXTENT = Extent(MAX_ROWS + 1, 50)
_YES_NO = {"": False, "нет": False, "да": True}

COLUMNS = {
    "organization_id": "Организация",
    "settlement": "Населённый пункт",
    "street": "Улица",
    "houses": "Дома",
    "shared": "Общая территория",
    "gar_id": "ГАР улицы",
    "house_gar_id": "ГАР дома",
}
"""Titles of the columns by field. An organization is named by its short name or its id; the first two must be there."""


def pointer(row: int, field: str) -> str:
    """Where a cell stands: the file's own row number and the column's title."""
    return f"/body/file/{row}/{COLUMNS.get(field, field)}"


def read_lines(content: bytes, organizations: Mapping[str, UUID]) -> list[LineDraft]:
    """Lines of the table; ``organizations`` are ids by name in lower case. Raises ``TableError``, ``LinesRefusedError``."""
    rows = _cells(content)
    header = [(cell or "").strip() for cell in next(rows, [])]
    places = {field: header.index(title) for field, title in COLUMNS.items() if title in header}
    if not {"organization_id", "settlement"} <= places.keys():
        raise TableError(f"Нужны столбцы: {', '.join(COLUMNS.values())}")
    lines: list[LineDraft] = []
    errors: list[FieldError] = []
    for number, row in enumerate(rows, 2):
        cells = {field: row[at] for field, at in places.items() if at < len(row)}
        if any(cells.values()) or None in cells.values():
            lines.append(_line(number, cells, organizations, errors))
    if not lines:
        raise TableError("В таблице нет ни одной строки")
    if errors:
        raise LinesRefusedError(errors=errors[:_MAX_ERRORS])
    return lines


def _cells(content: bytes) -> Iterator[list[str | None]]:
    """Rows of the table; nothing for a cell that is no text any more."""
    try:
        rows = read_sheet(content, _EXTENT)
    except WorkbookError as error:
        raise TableError(fault_title(error.fault, _EXTENT)) from None
    yield from ([_text(cell) for cell in row] for row in rows)


def _text(cell: Value) -> str | None:
    match cell:
        case str():
            return restored(cell.strip())
        case bool():
            return "да" if cell else "нет"
        case int() | float():
            return f"{cell:.15g}"
    return None


def _fault(text: str | None) -> str | None:
    """What is wrong with a cell whatever it is for."""
    if text is None:
        return "В ячейке дата или время: задайте ей текстовый формат и введите значение снова"
    return "Недопустимые символы или слишком длинный текст" if len(text) > _MAX_CELL or not text.isprintable() else None


def _line(
    number: int, read: Mapping[str, str | None], organizations: Mapping[str, UUID], errors: list[FieldError]
) -> LineDraft:
    def wrong(field: str, title: str) -> None:
        errors.append(FieldError(pointer(number, field), f"territory.{field.replace('_', '-')}", title))

    def identifier(field: str) -> UUID | None:
        if not (text := cells.get(field, "")):
            return None
        try:
            return UUID(text)
        except ValueError:
            wrong(field, "Идентификатор ГАР не разобран")
            return None

    cells = {field: text or "" for field, text in read.items()}
    for field, text in read.items():
        if fault := _fault(text):
            wrong(field, fault)
    named = cells.get("organization_id", "")
    organization = organizations.get(named.casefold())
    if organization is None:
        try:
            organization = UUID(named)
        except ValueError:
            wrong("organization_id", "Нет организации с таким названием (или их несколько: укажите идентификатор)")
    shared = _YES_NO.get(cells.get("shared", "").casefold())
    if shared is None:
        wrong("shared", "Ожидается «да» или «нет»")
    return LineDraft(
        row=number,
        organization_id=organization,
        settlement=cells.get("settlement", ""),
        street=cells.get("street") or None,
        houses=cells.get("houses", ""),
        shared=bool(shared),
        gar_id=identifier("gar_id"),
        house_gar_id=identifier("house_gar_id"),
    )


def write_lines(rows: Sequence[Any]) -> bytes:
    """Lines of an act as a table that can be read back."""
    cells = [
        (
            *(row.short_name or str(row.organization_id), row.settlement, row.street, row.houses),
            *("да" if row.shared else "нет", _id(row.gar_id), _id(row.house_gar_id)),
        )
        for row in rows
    ]
    return render(Table("Строки акта", [Column(title) for title in COLUMNS.values()], cells))


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
