"""SQL of official blanks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.blanks.model import blank

_TOLD = [column for column in blank.c if column.name != "content"]


async def add(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store a blank as the next version of its edition; two at once wait for each other."""
    edition = f"{values['form']} {values['edition']}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"asu.blank {edition}", 0))))
    of = (blank.c.form == values["form"], blank.c.edition == values["edition"])
    last = await session.scalar(select(func.coalesce(func.max(blank.c.version), 0)).where(*of))
    await session.execute(insert(blank).values(**values, version=(last or 0) + 1))


async def find(session: AsyncSession, blank_id: UUID) -> Any:
    """A blank without its content."""
    return (await session.execute(select(*_TOLD).where(blank.c.id == blank_id))).first()


async def whole(session: AsyncSession, blank_id: UUID) -> Any:
    """A blank with its content."""
    return (await session.execute(select(blank).where(blank.c.id == blank_id))).first()


async def standing(session: AsyncSession, form: str, edition: str) -> Any:
    """The newest blank of an edition that was not withdrawn, with its content."""
    statement = select(blank).where(blank.c.form == form, blank.c.edition == edition, blank.c.withdrawn_at.is_(None))
    return (await session.execute(statement.order_by(blank.c.version.desc()).limit(1))).first()


async def page(session: AsyncSession, form: str | None, after: UUID | None, limit: int) -> Sequence[Any]:
    """Blanks without their content, newest first, after a key."""
    statement = select(*_TOLD)
    if form is not None:
        statement = statement.where(blank.c.form == form)
    if after is not None:
        statement = statement.where(blank.c.id < after)
    return (await session.execute(statement.order_by(blank.c.id.desc()).limit(limit))).all()


async def withdraw(session: AsyncSession, blank_id: UUID, at: datetime, by: str) -> bool:
    """Withdraw a blank; false when it was before."""
    statement = (
        update(blank)
        .where(blank.c.id == blank_id, blank.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at, withdrawn_by=by)
        .returning(blank.c.id)
    )
    return (await session.scalar(statement)) is not None
