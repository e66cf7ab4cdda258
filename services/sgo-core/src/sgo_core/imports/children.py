"""Children as rows of tables tell of them: the columns of their cards, and who is who."""

from collections.abc import Hashable
from datetime import date
from typing import Any

from identifiers import DocumentKind, normal_name
from sgo_core.catalogue.definition import CardKind
from sgo_core.imports.cells import BadCellError, Row
from sgo_core.imports.columns import card_readers
from sgo_core.people.records import DocumentRecord, Mismatch, StudentRecord

GROUP = "Класс (группа)"
BIRTH_DATE = "Дата рождения"
GUARDIANS = ("Родитель: ", "Родитель 2: ")
IDENTITY = ("last_name", "first_name", "birth_date", "sex")
TITLES = {"citizenship": "Гражданство", "second_citizenship": "Второе гражданство", "special_needs": "ОВЗ"}
_RUSSIA = "643"
_OLDEST_YEARS = 30

STUDENT_READERS = card_readers(
    CardKind.STUDENT,
    titles=TITLES,
    required=IDENTITY,
)
MISMATCHES = {
    Mismatch.CHILD: (
        BIRTH_DATE,
        "child-differs",
        "Такой СНИЛС или документ уже указан у ребёнка с другой датой рождения",
    ),
    Mismatch.GUARDIAN: (
        f"{GUARDIANS[0]}СНИЛС",
        "guardian-differs",
        "Такой СНИЛС уже указан у родителя с другой фамилией или другим именем",
    ),
}


def student_record(row: Row, values: dict[str, Any], today: date) -> StudentRecord | None:
    """The child that values of a card tell of, or None with what is wrong noted in the row."""
    born = values.get("birth_date")
    if born is not None and not _oldest(today) <= born <= today:
        row.wrong(BIRTH_DATE, BadCellError("birth-date", "Неверная дата рождения"))
    document, snils = values.pop("document", None), values.pop("snils", None)
    if document is not None:
        past_day(row, "Дата выдачи", document.issued_on, today)
    if snils is None and document is None:
        row.wrong("Номер", BadCellError("no-identity", "Укажите СНИЛС или документ"))
    if any(name not in values for name in IDENTITY):
        return None
    return StudentRecord(
        **{name: values.pop(name) for name in IDENTITY},
        middle_name=values.pop("middle_name", None),
        citizenship=values.pop("citizenship", _RUSSIA),
        snils=snils,
        document=None if document is None else DocumentRecord.of(document),
        more=values,
    )


def past_day(row: Row, title: str, when: date | None, today: date, years: int = _OLDEST_YEARS) -> date | None:
    """A day of something that has happened, in a lifetime."""
    if when is None or _oldest(today, years) <= when <= today:
        return when
    row.wrong(title, BadCellError("date-range", "Дата слишком давняя или ещё не наступила"))
    return None


def _oldest(today: date, years: int = _OLDEST_YEARS) -> date:
    return date(today.year - years, 1, 1)


def document_of(student: StudentRecord) -> Hashable:
    """What tells a document apart from any other child's; many of no known kind have the same number, such as «Б/Н»."""
    document = student.document
    assert document is not None
    number = document.kind, document.series, document.number
    if document.kind != DocumentKind.OTHER:
        return number
    return *number, normal_name(student.last_name), normal_name(student.first_name), student.birth_date


def identity_of(student: StudentRecord) -> Hashable:
    """What tells a child apart within a file."""
    return student.snils or document_of(student)
