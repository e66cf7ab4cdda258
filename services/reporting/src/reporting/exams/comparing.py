"""Marks of the journal beside marks of an exam: how far apart they are, and how many may have been confirmed at most.

Nobody is named, so nobody's two marks are compared. What two distributions have in common is the most that can have been confirmed:
however the marks went round, the rest differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from reporting.exams import repository
from reporting.exams.measures import COMPARED, school_year
from reporting.units import service as units
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_MARKS = ("twos", "threes", "fours", "fives")


@dataclass(frozen=True)
class Compared:
    """A grade of an organization in a subject: shares of marks in percent, means, and what they have in common.

    ``gap``: how much higher the journal's mean is; ``confirmed``: percent of marks that may have been confirmed at most.
    """

    exam: str
    subject: str
    grade: int
    participants: int
    marks: int
    exam_shares: dict[str, Decimal]
    journal_shares: dict[str, Decimal]
    exam_mean: Decimal
    journal_mean: Decimal
    gap: Decimal
    confirmed: Decimal


async def comparison(
    uow: UnitOfWork,
    principal: Principal,
    academic_year: int,
    organization_id: UUID,
    exam: str | None,
) -> list[Compared]:
    """Results of an organization's exams of a year beside the marks the journal has for it, where there are both.

    Raises ``NotFoundError`` for an organization outside the principal's view.
    """
    await units.organization_unit(uow, principal, organization_id)
    rows = await repository.compared(uow.session, COMPARED.rows, school_year(academic_year), exam, organization_id)
    return [compared(one) for one in rows]


def compared(row: Any) -> Compared:
    """What the two distributions of a row say."""
    exam = _shares([getattr(row, f"exam_{one}") for one in _MARKS])
    journal = _shares([getattr(row, f"year_{one}") for one in _MARKS])
    exam_mean, journal_mean = _mean(row.exam_points, row.exam_marked), _mean(row.year_points, row.year_marked)
    return Compared(
        exam=row.exam,
        subject=row.subject,
        grade=row.grade,
        participants=row.exam_marked,
        marks=row.year_marked,
        exam_shares=dict(zip(_MARKS, exam, strict=True)),
        journal_shares=dict(zip(_MARKS, journal, strict=True)),
        exam_mean=exam_mean,
        journal_mean=journal_mean,
        gap=journal_mean - exam_mean,
        confirmed=sum(map(min, exam, journal), start=Decimal(0)),
    )


def _shares(counts: Sequence[int]) -> list[Decimal]:
    total = sum(counts)
    return [round(Decimal(one) * 100 / total, 2) for one in counts]


def _mean(points: int, marked: int) -> Decimal:
    return round(Decimal(points) / marked, 2)
