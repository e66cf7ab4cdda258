"""Use cases of the rosters, for routes and for the journal's other slices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import Role
from orgdirectory import Group, require_visible
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.rosters import grouping, repository
from sgo_journal.rosters.model import TeachingGroup
from sgo_journal.rosters.repository import Learner, RosterLine, Stay

__all__ = ["Learner", "RosterLine", "Stay", "TeachingGroup"]


@dataclass(frozen=True)
class Learners:
    """Who is taught together: a class, a group, or a teaching group. ``ends_on`` is exclusive.

    Grades are both included, none for groups without one. ``class_id`` is the class or group it is or is a subgroup of, none for
    a group across classes; a student is in one subgroup of a ``division_id`` at a time. ``subject_ids``: the subjects it is for,
    none for any. ``shift`` and ``combined_set`` (classes taught together) are of a class.
    """

    id: UUID
    organization_id: UUID
    academic_year: int
    kind: str
    name: str
    grade_from: int | None
    grade_to: int | None
    class_id: UUID | None
    division_id: UUID | None
    subject_ids: frozenset[UUID]
    shift: int | None
    combined_set: str | None
    starts_on: date
    ends_on: date


async def list_groups(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Group]:
    """Classes and groups of an organization the caller sees."""
    await require_visible(uow, principal, organization_id)
    return await repository.groups(uow.session, organization_id, academic_year, after, limit)


async def list_teaching_groups(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    after: UUID | None,
    limit: int,
) -> Sequence[TeachingGroup]:
    """Subgroups of classes and groups across classes of an organization the caller sees."""
    await require_visible(uow, principal, organization_id)
    return await grouping.teaching_groups(uow.session, organization_id, academic_year, after, limit)


async def visible_learners(uow: UnitOfWork, principal: Principal, learners_id: UUID) -> Learners:
    """A class, group or teaching group; ``NotFoundError`` if it is unknown here or outside the caller's view."""
    found = await learners(uow, [learners_id])
    if not found:
        raise NotFoundError
    await require_visible(uow, principal, found[learners_id].organization_id)
    return found[learners_id]


async def learners(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, Learners]:
    """Classes, groups and teaching groups by id; those not told of yet are absent."""
    groups = {one.id: _group(one) for one in await repository.groups_by_ids(uow.session, ids)}
    left = set(ids) - groups.keys()
    if not left:
        return groups
    return groups | {one.id: _teaching_group(one) for one in await grouping.teaching_groups_by_ids(uow.session, left)}


def _group(group: Group) -> Learners:
    return Learners(
        id=group.id,
        organization_id=group.organization_id,
        academic_year=group.academic_year,
        kind=group.kind,
        name=group.name,
        grade_from=group.grade,
        grade_to=group.grade,
        class_id=group.id,
        division_id=None,
        subject_ids=frozenset(),
        shift=group.shift,
        combined_set=group.combined_set,
        starts_on=group.starts_on,
        ends_on=group.ends_on,
    )


def _teaching_group(group: TeachingGroup) -> Learners:
    return Learners(
        id=group.id,
        organization_id=group.organization_id,
        academic_year=group.academic_year,
        kind=group.kind,
        name=group.name,
        grade_from=group.grade_from,
        grade_to=group.grade_to,
        class_id=group.group_id,
        division_id=group.division_id,
        subject_ids=frozenset(group.subject_ids),
        shift=None,
        combined_set=None,
        starts_on=group.starts_on,
        ends_on=group.ends_on,
    )


async def is_family(uow: UnitOfWork, principal: Principal, student_id: UUID) -> bool:
    """Whether the caller is the child, or a guardian who may see the child today."""
    if principal.person_id is None:
        return False
    if principal.role is Role.STUDENT:
        return principal.person_id == student_id
    return principal.role is Role.GUARDIAN and await may_see(uow, principal.person_id, student_id)


async def hold_merges(uow: UnitOfWork) -> None:
    """Let nobody be merged until the transaction ends: what is written under a student's id is written once."""
    await repository.hold_merges(uow.session)


async def apply_merges(
    uow: UnitOfWork, merges: Sequence[tuple[UUID, UUID | None, str]]
) -> list[tuple[UUID, UUID | None]]:
    """Keep which card is which child's: card, the one it was merged into or none, sequence. Those that were news."""
    rows = [
        {"student_id": student, "merged_into": into, "sequence": sequence} for student, into, sequence in sorted(merges)
    ]
    news = await repository.apply_merges(uow.session, rows)
    for student_id, merged_into in news:
        await repository.move_stays(uow.session, student_id, merged_into)
    return news


async def move(
    session: AsyncSession, table: Any, student_id: UUID, merged_into: UUID | None, *where: ColumnElement[bool]
) -> None:
    """Let rows under a card's id be those of the child it was merged into, or the card's own again; of ``where`` alone."""
    await repository.move(session, table, student_id, merged_into, *where)


