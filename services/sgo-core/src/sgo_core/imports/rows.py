"""Rows of a class list: what the cells say, checked, or what is wrong with them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import TypeVar

from identifiers import DocumentKind, InvalidIdentifier, normal_name, parse_document, parse_snils
from sgo_core.imports.errors import EmptyListError, HeaderError
from sgo_core.imports.tables import Cell, Table
from sgo_core.people.records import ConsentRecord, DocumentRecord, FamilyRecord, GuardianRecord, StudentRecord

T = TypeVar("T")

GROUP = "Класс (группа)"
ENROLLED_ON = "Дата зачисления"
LAST_NAME = "Фамилия"
BIRTH_DATE = "Дата рождения"
GUARDIAN_SNILS = "Родитель: СНИЛС"
COLUMNS = (
    *(GROUP, LAST_NAME, "Имя", "Отчество", BIRTH_DATE, "Пол", "Гражданство", "СНИЛС", "Документ"),
    *("Серия", "Номер", "Дата выдачи", ENROLLED_ON, "Приказ №", "Дата приказа"),
    *("Родитель: фамилия", "Родитель: имя", "Родитель: отчество", "Родство", "Родитель: телефон", GUARDIAN_SNILS),
    "Согласие от",
)
_PARENT = (
    "Родитель: фамилия",
    "Родитель: имя",
    "Родитель: отчество",
    "Родство",
    "Родитель: телефон",
    GUARDIAN_SNILS,
)
_SEX = {"м": "male", "ж": "female"}
_DOCUMENTS = {
    "свидетельство о рождении": DocumentKind.BIRTH_CERTIFICATE,
    "паспорт РФ": DocumentKind.PASSPORT_RF,
    "иной": DocumentKind.OTHER,
}
_KINSHIP = {"мать": "mother", "отец": "father", "опекун": "guardian", "иное": "other"}
_DIGITS = {"СНИЛС": 11, GUARDIAN_SNILS: 11, "Гражданство": 3}
_RUSSIA = "643"
_DATE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_COUNTRY = re.compile(r"[0-9]{3}")
_PHONE = re.compile(r"\+?[0-9 ()-]{5,25}")
_LONGEST = 200
_OLDEST_YEARS = 30
_PURPOSES = ("обучение",)


@dataclass(frozen=True)
class RowError:
    """What is wrong in a cell; never what stands in it. ``row`` counts from 1, the header is row 1."""

    row: int
    column: str
    code: str
    title: str


@dataclass(frozen=True)
class ClassListRow:
    """A good row."""

    number: int
    group: str
    family: FamilyRecord
    enrolled_on: date
    order_number: str
    order_date: date


class _BadCellError(Exception):
    def __init__(self, code: str, title: str) -> None:
        super().__init__(code)
        self.code = code
        self.title = title


_EMPTY = _BadCellError("imports.row.empty", "Значение не указано")
_NO_SUCH_DAY = _BadCellError("imports.row.date-range", "Дата слишком давняя или ещё не наступила")


def read_rows(table: Table, operator: str, today: date, zone: tzinfo) -> tuple[list[ClassListRow], list[RowError]]:
    """Good rows and errors of bad ones. Raises ``HeaderError``, ``EmptyListError``. ``operator`` takes the consents."""
    if not table:
        raise EmptyListError
    places = _places(table[0])
    rows: list[ClassListRow] = []
    errors: list[RowError] = []
    for number, cells in enumerate(table[1:], start=2):
        if any(_text(cell) for cell in cells):
            row = _Row(number, cells, places)
            read = row.read(operator, today, zone)
            errors += row.errors
            if read is not None:
                rows.append(read)
    if not rows and not errors:
        raise EmptyListError
    return rows, sorted([*errors, *_repeated(rows)], key=lambda error: error.row)


def group_key(name: str) -> str:
    """Form in which names of groups are compared: case and spaces do not matter."""
    return " ".join(name.split()).casefold()


def _places(header: Sequence[Cell]) -> dict[str, int]:
    names = [_text(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise HeaderError("Нет столбцов: " + ", ".join(missing))
    if len(names) > len(COLUMNS):
        raise HeaderError("Есть лишние или повторяющиеся столбцы")
    return {name: place for place, name in enumerate(names)}


def _repeated(rows: Sequence[ClassListRow]) -> list[RowError]:
    """A child that stands in the file twice."""
    errors = []
    seen: set[object] = set()
    for row in rows:
        student = row.family.student
        document = student.document
        keys = {
            "СНИЛС": student.snils,
            "Номер": None if document is None else _document_of(student, document),
        }
        for column, key in keys.items():
            if key is not None and key in seen:
                errors.append(RowError(row.number, column, "imports.row.repeated", "Ребёнок указан в файле дважды"))
                break
        seen |= {key for key in keys.values() if key is not None}
    return errors


def _document_of(student: StudentRecord, document: DocumentRecord) -> object:
    """What tells a document apart from any other child's; many of no known kind have the same number, such as «Б/Н»."""
    number = document.kind, document.series, document.number
    if document.kind != DocumentKind.OTHER:
        return number
    return *number, normal_name(student.last_name), normal_name(student.first_name), student.birth_date


