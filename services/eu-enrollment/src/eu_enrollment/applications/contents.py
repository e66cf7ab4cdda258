"""What applications say and by what right they stand: read for checking, and written anew when a check or a family changes it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Select, Uuid, and_, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.model import LIVE_WHERE, application, application_choice
from eu_enrollment.database import Record

CHECKABLE = (
    ApplicationStatus.REGISTERED,
    ApplicationStatus.DOCUMENTS_REQUIRED,
    ApplicationStatus.QUEUED,
    ApplicationStatus.REDIRECTED,
    ApplicationStatus.FROZEN,
    ApplicationStatus.DECLINED,
    ApplicationStatus.NO_SHOW,
    ApplicationStatus.ACCEPTED,
    ApplicationStatus.CONTRACT,
    ApplicationStatus.CONTRACTED,
)
"""Statuses in which what is not decided yet still matters."""
_ELSEWHERE = text(
    f"""
    SELECT own.id FROM unnest(:ids, :children, :documents) AS own (id, child_key, document_key)
     WHERE EXISTS (SELECT FROM application WHERE campaign_id = ANY (:campaigns) AND child_key = own.child_key AND {LIVE_WHERE})
        OR EXISTS (SELECT FROM application WHERE campaign_id = ANY (:campaigns) AND document_key = own.document_key AND {LIVE_WHERE})
    """  # noqa: S608 - constants of this program
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("children", type_=ARRAY(LargeBinary)),
    bindparam("documents", type_=ARRAY(LargeBinary)),
    bindparam("campaigns", type_=ARRAY(Uuid)),
)


def checkable() -> Select[tuple[UUID]]:
    """Ids of applications about which a check can still decide something."""
    return select(application.c.id).where(application.c.status.in_(CHECKABLE))


async def unexamined(session: AsyncSession, limit: int, among: ColumnElement[bool] | None = None) -> Sequence[Record]:
    """New applications that nobody has looked at, locked: some of those that nobody holds, or some ``among`` the named ones."""
    fresh = and_(application.c.status == ApplicationStatus.REGISTERED, ~application.c.examined)
    statement = select(application).where(fresh).order_by(application.c.id).limit(limit)
    if among is not None:
        statement = statement.where(among)
    return (await session.execute(statement.with_for_update(skip_locked=among is None))).all()


def of_campaign(campaign_id: UUID) -> ColumnElement[bool]:
    """Applications of a campaign."""
    return application.c.campaign_id == campaign_id


def one(application_id: UUID) -> ColumnElement[bool]:
    """One application."""
    return application.c.id == application_id


async def mark_examined(session: AsyncSession, ids: Collection[UUID]) -> None:
    """What is to be checked of them has been opened."""
    await session.execute(update(application).where(application.c.id.in_(ids)).values(examined=True))


async def elsewhere(session: AsyncSession, rows: Sequence[Record], campaigns: Collection[UUID]) -> frozenset[UUID]:
    """Those of the applications whose child has a live one in the named campaigns."""
    asked = {
        "ids": [row.id for row in rows],
        "children": [row.child_key for row in rows],
        "documents": [row.document_key for row in rows],
        "campaigns": list(campaigns),
    }
    return frozenset(await session.scalars(_ELSEWHERE, asked)) if campaigns else frozenset()


async def locked(session: AsyncSession, application_id: UUID) -> Record:
    """An application, locked until the transaction ends."""
    statement = select(application).where(application.c.id == application_id).with_for_update()
    return (await session.execute(statement)).one()


async def note(session: AsyncSession, application_id: UUID, attention: str | None) -> None:
    """Say why an operator must look, or that nobody must."""
    await session.execute(update(application).where(application.c.id == application_id).values(attention=attention))


async def stand_by(session: AsyncSession, application_id: UUID, priorities: Sequence[int]) -> None:
    """Set the strength of the right at each choice, in their order."""
    for rank, priority in enumerate(priorities, 1):
        of_rank = and_(application_choice.c.application_id == application_id, application_choice.c.rank == rank)
        await session.execute(
            update(application_choice)
            .where(of_rank, application_choice.c.priority != priority)
            .values(priority=priority)
        )
