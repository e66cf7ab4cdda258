"""A thematic plan as an XLSX workbook: written to be read again, and read as teachers have it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from reportkit import tables, xlsx
from reportkit.footer import Footer
from reportkit.workbooks import Extent, Fault, Value, WorkbookError, is_workbook, read_workbook
from servicekit.errors import DomainError, FieldError
from sgo_journal.plans.errors import (
    BrokenWorkbookError,
    EmptyWorkbookError,
    NotAWorkbookError,
    WorkbookFormulaError,
    WorkbookHeaderError,
    WorkbookRowsError,
    WorkbookTooLargeError,
)

T = TypeVar("T")

MAX_TOPICS = 1_000
MAX_HOURS = 200
"""Hours of one topic."""
_MAX_COLUMNS = 30
_HEADER_WITHIN = 10
"""Rows from above among which the header is looked for: teachers put a title over it."""
_MOST_ERRORS = 100
_NAME, _TEXT = 500, 4_000
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A topic as a row: its section (empty where the plan has none), hours in lessons, the day it is meant for, homework, a note."""

    section: str
    topic: str
    hours: int
    planned_on: date | None = None
    homework: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class _Column:
    name: str
    title: str
    synonyms: tuple[str, ...]
    written: tables.Column


_COLUMNS = (
    _Column("section", "Раздел", ("раздел программы", "название раздела"), tables.Column("Раздел", 30)),
    _Column(
        "topic",
        "Тема",
        ("тема урока", "тема занятия", "название темы", "темы", "тема уроков"),
        tables.Column("Тема", 50, hint="Обязательно"),
    ),
    _Column(
        "hours",
        "Часы",
        ("кол-во часов", "количество часов", "часов", "число часов", "кол-во уроков", "час"),
        tables.Column("Часы", 8, tables.Kind.NUMBER, hint=f"Обязательно. Сколько уроков, от 1 до {MAX_HOURS}"),
    ),
    _Column(
        "planned_on",
        "Дата по плану",
        ("дата", "дата план", "план", "дата (план)", "дата проведения", "дата проведения по плану"),
        tables.Column("Дата по плану", 15, tables.Kind.DATE, hint="ДД.ММ.ГГГГ, можно не заполнять"),
    ),
    _Column(
        "homework",
        "Домашнее задание",
        ("дз", "д/з", "дом. задание", "задание на дом"),
        tables.Column("Домашнее задание", 40),
    ),
    _Column("note", "Примечание", ("примечания", "комментарий"), tables.Column("Примечание", 30)),
)
_REQUIRED = ("topic", "hours")
_TITLES = {column.name: column.title for column in _COLUMNS}


def write_plan(rows: Sequence[PlanRow], footer: Footer | None = None) -> bytes:
    """A workbook of a plan; without rows it is the form to fill in. Work for the processor: call it in a thread."""
    lines = [(row.section, row.topic, row.hours, row.planned_on, row.homework, row.note) for row in rows]
    table = tables.Table("План", [column.written for column in _COLUMNS], lines)
    return xlsx.render(table, footer=footer, ending=False)


def read_plan(content: bytes) -> list[PlanRow]:
    """Topics of a plan, in order. Work for the processor: call it in a thread.

    The header may stand under a title, its columns in any order and case, others beside them. An empty section is that of the row above,
    and a row with a section alone begins it. Raises a ``DomainError`` of ``plans.errors``; ``WorkbookRowsError`` names every wrong cell.
    """
    if not is_workbook(content):
        raise NotAWorkbookError
    try:
        cells = read_workbook(content, Extent(MAX_TOPICS + _HEADER_WITHIN, _MAX_COLUMNS))
    except WorkbookError as error:
        raise _refusal(error.fault) from None
    header, places = _header(cells)
    found, errors, section = [], [], ""
    for number, line in enumerate(cells[header + 1 :], header + 2):
        row = _Row(number, line, places)
        section = row.section(section)
        if not row.is_only_section:
            found.append(row.read(section))
        errors += row.errors
    if errors:
        raise WorkbookRowsError(errors=errors[:_MOST_ERRORS])
    if not found:
        raise EmptyWorkbookError
    if len(found) > MAX_TOPICS:
        raise WorkbookTooLargeError(f"Допускается не более {MAX_TOPICS} тем")
    return [row for row in found if row is not None]


