"""All SQL of the rosters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Group, Organization, visible_organizations
from servicekit.projections import upsert_newer, write
from servicekit.security import Principal
from sgo_journal.rosters.model import Guardianship, MergedStudent, Placement, StudentName


@dataclass(frozen=True)
class RosterLine:
    """A student of a roster; ``name`` is none until core's profile has arrived."""

    student_id: UUID
    name: str | None
    valid_from: date


@dataclass(frozen=True)
class Stay:
    """Where a student was within [since, until)."""

    organization_id: UUID
    academic_year: int
    group_id: UUID
    since: date
    until: date | None


def full_name() -> ColumnElement[str]:
    """Surname, name and patronymic in one line; null while the profile has not arrived."""
    return func.nullif(func.concat_ws(" ", StudentName.last_name, StudentName.first_name, StudentName.middle_name), "")


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


async def move_placements(session: AsyncSession, student_id: UUID, merged_into: UUID | None) -> None:
    """Let stays recorded under a card's id be those of the child it was merged into, or the card's own again."""
    values = {"student_id": merged_into or student_id, "recorded_as": student_id if merged_into else None}
    mine = or_(
        Placement.recorded_as == student_id, and_(Placement.student_id == student_id, Placement.recorded_as.is_(None))
    )
    statement = update(Placement).where(mine).values(values).execution_options(synchronize_session=False)
    await session.execute(statement)


async def living(session: AsyncSession, student_ids: set[UUID]) -> dict[UUID, UUID]:
    """Whose the cards are now, by id; those that were merged into no other are absent."""
    query = select(MergedStudent.student_id, MergedStudent.merged_into).where(
        MergedStudent.student_id.in_(student_ids), MergedStudent.merged_into.is_not(None)
    )
    return {row[0]: row[1] for row in await session.execute(query) if row[1] is not None}


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


async def roster(session: AsyncSession, group: Group, day: date) -> list[RosterLine]:
    """Students of a group on a date, in the order of the alphabet; those without a name yet come last."""
    rows = await session.execute(
        select(Placement.student_id, full_name().label("name"), Placement.valid_from)
        .outerjoin(StudentName, StudentName.student_id == Placement.student_id)
        .where(
            Placement.organization_id == group.organization_id,
            Placement.academic_year == group.academic_year,
            Placement.group_id == group.id,
            Placement.active_on(day),
        )
        .order_by(StudentName.last_name, StudentName.first_name, StudentName.middle_name, Placement.student_id)
    )
    return [RosterLine(row.student_id, row.name, row.valid_from) for row in rows]


async def members(
    session: AsyncSession, organization_id: UUID, academic_year: int, group_id: UUID, day: date
) -> frozenset[UUID]:
    """Ids of the students of a group on a date."""
    return frozenset(
        await session.scalars(
            select(Placement.student_id).where(
                Placement.organization_id == organization_id,
                Placement.academic_year == academic_year,
                Placement.group_id == group_id,
                Placement.active_on(day),
            )
        )
    )


async def stays(
    session: AsyncSession, student_id: UUID, since: date, until: date, organization_id: UUID | None
) -> list[Stay]:
    """Where a student was within [since, until), in one organization or in all."""
    query = select(Placement).where(
        Placement.student_id == student_id,
        Placement.valid_from < until,
        Placement.valid_to.is_(None) | (Placement.valid_to > since),
    )
    if organization_id is not None:
        query = query.where(Placement.organization_id == organization_id)
    return [
        Stay(row.organization_id, row.academic_year, row.group_id, row.valid_from, row.valid_to)
        for row in await session.scalars(query.order_by(Placement.valid_from, Placement.id))
        if row.valid_from is not None
    ]


async def is_guardian(session: AsyncSession, guardian_id: UUID, student_id: UUID, day: date) -> bool:
    """Whether the guardian may see the child's data on the date."""
    found = await session.scalar(
        select(Guardianship.id)
        .where(Guardianship.opens_diary(guardian_id, day), Guardianship.student_id == student_id)
        .limit(1)
    )
    return found is not None


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
        select(organizations.c.id, func.count(Placement.id).label("total"))
        .outerjoin(Placement, counted)
        .group_by(organizations.c.id)
        .order_by(organizations.c.id)
    )
    return [(row.id, row.total) for row in rows]
