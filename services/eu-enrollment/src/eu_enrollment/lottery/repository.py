"""Statements of the lots."""

from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.lottery.model import lottery, lottery_draw


async def add(session: AsyncSession, values: dict[str, object]) -> None:
    """Store a commitment."""
    await session.execute(insert(lottery).values(values))


async def draw(session: AsyncSession, values: dict[str, object]) -> None:
    """Store a draw."""
    await session.execute(insert(lottery_draw).values(values))


async def get(session: AsyncSession, campaign_id: UUID) -> Record | None:
    """The commitment of a campaign with its draw, whose columns are null before it."""
    statement = (
        select(lottery, lottery_draw.c.seed, lottery_draw.c.outcome, lottery_draw.c.drawn_at)
        .outerjoin(lottery_draw, lottery_draw.c.campaign_id == lottery.c.campaign_id)
        .where(lottery.c.campaign_id == campaign_id)
    )
    return (await session.execute(statement)).first()
