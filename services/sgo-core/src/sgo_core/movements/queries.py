"""Reading the movement book and the contingent as of any date: an interval [from, to) counts on its first day, not its last."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, column, func, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sgo_core.movements.model import AcademicLeave, Membership, Movement, MovementOrder, Placement

# Names of people and groups belong to other slices; a list joins their tables for reading.
_student = table("student", *(column(name) for name in ("id", "last_name", "first_name", "middle_name", "birth_date")))
_group = table("study_group", column("id"), column("name"))
_organization = table("organization", column("id"), column("short_name"))

BookLine = Row[Movement, str, date, UUID, UUID, date]
"""A movement, number and date of its order, groups opened and closed, end of a leave (null where there is none)."""


def _on(stay: Any, day: date) -> Any:
    return and_(stay.valid_from <= day, or_(stay.valid_to.is_(None), stay.valid_to > day))


async def students(
    session: AsyncSession,
    organization: UUID,
    day: date,
    *,
    group: UUID | None,
    main: bool | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Memberships of an organization on a day with their students, in order of entry, one row more than a page."""
    query = (
        select(
            _student.c.id,
            _student.c.last_name,
            _student.c.first_name,
            _student.c.middle_name,
            _student.c.birth_date,
            Placement.group_id,
            _group.c.name.label("group_name"),
            Membership.id.label("membership_id"),
            Membership.main,
            Membership.programme_id,
            Membership.valid_from.label("since"),
            AcademicLeave.until.label("on_leave_until"),
        )
        .join(_student, _student.c.id == Membership.student_id)
        .outerjoin(Placement, and_(Placement.membership_id == Membership.id, _on(Placement, day)))
        .outerjoin(_group, _group.c.id == Placement.group_id)
        .outerjoin(AcademicLeave, and_(AcademicLeave.membership_id == Membership.id, _on(AcademicLeave, day)))
        .where(Membership.organization_id == organization, _on(Membership, day))
    )
    if group is not None:
        query = query.where(Placement.group_id == group)
    if main is not None:
        query = query.where(Membership.main == main)
    if after is not None:
        query = query.where(Membership.id > after)
    return (await session.execute(query.order_by(Membership.id).limit(limit + 1))).all()


async def group_counts(
    session: AsyncSession, organization: UUID, day: date, *, main: bool = True
) -> Sequence[Row[UUID, int]]:
    """Main (or additional) members of each group on a day."""
    query = (
        select(Placement.group_id, func.count())
        .join(Membership, and_(Membership.id == Placement.membership_id, Membership.main == main, _on(Membership, day)))
        .where(Placement.organization_id == organization, _on(Placement, day))
        .group_by(Placement.group_id)
        .order_by(Placement.group_id)
    )
    return (await session.execute(query)).all()


async def total(session: AsyncSession, organization: UUID, day: date) -> int:
    """Main members of an organization on a day."""
    query = select(func.count()).where(
        Membership.organization_id == organization, Membership.main, _on(Membership, day)
    )
    return await session.scalar(query) or 0


async def additional_total(session: AsyncSession, organization: UUID, day: date) -> int:
    """Children in additional education of an organization on a day, each once."""
    query = select(func.count(Membership.student_id.distinct())).where(
        Membership.organization_id == organization, ~Membership.main, _on(Membership, day)
    )
    return await session.scalar(query) or 0


async def people_in(session: AsyncSession, organizations: Any, day: date) -> int:
    """Students on a day of the given organizations (ids, or a subquery of them), each once."""
    query = select(func.count(Membership.student_id.distinct())).where(
        Membership.organization_id.in_(organizations), _on(Membership, day)
    )
    return await session.scalar(query) or 0


async def people_in_books(session: AsyncSession, organizations: Any) -> int:
    """Students whom the movement books of the given organizations name, each once."""
    query = select(func.count(Movement.student_id.distinct())).where(Movement.organization_id.in_(organizations))
    return await session.scalar(query) or 0


async def totals(session: AsyncSession, organizations: Sequence[UUID], day: date) -> dict[UUID, int]:
    """Main members of organizations on a day; those with none are absent."""
    query = (
        select(Membership.organization_id, func.count())
        .where(Membership.organization_id.in_(organizations), Membership.main, _on(Membership, day))
        .group_by(Membership.organization_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


def _book() -> Select[Movement, str, date, UUID, UUID, date]:
    opened, closed = aliased(Placement), aliased(Placement)
    return (
        select(
            Movement,
            MovementOrder.number,
            MovementOrder.date,
            opened.group_id.label("opened_group_id"),
            closed.group_id.label("closed_group_id"),
            case((Movement.kind == "academic_leave_started", AcademicLeave.until)).label("leave_until"),
        )
        .join(MovementOrder, MovementOrder.id == Movement.order_id)
        .outerjoin(opened, opened.id == Movement.opened_id)
        .outerjoin(closed, closed.id == Movement.closed_id)
        .outerjoin(AcademicLeave, AcademicLeave.id == Movement.leave_id)
    )


async def movements_of_student(session: AsyncSession, student: UUID, organizations: Any) -> Sequence[BookLine]:
    """Lines about a student in the given organizations (a subquery of ids), in order of effect."""
    query = _book().where(Movement.student_id == student, Movement.organization_id.in_(organizations))
    return (await session.execute(query.order_by(Movement.effective_date, Movement.id))).all()


async def main_book_of(session: AsyncSession, student: UUID, visible: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """Lines about a student's main place of study in order of entry, with the organization's name and the beginning of the stay.

    ``visible`` says of each whether its organization is among the given ones (a subquery of ids).
    """
    opened, closed = aliased(Placement), aliased(Placement)
    query = (
        select(
            Movement,
            MovementOrder.number,
            MovementOrder.date,
            opened.group_id.label("opened_group_id"),
            closed.group_id.label("closed_group_id"),
            Membership.valid_from.label("since"),
            _organization.c.short_name.label("organization"),
            Movement.organization_id.in_(visible).label("visible"),
        )
        .join(MovementOrder, MovementOrder.id == Movement.order_id)
        .outerjoin(opened, opened.id == Movement.opened_id)
        .outerjoin(closed, closed.id == Movement.closed_id)
        .join(Membership, Membership.id == func.coalesce(opened.membership_id, closed.membership_id))
        .join(_organization, _organization.c.id == Movement.organization_id)
        .where(Movement.student_id == student, Membership.main)
    )
    return (await session.execute(query.order_by(Movement.id))).all()


async def movements_of_organization(
    session: AsyncSession, organization: UUID, limit: int, after: UUID | None
) -> Sequence[BookLine]:
    """An organization's movement book in order of entry, one row more than a page."""
    query = _book().where(Movement.organization_id == organization)
    if after is not None:
        query = query.where(Movement.id > after)
    return (await session.execute(query.order_by(Movement.id).limit(limit + 1))).all()
