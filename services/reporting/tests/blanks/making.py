"""Official blanks made for tests, the way a ministry makes them: merged heads, styles, totals by formula, a printed border."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter

from reporting.forms.service import catalog

FORM, EDITION = "85-k", "2024"
SHEET = "Раздел 7"
STYLE = "#,##0"


LAYOUT = next(one for one in catalog() if (one.form, one.edition) == (FORM, EDITION)).layout
OTHERS = [code for code, sheet in LAYOUT.items() if code != "7" and not sheet.repeated]
ANCHORS = {"7": f"'{SHEET}'!C6", **{code: f"'Раздел {code}'!C6" for code in OTHERS}}


def rows_and_columns() -> tuple[tuple[str, ...], tuple[str, ...]]:
    return LAYOUT["7"].rows, LAYOUT["7"].columns


def made(*, sheet: str = SHEET, rows: int | None = None, formula: str = "=SUM(C6:C8)") -> bytes:
    """A blank of 85-К; in section 7 the first row of numbers takes two lines, the second column of numbers two columns."""
    codes, columns = rows_and_columns()
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        title = book.add_worksheet("Титул")
        title.merge_range("A1:H2", "ФЕДЕРАЛЬНОЕ СТАТИСТИЧЕСКОЕ НАБЛЮДЕНИЕ", book.add_format({"bold": True}))
        page = book.add_worksheet(sheet)
        number = book.add_format({"border": 1, "num_format": STYLE, "bg_color": "#FFFFCC"})
        page.merge_range("A1:H1", "Численность воспитанников & «возраст»")
        page.set_column(0, 0, 44)
        page.set_footer("&Lчужая строка")
        last = 2 + len(columns) + 1
        line = 5
        for place, code in enumerate(codes[:rows]):
            page.write_string(line, 1, code)
            rank = 2
            for at in range(len(columns)):
                if place == 0:
                    if at == 1:
                        page.merge_range(line, rank, line + 1, rank + 1, "", number)
                    else:
                        page.merge_range(line, rank, line + 1, rank, "", number)
                elif at == 1:
                    page.merge_range(line, rank, line, rank + 1, "", number)
                else:
                    page.write_blank(line, rank, None, number)
                rank += 2 if at == 1 else 1
            line += 2 if place == 0 else 1
        page.write_formula(line, 2, formula, number, 777)
        page.conditional_format(5, 2, line, last, {"type": "cell", "criteria": "<", "value": 0, "format": number})
        for code in OTHERS:
            other = book.add_worksheet(f"Раздел {code}")
            for at, _ in enumerate(LAYOUT[code].rows):
                for rank, _ in enumerate(LAYOUT[code].columns):
                    other.write_blank(5 + at, 2 + rank, None, number)
    return buffer.getvalue()


def changed(content: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def sending(content: bytes, anchors: Mapping[str, str] | None = ANCHORS, **more: Any) -> dict[str, Any]:
    """What httpx takes to supply a blank."""
    data = {"form": FORM, "edition": EDITION, **({} if anchors is None else {"anchors": json.dumps(anchors)}), **more}
    return {"data": data, "files": {"file": ("blank.xlsx", content)}}
