"""SQL of settings."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.settings.model import SettingValue


async def get(session: AsyncSession, value_id: UUID, *, lock: bool = False) -> SettingValue | None:
    """A value, locked for an edit if asked."""
    query = select(SettingValue).where(SettingValue.id == value_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def standing(
    session: AsyncSession, names: Collection[str], organization_ids: Collection[UUID]
) -> Sequence[SettingValue]:
    """Active values of the region and of some organizations, of all days."""
    query = select(SettingValue).where(
        SettingValue.active,
        SettingValue.name.in_(names),
        or_(SettingValue.organization_id.is_(None), SettingValue.organization_id.in_(organization_ids)),
    )
    return (await session.scalars(query)).all()


async def page(
    session: AsyncSession, organization_id: UUID | None, name: str | None, limit: int, after: UUID | None
) -> Sequence[SettingValue]:
    """One page of the values of a level, of all days, and one more row."""
    query = select(SettingValue).where(SettingValue.organization_id.is_not_distinct_from(organization_id))
    if name is not None:
        query = query.where(SettingValue.name == name)
    if after is not None:
        query = query.where(SettingValue.id > after)
    return (await session.scalars(query.order_by(SettingValue.id).limit(limit + 1))).all()
