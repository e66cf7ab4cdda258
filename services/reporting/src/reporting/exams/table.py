"""A table of exam results, read row by row with what is wrong in each: counts of an organization's grade in a subject, no persons."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from uuid import UUID

from reporting.days import academic_year
from reporting.exams.errors import RowsError, TableError
from reporting.exams.subjects import key, titles
from reportkit.tables import restored
from reportkit.uploaded import fault_title, read_sheet
from reportkit.workbooks import Extent, Value, WorkbookError
from servicekit.errors import FieldError

T = TypeVar("T")

MAX_BYTES = 5 * 1024 * 1024
_EXTENT = Extent(20_001, 40)
MOST_ERRORS = 200
_FIRST = date(2015, 1, 1)
_MOST_PARTICIPANTS = 5_000
_HIGHEST_SCORE = Decimal(100)
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")

COLUMNS: Mapping[str, str] = {
    "organization_id": "Организация",
    "exam": "Экзамен",
    "subject": "Предмет",
    "grade": "Класс",
    "date": "Дата",
    "participants": "Участников",
    "twos": "Отметок 2",
    "threes": "Отметок 3",
    "fours": "Отметок 4",
    "fives": "Отметок 5",
    "below_minimum": "Ниже минимума",
    "mean_score": "Средний балл",
}
"""Titles of the columns. An organization is named by its short name or its id; counts of marks may be left out, all four at once."""
_REQUIRED = ("organization_id", "exam", "subject", "grade", "date", "participants")
_MARKS = ("twos", "threes", "fours", "fives")
EXAMS: Mapping[str, str] = {"огэ": "oge", "егэ": "ege", "гвэ": "gve", "впр": "vpr"}
_GRADES: Mapping[str, frozenset[int]] = {
    "oge": frozenset({9}),
    "ege": frozenset({11, 12}),
    "gve": frozenset({9, 11, 12}),
    "vpr": frozenset({4, 5, 6, 7, 8, 10, 11}),
}


@dataclass(frozen=True)
class ResultRow:
    """How a grade of an organization did in a subject on a day. ``row`` is the file's own number."""

    row: int
    organization_id: UUID
    exam: str
    subject: str
    grade: int
    date: date
    participants: int
    twos: int | None
    threes: int | None
    fours: int | None
    fives: int | None
    below_minimum: int | None
    mean_score: Decimal | None

    @property
    def academic_year(self) -> int:
        """The school year it is of."""
        return academic_year(self.date)

    @property
    def replaces(self) -> tuple[object, ...]:
        """What of earlier imports it stands instead of: all days of the exam in that year."""
        return self.organization_id, self.exam, self.academic_year, self.subject, self.grade


def read_results(content: bytes, organizations: Mapping[str, UUID], today: date) -> list[ResultRow]:
    """Rows of the table; ``organizations`` are ids by name (as ``subjects.key`` writes it) and by id.

    Work for the processor: call it in a thread. Raises ``TableError``, or ``RowsError`` naming every wrong cell.
    """
    try:
        cells = read_sheet(content, _EXTENT)
    except WorkbookError as error:
        raise TableError(fault_title(error.fault, _EXTENT)) from None
    places = _header(cells[0] if cells else [])
    read = [_Row(number, row, places) for number, row in enumerate(cells[1:], 2) if any(map(_text, row))]
    if not read:
        raise TableError("В таблице нет ни одной строки")
    found = [one.result(organizations, today) for one in read]
    errors = [error for one in read for error in one.errors]
    rows = [one for one in found if one is not None]
    errors += _repeated(rows)
    if errors:
        raise RowsError(errors=errors[:MOST_ERRORS])
    return rows


def _header(cells: Sequence[Value]) -> Mapping[str, int]:
    known = {key(title): name for name, title in COLUMNS.items()}
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = known.get(key(_text(cell)))
        if name in places:
            raise TableError(f"Столбец указан дважды: {COLUMNS[name]}")
        if name is not None:
            places[name] = place
    missing = [COLUMNS[name] for name in _REQUIRED if name not in places]
    if missing:
        raise TableError(f"Нет столбцов: {', '.join(missing)}")
    return places


