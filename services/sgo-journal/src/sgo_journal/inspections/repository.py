"""All SQL of inspections and remarks."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal import versions
from sgo_journal.inspections.model import InspectedJournal, Inspection, Remark, RemarkChange
from sgo_journal.inspections.values import STANDING

_JOURNALS = text("""
SELECT j.id, j.learners_id FROM journal AS j
 WHERE j.organization_id = :organization AND j.academic_year = :year
   AND (CAST(:learners AS uuid[]) IS NULL OR j.learners_id = ANY (:learners) OR EXISTS (
       SELECT FROM teaching_group AS g WHERE g.id = j.learners_id AND g.kind = 'subgroup' AND g.group_id = ANY (:learners)))
   AND (CAST(:subject AS uuid) IS NULL OR j.subject_id = :subject)
   AND (CAST(:journals AS uuid[]) IS NULL OR j.id = ANY (:journals))
   AND (CAST(:teacher AS uuid) IS NULL OR EXISTS (
       SELECT FROM teaching AS t
        WHERE t.organization_id = j.organization_id AND t.academic_year = j.academic_year AND t.journal_id = j.id
          AND t.teacher_id = :teacher AND t.valid_from <= :last_day AND t.valid_to > :first_day AND t.valid_from < t.valid_to))
 ORDER BY j.id LIMIT :most
""")
_REPORTED = text("""
SELECT i.id AS inspection_id, i.aim, i.first_day, i.last_day, i.made_at, i.conclusion, r.id, r.journal_id, j.learners_id, l.date,
       r.student_id, r.teacher_id, r.kind, r.text, r.due_on, r.state, r.comment, r.changed_at
  FROM inspection AS i
  JOIN remark AS r ON r.organization_id = i.organization_id AND r.academic_year = i.academic_year AND r.inspection_id = i.id
       AND r.state IN ('open', 'mended', 'cleared') AND (CAST(:teacher AS uuid) IS NULL OR r.teacher_id = :teacher)
  JOIN journal AS j ON (j.organization_id, j.academic_year, j.id) = (r.organization_id, r.academic_year, r.journal_id)
       AND (CAST(:learners AS uuid) IS NULL OR j.learners_id = :learners)
       AND (CAST(:journal AS uuid) IS NULL OR j.id = :journal)
  LEFT JOIN lesson AS l ON (l.organization_id, l.academic_year, l.id) = (r.organization_id, r.academic_year, r.lesson_id)
 WHERE i.organization_id = :organization AND i.academic_year = :year AND i.first_day <= :until AND i.last_day >= :since
 ORDER BY i.id, l.date NULLS FIRST, r.id
""")
_COUNTS = text("""
SELECT r.state, count(*), count(*) FILTER (WHERE r.state IN ('open', 'mended') AND r.due_on < :today) FROM remark AS r
 WHERE r.organization_id = :organization AND r.academic_year = :year AND r.inspection_id = :inspection
 GROUP BY r.state
