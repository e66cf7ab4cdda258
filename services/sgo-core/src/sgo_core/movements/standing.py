"""Who is in an organization, or about to leave it, before an act on organizations moves them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from servicekit.uow import UnitOfWork
from sgo_core.movements.model import AcademicLeave, Membership, Placement
from sgo_core.transfers import succession as transfers


@dataclass(frozen=True)
class Standing:
    """Students of a group: with a movement for a day to come, on a leave that should be over, about to be transferred."""

    group_id: UUID
    students: int
    scheduled: int
    leave_over: int
    transferring: int


async def standing_in(uow: UnitOfWork, organization_id: UUID, day: date) -> Sequence[Standing]:
    """Students of an organization by the group they are in last, now or on a day to come; leaves as of the day they move."""
    today, later = uow.clock.today(), aliased(Placement)
    on_leave = and_(
        AcademicLeave.membership_id == Membership.id,
        or_(AcademicLeave.valid_to.is_(None), AcademicLeave.valid_to > AcademicLeave.valid_from),
    )
    ahead = or_(
        Membership.valid_to.is_not(None),
        exists().where(later.membership_id == Membership.id, later.valid_to > today, later.valid_to > later.valid_from),
        exists().where(on_leave, or_(AcademicLeave.valid_from > today, AcademicLeave.valid_to > today)),
    )
    moves_on = func.greatest(day, Membership.valid_from, Placement.valid_from)
    leave_over = exists().where(on_leave, AcademicLeave.valid_to.is_(None), AcademicLeave.until <= moves_on)
    leaving = and_(Membership.main, transfers.leaving(organization_id, Membership.student_id))
    last = or_(Placement.valid_to.is_(None), Placement.valid_to == Membership.valid_to)
    query = (
        select(
            Placement.group_id,
            func.count(),
            func.count().filter(ahead),
            func.count().filter(leave_over),
            func.count().filter(leaving),
        )
        .join(Membership, and_(Membership.id == Placement.membership_id, last))
        .where(
            Membership.organization_id == organization_id,
            or_(
                Membership.valid_to.is_(None),
                and_(Membership.valid_to > today, Membership.valid_to > Membership.valid_from),
            ),
        )
        .group_by(Placement.group_id)
    )
    return [Standing(*row) for row in await uow.session.execute(query)]


async def count_in(uow: UnitOfWork, organization_id: UUID) -> tuple[int, int]:
    """Stays in an organization that are not over: main ones and those of additional education."""
    query = select(func.count().filter(Membership.main), func.count().filter(~Membership.main)).where(
        Membership.organization_id == organization_id,
        or_(
            Membership.valid_to.is_(None),
            and_(Membership.valid_to > uow.clock.today(), Membership.valid_to > Membership.valid_from),
        ),
    )
    row = (await uow.session.execute(query)).one()
    return row[0], row[1]


async def placed_in(uow: UnitOfWork, group_ids: Collection[UUID], after: UUID | None, limit: int) -> Sequence[UUID]:
    """Students whose stay in one of the groups has no end, in id order."""
    query = (
        select(Membership.student_id)
        .join(Placement, Placement.membership_id == Membership.id)
        .where(Placement.group_id.in_(group_ids), Placement.valid_to.is_(None), Membership.valid_to.is_(None))
    )
    if after is not None:
        query = query.where(Membership.student_id > after)
    return (await uow.session.scalars(query.distinct().order_by(Membership.student_id).limit(limit))).all()
