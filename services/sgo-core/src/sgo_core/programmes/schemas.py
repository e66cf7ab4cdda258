"""HTTP shapes of programmes of additional education."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text

Orientation = Literal["technical", "science", "sports", "arts", "tourism", "social"]
Funding = Literal["budget", "certificate", "paid"]
Title = Annotated[Line, StringConstraints(max_length=200), Field(title="Название программы")]
Age = Annotated[int, Field(ge=1, le=99)]
Hours = Annotated[int, Field(ge=1, le=10_000, title="Часов на всю программу")]
Months = Annotated[int, Field(ge=1, le=120, title="Срок освоения, месяцев")]


class ProgrammeIn(Body):
    """A programme to start.

    ``orientation``: техническая, естественно-научная, физкультурно-спортивная, художественная, туристско-краеведческая,
    социально-гуманитарная; ``funding``: за счёт бюджета, по социальному сертификату, платно.
    """

    title: Title
    orientation: Annotated[Orientation, Field(title="Направленность")]
    age_from: Annotated[Age, Field(title="Возраст от, лет")]
    age_to: Annotated[Age, Field(title="Возраст до, лет включительно")]
    hours: Hours
    duration_months: Months
    funding: Annotated[Funding, Field(title="Источник оплаты")] = "budget"
    adapted: Annotated[bool, Field(title="Адаптированная")] = False


class ProgrammePatch(Body):
    """What changes in a programme, and why; one that is not ``active`` opens no more groups."""

    reason: Text
    title: Title = ABSENT
    orientation: Orientation = ABSENT
    age_from: Age = ABSENT
    age_to: Age = ABSENT
    hours: Hours = ABSENT
    duration_months: Months = ABSENT
    funding: Funding = ABSENT
    adapted: bool = ABSENT
    active: bool = ABSENT


class ProgrammeOut(ProgrammeIn):
    """A programme of an organization; ``version`` is null as of a past instant."""

    id: UUID
    organization_id: UUID
    active: bool
    version: int | None
