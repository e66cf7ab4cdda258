"""Class lists as an organization's secretary keeps them: one child a row, Russian header (docs/api.md)."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from demodata.families import Pupil
from demodata.plan import Group

HEADER = (
    *("Класс (группа)", "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Гражданство", "СНИЛС", "Документ"),
    *("Серия", "Номер", "Дата выдачи", "Дата зачисления", "Приказ №", "Дата приказа"),
    *("Родитель: фамилия", "Родитель: имя", "Родитель: отчество", "Родство", "Родитель: телефон", "Родитель: СНИЛС"),
    "Согласие от",
)
_DOCUMENTS = {"birth_certificate": "свидетельство о рождении", "passport_rf": "паспорт РФ", "other": "иной"}
_KINSHIP = {"mother": "мать", "father": "отец", "guardian": "опекун", "other": "иное"}
# Part of the byte-for-byte promise: xlsxwriter would write the current time.
_CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the library wants a naive moment

Cell = str | date | None


def rows(group: Group, pupils: Iterable[Pupil]) -> Iterator[list[Cell]]:
    """Rows of one class or group, in the order of ``HEADER``."""
    for pupil in pupils:
        child, guardian = pupil.child, pupil.guardian
        ordered_on = pupil.enrolled_on - timedelta(days=3)
        yield [
            group.name,
            child.last_name,
            child.first_name,
            child.middle_name,
            child.birth_date,
            "М" if child.male else "Ж",
            child.citizenship if child.citizenship != "643" else None,
            child.snils,
            _DOCUMENTS[child.document.kind],
            child.document.series,
            child.document.number,
            child.document.issued_on,
            pupil.enrolled_on,
            f"{ordered_on:%m%d}-К",
            ordered_on,
            guardian.last_name,
            guardian.first_name,
            guardian.middle_name,
            _KINSHIP[guardian.kinship],
            guardian.phone,
            guardian.snils,
            ordered_on,
        ]


def write_xlsx(path: Path, lines: Iterable[list[Cell]]) -> None:
    """Write an XLSX list row by row in constant memory."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    book.set_properties({"title": "Список классов (групп)", "created": _CREATED})
    sheet = book.add_worksheet("Список")
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(HEADER) - 1, 18)
    sheet.write_row(0, 0, HEADER, bold)
    for row, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, cell, day)
            elif cell is not None:
                sheet.write_string(row, column, cell)
    book.close()


def write_csv(path: Path, lines: Iterable[list[Cell]]) -> None:
    """Write the same list as CSV (UTF-8, ``;``)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(HEADER)
        for line in lines:
            writer.writerow([f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell or "" for cell in line])
