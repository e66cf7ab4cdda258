"""Reading an uploaded workbook (XLSX) without trusting it: limits come first, cells after."""

import io
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from reportkit.inspecting import UNREADABLE, Extent, Fault, WorkbookError, inspect, is_workbook

__all__ = ["Extent", "Fault", "Value", "WorkbookError", "is_workbook", "read_workbook"]

Value = str | float | int | bool | date | datetime | time | timedelta

_SHOWN = SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible


def read_workbook(content: bytes, extent: Extent) -> list[list[Value]]:
    """Cells of the first sheet that is shown, row 1 first. Raises ``WorkbookError``."""
    inspect(content, extent)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = book.sheets_metadata
        shown = next((one for one in sheets if (one.typ, one.visible) == _SHOWN), sheets[0])
        rows: list[list[Value]] = book.get_sheet_by_name(shown.name).to_python(skip_empty_area=False)
    except (CalamineError, *UNREADABLE):
        raise WorkbookError(Fault.BROKEN) from None
    return rows
