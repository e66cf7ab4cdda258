"""HTTP shapes of textbooks."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.values import Day

_SHORT, _LONG, _MODULUS = 10, 13, 11


def _isbn(value: str) -> str:
    """An ISBN without hyphens, its check digit right: 10 characters (by 11) or 13 (by 10)."""
    digits = value.replace("-", "").replace(" ", "").upper().replace("Х", "X")
    if len(digits) == _SHORT and digits[:-1].isdecimal() and (digits[-1].isdecimal() or digits[-1] == "X"):
        last = _SHORT if digits[-1] == "X" else int(digits[-1])
        total = sum((_SHORT - place) * int(digit) for place, digit in enumerate(digits[:-1])) + last
        right = total % _MODULUS == 0
    elif len(digits) == _LONG and digits.isdecimal():
        right = sum((1, 3)[place % 2] * int(digit) for place, digit in enumerate(digits)) % 10 == 0
    else:
        right = False
    if not digits.isascii() or not right:
        raise PydanticCustomError("isbn.checksum", "Неверный ISBN")
    return digits


Isbn = Annotated[str, StringConstraints(max_length=20), AfterValidator(_isbn)]
Grade = Annotated[int, Field(ge=1, le=12)]
Title = Annotated[Line, StringConstraints(max_length=300)]
Number = Annotated[Line, StringConstraints(max_length=60)]
PublishedIn = Annotated[int, Field(ge=1900, le=2100, title="Год издания")]


class TextbookIn(Body):
    """A textbook to enter; ``federal_number`` by the federal list of textbooks."""

    subject_id: UUID
    title: Title
    authors: Title
    part: Number | None = None
    grade_from: Grade
    grade_to: Grade
    publisher: Title | None = None
    year: PublishedIn | None = None
    isbn: Isbn | None = None
    federal_number: Number | None = None


class TextbookPatch(Body):
    """What changes, and why; ``active`` false puts a textbook out of use."""

    reason: Text
    title: Title = ABSENT
    authors: Title = ABSENT
    part: Number | None = ABSENT
    grade_from: Grade = ABSENT
    grade_to: Grade = ABSENT
    publisher: Title | None = ABSENT
    year: PublishedIn | None = ABSENT
    isbn: Isbn | None = ABSENT
    federal_number: Number | None = ABSENT
    active: bool = ABSENT


class CopiesIn(Body):
    """Copies that came, or are written off, by a document."""

    kind: Literal["received", "written_off"]
    copies: Annotated[int, Field(ge=1, le=100_000)]
    day: Day
    document: Line


class ClassesIn(Body):
    """The classes of an academic year that study by a textbook: these and no others."""

    academic_year: Annotated[int, Field(ge=2000, le=2100)]
    group_ids: Annotated[list[UUID], Field(max_length=100)]


class TextbookOut(Body):
    """A textbook with its copies."""

    id: UUID
    organization_id: UUID
    subject_id: UUID
    title: str
    authors: str
    part: str | None
    grade_from: int
    grade_to: int
    publisher: str | None
    year: int | None
    isbn: str | None
    federal_number: str | None
    received: int
    written_off: int
    available: int
    active: bool
    version: int


class CopiesOut(Body):
    """Copies that came or were written off."""

    id: UUID
    kind: Literal["received", "written_off"]
    copies: int
    day: date
    document: str
    recorded_at: datetime


class UsedOut(Body):
    """Classes that study by a textbook."""

    group_ids: list[UUID]


class ClassTextbookOut(Body):
    """A textbook of a class: ``need`` of all classes of the year that use it, copies there are, per cent supplied."""

    textbook_id: UUID
    subject_id: UUID
    title: str
    need: int
    available: int
    percent: int


class ClassSupplyOut(Body):
    """Supply of a class: its students, its textbooks, and the subjects of its curriculum that have none."""

    group_id: UUID
    group: str
    students: int
    percent: int | None
    textbooks: list[ClassTextbookOut]
    without_textbook: list[UUID]


class SupplyOut(Body):
    """Supply of the classes of an academic year with textbooks."""

    academic_year: int
    items: list[ClassSupplyOut]