""")


async def journals(session: AsyncSession, wanted: Mapping[str, Any]) -> dict[UUID, UUID]:
    """Journals that are as wanted, with their learners; no more than ``most``."""
    return {row.id: row.learners_id for row in await session.execute(_JOURNALS, dict(wanted))}


async def inspected(session: AsyncSession, inspection: Inspection) -> frozenset[UUID]:
    """Ids of the journals of an inspection."""
    query = select(InspectedJournal.journal_id).where(_part(InspectedJournal, inspection))
    return frozenset(await session.scalars(query))


def _part(table: type[InspectedJournal] | type[Remark], inspection: Inspection) -> ColumnElement[bool]:
    return (
        (table.organization_id == inspection.organization_id)
        & (table.academic_year == inspection.academic_year)
        & (table.inspection_id == inspection.id)
    )


async def one(session: AsyncSession, inspection_id: UUID) -> Inspection | None:
    """An inspection, of whatever organization."""
    return await session.scalar(select(Inspection).where(Inspection.id == inspection_id))


async def hold(session: AsyncSession, inspection: Inspection) -> None:
    """Let nobody else add to an inspection, or finish it, until the transaction ends; read it anew."""
    await session.refresh(inspection, with_for_update=True)


async def page(
    session: AsyncSession, organization_id: UUID, academic_year: int, after: UUID | None, limit: int
) -> Sequence[Inspection]:
    """Inspections of a year in the order they were made, one more than ``limit``."""
    query = select(Inspection).where(
        Inspection.organization_id == organization_id, Inspection.academic_year == academic_year
    )
    if after is not None:
        query = query.where(Inspection.id > after)
    return (await session.scalars(query.order_by(Inspection.id).limit(limit + 1))).all()


async def finish(session: AsyncSession, inspection: Inspection, version: int, values: Mapping[str, Any]) -> bool:
    """End an inspection at its version; false if it is at another."""
    return await versions.change(session, inspection, version, values)


async def counts(session: AsyncSession, inspection: Inspection, today: dt.date) -> tuple[dict[str, int], int]:
    """How many remarks of an inspection are in each state, and how many are overdue."""
    given = {
        "organization": inspection.organization_id,
        "year": inspection.academic_year,
        "inspection": inspection.id,
        "today": today,
    }
    rows = (await session.execute(_COUNTS, given)).all()
    return {row[0]: row[1] for row in rows}, sum(row[2] for row in rows)


async def found(session: AsyncSession, inspection: Inspection) -> frozenset[str]:
    """By what the gaps that an inspection has found are known."""
    query = select(Remark.found_as).where(_part(Remark, inspection), Remark.found_as.is_not(None))
    return frozenset(one for one in await session.scalars(query) if one is not None)


async def add_found(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> int:
    """Add proposed remarks; those that were found before are left out. How many were added."""
    if not rows:
        return 0
    key = ["organization_id", "academic_year", "inspection_id", "found_as"]
    statement = insert(Remark).on_conflict_do_nothing(index_elements=key).returning(Remark.id)
    return len((await session.execute(statement, list(rows))).all())


async def remark(session: AsyncSession, visible: ColumnElement[bool], remark_id: UUID) -> Remark | None:
    """A remark the caller sees."""
    return await session.scalar(select(Remark).where(visible, Remark.id == remark_id))


async def remarks(
    session: AsyncSession,
    visible: ColumnElement[bool],
    filters: Mapping[str, Any],
    overdue_on: dt.date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Remark]:
    """Remarks by id, one more than ``limit``; ``filters`` by column; with ``overdue_on``, those past their day then."""
    query = select(Remark).where(visible, *(getattr(Remark, name) == value for name, value in filters.items()))
    if overdue_on is not None:
        query = query.where(Remark.state.in_(STANDING), Remark.due_on < overdue_on)
    if after is not None:
        query = query.where(Remark.id > after)
    return (await session.scalars(query.order_by(Remark.id).limit(limit + 1))).all()


async def held(
    session: AsyncSession, organization_id: UUID, academic_year: int, ids: Collection[UUID]
) -> Mapping[UUID, Remark]:
    """Remarks of an organization, held in the order of their ids until the transaction ends."""
    query = select(Remark).where(
        Remark.organization_id == organization_id, Remark.academic_year == academic_year, Remark.id.in_(ids)
    )
    found = await session.scalars(query.order_by(Remark.id).with_for_update().execution_options(populate_existing=True))
    return {one.id: one for one in found}


async def changes(session: AsyncSession, remark: Remark) -> Sequence[RemarkChange]:
    """What a remark was and became, the earliest first."""
    query = select(RemarkChange).where(
        RemarkChange.organization_id == remark.organization_id,
        RemarkChange.academic_year == remark.academic_year,
        RemarkChange.remark_id == remark.id,
    )
    return (await session.scalars(query.order_by(RemarkChange.version))).all()


async def reported(session: AsyncSession, asked: Mapping[str, Any]) -> Sequence[Any]:
    """Remarks that were made by inspections of days within [since, until], with their inspection and place."""
    return (await session.execute(_REPORTED, dict(asked))).all()
