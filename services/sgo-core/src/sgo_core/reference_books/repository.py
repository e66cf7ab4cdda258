"""SQL of reference books."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.reference_books.model import ReferenceEntry


async def get(session: AsyncSession, entry_id: UUID, *, lock: bool = False) -> ReferenceEntry | None:
    """An entry, locked for an edit if asked."""
    query = select(ReferenceEntry).where(ReferenceEntry.id == entry_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def of_book(
    session: AsyncSession, book: str, organization_id: UUID | None, code: str | None = None
) -> Sequence[ReferenceEntry]:
    """Entries of the region and, if one is named, of an organization; of one code if asked."""
    query = select(ReferenceEntry).where(
        ReferenceEntry.book == book,
        or_(ReferenceEntry.organization_id.is_(None), ReferenceEntry.organization_id == organization_id),
    )
    if code is not None:
        query = query.where(ReferenceEntry.code == code)
    return (await session.scalars(query)).all()


async def count(session: AsyncSession, book: str, organization_id: UUID | None) -> int:
    """How many entries a level has in a book."""
    query = select(func.count()).where(
        ReferenceEntry.book == book, ReferenceEntry.organization_id.is_not_distinct_from(organization_id)
    )
    return await session.scalar(query) or 0
