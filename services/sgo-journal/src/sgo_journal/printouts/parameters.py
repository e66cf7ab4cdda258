"""What a report may be asked with."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from sgo_journal.dates import Day
from sgo_journal.printouts.errors import ReportPeriodError

YEAR, MONTH = dt.timedelta(days=365), dt.timedelta(days=30)


class By(StrEnum):
    """What the period is cut into."""

    MONTHS = "months"
    PERIODS = "periods"


@dataclass(frozen=True)
class Parameters:
    """Days [since, until], both included, and what single reports need besides.

    ``mean_below``: a mean under it is a risk (none: the organization's threshold of «3»); ``missed_percent``: a share of missed lessons
    from which on it is one; ``least_debts``: so many debts are one; ``least_marks``: so many marks a student should have in a subject
    (none: as many as the organization wants for a total).
    """

    since: dt.date
    until: dt.date
    student_id: UUID | None = None
    teacher_id: UUID | None = None
    learners_id: UUID | None = None
    by: By = By.MONTHS
    mean_below: Decimal | None = None
    missed_percent: int = 30
    least_debts: int = 1
    least_marks: int | None = None

    def within(self, longest: dt.timedelta) -> None:
        """Raise ``ReportPeriodError`` for a period that is none, or too long."""
        if not dt.timedelta(0) <= self.until - self.since <= longest:
            raise ReportPeriodError


def _asked(
    since: Annotated[Day, Query(alias="from", title="Первый день")],
    until: Annotated[Day, Query(alias="to", title="Последний день, включительно")],
    student_id: Annotated[UUID | None, Query(title="Ученик")] = None,
    teacher_id: Annotated[UUID | None, Query(title="Учитель")] = None,
    learners_id: Annotated[UUID | None, Query(title="Класс или группа")] = None,
    by: Annotated[By, Query(title="По месяцам или учебным периодам")] = By.MONTHS,
    mean_below: Annotated[
        Decimal | None,
        Query(ge=1, le=5, decimal_places=2, title="Порог среднего балла", description="Пусто: порог «3»"),
    ] = None,
    missed_percent: Annotated[int, Query(ge=1, le=100, title="Порог доли пропусков, %")] = 30,
    least_debts: Annotated[int, Query(ge=1, le=100, title="Порог числа долгов")] = 1,
    least_marks: Annotated[
        int | None, Query(ge=1, le=50, title="Отметок не меньше", description="Пусто: как для итоговой отметки")
    ] = None,
) -> Parameters:
    return Parameters(
        since, until, student_id, teacher_id, learners_id, by, mean_below, missed_percent, least_debts, least_marks
    )


Asked = Annotated[Parameters, Depends(_asked)]
