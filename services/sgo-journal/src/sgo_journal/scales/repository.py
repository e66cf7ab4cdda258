"""All SQL of the scales."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, column, or_, select, table, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.scales.model import Scale, ScaleValue

_MARK, _TOTAL = (
    table(name, column("organization_id", Uuid), column("scale_id", Integer), column("value", Text))
    for name in ("mark", "total")
)


_BROUGHT = table("brought_mark", column("scale_id", Integer), column("value", Text))


async def of_organization(session: AsyncSession, organization_id: UUID) -> Sequence[Scale]:
    """Scales an organization may use: the region's and its own."""
    query = select(Scale).where(or_(Scale.organization_id.is_(None), Scale.organization_id == organization_id))
    return (await session.scalars(query.order_by(Scale.organization_id.is_not(None), Scale.id))).all()


async def one(session: AsyncSession, organization_id: UUID, scale_id: int) -> Scale | None:
    """A scale the organization may use."""
    return await session.scalar(
        select(Scale).where(
            Scale.id == scale_id, or_(Scale.organization_id.is_(None), Scale.organization_id == organization_id)
        )
    )


async def values(session: AsyncSession, scale_ids: Collection[int]) -> Sequence[ScaleValue]:
    """Values of scales in their order."""
    query = select(ScaleValue).where(ScaleValue.scale_id.in_(scale_ids))
    return (await session.scalars(query.order_by(ScaleValue.scale_id, ScaleValue.position))).all()


async def add(session: AsyncSession, organization_id: UUID, title: str, *, active: bool) -> Scale | None:
    """A new scale; nothing if the title is taken."""
    statement = insert(Scale).values(organization_id=organization_id, title=title, active=active)
    return await session.scalar(statement.on_conflict_do_nothing().returning(Scale))


async def change(session: AsyncSession, scale: Scale, version: int, made: Mapping[str, Any]) -> bool:
    """Change a scale if its version is still that; false if it is another."""
    changed = await session.scalar(
        update(Scale)
        .where(Scale.id == scale.id, Scale.version == version)
        .values(version=version + 1, **made)
        .returning(Scale.version)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


async def put_values(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write values of a scale, new and changed ones."""
    statement = insert(ScaleValue)
    kept = {"scale_id", "code", "debt"}
    columns = {
        column.name: statement.excluded[column.name] for column in ScaleValue.__table__.c if column.name not in kept
    }
    if rows:
        await (await session.connection()).execute(
            statement.on_conflict_do_update(index_elements=["scale_id", "code"], set_=columns), rows
        )


async def hold_values(session: AsyncSession, scale_id: int, codes: Collection[str]) -> None:
    """Wait for whoever is saving marks of the values, and let nobody save any until the transaction ends."""
    query = select(ScaleValue.code).where(ScaleValue.scale_id == scale_id, ScaleValue.code.in_(codes))
    await session.execute(query.order_by(ScaleValue.code).with_for_update())


async def used(session: AsyncSession, organization_id: UUID, scale_id: int, codes: Collection[str]) -> bool:
    """Whether the organization has marks or totals of any of the values, or anybody who left it brought such marks elsewhere."""
    for held in (_MARK, _TOTAL):
        of = held.c
        query = select(of.value).where(
            of.organization_id == organization_id, of.scale_id == scale_id, of.value.in_(codes)
        )
        if (await session.execute(query.limit(1))).first() is not None:
            return True
    brought = select(_BROUGHT.c.value).where(_BROUGHT.c.scale_id == scale_id, _BROUGHT.c.value.in_(codes))
    return (await session.execute(brought.limit(1))).first() is not None