def _refusal(fault: Fault) -> DomainError:
    match fault:
        case Fault.NOT_A_WORKBOOK:
            return NotAWorkbookError()
        case Fault.BROKEN:
            return BrokenWorkbookError()
        case Fault.FORMULA:
            return WorkbookFormulaError()
        case Fault.UNPACKED | Fault.EXTENT:
            return WorkbookTooLargeError(f"Допускается не более {MAX_TOPICS} тем и {_MAX_COLUMNS} столбцов")


def _header(cells: Sequence[Sequence[Value]]) -> tuple[int, Mapping[str, int]]:
    """Where the header stands (from 0), and the place of each column in it."""
    known = {_key(title): column.name for column in _COLUMNS for title in (column.title, *column.synonyms)}
    for number, line in enumerate(cells[:_HEADER_WITHIN]):
        named = [(known.get(_key(_text(cell))), place) for place, cell in enumerate(line)]
        places = {name: place for name, place in reversed(named) if name is not None}
        if places.keys() >= set(_REQUIRED):
            twice = next((name for name, place in named if name is not None and places[name] != place), None)
            if twice is not None:
                raise WorkbookHeaderError(f"Столбец указан дважды: {_TITLES[twice]}")
            return number, places
    raise WorkbookHeaderError


def _key(title: str) -> str:
    return " ".join(title.split()).rstrip(".:*").casefold().replace("ё", "е")


class _WrongCellError(Exception):
    def __init__(self, code: str, title: str) -> None:
        super().__init__(code)
        self.code = f"plan-workbook.{code}"
        self.title = title


class _Row:
    """A row being read; ``errors`` gathers what is wrong in it. ``number`` is that of the file, from 1."""

    def __init__(self, number: int, cells: Sequence[Value], places: Mapping[str, int]) -> None:
        self._number = number
        self._cells = {name: cells[place] for name, place in places.items() if place < len(cells)}
        self.errors: list[FieldError] = []

    @property
    def is_only_section(self) -> bool:
        """Whether it says nothing of a topic: an empty row too."""
        return not any(_text(cell) for name, cell in self._cells.items() if name != "section")

    def section(self, before: str) -> str:
        return self._value("section", _name) or before

    def read(self, section: str) -> PlanRow | None:
        topic, hours = self._required("topic", _name), self._required("hours", _hours)
        planned_on, homework = self._value("planned_on", _day), self._value("homework", _lines)
        note = self._value("note", _lines)
        if topic is None or hours is None or self.errors:
            return None
        return PlanRow(section, topic, hours, planned_on, homework, note)

    def _required(self, name: str, read: Callable[[Value], T]) -> T | None:
        if not _text(self._cells.get(name, "")):
            self._wrong(name, "plan-workbook.empty-cell", "значение не указано")
            return None
        return self._value(name, read)

    def _value(self, name: str, read: Callable[[Value], T]) -> T | None:
        cell = self._cells.get(name, "")
        if not _text(cell):
            return None
        try:
            return read(cell)
        except _WrongCellError as error:
            self._wrong(name, error.code, error.title)
            return None

    def _wrong(self, name: str, code: str, title: str) -> None:
        where = f"Строка {self._number}, столбец «{_TITLES[name]}»"
        self.errors.append(FieldError(f"/body/rows/{self._number}/{name}", code, f"{where}: {title}"))


def _text(cell: Value) -> str:
    """A cell as it would be read aloud, its lines apart."""
    if isinstance(cell, datetime | date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    lines = (" ".join(line.split()) for line in str(cell).splitlines())
    return tables.restored("\n".join(line for line in lines if line))


def _lines(cell: Value) -> str:
    text = _text(cell)
    if len(text) > _TEXT or not text.replace("\n", " ").isprintable():
        raise _WrongCellError("text", f"не больше {_TEXT} знаков, без служебных символов")
    return text


def _name(cell: Value) -> str:
    text = " ".join(_text(cell).split())
    if len(text) > _NAME or not text.isprintable():
        raise _WrongCellError("text", f"не больше {_NAME} знаков, без служебных символов")
    return text


def _hours(cell: Value) -> int:
    text = _text(cell)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_HOURS)) and 1 <= int(text) <= MAX_HOURS):
        raise _WrongCellError("hours", f"нужно целое число от 1 до {MAX_HOURS}")
    return int(text)


def _day(cell: Value) -> date:
    match = _DATE.fullmatch(_text(cell))
    try:
        if match is not None and _FIRST <= (day := date(int(match[3]), int(match[2]), int(match[1]))) <= _LAST:
            return day
    except ValueError:
        pass
    raise _WrongCellError("date", "нужна дата в виде ДД.ММ.ГГГГ")
