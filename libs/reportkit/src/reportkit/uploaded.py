"""Reading an uploaded table, XLSX or CSV as spreadsheets save it, without trusting it: cells of one sheet, row 1 first."""

import csv
import io

from reportkit.workbooks import Extent, Fault, Value, WorkbookError, is_workbook, read_workbook


def read_sheet(content: bytes, extent: Extent) -> list[list[Value]]:
    """Cells of a workbook's first sheet that is shown, or of a CSV: UTF-8 or Windows-1251, by semicolons or commas.

    Work for the processor: call it in a thread. Raises ``WorkbookError``.
    """
    return read_workbook(content, extent) if is_workbook(content) else _csv(content, extent)


def fault_title(fault: Fault, extent: Extent) -> str:
    """Why a file was not read, for who sent it. The first row is the header."""
    match fault:
        case Fault.NOT_A_WORKBOOK:
            return "Файл не является книгой XLSX или таблицей CSV"
        case Fault.BROKEN:
            return "Файл повреждён или защищён паролем"
        case Fault.UNPACKED:
            return "Содержимое файла слишком велико"
        case Fault.EXTENT:
            return f"Допускается не более {extent.rows - 1} строк и {extent.columns} столбцов"
        case Fault.FORMULA:
            return "В таблице есть формулы; замените их значениями"


def _csv(content: bytes, extent: Extent) -> list[list[Value]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    if "\x00" in text or "\ufffd" in text:
        raise WorkbookError(Fault.NOT_A_WORKBOOK)
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    rows: list[list[Value]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(rows) == extent.rows or len(row) > extent.columns:
                raise WorkbookError(Fault.EXTENT)
            rows.append([*row])
    except csv.Error:
        raise WorkbookError(Fault.BROKEN) from None
    return rows
