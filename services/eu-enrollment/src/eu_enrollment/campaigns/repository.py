"""Statements of campaigns."""

from uuid import UUID

from sqlalchemy import Column, ColumnElement, Function, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from eu_enrollment.campaigns.model import Campaign, campaign, from_row


async def add(session: AsyncSession, values: dict[str, object]) -> Campaign:
    """Insert a campaign."""
    row = (await session.execute(insert(campaign).values(values).returning(campaign))).one()
    return from_row(row)


async def get(
    session: AsyncSession | AsyncConnection, campaign_id: UUID, visible: ColumnElement[bool] | None = None
) -> Campaign | None:
    """A campaign, if it is there and visible."""
    statement = select(campaign).where(campaign.c.id == campaign_id)
    row = (await session.execute(statement if visible is None else statement.where(visible))).first()
    return None if row is None else from_row(row)


async def page(session: AsyncSession, visible: ColumnElement[bool], after: UUID | None, limit: int) -> list[Campaign]:
    """Campaigns in order of their ids, one more than asked for."""
    statement = select(campaign).where(visible).order_by(campaign.c.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(campaign.c.id > after)
    return [from_row(row) for row in await session.execute(statement)]


async def of_kind(session: AsyncSession, kind: str, municipality: str, academic_year: int) -> list[UUID]:
    """Ids of the campaigns of a kind, a municipality and a year."""
    found = await session.scalars(
        select(campaign.c.id).where(
            campaign.c.kind == kind,
            campaign.c.municipality == municipality,
            campaign.c.academic_year == academic_year,
        )
    )
    return list(found)


async def opened_by(session: AsyncSession, account_id: str) -> list[UUID]:
    """Ids of the campaigns that an account has opened."""
    return list(await session.scalars(select(campaign.c.id).where(campaign.c.created_by == account_id)))


def _line(kind: Column[str]) -> Function[str]:
    """Line of a kind of campaigns: it begins the kind's name."""
    return func.split_part(kind, "_", 1)


async def every(session: AsyncSession) -> list[Campaign]:
    """All campaigns."""
    return [from_row(row) for row in await session.execute(select(campaign).order_by(campaign.c.id))]


async def elsewhere(session: AsyncSession, own: Campaign) -> list[UUID]:
    """Campaigns of the same line and year in other municipalities."""
    rows = await session.scalars(
        select(campaign.c.id).where(
            _line(campaign.c.kind) == own.kind.line,
            campaign.c.academic_year == own.academic_year,
            campaign.c.municipality != own.municipality,
        )
    )
    return list(rows)


async def lock(session: AsyncSession, campaign_id: UUID) -> None:
    """Serialise allocations and offers until the transaction ends.

    All campaigns that may offer the same groups are locked, in order of ids: together they offer no more than is free. The
    lock leaves the key alone, so that applications go on being accepted meanwhile.
    """
    own = campaign.alias()
    await session.execute(
        select(campaign.c.id)
        .where(
            own.c.id == campaign_id,
            _line(campaign.c.kind) == _line(own.c.kind),
            campaign.c.municipality == own.c.municipality,
            campaign.c.academic_year == own.c.academic_year,
        )
        .order_by(campaign.c.id)
        .with_for_update(of=campaign, key_share=True)
    )


async def offers_version(session: AsyncSession, campaign_id: UUID) -> int:
    """How many times the campaign's offers were set, from 1."""
    statement = select(campaign.c.offers_version).where(campaign.c.id == campaign_id)
    found: int = (await session.execute(statement)).scalar_one()
    return found


async def next_offers_version(session: AsyncSession, campaign_id: UUID, version: int) -> bool:
    """Move the version of the offers on; false if it is another already."""
    statement = (
        update(campaign)
        .where(campaign.c.id == campaign_id, campaign.c.offers_version == version)
        .values(offers_version=version + 1)
        .returning(campaign.c.id)
    )
    return await session.scalar(statement) is not None
