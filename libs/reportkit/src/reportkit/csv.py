"""A table as CSV that Russian spreadsheets open by a double click: UTF-8 with a mark, semicolons, decimal commas."""

import csv
from datetime import date
from io import StringIO

from reportkit.footer import Footer
from reportkit.tables import Cell, Table, safe

MEDIA_TYPE = "text/csv; charset=utf-8"


def render(table: Table, footer: Footer | None = None) -> bytes:
    """The table's titles and rows, and below them the footer, if there is one: a file for machines has none."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([safe(column.title) for column in table.columns])
    writer.writerows([_text(value) for value in row] for row in table.rows)
    if footer:
        writer.writerows([safe(text)] for text in ("", *footer.lines()))
    return buffer.getvalue().encode("utf-8-sig")


def _text(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            return safe(value)
        case bool():
            return "да" if value else "нет"
        case date():
            return f"{value:%d.%m.%Y}"
    return str(value).replace(".", ",")
