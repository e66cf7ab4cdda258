"""A statement as the paper has it, and what is wrong with it by itself. Pure: no database."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Self

from servicekit.errors import FieldError
from sgo_journal.transfers.model import Kind
from sgo_journal.transfers.statement_schemas import StatementIn, StatementMarkIn

_DAY = dt.timedelta(days=1)
_PERIOD = "период"


@dataclass(frozen=True, slots=True)
class PaperMark:
    """A mark as it is kept. One without a day on the paper (not ``dated``) is of the day before the arrival."""

    kind: Kind
    first_day: dt.date
    last_day: dt.date
    dated: bool
    title: str
    weight: Decimal
    scale_id: int
    value: str

    @classmethod
    def of(cls, mark: StatementMarkIn, body: StatementIn) -> Self:
        """A mark of a statement."""
        day = mark.day or body.arrived_on - _DAY
        of_period = mark.kind is Kind.PERIOD
        return cls(
            mark.kind,
            mark.first_day or day,
            mark.last_day or day,
            of_period or mark.day is not None,
            mark.title or (_PERIOD if of_period else ""),
            mark.weight,
            body.scale_id,
            mark.value,
        )

    @classmethod
    def read(cls, row: Any) -> Self:
        """A mark as it stands."""
        rest = row.first_day, row.last_day, row.dated, row.title, row.weight, row.scale_id, row.value
        return cls(Kind(row.kind), *rest)

    @property
    def row(self) -> dict[str, Any]:
        """Its columns."""
        return {name: getattr(self, name) for name in self.__slots__}


def plain(title: str) -> str:
    """What a subject is known by in a statement: its title in small letters."""
    return " ".join(title.split()).lower()


def marks_of(body: StatementIn) -> Iterable[tuple[str, StatementMarkIn]]:
    """Marks of a statement with where they stand in the request."""
    for place, subject in enumerate(body.subjects):
        for number, mark in enumerate(subject.marks):
            yield f"/body/subjects/{place}/marks/{number}", mark


def wrong(body: StatementIn, year: int) -> Iterable[FieldError]:
    """Days out of the school year ``year`` or not before the arrival, subjects named twice, periods that overlap."""
    for pointer, mark in marks_of(body):
        kept = PaperMark.of(mark, body)
        if not dt.date(year, 9, 1) <= kept.first_day <= kept.last_day < body.arrived_on:
            name = "last_day" if mark.kind is Kind.PERIOD else "day"
            yield FieldError(f"{pointer}/{name}", "brought.day", "День отметки — в учебном году до дня зачисления")
    seen: set[str] = set()
    for place, subject in enumerate(body.subjects):
        if plain(subject.title) in seen:
            yield FieldError(f"/body/subjects/{place}/title", "brought.subject-twice", "Предмет указан дважды")
        seen.add(plain(subject.title))
        periods = sorted((one.first_day, one.last_day) for one in subject.marks if one.first_day and one.last_day)
        if any(after[0] <= before[1] for before, after in pairwise(periods)):
            title = "Периоды одного предмета пересекаются"
            yield FieldError(f"/body/subjects/{place}/marks", "brought.periods-overlap", title)