async def living(uow: UnitOfWork, student_ids: set[UUID]) -> dict[UUID, UUID]:
    """Of the students whose cards were merged, the child each is now."""
    return await repository.living(uow.session, student_ids)


async def merges_around(uow: UnitOfWork, cards: Collection[UUID]) -> Mapping[UUID, UUID | None]:
    """Of some cards and of those merged into them, the child each is now, or none; in the order of their ids."""
    return await repository.merges_around(uow.session, cards)


def organizations_of(*student_ids: UUID | None) -> Select[UUID]:
    """Ids of the organizations where any of the students was ever taught, for ``IN``."""
    return repository.organizations_of([one for one in student_ids if one is not None])


def students_within(
    organization_id: UUID, academic_year: int, learners_id: UUID, since: date, until: date
) -> Select[UUID]:
    """Ids of students taught together at some time within [since, until), for ``IN``."""
    return repository.students_within(organization_id, academic_year, learners_id, since, until)


def students_of(organization_id: UUID, day: date) -> Select[UUID]:
    """Ids of students in some class, group or teaching group of an organization on a date, for ``IN``."""
    return repository.students_of(organization_id, day)


async def read_roster(uow: UnitOfWork, principal: Principal, learners_id: UUID, day: date) -> list[RosterLine]:
    """Students of a class, a group or a teaching group on a date; the reading is audited."""
    found = await visible_learners(uow, principal, learners_id)
    lines = await roster(uow, found.organization_id, found.academic_year, learners_id, day)
    await audit.record(uow, principal, "group.roster.read", [line.student_id for line in lines])
    return lines


async def roster(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, learners_id: UUID, day: date
) -> list[RosterLine]:
    """Students of a class, a group or a teaching group on a date, in the order of the alphabet."""
    found = await repository.rosters(uow.session, organization_id, academic_year, [learners_id], day)
    return [line for _, line in found]


async def rosters(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, learners_ids: Collection[UUID], day: date
) -> list[tuple[UUID, RosterLine]]:
    """Students of classes, groups and teaching groups on a date with these, in the order of the alphabet."""
    return await repository.rosters(uow.session, organization_id, academic_year, learners_ids, day)


async def learners_within(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, learners_id: UUID, since: date, until: date
) -> list[Learner]:
    """Students taught together at some time within [since, until], in the order of the alphabet."""
    return await repository.learners(uow.session, organization_id, academic_year, learners_id, since, until)


async def subgroups_of(uow: UnitOfWork, class_id: UUID) -> frozenset[UUID]:
    """Subgroups of a class; of anything else there are none."""
    return await grouping.subgroups(uow.session, class_id)


async def names_of(uow: UnitOfWork, student_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Full names of students by id; those not told of yet are absent. Who shows them has the reading audited."""
    return await repository.names(uow.session, student_ids)


async def members(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, learners_id: UUID, day: date
) -> frozenset[UUID]:
    """Ids of the students who were in the class, the group or the teaching group on the date."""
    return await repository.members(uow.session, organization_id, academic_year, learners_id, day)


async def stays(
    uow: UnitOfWork, student_id: UUID, since: date, until: date, organization_id: UUID | None = None
) -> list[Stay]:
    """Where a student was within [since, until), in one organization or in all."""
    return await repository.stays(uow.session, student_id, since, until, organization_id)


async def may_see(uow: UnitOfWork, guardian_id: UUID, student_id: UUID) -> bool:
    """Whether the guardian may see the child's data today."""
    return await repository.is_guardian(uow.session, guardian_id, student_id, uow.clock.today())


async def children_of(uow: UnitOfWork, guardian_id: UUID) -> frozenset[UUID]:
    """Ids of all children whose data the guardian may see today."""
    return await repository.children_of(uow.session, guardian_id, uow.clock.today())


async def list_children(
    uow: UnitOfWork, guardian_id: UUID, after: UUID | None, limit: int
) -> list[tuple[UUID, str | None]]:
    """Children the guardian may see today: id and name."""
    return await repository.children(uow.session, guardian_id, uow.clock.today(), after, limit)


async def count_contingent(
    uow: UnitOfWork, principal: Principal, day: date, after: UUID | None, limit: int
) -> list[tuple[UUID, int]]:
    """Students on the date (main placements) per organization the caller sees."""
    return await repository.contingent(uow.session, principal, day, after, limit)


async def sharing(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, ids: Collection[UUID], day: date
) -> Sequence[tuple[UUID, UUID, UUID | None]]:
    """Students of teaching groups on a date: group, student, the class or group the student is in besides."""
    return await grouping.sharing(uow.session, organization_id, academic_year, ids, day)


async def beside_class(uow: UnitOfWork, organization_id: UUID, academic_year: int, class_id: UUID) -> set[UUID]:
    """Teaching groups of a class's students: its subgroups, and groups across classes in which one of them ever is."""
    return await grouping.beside_class(uow.session, organization_id, academic_year, class_id)
