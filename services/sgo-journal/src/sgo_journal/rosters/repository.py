"""All SQL of the rosters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import StudyFormKind
from orgdirectory import Group, Organization, visible_organizations
from servicekit.projections import upsert_newer, write
from servicekit.security import Principal
from sgo_journal.rosters.model import (
    Guardianship,
    MergedStudent,
    Placement,
    StudentName,
    StudyForm,
    TeachingGroupStay,
    roster_stay,
    taught_on,
)


@dataclass(frozen=True)
class RosterLine:
    """A student of a roster; ``name`` is none until core's profile has arrived. ``at_home``: whom teachers go to."""

    student_id: UUID
    name: str | None
    valid_from: date
    at_home: bool


@dataclass(frozen=True)
class Learner:
    """A student who was taught with others: from each day on, to the other (exclusive)."""

    student_id: UUID
    name: str | None
    stays: list[tuple[date, date | None]]

    def is_there(self, day: date) -> bool:
        """Whether the student was among them on the day."""
        return self.was_there(day, day)

    def was_there(self, since: date, until: date) -> bool:
        """Whether the student was among them at some time within [since, until]."""
        return any(came <= until and (left is None or left > since) for came, left in self.stays)


@dataclass(frozen=True)
class Stay:
    """Where a student was within [since, until): a class, a group or a teaching group."""

    organization_id: UUID
    academic_year: int
    group_id: UUID
    since: date
    until: date | None


_NAME = (StudentName.last_name, StudentName.first_name, StudentName.middle_name)


def full_name() -> ColumnElement[str]:
    """Surname, name and patronymic in one line; null while the profile has not arrived."""
    return func.nullif(func.concat_ws(" ", *_NAME), "")


def _merge() -> Insert:
    statement = insert(Placement)
    return statement.on_conflict_do_update(
        index_elements=["organization_id", "academic_year", "id"],
        set_={
            "valid_from": func.least(Placement.valid_from, statement.excluded.valid_from),
            "valid_to": func.least(Placement.valid_to, statement.excluded.valid_to),
        },
    )


_MERGE_PLACEMENT = _merge()
_UPSERT_NAME = upsert_newer(StudentName, "student_id")
_UPSERT_GUARDIANSHIP = upsert_newer(Guardianship, "id")


_MERGING = text("SELECT pg_advisory_xact_lock(hashtext('asu.merged_students'))")
_WRITING = text("SELECT pg_advisory_xact_lock_shared(hashtext('asu.merged_students'))")


async def hold_merges(session: AsyncSession) -> None:
    """Let nobody be merged until the transaction ends: what is written under a student's id is written once."""
    await session.execute(_WRITING)


