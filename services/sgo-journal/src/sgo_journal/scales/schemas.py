"""Scales over HTTP."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from servicekit.http import Body, Line
from sgo_journal.scales.conversion import By

Points = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]


class ValueIn(Body):
    """A value of a scale, in the order of the list."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9a-z_]{1,20}$"), Field(title="Код")]
    sign: Annotated[Line, Field(title="Как стоит в клетке журнала", max_length=5)]
    title: Annotated[Line, Field(title="Название")]
    points: Annotated[Points | None, Field(title="Сколько значит в среднем балле; пусто: не участвует")] = None
    grade: Annotated[
        int | None, Field(ge=1, le=5, title="Какой отметке пятибалльной шкалы соответствует; пусто: никакой")
    ] = None
    debt: Annotated[bool, Field(title="Долг: обязательная работа не сдана")] = False
    active: Annotated[bool, Field(title="Можно выставить")] = True


class ScaleIn(Body):
    """A scale with its values."""

    title: Annotated[Line, Field(title="Название")]
    active: Annotated[bool, Field(title="Можно выбрать для журнала")] = True
    values: Annotated[list[ValueIn], Field(max_length=120, title="Значения")]


class ValueOut(BaseModel):
    """A value of a scale."""

    code: str
    sign: str
    title: str
    points: Decimal | None
    grade: int | None
    debt: bool
    active: bool


class ScaleOut(BaseModel):
    """A scale: the region's, or (``organization_id``) an organization's own."""

    id: int
    organization_id: UUID | None
    title: str
    active: bool
    version: int
    values: list[ValueOut]


class Scales(BaseModel):
    """Scales an organization may use."""

    items: list[ScaleOut]


Code = Annotated[str, StringConstraints(pattern=r"^[0-9a-z_]{1,20}$")]


class ConvertedIn(Body):
    """What a value counts as."""

    code: Annotated[Code, Field(title="Значение исходной шкалы")]
    to: Annotated[Code | None, Field(title="Чем считать; пусто: не учитывать")]


class ThresholdIn(Body):
    """From how many points on a mark counts as a value."""

    to: Annotated[Code, Field(title="Чем считать")]
    at_least: Annotated[Points, Field(title="Начиная с какого балла исходной шкалы")]


class ConversionIn(Body):
    """A conversion: thresholds of points, and values by name, which stand above them."""

    thresholds: Annotated[list[ThresholdIn], Field(max_length=120, title="Пороги", default_factory=list)]
    values: Annotated[list[ConvertedIn], Field(max_length=120, title="Значения", default_factory=list)]


class ConvertedOut(BaseModel):
    """A value of the one scale and what it counts as in the other."""

    code: str
    sign: str
    to: str | None
    to_sign: str | None
    by: By = Field(description="По таблице организации, по отметке 1–5, по названию, никак")


class ConversionOut(BaseModel):
    """A conversion as it is in force; ``version`` 0: nobody has made a table."""

    from_scale_id: int
    to_scale_id: int
    version: int
    values: list[ConvertedOut]
