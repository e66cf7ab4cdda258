"""Statements of lists as files, and of the rows that go into them."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Row, SmallInteger, Text, Uuid, column, delete, func, insert, select, table, update
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.exports.model import list_file
from eu_enrollment.worklists.tables import application, choice
from orgdirectory import Group, Organization

_CHUNK = 5000
_allocation = table(
    "allocation", column("id", Uuid), column("campaign_id", Uuid), column("at", DateTime(timezone=True)),
    column("result_hash", Text),
)  # fmt: skip
_outcome = table(
    "allocation_outcome",
    *(column(name, Uuid) for name in ("allocation_id", "application_id", "organization_id", "group_id")),
    column("rank", SmallInteger),
)


async def add(session: AsyncSession, values: dict[str, object]) -> None:
    """Insert an order."""
    await session.execute(insert(list_file).values(values))


async def get(session: AsyncSession, file_id: UUID) -> Row[Any] | None:
    """An order."""
    return (await session.execute(select(list_file).where(list_file.c.id == file_id))).first()


async def finish(session: AsyncSession, file_id: UUID, name: str, rows: int) -> None:
    """Note that the file is made."""
    await session.execute(update(list_file).where(list_file.c.id == file_id).values(name=name, rows=rows))


async def outlived(session: AsyncSession, before: datetime) -> list[UUID]:
    """Orders from before an instant."""
    return list(await session.scalars(select(list_file.c.id).where(list_file.c.ordered_at < before)))


async def forget(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Forget orders."""
    await session.execute(delete(list_file).where(list_file.c.id.in_(ids)))


async def queue(session: AsyncSession, campaign_id: UUID, organization_id: UUID | None) -> AsyncIterator[Row[Any]]:
    """Who waits for each organization, stronger rights first, equals in the order of the register."""
    statement = (
        select(
            Organization.short_name,
            choice.c.organization_id,
            choice.c.rank,
            choice.c.priority,
            application.c.number,
            application.c.accepted_at,
            application.c.age,
            application.c.orientation,
            application.c.stay_modes,
            application.c.desired_from,
            application.c.benefit,
        )
        .select_from(
            choice.join(application, application.c.id == choice.c.application_id).join(
                Organization, Organization.id == choice.c.organization_id
            )
        )
        .where(choice.c.campaign_id == campaign_id, application.c.status == ApplicationStatus.QUEUED)
        .order_by(Organization.short_name, choice.c.organization_id, choice.c.priority, application.c.queue_seq)
    )
    if organization_id is not None:
        statement = statement.where(choice.c.organization_id == organization_id)
    async for row in await session.stream(statement, execution_options={"yield_per": _CHUNK}):
        yield row


async def last_allocation(session: AsyncSession, campaign_id: UUID) -> Row[Any] | None:
    """The newest allocation of a campaign."""
    newest = select(_allocation).where(_allocation.c.campaign_id == campaign_id).order_by(_allocation.c.id.desc())
    return (await session.execute(newest.limit(1))).first()


async def results(session: AsyncSession, allocation_id: UUID, organization_id: UUID | None) -> AsyncIterator[Row[Any]]:
    """What an allocation decided, in the order of the register; of one organization only those it was to receive."""
    statement = (
        select(
            application.c.number,
            Organization.short_name,
            func.coalesce(Group.name, "").label("group"),
            _outcome.c.rank,
        )
        .select_from(
            _outcome.join(application, application.c.id == _outcome.c.application_id)
            .outerjoin(Organization, Organization.id == _outcome.c.organization_id)
            .outerjoin(Group, Group.id == _outcome.c.group_id)
        )
        .where(_outcome.c.allocation_id == allocation_id)
        .order_by(application.c.accepted_seq)
    )
    if organization_id is not None:
        statement = statement.where(_outcome.c.organization_id == organization_id)
    async for row in await session.stream(statement, execution_options={"yield_per": _CHUNK}):
        yield row
