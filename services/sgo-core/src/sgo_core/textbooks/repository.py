"""SQL of textbooks."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.textbooks.model import Textbook, TextbookCopies, TextbookUse

# Classes belong to another slice; questions about them join its table for reading.
_COLUMNS = ("id", "organization_id", "academic_year", "kind", "name", "grade", "occupied", "active")
_group = table("study_group", *map(column, _COLUMNS))

AnyRow = Row[*tuple[Any, ...]]


async def get(session: AsyncSession, textbook_id: UUID, *, lock: bool = False) -> Textbook | None:
    """A textbook, locked if asked."""
    return await session.get(Textbook, textbook_id, with_for_update=lock or None, populate_existing=True)


async def page(
    session: AsyncSession,
    organization_id: UUID,
    subject_id: UUID | None,
    grade: int | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Textbook]:
    """One page of an organization's textbooks, and one more."""
    query = select(Textbook).where(Textbook.organization_id == organization_id)
    if subject_id is not None:
        query = query.where(Textbook.subject_id == subject_id)
    if grade is not None:
        query = query.where(Textbook.grade_from <= grade, Textbook.grade_to >= grade)
    if after is not None:
        query = query.where(Textbook.id > after)
    return (await session.scalars(query.order_by(Textbook.id).limit(limit + 1))).all()


async def page_of_copies(
    session: AsyncSession, textbook_id: UUID, limit: int, after: UUID | None
) -> Sequence[TextbookCopies]:
    """One page of what came and was written off, and one more."""
    query = select(TextbookCopies).where(TextbookCopies.textbook_id == textbook_id)
    if after is not None:
        query = query.where(TextbookCopies.id > after)
    return (await session.scalars(query.order_by(TextbookCopies.id).limit(limit + 1))).all()


async def classes(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[AnyRow]:
    """Classes of an organization in a year: id, name, grade, students."""
    query = select(_group.c.id, _group.c.name, _group.c.grade, _group.c.occupied).where(
        _group.c.organization_id == organization_id,
        _group.c.academic_year == academic_year,
        _group.c.kind == "class",
        _group.c.active,
    )
    return list(await session.execute(query.order_by(_group.c.grade, _group.c.name, _group.c.id)))


async def uses(session: AsyncSession, textbook_id: UUID, group_ids: Collection[UUID]) -> Sequence[TextbookUse]:
    """What ties some classes to a textbook, active or not."""
    query = select(TextbookUse).where(TextbookUse.textbook_id == textbook_id, TextbookUse.group_id.in_(group_ids))
    return (await session.scalars(query.order_by(TextbookUse.group_id))).all()


async def used_by(session: AsyncSession, group_ids: Collection[UUID]) -> Sequence[tuple[UUID, Textbook]]:
    """Textbooks in use by classes: class, textbook."""
    query = (
        select(TextbookUse.group_id, Textbook)
        .join(Textbook, Textbook.id == TextbookUse.textbook_id)
        .where(TextbookUse.group_id.in_(group_ids), TextbookUse.active, Textbook.active)
        .order_by(Textbook.title, Textbook.id)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]
