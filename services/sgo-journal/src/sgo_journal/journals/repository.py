"""All SQL of the journals."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, column, func, select, table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.projections import write
from sgo_journal import versions
from sgo_journal.journals.model import Journal, Teaching

_KEY = ("organization_id", "academic_year", "id")
_ADD = insert(Journal).on_conflict_do_nothing(index_elements=_KEY)


def _follow() -> Any:
    statement = insert(Teaching)
    kept = ("organization_id", "academic_year", "id")
    return statement.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            column.name: statement.excluded[column.name] for column in Teaching.__table__.c if column.name not in kept
        },
        where=statement.excluded.sequence > Teaching.sequence,
    )


_FOLLOW = _follow()
_SUBJECT = table("subject", column("id", Uuid), column("title", Text))
"""What the journal copies of the registry's subjects."""
_TITLED = select(Journal, func.coalesce(Journal.title, _SUBJECT.c.title, "")).outerjoin(
    _SUBJECT, _SUBJECT.c.id == Journal.subject_id
)


async def add_missing(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Journals that are not there yet."""
    await write(session, _ADD, rows)


async def follow_loads(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Who teaches, as newer loads tell it."""
    await write(session, _FOLLOW, rows)


async def one(session: AsyncSession, visible: ColumnElement[bool], journal_id: UUID) -> Journal | None:
    """A journal the caller sees."""
    return await session.scalar(select(Journal).where(visible, Journal.id == journal_id))


async def titled(
    session: AsyncSession, visible: ColumnElement[bool], whole: ColumnElement[bool], journal_id: UUID
) -> tuple[Journal, str, bool] | None:
    """A journal the caller sees with what it is called, and whether ``whole`` holds for it."""
    row = (await session.execute(_TITLED.add_columns(whole).where(visible, Journal.id == journal_id))).first()
    return None if row is None else (row[0], row[1], row[2])


async def of_learners(
    session: AsyncSession,
    visible: ColumnElement[bool],
    organization_id: UUID,
    academic_year: int,
    learners_ids: Collection[UUID],
) -> list[tuple[Journal, str]]:
    """Journals of learners that the caller sees, by title."""
    query = _TITLED.where(
        visible,
        Journal.organization_id == organization_id,
        Journal.academic_year == academic_year,
        Journal.learners_id.in_(learners_ids),
    )
    rows = await session.execute(query.order_by(func.coalesce(Journal.title, _SUBJECT.c.title, ""), Journal.id))
    return [(row[0], row[1]) for row in rows]


def ids(visible: ColumnElement[bool]) -> Select[UUID]:
    """Ids of the journals the caller sees, for ``IN``."""
    return select(Journal.id).where(visible)


async def hold(session: AsyncSession, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID]) -> None:
    """Share journals with who saves in them, and wait for who closes them."""
    query = select(Journal.id).where(
        Journal.organization_id == organization_id,
        Journal.academic_year == academic_year,
        Journal.id.in_(journal_ids),
    )
    await session.execute(query.order_by(Journal.id).with_for_update(read=True))


async def hold_all(session: AsyncSession, organization_id: UUID, academic_year: int) -> None:
    """Wait for whoever saves in journals of an organization or closes them, and let nobody do so."""
    query = select(Journal.id).where(Journal.organization_id == organization_id, Journal.academic_year == academic_year)
    await session.execute(query.order_by(Journal.id).with_for_update(key_share=True))


async def teach_by_load(session: AsyncSession, organization_id: UUID, worker_ids: Collection[UUID]) -> set[UUID]:
    """Those of the workers whom some load of the organization names."""
    query = select(Teaching.teacher_id).where(
        Teaching.organization_id == organization_id,
        Teaching.teacher_id.in_(worker_ids),
        Teaching.sequence.is_not(None),
    )
    return set(await session.scalars(query.distinct()))


async def known(session: AsyncSession, organization_id: UUID, journal_ids: set[UUID]) -> dict[UUID, Journal]:
    """Journals of the organization among the given ids."""
    found = await session.scalars(
        select(Journal).where(Journal.organization_id == organization_id, Journal.id.in_(journal_ids))
    )
    return {journal.id: journal for journal in found}


async def page(
    session: AsyncSession, visible: ColumnElement[bool], filters: Mapping[str, Any], after: UUID | None, limit: int
) -> Sequence[Journal]:
    """Journals in id order, one more than ``limit``; ``filters`` by column."""
    query = select(Journal).where(visible, *(getattr(Journal, name) == value for name, value in filters.items()))
    if after is not None:
        query = query.where(Journal.id > after)
    return (await session.scalars(query.order_by(Journal.id).limit(limit + 1))).all()


async def teaching(session: AsyncSession, journal: Journal, teaching_id: UUID) -> Teaching | None:
    """An appointment of a journal, held until the transaction ends."""
    query = select(Teaching).where(
        Teaching.organization_id == journal.organization_id,
        Teaching.academic_year == journal.academic_year,
        Teaching.journal_id == journal.id,
        Teaching.id == teaching_id,
    )
    return await session.scalar(query.with_for_update())


async def teachers(session: AsyncSession, journal: Journal) -> Sequence[Teaching]:
    """Who teaches in a journal, the earliest first; what never was is left out."""
    query = select(Teaching).where(
        Teaching.organization_id == journal.organization_id,
        Teaching.academic_year == journal.academic_year,
        Teaching.journal_id == journal.id,
        Teaching.valid_from < Teaching.valid_to,
    )
    return (await session.scalars(query.order_by(Teaching.valid_from, Teaching.id))).all()


async def among(
    session: AsyncSession, holds: ColumnElement[bool], organization_id: UUID, journal_ids: Collection[UUID]
) -> set[UUID]:
    """Those of an organization's journals for which a condition holds."""
    mine = (Journal.organization_id == organization_id) & Journal.id.in_(journal_ids)
    return set(await session.scalars(select(Journal.id).where(mine, holds)))


async def change(session: AsyncSession, journal: Journal, version: int, values: Mapping[str, Any]) -> bool:
    """Change a journal if its version is still that; false if it is another."""
    return await versions.change(session, journal, version, values)


async def teachers_on(
    session: AsyncSession, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID], day: date
) -> Sequence[tuple[UUID, UUID]]:
    """Who teaches in journals on a day: journal and teacher, each once."""
    query = (
        select(Teaching.journal_id, Teaching.teacher_id)
        .distinct()
        .where(
            Teaching.organization_id == organization_id,
            Teaching.academic_year == academic_year,
            Teaching.journal_id.in_(journal_ids),
            Teaching.valid_from <= day,
            Teaching.valid_to > day,
        )
        .order_by(Teaching.journal_id, Teaching.teacher_id)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def teachings(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[Teaching]:
    """Who teaches in all journals of an organization over a year; what never was is left out."""
    query = select(Teaching).where(
        Teaching.organization_id == organization_id,
        Teaching.academic_year == academic_year,
        Teaching.valid_from < Teaching.valid_to,
    )
    return (await session.scalars(query.order_by(Teaching.id))).all()