def _repeated(rows: Sequence[ResultRow]) -> Iterator[FieldError]:
    seen: set[tuple[object, ...]] = set()
    for one in rows:
        if (*one.replaces, one.date) in seen:
            yield wrong(one.row, "date", "repeated", "такой результат за этот день уже есть выше")
        seen.add((*one.replaces, one.date))


def wrong(row: int, name: str, code: str, title: str) -> FieldError:
    """What is wrong with a cell; ``name`` is its column's."""
    column = COLUMNS[name]
    return FieldError(f"/body/file/{row}/{column}", f"exams.{code}", f"Строка {row}, столбец «{column}»: {title}")


def _text(cell: Value | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return restored(" ".join(str(cell).split()))


class _CellError(Exception):
    def __init__(self, code: str, title: str) -> None:
        super().__init__(code)
        self.code, self.title = code, title


class _Row:
    """A row being read; ``errors`` gathers what is wrong in it."""

    def __init__(self, number: int, cells: Sequence[Value], places: Mapping[str, int]) -> None:
        self._number = number
        self._texts = {name: _text(cells[place]) for name, place in places.items() if place < len(cells)}
        self.errors: list[FieldError] = []

    def result(self, organizations: Mapping[str, UUID], today: date) -> ResultRow | None:
        """The row, if nothing is wrong with it."""
        organization = self._value("organization_id", lambda text: _organization(text, organizations))
        exam, subject = self._value("exam", _exam), self._value("subject", _subject)
        grade = self._value("grade", lambda text: _number(text, 12))
        day = self._value("date", lambda text: _day(text, today))
        participants = self._value("participants", lambda text: _number(text, _MOST_PARTICIPANTS))
        most = _MOST_PARTICIPANTS if participants is None else participants
        marks = {name: self._value(name, lambda text: _number(text, most)) for name in _MARKS}
        below = self._value("below_minimum", lambda text: _number(text, most))
        score = self._value("mean_score", _score)
        if self.errors or organization is None or exam is None or subject is None:
            return None
        if grade is None or day is None or participants is None:
            return None
        marked = any(one is not None for one in marks.values())
        if grade not in _GRADES[exam]:
            self._complain("grade", "grade", "в этом классе такой экзамен не сдают")
        if marked and sum(one or 0 for one in marks.values()) != participants:
            self._complain("participants", "marks", "число отметок не равно числу участников")
        counts = {name: (one or 0) if marked else None for name, one in marks.items()}
        if below is None and marked:
            below = counts["twos"]
        return ResultRow(
            self._number, organization, exam, subject, grade, day, participants, **counts,
            below_minimum=below, mean_score=score,
        )  # fmt: skip

    def _value(self, name: str, read: Callable[[str], T]) -> T | None:
        text = self._texts.get(name, "")
        if not text:
            if name in _REQUIRED:
                self._complain(name, "empty", "значение не указано")
            return None
        try:
            return read(text)
        except _CellError as error:
            self._complain(name, error.code, error.title)
            return None

    def _complain(self, name: str, code: str, title: str) -> None:
        self.errors.append(wrong(self._number, name, code, title))


def _organization(text: str, organizations: Mapping[str, UUID]) -> UUID:
    found = organizations.get(key(text))
    if found is None:
        raise _CellError("organization", "нет такой организации среди ваших, или их несколько: укажите идентификатор")
    return found


def _exam(text: str) -> str:
    found = EXAMS.get(key(text))
    if found is None:
        raise _CellError("exam", "нужно ОГЭ, ЕГЭ, ГВЭ или ВПР")
    return found


def _subject(text: str) -> str:
    found = titles().get(key(text))
    if found is None:
        raise _CellError("subject", "нет такого предмета экзамена")
    return found


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most):
        raise _CellError("number", f"нужно целое число не больше {most}")
    return int(text)


def _score(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not (found.is_finite() and 0 <= found <= _HIGHEST_SCORE):
        raise _CellError("score", f"нужно число от 0 до {_HIGHEST_SCORE}")
    return round(found, 2)


def _day(text: str, today: date) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match is not None and _FIRST <= (day := date(int(match[3]), int(match[2]), int(match[1]))) <= today:
            return day
    except ValueError:
        pass
    raise _CellError("date", "нужна прошедшая дата в виде ДД.ММ.ГГГГ")
