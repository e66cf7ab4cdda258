"""A built form as an XLSX workbook: one sheet a section, controls, footer."""

from io import BytesIO
from typing import Any

from xlsxwriter.worksheet import Worksheet

from reporting.builds.schemas import Report, ReportSection
from reporting.engine.section import DRAFT
from reportkit.footer import Footer
from reportkit.tables import safe
from reportkit.xlsx import new_sheet, new_workbook

_TITLE_WIDTH = 60
_NOTE_WIDTH = 45


def render(report: Report, footer: Footer) -> bytes:
    """The workbook's bytes."""
    buffer = BytesIO()
    with new_workbook(buffer, footer, title=report.title) as book:
        writer = _Writer(book, report, footer)
        for section in report.sections:
            writer.section(section)
        writer.controls()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, report: Report, footer: Footer) -> None:
        self._book = book
        self._report = report
        self._footer = footer
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._draft = book.add_format({"bold": True, "font_color": "#C00000"})
        self._text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        )
        self._numbers: dict[int, Any] = {}
        self._empty = book.add_format({"border": 1, "bg_color": "#EEEEEE"})
        self._small = book.add_format({"font_size": 8, "italic": True})

    def _number(self, decimals: int) -> Any:
        if decimals not in self._numbers:
            shown = "0" + ("." + "0" * decimals if decimals else "")
            self._numbers[decimals] = self._book.add_format({"num_format": shown, "border": 1, "valign": "top"})
        return self._numbers[decimals]

    def section(self, section: ReportSection) -> None:
        """A sheet of a section."""
        sheet = new_sheet(self._book, f"Раздел {section.code}", self._footer)
        top = self._heading(sheet, draft=section.status == "assumed")
        sheet.write_string(top, 0, safe(f"{section.code}. {section.title}"), self._bold)
        head = top + 1
        last = 2 + len(section.columns)
        for number, title in enumerate(
            ["Наименование показателя", "№ строки", *(one.title for one in section.columns)]
        ):
            sheet.write_string(head, number, safe(title), self._head)
        sheet.write_string(head, last, "Примечание", self._head)
        for number, code in enumerate(["1", "2", *(one.code for one in section.columns)]):
            sheet.write_string(head + 1, number, code, self._head)
        sheet.write_blank(head + 1, last, None, self._head)
        line = head + 2
        for printed in section.printed():
            row = printed.row
            sheet.write_string(line, 0, safe(printed.title), self._text)
            sheet.write_string(line, 1, printed.code, self._text)
            for number, column in enumerate(section.columns):
                value = printed.cells[column.code]
                if value is None:
                    sheet.write_blank(line, 2 + number, None, self._empty)
                else:
                    sheet.write_number(line, 2 + number, value, self._number(column.digits(row)))
            by_hand = "заполняется вручную" if row.input == "manual" else ""
            note = "; ".join(part for part in (by_hand, row.note or "") if part)
            sheet.write_string(line, last, safe(note), self._text)
            line += 1
        sheet.set_column(0, 0, _TITLE_WIDTH)
        sheet.set_column(last, last, _NOTE_WIDTH)
        sheet.freeze_panes(head + 2, 2)
        sheet.repeat_rows(head, head + 1)
        self._ending(sheet, line)

    def controls(self) -> None:
        """A sheet of the controls."""
        sheet = new_sheet(self._book, "Контроли", self._footer)
        line = self._heading(sheet, draft=self._report.status == "assumed")
        for number, title in enumerate(["Контроль", "№", "Уровень", "Итог", "Подробно"]):
            sheet.write_string(line, number, title, self._head)
        for result in self._report.controls:
            line += 1
            level = "ошибка" if result.level == "error" else "предупреждение"
            outcome = "выполнен" if result.ok else "не выполнен"
            for number, text in enumerate(
                [result.title, result.id, level, outcome, "" if result.ok else result.message]
            ):
                sheet.write_string(line, number, safe(text), self._text)
        sheet.set_column(0, 0, _TITLE_WIDTH)
        sheet.set_column(4, 4, _TITLE_WIDTH)
        self._ending(sheet, line + 1)

    def _heading(self, sheet: Worksheet, *, draft: bool) -> int:
        report = self._report
        okud = report.okud or "не указан"
        lines: list[tuple[str, Any]] = [
            (f"Форма {report.name}, редакция {report.edition}, ОКУД {okud}", self._bold),
            (report.title, self._bold),
            (f"{report.unit_name}, ОКТМО {report.municipality}", None),
            (f"По состоянию на {report.as_of:%d.%m.%Y}", None),
        ]
        marks = [mark for mark in (DRAFT if draft else None, report.notice) if mark]
        if marks:
            lines += [(mark, self._draft) for mark in marks]
            sheet.set_header(f"&C&10{' · '.join(marks)}")
        for number, (text, style) in enumerate(lines):
            sheet.write_string(number, 0, safe(text), style)
        return len(lines) + 1

    def _ending(self, sheet: Worksheet, line: int) -> None:
        for number, text in enumerate(self._footer.lines(), line + 1):
            sheet.write_string(number, 0, safe(text), self._small)
