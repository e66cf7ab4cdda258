"""All SQL of conversions between scales."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.scales.model import ScaleConversion, ScaleConversionValue

_BROUGHT = text("""
SELECT EXISTS (SELECT FROM brought_mark AS m WHERE m.organization_id = :organization AND m.scale_id = :scale AND m.value IS NOT NULL)
""")


async def brought(session: AsyncSession, organization_id: UUID, scale_id: int) -> bool:
    """Whether students have brought marks of a scale to the organization."""
    return bool(await session.scalar(_BROUGHT, {"organization": organization_id, "scale": scale_id}))


async def version(session: AsyncSession, organization_id: UUID, from_id: int, to_id: int) -> int:
    """Version of a conversion, 0 of one that nobody has made."""
    found = await session.get(ScaleConversion, (organization_id, from_id, to_id), populate_existing=True)
    return 0 if found is None else found.version


async def tables(
    session: AsyncSession, organization_id: UUID, from_ids: Collection[int], to_id: int
) -> dict[int, dict[str, str | None]]:
    """What an organization has decided of values of scales in another, by scale."""
    of = ScaleConversionValue
    query = select(of).where(of.organization_id == organization_id, of.from_scale_id.in_(from_ids))
    found: dict[int, dict[str, str | None]] = {one: {} for one in from_ids}
    for row in await session.scalars(query.where(of.to_scale_id == to_id)):
        found[row.from_scale_id][row.from_code] = row.to_code
    return found


async def put(
    session: AsyncSession,
    organization_id: UUID,
    from_id: int,
    to_id: int,
    known: int,
    table: Mapping[str, str | None],
) -> bool:
    """Replace a conversion if its version is still that, 0 of a new one; false if it is another."""
    key = {"organization_id": organization_id, "from_scale_id": from_id, "to_scale_id": to_id}
    if known == 0:
        made = upsert(ScaleConversion).values(**key, version=1).on_conflict_do_nothing()
        changed = await session.scalar(made.returning(ScaleConversion.version))
    else:
        statement = update(ScaleConversion).filter_by(**key, version=known).values(version=known + 1)
        changed = await session.scalar(statement.returning(ScaleConversion.version))
    if changed is None:
        return False
    await session.execute(delete(ScaleConversionValue).filter_by(**key))
    rows = [{**key, "from_code": code, "to_code": to} for code, to in table.items()]
    if rows:
        await (await session.connection()).execute(insert(ScaleConversionValue), rows)
    return True
