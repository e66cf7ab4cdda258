"""SQL of subjects and of the terms of the curriculum."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.subjects.model import CurriculumTerm, Subject


def _in_use(model: type[CurriculumTerm] | type[Subject], day: date) -> Any:
    return and_(model.valid_from <= day, or_(model.valid_to.is_(None), model.valid_to > day))


async def terms(session: AsyncSession, kind: str | None, day: date | None) -> Sequence[CurriculumTerm]:
    """Entries of a kind, or of all, in use on a day (None: all there are)."""
    query = select(CurriculumTerm)
    if kind is not None:
        query = query.where(CurriculumTerm.kind == kind)
    if day is not None:
        query = query.where(_in_use(CurriculumTerm, day))
    return (await session.scalars(query.order_by(CurriculumTerm.kind, CurriculumTerm.id))).all()


async def get_term(session: AsyncSession, term_id: UUID) -> CurriculumTerm | None:
    """An entry, locked."""
    return await session.get(CurriculumTerm, term_id, with_for_update=True, populate_existing=True)


async def get(session: AsyncSession, subject_id: UUID, *, lock: bool = False) -> Subject | None:
    """A subject, locked for an edit if asked."""
    return await session.get(Subject, subject_id, with_for_update=lock or None, populate_existing=True)


async def untold(session: AsyncSession, limit: int) -> Sequence[Subject]:
    """Subjects that nobody was told of as they stand, locked."""
    query = select(Subject).where(Subject.told_version < Subject.version).order_by(Subject.id)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Subject]:
    """Subjects by id."""
    return (await session.scalars(select(Subject).where(Subject.id.in_(ids)))).all()


async def regional_titled(session: AsyncSession, title: str) -> bool:
    """Whether the region has a subject of this title in use."""
    query = select(Subject.id).where(
        Subject.organization_id.is_(None), Subject.valid_to.is_(None), func.lower(Subject.title) == title.lower()
    )
    return await session.scalar(query.limit(1)) is not None


async def page(
    session: AsyncSession,
    organization_id: UUID | None,
    day: date | None,
    grade: int | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Subject]:
    """One page of the region's subjects, with an organization's own if one is named, and one more."""
    whose = Subject.organization_id.is_(None)
    query = select(Subject).where(
        whose if organization_id is None else or_(whose, Subject.organization_id == organization_id)
    )
    if day is not None:
        query = query.where(_in_use(Subject, day))
    if grade is not None:
        query = query.where(Subject.grade_from <= grade, Subject.grade_to >= grade)
    if after is not None:
        query = query.where(Subject.id > after)
    return (await session.scalars(query.order_by(Subject.id).limit(limit + 1))).all()