async def apply_merges(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> list[tuple[UUID, UUID | None]]:
    """Store newer states of merges, waiting for whoever writes under a student's id; those stored."""
    await session.execute(_MERGING)
    statement = insert(MergedStudent)
    statement = statement.on_conflict_do_update(
        index_elements=[MergedStudent.student_id],
        set_={"merged_into": statement.excluded.merged_into, "sequence": statement.excluded.sequence},
        where=statement.excluded.sequence > MergedStudent.sequence,
    )
    stored = await session.scalars(statement.returning(MergedStudent.student_id), list(rows))
    changed = set(stored)
    return [(row["student_id"], row["merged_into"]) for row in rows if row["student_id"] in changed]


async def move(
    session: AsyncSession, table: Any, student_id: UUID, merged_into: UUID | None, *where: ColumnElement[bool]
) -> None:
    """Let rows under a card's id be those of the child it was merged into, or the card's own again; of ``where`` alone."""
    mine = or_(table.recorded_as == student_id, and_(table.student_id == student_id, table.recorded_as.is_(None)))
    values = {"student_id": merged_into or student_id, "recorded_as": student_id if merged_into else None}
    moved = update(table).where(mine, *where).values(values)
    await session.execute(moved.execution_options(synchronize_session=False))


async def move_stays(session: AsyncSession, student_id: UUID, merged_into: UUID | None) -> None:
    """Let what was told of a card's id be told of the child it was merged into, or of the card's own again."""
    for model in (Placement, TeachingGroupStay, StudyForm):
        await move(session, model, student_id, merged_into)


async def living(session: AsyncSession, student_ids: set[UUID]) -> dict[UUID, UUID]:
    """Whose the cards are now, by id; those that were merged into no other are absent."""
    query = select(MergedStudent.student_id, MergedStudent.merged_into).where(
        MergedStudent.student_id.in_(student_ids), MergedStudent.merged_into.is_not(None)
    )
    return {row[0]: row[1] for row in await session.execute(query) if row[1] is not None}


async def merges_around(session: AsyncSession, cards: Collection[UUID]) -> dict[UUID, UUID | None]:
    """What is known of the merges of some cards, and of cards that were merged into them: by card the child it is, if another."""
    query = select(MergedStudent.student_id, MergedStudent.merged_into).where(
        or_(MergedStudent.student_id.in_(cards), MergedStudent.merged_into.in_(cards))
    )
    return {row[0]: row[1] for row in await session.execute(query.order_by(MergedStudent.student_id))}


async def merge_placements(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add halves of placements to what is known.

    Core opens and closes a placement once. LEAST, which passes over nulls, makes the merge commutative and idempotent
    whatever comes, so no order of messages can give another roster.
    """
    await write(session, _MERGE_PLACEMENT, rows)


async def upsert_names(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store names whose state is newer than the known one."""
    await write(session, _UPSERT_NAME, rows)


async def upsert_guardianships(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store guardianships whose state is newer than the known one."""
    await write(session, _UPSERT_GUARDIANSHIP, rows)


async def groups(
    session: AsyncSession, organization_id: UUID, academic_year: int | None, after: UUID | None, limit: int
) -> Sequence[Group]:
    """Groups of an organization in id order, one more than ``limit``."""
    query = select(Group).where(Group.organization_id == organization_id)
    if academic_year is not None:
        query = query.where(Group.academic_year == academic_year)
    if after is not None:
        query = query.where(Group.id > after)
    return (await session.scalars(query.order_by(Group.id).limit(limit + 1))).all()


async def groups_by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Group]:
    """Classes and groups by id."""
    return (await session.scalars(select(Group).where(Group.id.in_(ids)))).all()


def _taught_together(
    organization_id: UUID, academic_year: int, learners_ids: Collection[UUID], day: date
) -> ColumnElement[bool]:
    return and_(
        roster_stay.c.organization_id == organization_id,
        roster_stay.c.academic_year == academic_year,
        roster_stay.c.learners_id.in_(learners_ids),
        taught_on(day),
    )


def organizations_of(student_ids: Collection[UUID]) -> Select[UUID]:
    """Ids of the organizations where any of the students was ever taught, under whichever card."""
    found = [
        select(table.organization_id).where(or_(table.student_id.in_(student_ids), table.recorded_as.in_(student_ids)))
        for table in (Placement, TeachingGroupStay)
    ]
    return select(found[0].union(found[1]).subquery().c.organization_id)


def students_within(
    organization_id: UUID, academic_year: int, learners_id: UUID, since: date, until: date
) -> Select[UUID]:
    """Ids of students taught together at some time within [since, until)."""
    of = roster_stay.c
    return select(of.student_id).where(
        of.organization_id == organization_id,
        of.academic_year == academic_year,
        of.learners_id == learners_id,
        of.valid_from < until,
        or_(of.valid_to.is_(None), of.valid_to > since),
    )


def students_of(organization_id: UUID, day: date) -> Select[UUID]:
    """Ids of students taught in an organization on a date."""
    return select(roster_stay.c.student_id).where(roster_stay.c.organization_id == organization_id, taught_on(day))


async def rosters(
    session: AsyncSession, organization_id: UUID, academic_year: int, learners_ids: Collection[UUID], day: date
) -> list[tuple[UUID, RosterLine]]:
    """Students taught together on a date with the learners, in the order of the alphabet; those without a name yet come last.

    A child whose two cards were both there before they were merged is one student, there since the earlier day.
    """
    student = roster_stay.c.student_id
    at_home = exists().where(
        StudyForm.student_id == student,
        StudyForm.organization_id == organization_id,
        StudyForm.kind == StudyFormKind.AT_HOME,
        StudyForm.active_on(day),
    )
    together, alphabet = roster_stay.c.learners_id, (*_NAME, student)
    rows = await session.execute(
        select(together, student, full_name(), func.min(roster_stay.c.valid_from), at_home)
        .outerjoin(StudentName, StudentName.student_id == student)
        .where(_taught_together(organization_id, academic_year, learners_ids, day))
        .group_by(together, *alphabet)
        .order_by(*alphabet)
    )
    return [(row[0], RosterLine(*row[1:])) for row in rows]


async def names(session: AsyncSession, student_ids: Collection[UUID]) -> dict[UUID, str]:
    """Full names of students by id; those not told of yet are absent."""
    query = select(StudentName.student_id, full_name()).where(StudentName.student_id.in_(student_ids))
    return {row[0]: row[1] for row in await session.execute(query.where(full_name().is_not(None)))}


async def learners(
    session: AsyncSession, organization_id: UUID, academic_year: int, learners_id: UUID, since: date, until: date
) -> list[Learner]:
    """Students taught together at some time within [since, until], in the order of the alphabet, with their stays."""
    of = roster_stay.c
    query = (
        select(of.student_id, full_name().label("name"), of.valid_from, of.valid_to)
        .outerjoin(StudentName, StudentName.student_id == of.student_id)
        .where(
            of.organization_id == organization_id,
            of.academic_year == academic_year,
            of.learners_id == learners_id,
            of.valid_from <= until,
            or_(of.valid_to.is_(None), of.valid_to > since),
        )
        .order_by(*_NAME, of.student_id, of.valid_from)
    )
    found: dict[UUID, Learner] = {}
    for row in await session.execute(query):
        found.setdefault(row.student_id, Learner(row.student_id, row.name, [])).stays.append(
            (row.valid_from, row.valid_to)
        )
    return list(found.values())


async def members(
    session: AsyncSession, organization_id: UUID, academic_year: int, learners_id: UUID, day: date
) -> frozenset[UUID]:
    """Ids of the students taught together on a date."""
    together = _taught_together(organization_id, academic_year, [learners_id], day)
    return frozenset(await session.scalars(select(roster_stay.c.student_id).where(together)))


async def stays(
    session: AsyncSession, student_id: UUID, since: date, until: date, organization_id: UUID | None
) -> list[Stay]:
    """Where a student was within [since, until), in one organization or in all."""
    of = roster_stay.c
    query = select(of.organization_id, of.academic_year, of.learners_id, of.valid_from, of.valid_to).where(
        of.student_id == student_id, of.valid_from < until, or_(of.valid_to.is_(None), of.valid_to > since)
    )
    if organization_id is not None:
        query = query.where(of.organization_id == organization_id)
    return [Stay(*row) for row in await session.execute(query.order_by(of.valid_from, of.learners_id))]


async def is_guardian(session: AsyncSession, guardian_id: UUID, student_id: UUID, day: date) -> bool:
    """Whether the guardian may see the child's data on the date."""
    found = await session.scalar(
        select(Guardianship.id)
        .where(Guardianship.opens_diary(guardian_id, day), Guardianship.student_id == student_id)
        .limit(1)
    )
    return found is not None


async def children_of(session: AsyncSession, guardian_id: UUID, day: date) -> frozenset[UUID]:
    """Ids of the children whose data the guardian may see on the date."""
    query = select(Guardianship.student_id).where(Guardianship.opens_diary(guardian_id, day))
    return frozenset(await session.scalars(query))


async def children(
    session: AsyncSession, guardian_id: UUID, day: date, after: UUID | None, limit: int
) -> list[tuple[UUID, str | None]]:
    """Children whose data the guardian may see on the date: id and name, in id order, one more than ``limit``."""
    query = (
        select(Guardianship.student_id, full_name().label("name"))
        .outerjoin(StudentName, StudentName.student_id == Guardianship.student_id)
        .where(Guardianship.opens_diary(guardian_id, day))
        .distinct()
    )
    if after is not None:
        query = query.where(Guardianship.student_id > after)
    rows = await session.execute(query.order_by(Guardianship.student_id).limit(limit + 1))
    return [(row.student_id, row.name) for row in rows]


async def contingent(
    session: AsyncSession, principal: Principal, day: date, after: UUID | None, limit: int
) -> list[tuple[UUID, int]]:
    """Organizations the caller sees and their main placements on the date, in id order, one more than ``limit``."""
    page = visible_organizations(principal)
    if after is not None:
        page = page.where(Organization.id > after)
    organizations = page.order_by(Organization.id).limit(limit + 1).subquery()
    counted = and_(Placement.organization_id == organizations.c.id, Placement.main, Placement.active_on(day))
    rows = await session.execute(
        select(organizations.c.id, func.count(Placement.student_id.distinct()).label("total"))
        .outerjoin(Placement, counted)
        .group_by(organizations.c.id)
        .order_by(organizations.c.id)
    )
    return [(row.id, row.total) for row in rows]
