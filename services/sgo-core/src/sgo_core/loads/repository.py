"""SQL of the teaching load."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, and_, case, column, func, or_, select, table, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.loads.model import TeachingLoad

# Classes, groups, employments and stays belong to other slices; questions about them join their tables for reading.
_group = table(
    "study_group",
    *(column(name) for name in ("id", "organization_id", "academic_year", "kind", "name", "active", "grade")),
    column("starts_on", Date),
    column("ends_on", Date),
)
_part = table(
    "teaching_group",
    *(
        column(name)
        for name in ("id", "organization_id", "academic_year", "name", "active", "group_id", "grade_from", "grade_to")
    ),
    column("starts_on", Date),
    column("ends_on", Date),
)
_stay = table("teaching_group_stay", *map(column, ("teaching_group_id", "membership_id", "valid_from", "valid_to")))
_placement = table("placement", *map(column, ("membership_id", "group_id", "valid_from", "valid_to")))
_employment = table(
    "employment",
    *(column(name) for name in ("id", "worker_id", "organization_id", "post_code", "main")),
    column("hired_on", Date),
    column("dismissed_on", Date),
)
_worker = table("worker", *map(column, ("id", "last_name", "first_name", "middle_name")))
_subject = table("subject", *map(column, ("id", "title", "counts_as")))

AnyRow = Row[*tuple[Any, ...]]
NAMES = ("last_name", "first_name", "middle_name")


def _on(stay: Any, day: date) -> Any:
    return and_(stay.valid_from <= day, or_(stay.valid_to.is_(None), stay.valid_to > day))


async def get(session: AsyncSession, load_id: UUID, *, lock: bool = False) -> TeachingLoad | None:
    """A line, locked if asked."""
    return await session.get(TeachingLoad, load_id, with_for_update=lock or None, populate_existing=True)


async def taught(session: AsyncSession, organization_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """Classes and teaching groups of an organization by id: name, year, first day, day after the last."""
    found = [
        select(one.c.id, one.c.academic_year, one.c.name, one.c.starts_on, one.c.ends_on).where(
            one.c.id.in_(ids), one.c.organization_id == organization_id, one.c.active
        )
        for one in (_group, _part)
    ]
    return {row.id: row for row in await session.execute(union_all(*found))}


async def employments(session: AsyncSession, organization_id: UUID, worker_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Employments of workers in an organization, kept from being ended by others until this transaction is over."""
    query = (
        select(_employment)
        .where(_employment.c.organization_id == organization_id, _employment.c.worker_id.in_(worker_ids))
        .order_by(_employment.c.id)
        .with_for_update(read=True)
    )
    return list(await session.execute(query))


def _named() -> Select[Any]:
    name = func.coalesce(_group.c.name, _part.c.name).label("taught")
    return (
        select(TeachingLoad, name, _subject.c.title, *(_worker.c[one] for one in NAMES), _employment.c.post_code)
        .join(_subject, _subject.c.id == TeachingLoad.subject_id)
        .join(_worker, _worker.c.id == TeachingLoad.worker_id)
        .join(_employment, _employment.c.id == TeachingLoad.employment_id)
        .outerjoin(_group, _group.c.id == TeachingLoad.group_id)
        .outerjoin(_part, _part.c.id == TeachingLoad.teaching_group_id)
    )


async def named(session: AsyncSession, ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Lines with the names of what and whom they are about."""
    query = _named().where(TeachingLoad.id.in_(ids)).order_by(TeachingLoad.valid_from, TeachingLoad.id)
    return list(await session.execute(query))


async def page(
    session: AsyncSession,
    organization_id: UUID,
    filters: Mapping[str, Any],
    day: date | None,
    limit: int | None,
    after: UUID | None,
) -> Sequence[AnyRow]:
    """Lines of an organization on a day (None: of all times) with names; ``filters`` by column, None for any value."""
    query = _named().where(TeachingLoad.organization_id == organization_id)
    for name, value in filters.items():
        if value is not None:
            query = query.where(getattr(TeachingLoad, name) == value)
    if day is not None:
        query = query.where(_on(TeachingLoad, day))
    if after is not None:
        query = query.where(TeachingLoad.id > after)
    query = query.order_by(TeachingLoad.id)
    return list(await session.execute(query if limit is None else query.limit(limit + 1)))


async def classes(session: AsyncSession, organization_id: UUID, day: date, group_id: UUID | None) -> Sequence[AnyRow]:
    """Classes of an organization that run on a day, by name."""
    query = select(_group.c.id, _group.c.name).where(
        _group.c.organization_id == organization_id,
        _group.c.kind == "class",
        _group.c.active,
        _group.c.starts_on <= day,
        _group.c.ends_on > day,
    )
    if group_id is not None:
        query = query.where(_group.c.id == group_id)
    return list(await session.execute(query.order_by(_group.c.name, _group.c.id)))


async def parts(session: AsyncSession, group_ids: Collection[UUID], day: date) -> Sequence[AnyRow]:
    """Which teaching groups the students of classes are taught in on a day: subgroups of the class, groups across classes."""
    own = select(_part.c.group_id, _part.c.id, _part.c.name).where(_part.c.group_id.in_(group_ids), _part.c.active)
    across = (
        select(_placement.c.group_id, _part.c.id, _part.c.name)
        .join(_stay, _stay.c.teaching_group_id == _part.c.id)
        .join(_placement, _placement.c.membership_id == _stay.c.membership_id)
        .where(
            _placement.c.group_id.in_(group_ids),
            _part.c.group_id.is_(None),
            _part.c.active,
            _on(_stay.c, day),
            _on(_placement.c, day),
        )
    )
    found = union_all(own, across.distinct()).subquery()
    return list(await session.execute(select(found).order_by(found.c.name, found.c.id)))


async def untold(session: AsyncSession, limit: int) -> Sequence[TeachingLoad]:
    """Lines that nobody was told of as they stand, locked."""
    query = select(TeachingLoad).where(TeachingLoad.told_version < TeachingLoad.version)
    return (await session.scalars(query.order_by(TeachingLoad.id).limit(limit).with_for_update(skip_locked=True))).all()


async def of_worker(session: AsyncSession, worker_id: UUID) -> Sequence[AnyRow]:
    """All lines of a worker with names, by subject."""
    query = _named().where(TeachingLoad.worker_id == worker_id)
    return list(await session.execute(query.order_by(_subject.c.title, "taught", TeachingLoad.id)))


async def counted_as(session: AsyncSession, subject_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Titles hours of subjects are counted under: an own subject's is that of the region's it counts as."""
    region = _subject.alias()
    query = (
        select(_subject.c.id, func.coalesce(region.c.title, _subject.c.title).label("title"))
        .outerjoin(region, region.c.id == _subject.c.counts_as)
        .where(_subject.c.id.in_(subject_ids))
    )
    return {row.id: row.title for row in await session.execute(query)}


async def grades(session: AsyncSession, taught_ids: Collection[UUID | None]) -> Mapping[UUID | None, int | None]:
    """Grades of classes and teaching groups by id; None for a group of several."""
    one_grade = case((_part.c.grade_from == _part.c.grade_to, _part.c.grade_from))
    parts = select(_part.c.id, func.coalesce(_group.c.grade, one_grade)).outerjoin(
        _group, _group.c.id == _part.c.group_id
    )
    found = [
        select(_group.c.id, _group.c.grade).where(_group.c.id.in_(taught_ids)),
        parts.where(_part.c.id.in_(taught_ids)),
    ]
    return {row.id: row.grade for row in await session.execute(union_all(*found))}
