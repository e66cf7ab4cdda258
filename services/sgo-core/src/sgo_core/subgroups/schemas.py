"""HTTP shapes of subgroups and groups across classes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.catalogue.values import Day

Rule = Literal["by_hand", "alphabet", "sex", "foreign_language"]
CrossingKind = Literal["individual_plan", "elective", "extended_day", "extracurricular", "home_teaching"]
Name = Annotated[Line, StringConstraints(max_length=60)]
Grade = Annotated[int, Field(ge=1, le=11)]
Places = Annotated[int, Field(ge=1, le=500)]
Subjects = Annotated[list[UUID], Field(max_length=30, title="Предметы")]


class DivisionIn(Body):
    """How to divide a class: by the alphabet into equal parts, by sex, by the first foreign language of the card, by hand.

    ``subgroups`` names the subgroups: of a division by hand they are needed, of one by the alphabet their number says into how
    many parts (two unless named). Who has no language in the card stays in no subgroup.
    """

    name: Annotated[Name, Field(title="Название деления")]
    rule: Annotated[Rule, Field(title="По какому признаку")]
    subgroups: Annotated[list[Name], Field(max_length=6, title="Подгруппы")] = Field(default_factory=list)
    subject_id: Annotated[UUID | None, Field(title="Предмет, если деление только для него")] = None
    valid_from: Annotated[Day, Field(title="С какой даты")]


class DivisionPatch(Body):
    """What changes in a division, and why; one that is not ``active`` ends today with all its subgroups."""

    reason: Text
    name: Name = ABSENT
    subject_id: UUID | None = ABSENT
    active: Literal[False] = ABSENT


class SubgroupIn(Body):
    """One more subgroup of a division."""

    name: Name


class MoveIn(Body):
    """Where a student goes: a subgroup of the division, or (null) none."""

    student_id: UUID
    subgroup_id: UUID | None


class DistributionIn(Body):
    """Students who change their subgroup from a day; who is not named stays."""

    valid_from: Annotated[Day, Field(title="С какой даты")]
    students: Annotated[list[MoveIn], Field(min_length=1, max_length=100)]


class MemberOut(Body):
    """A student of a class or group, as the reader may see it; since when in the subgroup or group."""

    student_id: UUID
    values: Values
    masked: Masked
    since: date | None


class SubgroupOut(Body):
    """A subgroup with its students of the day."""

    id: UUID
    name: str
    members: list[MemberOut]


class DivisionOut(Body):
    """A division with its subgroups on a day, and who is in none."""

    id: UUID
    group_id: UUID
    name: str
    rule: Rule
    subject_id: UUID | None
    active: bool
    version: int
    subgroups: list[SubgroupOut]
    not_in_a_subgroup: list[MemberOut]


class DivisionsOut(Body):
    """Divisions of a class on a day."""

    date: date
    items: list[DivisionOut]


class TeachingGroupIn(Body):
    """A group across classes, of one or many subjects: ИУП, курс по выбору, продлённый день, внеурочная деятельность."""

    academic_year: Annotated[int, Field(ge=2000, le=2100)]
    kind: Annotated[CrossingKind, Field(title="Вид группы")]
    name: Name
    grade_from: Annotated[Grade | None, Field(title="Параллель от")] = None
    grade_to: Annotated[Grade | None, Field(title="Параллель до включительно")] = None
    subject_ids: Subjects = Field(default_factory=list)
    capacity: Annotated[Places | None, Field(title="Число мест")] = None


class TeachingGroupPatch(Body):
    """What changes in a subgroup or a group across classes, and why; one that is not ``active`` ends today with all its stays.

    A subgroup has a name alone.
    """

    reason: Text
    name: Name = ABSENT
    grade_from: Grade | None = ABSENT
    grade_to: Grade | None = ABSENT
    subject_ids: Subjects = ABSENT
    capacity: Places | None = ABSENT
    active: Literal[False] = ABSENT


class MembersIn(Body):
    """Students who enter or leave a group across classes from a day."""

    valid_from: Annotated[Day, Field(title="С какой даты")]
    enter: Annotated[list[UUID], Field(max_length=200)] = Field(default_factory=list)
    leave: Annotated[list[UUID], Field(max_length=200)] = Field(default_factory=list)


class TeachingGroupLine(Body):
    """A subgroup or a group across classes; ``ends_on`` is exclusive."""

    id: UUID
    organization_id: UUID
    academic_year: int
    kind: Literal["subgroup", CrossingKind]
    name: str
    division_id: UUID | None
    group_id: UUID | None
    grade_from: int | None
    grade_to: int | None
    subject_ids: list[UUID]
    capacity: int | None
    starts_on: date
    ends_on: date
    active: bool
    version: int


class TeachingGroupOut(TeachingGroupLine):
    """A group with its students of a day."""

    date: date
    members: list[MemberOut]
