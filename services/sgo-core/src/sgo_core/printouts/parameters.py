"""What a list of people may be asked with."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query

from servicekit.uow import UnitOfWork
from sgo_core.contingents.errors import PeriodError
from sgo_core.groups.schemas import Year
from sgo_core.movements.schemas import Day

_YEAR_BEGINS = 9
_LONGEST = dt.timedelta(days=366)


class Who(StrEnum):
    """Whose birthdays."""

    ALL = "all"
    STUDENTS = "students"
    STAFF = "staff"


class Variant(StrEnum):
    """What a class list is for."""

    NAMES = "names"
    BASIC = "basic"
    STUDY = "study"
    CONTACTS = "contacts"


@dataclass(frozen=True)
class Parameters:
    """As they were sent; what was left out follows from the day on which they are read."""

    date: dt.date | None
    since: dt.date | None
    until: dt.date | None
    academic_year: int | None
    who: Who
    variant: Variant

    def day(self, uow: UnitOfWork) -> dt.date:
        """The day asked for, or today."""
        return self.date or uow.clock.today()

    def period(self, uow: UnitOfWork) -> tuple[dt.date, dt.date]:
        """The days asked for, both included, or the current month; raises ``PeriodError`` for none or more than a year."""
        first = self.since or uow.clock.today().replace(day=1)
        last = self.until or (first.replace(day=1) + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        if not dt.timedelta(0) <= last - first < _LONGEST:
            raise PeriodError
        return first, last

    def year(self, uow: UnitOfWork) -> int:
        """The academic year asked for, or the one that goes on, by the calendar year it begins in."""
        today = uow.clock.today()
        return self.academic_year or today.year - (today.month < _YEAR_BEGINS)


def _asked(
    date: Annotated[Day | None, Query(title="Дата", description="Пусто: сегодня")] = None,
    since: Annotated[Day | None, Query(alias="from", title="Первый день", description="Пусто: с начала месяца")] = None,
    until: Annotated[
        Day | None, Query(alias="to", title="Последний день, включительно", description="Пусто: до конца месяца")
    ] = None,
    academic_year: Annotated[Year | None, Query(title="Учебный год", description="Пусто: текущий")] = None,
    who: Annotated[Who, Query(title="Чьи дни рождения")] = Who.ALL,
    variant: Annotated[Variant, Query(title="Вид списка класса")] = Variant.BASIC,
) -> Parameters:
    return Parameters(date, since, until, academic_year, who, variant)


Asked = Annotated[Parameters, Depends(_asked)]