class _Row:
    """One row being read."""

    def __init__(self, number: int, cells: Sequence[Cell], places: dict[str, int]) -> None:
        self._number = number
        self._cells = cells
        self._places = places
        self.errors: list[RowError] = []

    def read(self, operator: str, today: date, zone: tzinfo) -> ClassListRow | None:
        """The row, if nothing is wrong with it."""
        student = self._student(today)
        group = self._required(GROUP, _line)
        enrolled_on = self._required(ENROLLED_ON, _date)
        order_number = self._required("Приказ №", _line)
        order_date = self._known(self._required("Дата приказа", _date), "Дата приказа", today)
        guardian = self._guardian()
        consented_on = self._known(self._required("Согласие от", _date), "Согласие от", today)
        if (
            self.errors
            or student is None
            or group is None
            or enrolled_on is None
            or order_number is None
            or order_date is None
            or consented_on is None
        ):
            return None
        consent = ConsentRecord(datetime.combine(consented_on, time(), zone), operator, _PURPOSES)
        guardians = () if guardian is None else (guardian,)
        family = FamilyRecord(student, guardians, consent, valid_from=enrolled_on)
        return ClassListRow(self._number, group, family, enrolled_on, order_number, order_date)

    def _student(self, today: date) -> StudentRecord | None:
        last_name = self._required(LAST_NAME, _name)
        first_name = self._required("Имя", _name)
        birth_date = self._required(BIRTH_DATE, _date)
        sex = self._required("Пол", _one_of(_SEX))
        if birth_date is not None and not _oldest(today) <= birth_date <= today:
            self._wrong(BIRTH_DATE, _BadCellError("imports.row.birth-date", "Неверная дата рождения"))
        middle_name = self._optional("Отчество", _name)
        citizenship = self._optional("Гражданство", _country)
        snils = self._optional("СНИЛС", parse_snils)
        document = self._document(today)
        if snils is None and document is None:
            self._wrong("Номер", _BadCellError("imports.row.no-identity", "Укажите СНИЛС или документ"))
        if last_name is None or first_name is None or birth_date is None or sex is None:
            return None
        return StudentRecord(
            last_name, first_name, middle_name, birth_date, sex, citizenship or _RUSSIA, snils, document
        )

    def _document(self, today: date) -> DocumentRecord | None:
        if not any(self._cell(column) for column in ("Документ", "Серия", "Номер")):
            return None
        kind = self._required("Документ", _one_of(_DOCUMENTS))
        issued_on = self._known(self._optional("Дата выдачи", _date), "Дата выдачи", today)
        if kind is None:
            return None
        widths = {DocumentKind.PASSPORT_RF: (4, 6), DocumentKind.BIRTH_CERTIFICATE: (0, 6), DocumentKind.OTHER: (0, 0)}
        series, number = self._cell("Серия", widths[kind][0]), self._cell("Номер", widths[kind][1])
        try:
            return DocumentRecord(kind.value, *parse_document(kind, series, number), issued_on)
        except InvalidIdentifier as error:
            self._wrong("Серия" if "series" in error.code else "Номер", error)
            return None

    def _guardian(self) -> GuardianRecord | None:
        if not any(self._cell(column) for column in _PARENT):
            return None
        last_name = self._required("Родитель: фамилия", _name)
        first_name = self._required("Родитель: имя", _name)
        middle_name = self._optional("Родитель: отчество", _name)
        kinship = self._required("Родство", _one_of(_KINSHIP))
        phone = self._optional("Родитель: телефон", _phone)
        snils = self._optional(GUARDIAN_SNILS, parse_snils)
        if last_name is None or first_name is None or kinship is None:
            return None
        return GuardianRecord(last_name, first_name, middle_name, kinship, phone, None, snils)

    def _known(self, day: date | None, column: str, today: date) -> date | None:
        """A day of something that has happened, in a student's lifetime."""
        if day is None or _oldest(today) <= day <= today:
            return day
        self._wrong(column, _NO_SUCH_DAY)
        return None

    def _cell(self, column: str, width: int = 0) -> str:
        """Text of a cell; a number that lost its leading zeros gets them back up to ``width``."""
        place = self._places[column]
        cell = self._cells[place] if place < len(self._cells) else ""
        text = _text(cell)
        return text.zfill(width) if text and not isinstance(cell, str) else text

    def _required(self, column: str, read: Callable[[str], T]) -> T | None:
        if not self._cell(column):
            self._wrong(column, _EMPTY)
            return None
        return self._optional(column, read)

    def _optional(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self._cell(column, _DIGITS.get(column, 0))
        try:
            return read(text) if text else None
        except (_BadCellError, InvalidIdentifier) as error:
            self._wrong(column, error)
            return None

    def _wrong(self, column: str, error: _BadCellError | InvalidIdentifier) -> None:
        code, title = (
            (error.code, error.title)
            if isinstance(error, _BadCellError)
            else (f"imports.row.{error.code.replace('_', '-')}", error.title_ru)
        )
        self.errors.append(RowError(self._number, column, code, title))


def _text(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _oldest(today: date) -> date:
    """Nothing about a student is older."""
    return date(today.year - _OLDEST_YEARS, 1, 1)


def _line(text: str) -> str:
    if len(text) > _LONGEST or not text.isprintable():
        raise _BadCellError("imports.row.text", "Слишком длинное значение или недопустимые символы")
    return text


def _name(text: str) -> str:
    if not any(character.isalpha() for character in text):
        raise _BadCellError("imports.row.name", "Имя должно состоять из букв")
    return _line(text)


def _date(text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match is not None:
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise _BadCellError("imports.row.date", "Неверная дата, нужна в виде ДД.ММ.ГГГГ")


def _country(text: str) -> str:
    if _COUNTRY.fullmatch(text) is None:
        raise _BadCellError("imports.row.citizenship", "Гражданство указывается кодом ОКСМ из трёх цифр")
    return text


def _phone(text: str) -> str:
    if _PHONE.fullmatch(text) is None:
        raise _BadCellError("imports.row.phone", "Неверный номер телефона")
    return text


def _one_of(values: dict[str, T]) -> Callable[[str], T]:
    known = {name.casefold(): value for name, value in values.items()}

    def read(text: str) -> T:
        found = known.get(text.casefold())
        if found is None:
            raise _BadCellError("imports.row.not-in-list", "Допустимые значения: " + ", ".join(values))
        return found

    return read
