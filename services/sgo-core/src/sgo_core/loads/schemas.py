"""HTTP shapes of the teaching load."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import ABSENT, Body, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.catalogue.values import Day

Year = Annotated[int, Field(ge=2000, le=2100, description="Календарный год начала учебного года")]
Hours = Annotated[Decimal, Field(gt=0, le=40, multiple_of=Decimal("0.5"), title="Часов в неделю")]


class LoadIn(Body):
    """A line to distribute: to a class or a teaching group, by a worker; ``employment_id`` if the worker has several here.

    Without days it holds for the whole academic year, of an employment that ends sooner until its end.
    """

    group_id: UUID | None = None
    teaching_group_id: UUID | None = None
    subject_id: UUID
    worker_id: UUID
    employment_id: UUID | None = None
    hours_week: Hours
    valid_from: Day | None = None
    valid_to: Annotated[Day | None, Field(title="Первый день, когда уже не ведёт")] = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.group_id is None) == (self.teaching_group_id is None):
            raise PydanticCustomError("loads.taught", "Укажите класс или группу, что-то одно")
        return self


class LoadsIn(Body):
    """Lines to distribute in an academic year: all of them or none."""

    academic_year: Year
    loads: Annotated[list[LoadIn], Field(min_length=1, max_length=500)]


class LoadPatch(Body):
    """What is corrected in a line, and why; a change from a day on is a replacement."""

    reason: Text
    hours_week: Hours = ABSENT
    valid_to: Day = ABSENT


class ReplacementIn(Body):
    """Who teaches instead from a day on, and why; with ``valid_to`` the former teacher comes back on that day."""

    worker_id: UUID
    employment_id: UUID | None = None
    hours_week: Hours | None = None
    valid_from: Day
    valid_to: Day | None = None
    reason: Text


class LoadOut(Body):
    """A line of the load over [valid_from, valid_to), with the teacher's names as the reader may see them."""

    id: UUID
    organization_id: UUID
    academic_year: int
    group_id: UUID | None
    teaching_group_id: UUID | None
    taught: str
    subject_id: UUID
    subject: str
    worker_id: UUID
    values: Values
    masked: Masked
    employment_id: UUID
    hours_week: str
    valid_from: date
    valid_to: date
    version: int


class LoadsOut(Body):
    """Lines of the load."""

    items: list[LoadOut]


class PartOut(Body):
    """A subgroup or a group across classes, and the hours given there."""

    teaching_group_id: UUID
    name: str
    hours_week: str


class SubjectLoadOut(Body):
    """A subject of a class: planned and distributed hours a week.

    ``whole`` is given to the whole class; each of the ``parts`` has with it to make up what is planned. ``planned`` is null where
    the plan has no such subject, or students choose of it.
    """

    group_id: UUID
    group: str
    subject_id: UUID
    subject: str
    planned: str | None
    whole: str
    parts: list[PartOut]
    state: Literal["met", "under", "over", "unplanned", "chosen"]
    title: str | None


class DistributionOut(Body):
    """How the load of classes on a day compares with their curricula; ``without_plan`` names classes that have none in force."""

    date: date
    items: list[SubjectLoadOut]
    without_plan: list[UUID]


class TariffLineOut(Body):
    """A teacher on the tariff list: hours a week, and how many rates they make by the norm of the post."""

    worker_id: UUID
    values: Values
    masked: Masked
    post: str
    hours_week: str
    norm: int | None
    rates: str | None
    lines: list[LoadOut]


class TariffOut(Body):
    """The tariff list of an organization on a day."""

    date: date
    norm_source: str
    items: list[TariffLineOut]
    hours_week: str
