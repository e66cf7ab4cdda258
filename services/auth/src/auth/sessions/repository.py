"""SQL of sessions, refresh tokens and the throttle."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, DateTime, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.sessions.model import RefreshToken, Session, SignInThrottle


def _instant(value: datetime) -> BindParameter[datetime]:
    """A parameter with its type: beside arithmetic on a column the type is not inferred."""
    return literal(value, DateTime(timezone=True))


async def find(session: AsyncSession, session_id: UUID) -> Session | None:
    """A session as it is now."""
    return await session.get(Session, session_id, populate_existing=True)


async def account_of_token(session: AsyncSession, token_hash: bytes) -> UUID | None:
    """Whose refresh token it is."""
    statement = select(Session.account_id).join(RefreshToken, RefreshToken.session_id == Session.id)
    return await session.scalar(statement.where(RefreshToken.hash == token_hash))


async def find_token(session: AsyncSession, token_hash: bytes) -> RefreshToken | None:
    """A refresh token as it is now."""
    return await session.get(RefreshToken, token_hash, populate_existing=True)


async def take(session: AsyncSession, key: bytes, now: datetime, step: timedelta, room: timedelta) -> datetime | None:
    """Count one attempt if there is room for it, in one atomic statement; otherwise say until when the bucket is full."""
    statement = insert(SignInThrottle).values(key=key, full_until=now + step)
    filled = func.greatest(SignInThrottle.full_until, now) + step
    taken = await session.execute(
        statement.on_conflict_do_update(
            index_elements=[SignInThrottle.key], set_={"full_until": filled}, where=filled <= _instant(now + room)
        ).returning(SignInThrottle.key)
    )
    if taken.first() is not None:
        return None
    until = await session.scalar(select(SignInThrottle.full_until).where(SignInThrottle.key == key))
    return until or now


async def give_back(session: AsyncSession, key: bytes, now: datetime, step: timedelta) -> None:
    """Take one attempt off the count."""
    lowered = case(
        (SignInThrottle.full_until - step > _instant(now), SignInThrottle.full_until - step),
        else_=_instant(now),
    )
    await session.execute(update(SignInThrottle).where(SignInThrottle.key == key).values(full_until=lowered))


async def forget(session: AsyncSession, key: bytes) -> None:
    """Empty the bucket."""
    await session.execute(delete(SignInThrottle).where(SignInThrottle.key == key))


async def prune(session: AsyncSession, now: datetime, kept: timedelta) -> None:
    """Remove what can no longer matter: buckets that leaked out, sessions over and tokens used longer ago than ``kept``."""
    await session.execute(delete(SignInThrottle).where(SignInThrottle.full_until < now))
    over = (Session.closed_at < now - kept) | (Session.idle_until < now - kept)
    await session.execute(delete(Session).where(over))
    # The first condition is the index's: tokens lie in the table in the order they were issued.
    long_used = (RefreshToken.issued_at < now - kept) & (RefreshToken.used_at < now - kept)
    await session.execute(delete(RefreshToken).where(long_used))
