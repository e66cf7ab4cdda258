"""Rosters over HTTP."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class GroupOut(BaseModel):
    """A class or preschool group."""

    group_id: UUID
    academic_year: int = Field(description="Год начала учебного года")
    kind: str
    name: str
    grade: int | None
    starts_on: date
    ends_on: date = Field(description="Первый день после окончания")


class TeachingGroupOut(BaseModel):
    """A subgroup of a class or a group across classes."""

    teaching_group_id: UUID
    academic_year: int = Field(description="Год начала учебного года")
    kind: str
    name: str
    division_id: UUID | None = Field(description="Деление класса на подгруппы")
    group_id: UUID | None = Field(description="Класс, если это его подгруппа")
    grade_from: int | None
    grade_to: int | None
    subject_ids: list[UUID] = Field(description="Предметы; пусто, если группа для любого")
    starts_on: date
    ends_on: date = Field(description="Первый день после окончания")
    active: bool


class RosterStudent(BaseModel):
    """A student of a roster."""

    student_id: UUID
    name: str | None = Field(description="Фамилия, имя и отчество; пусто, пока данные не поступили")
    from_: date = Field(serialization_alias="from", description="С какого дня в классе (группе)")
    at_home: bool = Field(description="Обучается на дому")


class Roster(BaseModel):
    """A class, a group or a teaching group on a date."""

    group_id: UUID
    date: date
    students: list[RosterStudent]


class Child(BaseModel):
    """A child whose diary the caller may see."""

    student_id: UUID
    name: str | None


class Contingent(BaseModel):
    """Students of an organization on a date, by main placements."""

    organization_id: UUID
    date: date
    total: int
