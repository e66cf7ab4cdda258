"""An answer as a table to download or print."""

from typing import Any

from reporting.constructor.answers import TOTAL, Answer, Cell, Head, PivotTable, Table
from reportkit import tables
from reportkit.tables import Column, Kind

HIDDEN = "скрыто"
_TEXT_WIDTH, _NUMBER_WIDTH = 30, 14
Rows = list[list[tables.Cell]]


def table(title: str, answer: Answer) -> tables.Table:
    """The answer with its notes below the lines."""
    heads, rows = _laid(answer)
    texts = sum(1 for one in heads if one.kind is Kind.TEXT)
    width = max(len(heads), 1)
    notes: Rows = [[text, *[None] * (width - 1)] for text in ("", *_notes(title, answer))]
    if not texts:
        heads = [Column("Показатель", _TEXT_WIDTH), *heads]
        rows = [[TOTAL, *row] for row in rows]
        notes = [[*note, None] for note in notes]
    return tables.Table(title, heads, [*rows, *notes])


def printed(title: str, answer: Answer) -> dict[str, Any]:
    """Values of ``printing/table.typ``."""
    heads, rows = _laid(answer)
    return {
        "title": title,
        "unit": answer.unit_name,
        "subtitle": _period(answer),
        "columns": [{"title": one.title, "number": one.kind is Kind.NUMBER} for one in heads],
        "rows": rows,
        "notes": _remarks(answer),
    }


def _laid(answer: Answer) -> tuple[list[Column], Rows]:
    if isinstance(answer.result, PivotTable):
        return _pivot(answer.result)
    assert isinstance(answer.result, Table)  # a chart is exported as the table it is drawn from
    return _lines(answer.result)


def _lines(found: Table) -> tuple[list[Column], Rows]:
    heads = [_column(one.title, text=one.kind == "dimension") for one in found.columns]
    rows: Rows = [[*_titles(line.heads), *map(_shown, line.cells)] for line in found.lines]
    if found.total is not None:
        blank = len(heads) - len(found.total) - 1
        rows.append([TOTAL, *[None] * blank, *map(_shown, found.total)])
    return heads, rows


def _pivot(found: PivotTable) -> tuple[list[Column], Rows]:
    columns = [", ".join(_titles(one)) for one in found.columns]
    if found.row_totals is not None:
        columns.append(TOTAL)
    heads = [_column(title, text=True) for title in found.row_titles]
    for column in columns:
        for measure in found.measures:
            named = [one for one in (column, measure if len(found.measures) > 1 or not column else "") if one]
            heads.append(_column(": ".join(named), text=False))
    rows: Rows = []
    for number, row in enumerate(found.rows):
        own = [*found.cells[number], *([found.row_totals[number]] if found.row_totals is not None else [])]
        rows.append([*_titles(row), *(_shown(cell) for cells in own for cell in cells)])
    if found.column_totals is not None:
        whole = [found.total] if found.row_totals is not None and found.total is not None else []
        blank = len(found.row_titles) - 1
        cells = [_shown(cell) for cells in [*found.column_totals, *whole] for cell in cells]
        rows.append([TOTAL, *[None] * blank, *cells])
    return heads, rows


def _column(title: str, *, text: bool) -> Column:
    return Column(title, _TEXT_WIDTH) if text else Column(title, _NUMBER_WIDTH, Kind.NUMBER)


def _titles(heads: list[Head]) -> list[str]:
    return [one.title for one in heads]


def _shown(cell: Cell) -> tables.Cell:
    return HIDDEN if cell.hidden else cell.value


def _period(answer: Answer) -> str:
    day = f"{answer.as_of:%d.%m.%Y}"
    return f"на {day}" if answer.since is None else f"с {answer.since:%d.%m.%Y} по {day}"


def _notes(title: str, answer: Answer) -> list[str]:
    return [f"{title}. {answer.unit_name}, {_period(answer)}", *_remarks(answer)]


def _remarks(answer: Answer) -> list[str]:
    conditions = ["Показаны данные, отобранные по условиям отчёта"] if answer.conditions else []
    cut = [f"Не показано строк: {answer.cut}"] if answer.cut else []
    return [*conditions, *cut, *([answer.hidden.notice] if answer.hidden.notice else [])]
