"""HTTP shapes of academic years, classes and groups."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import ABSENT, Body, Line

GroupKind = Literal["class", "preschool_group"]
Year = Annotated[int, Field(ge=2000, le=2100, description="Календарный год начала учебного года")]
GroupName = Annotated[Line, StringConstraints(max_length=60)]
Capacity = Annotated[int, Field(ge=1, le=500)]
Grade = Annotated[int, Field(ge=1, le=11)]
Age = Annotated[int, Field(ge=0, le=8)]


class AcademicYearOut(Body):
    """An academic year: [starts_on, ends_on)."""

    year: int
    starts_on: date
    ends_on: date


class AcademicYearsOut(Body):
    """Academic years of the region."""

    items: list[AcademicYearOut]


class GroupIn(Body):
    """A class (with a grade) or a preschool group (with ages in full years on 1 September, both inclusive)."""

    kind: GroupKind
    name: GroupName
    grade: Grade | None = None
    age_from: Age | None = None
    age_to: Age | None = None
    capacity: Capacity

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        ages = (self.age_from, self.age_to)
        if self.kind == "class" and (self.grade is None or ages != (None, None)):
            raise PydanticCustomError("groups.class-fields", "У класса указывается параллель и не указывается возраст")
        if self.kind == "preschool_group":
            if self.grade is not None or self.age_from is None or self.age_to is None:
                raise PydanticCustomError(
                    "groups.preschool-fields", "У группы указывается возраст и не указывается параллель"
                )
            if self.age_from > self.age_to:
                raise PydanticCustomError("groups.ages", "Возраст «от» больше возраста «до»")
        return self


class GroupsIn(Body):
    """Classes or groups to open in an academic year."""

    academic_year: Year
    groups: Annotated[list[GroupIn], Field(min_length=1, max_length=200)]


class GroupPatch(Body):
    """Fields to change; what is absent stays."""

    name: GroupName = ABSENT
    capacity: Capacity = ABSENT
    active: bool = ABSENT


class GroupOut(Body):
    """A class or a group. ``occupied`` counts the places taken."""

    id: UUID
    organization_id: UUID
    academic_year: int
    kind: GroupKind
    name: str
    grade: int | None
    age_from: int | None
    age_to: int | None
    capacity: int
    occupied: int
    starts_on: date
    ends_on: date
    active: bool
    version: int


class GroupsOut(Body):
    """Opened groups."""

    items: list[GroupOut]
