"""A built form as a table of its cells, one line each: for those who count on."""

from reporting.builds.schemas import Report
from reporting.engine.section import DRAFT
from reportkit.csv import render as render_csv
from reportkit.footer import Footer
from reportkit.tables import Cell, Column, Table

_COLUMNS = ("Раздел", "Строка", "Показатель", "Графа", "Наименование графы", "Значение", "Пометка")


def render(report: Report, footer: Footer) -> bytes:
    """The file's bytes; a draft says so in every line, since lines are taken out of their file."""
    rows: list[tuple[Cell, ...]] = []
    for section in report.sections:
        mark = "; ".join(one for one in (DRAFT if section.status == "assumed" else None, report.notice) if one)
        rows += [
            (section.code, line.code, line.title, column.code, column.title, line.cells[column.code], mark or None)
            for line in section.printed()
            for column in section.columns
        ]
    title = f"{report.name}, {report.unit_name}, на {report.as_of:%d.%m.%Y}"
    return render_csv(Table(title, tuple(Column(one) for one in _COLUMNS), rows), footer)
