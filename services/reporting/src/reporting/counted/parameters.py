"""What counted reports are asked with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from reporting import days
from reporting.counted.errors import CountedPeriodError, TwoUnitsError
from reporting.days import FIRST_DAY, LAST_DAY, Instant, year_begins
from servicekit.http import CurrentRuntime

_LONGEST = timedelta(days=731)


class Parameter(StrEnum):
    """A parameter besides the unit, which every report takes."""

    DATE = "date"
    FROM = "from"
    TO = "to"
    ACADEMIC_YEAR = "academic_year"
    KNOWN_AT = "known_at"


ON_A_DAY = (Parameter.DATE, Parameter.KNOWN_AT)
OVER_A_PERIOD = (Parameter.FROM, Parameter.TO, Parameter.ACADEMIC_YEAR, Parameter.KNOWN_AT)


@dataclass(frozen=True)
class Asked:
    """Whose report (the caller's own unit, if neither is named), as of a day, over [since, until], both days included.

    ``known_at`` believes only what was recorded by that instant.
    """

    organization_id: UUID | None
    municipality: str | None
    day: date
    since: date
    until: date
    known_at: datetime | None


def _asked(
    runtime: CurrentRuntime,
    organization_id: Annotated[UUID | None, Query(description="Организация")] = None,
    municipality: Annotated[
        str | None,
        Query(pattern=r"^[0-9]{8}$", description="Муниципальное образование, ОКТМО; без них — всё, что видно"),
    ] = None,
    day: Annotated[
        date | None, Query(alias="date", ge=FIRST_DAY, le=LAST_DAY, description="Дата; по умолчанию сегодня")
    ] = None,
    since: Annotated[
        date | None,
        Query(alias="from", ge=FIRST_DAY, le=LAST_DAY, description="Первый день; по умолчанию начало учебного года"),
    ] = None,
    until: Annotated[
        date | None, Query(alias="to", ge=FIRST_DAY, le=LAST_DAY, description="Последний день; по умолчанию сегодня")
    ] = None,
    academic_year: Annotated[
        int | None, Query(ge=2000, le=2100, description="Учебный год (год его начала) вместо дат")
    ] = None,
    known_at: Annotated[
        Instant | None, Query(description="По сведениям, записанным к этому моменту; по умолчанию по всем")
    ] = None,
) -> Asked:
    if organization_id is not None and municipality is not None:
        raise TwoUnitsError
    today = runtime.clock.today()
    if academic_year is not None:
        begun, ends = year_begins(academic_year), year_begins(academic_year + 1) - timedelta(days=1)
    else:
        begun, ends = year_begins(days.academic_year(until or today)), today
    first, last = since or begun, until or ends
    if not timedelta(0) <= last - first <= _LONGEST:
        raise CountedPeriodError
    return Asked(organization_id, municipality, day or today, first, last, known_at)


Question = Annotated[Asked, Depends(_asked)]
