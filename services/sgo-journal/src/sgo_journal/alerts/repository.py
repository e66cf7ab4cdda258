"""All SQL of the alerts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.alerts.model import Alert, AlertSettings, WatchedBlock
from sgo_journal.sealing import RECORD_CHANGES

CHANGES = text("""
WITH sealed AS MATERIALIZED (
    SELECT f.organization_id, f.academic_year, f.id FROM record_change_leaf AS f WHERE f.block_number = :block
)
SELECT c.organization_id, c.academic_year, c.id, c.kind, c.student_id, c.changed_by, c.changed_at,
       j.id AS journal_id, coalesce(j.subject_id, j.id) AS course_id, j.learners_id, c.lesson_id, l.date AS day, c.total_kind,
       t.first_day, t.last_day, o.grade AS old_grade, n.grade AS new_grade, n.points = n.grade AS of_grades,
       coalesce(o.debt, false) AS of_debt,
       CASE WHEN c.old_value IS NOT NULL THEN (
           SELECT b.changed_by FROM record_change AS b
            WHERE b.organization_id = c.organization_id AND b.academic_year = c.academic_year AND b.student_id = c.student_id
              AND b.cell_id = c.cell_id AND b.version < c.version
            ORDER BY b.version DESC LIMIT 1) END AS set_by,
       coalesce(CASE WHEN c.kind = 'total'
                THEN gives_total(c.organization_id, c.academic_year, j.id, t.first_day, t.last_day, c.changed_by,
                                 CAST(c.changed_at AT TIME ZONE 'Europe/Moscow' AS date))
                ELSE gives_lesson(c.organization_id, c.academic_year, j.id, l.teacher_id, l.date, c.changed_by,
                                  CAST(c.changed_at AT TIME ZONE 'Europe/Moscow' AS date)) END, false) AS own,
       EXISTS (
           SELECT FROM period_closing AS p
            WHERE p.organization_id = c.organization_id AND p.academic_year = c.academic_year
              AND p.learners_id IN (j.learners_id, (SELECT s.group_id FROM teaching_group AS s WHERE s.id = j.learners_id))
              AND coalesce(l.date, t.last_day) BETWEEN p.first_day AND p.last_day
              AND p.closed_at < c.changed_at AND (p.revoked_at IS NULL OR p.revoked_at > c.changed_at)) AS closed
  FROM sealed AS f
 CROSS JOIN LATERAL (
       SELECT * FROM record_change AS c
        WHERE (c.organization_id, c.academic_year, c.id) = (f.organization_id, f.academic_year, f.id) AND c.kind <> 'attendance'
       OFFSET 0) AS c
  LEFT JOIN lesson AS l ON (l.organization_id, l.academic_year, l.id) = (c.organization_id, c.academic_year, c.lesson_id)
 CROSS JOIN LATERAL (
       SELECT * FROM journal AS j
        WHERE (j.organization_id, j.academic_year, j.id) = (c.organization_id, c.academic_year, coalesce(c.journal_id, l.journal_id))
       OFFSET 0) AS j
  LEFT JOIN total AS t ON c.kind = 'total' AND (t.organization_id, t.academic_year, t.id) = (c.organization_id, c.academic_year, c.cell_id)
  LEFT JOIN scale_value AS o ON (o.scale_id, o.code) = (c.old_scale_id, c.old_value)
  LEFT JOIN scale_value AS n ON (n.scale_id, n.code) = (c.new_scale_id, c.new_value)
 ORDER BY c.changed_at, c.id
""")
"""``OFFSET 0``: each change is looked up by its key, and then its journal. The planner expects one row of such a join and would go through
all changes, or all journals, of the organization for each."""
_CORRECTIONS = text("""
SELECT count(*) FROM record_change AS c
 WHERE c.organization_id = :organization AND c.academic_year = :year AND c.student_id = :student AND c.kind = 'mark'
   AND c.old_value IS NOT NULL AND c.changed_at > :since AND (c.changed_at, c.id) <= (:at, :id)
   AND NOT EXISTS (SELECT FROM scale_value AS o WHERE o.scale_id = c.old_scale_id AND o.code = c.old_value AND o.debt)
""")
_SETTINGS = text("""
SELECT o.id AS organization_id, s.organization_id IS NULL AS usual, s.late_days, s.raised_by, s.many_changes, s.many_minutes, s.night_from,
       s.night_until, s.own_at_night, s.total_difference, j.organization_id IS NOT NULL AS set_up, j.edit_days
  FROM unnest(CAST(:organizations AS uuid[])) AS o (id)
  LEFT JOIN alert_settings AS s ON s.organization_id = o.id
  LEFT JOIN journal_settings AS j ON j.organization_id = o.id
""")


async def hold_watch(session: AsyncSession) -> int:
    """The last block that was looked through; nobody else goes on until the transaction ends."""
    return (await session.scalars(select(WatchedBlock.number).with_for_update())).one()


async def next_block(session: AsyncSession, after: int) -> int | None:
    """The first block after one."""
    block = RECORD_CHANGES.block
    number: int | None = await session.scalar(select(func.min(block.c.number)).where(block.c.number > after))
    return number


async def watched(session: AsyncSession, number: int) -> None:
    """A block was looked through."""
    await session.execute(update(WatchedBlock).values(number=number))


async def changes(session: AsyncSession, block: int) -> Sequence[Any]:
    """Changes of marks and totals in a sealed block, with what is to be known of each, in the order they were made."""
    return (await session.execute(CHANGES, {"block": block})).all()


async def corrections(session: AsyncSession, change: Any, since: datetime) -> int:
    """How many of the student's marks were corrected after an instant, up to a change and with it."""
    given = {
        "organization": change.organization_id,
        "year": change.academic_year,
        "student": change.student_id,
        "since": since,
        "at": change.changed_at,
        "id": change.id,
    }
    return await session.scalar(_CORRECTIONS, given) or 0


async def last_told(session: AsyncSession, change: Any) -> datetime | None:
    """Until when it was told of a student last that many marks were corrected."""
    query = select(func.max(Alert.changed_at)).where(
        Alert.organization_id == change.organization_id,
        Alert.academic_year == change.academic_year,
        Alert.student_id == change.student_id,
        Alert.kind == "many",
    )
    return await session.scalar(query)


async def settings_of(session: AsyncSession, organizations: Collection[UUID]) -> Sequence[Mapping[str, Any]]:
    """Thresholds of organizations, and for how long their teachers write."""
    rows = await session.execute(_SETTINGS, {"organizations": list(organizations)})
    return [dict(row) for row in rows.mappings()]


async def add(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add alerts; of a change a kind is told of once."""
    key = ["organization_id", "academic_year", "change_id", "kind"]
    if rows:
        await session.execute(insert(Alert).on_conflict_do_nothing(index_elements=key), rows)


async def page(
    session: AsyncSession,
    visible: ColumnElement[bool],
    filters: Mapping[str, Any],
    acknowledged: bool | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Alert]:
    """Alerts, the newest first, one more than ``limit``; ``filters`` by column."""
    query = select(Alert).where(visible, *(getattr(Alert, name) == value for name, value in filters.items()))
    if acknowledged is not None:
        is_open = Alert.acknowledged_at.is_(None)
        query = query.where(~is_open if acknowledged else is_open)
    if after is not None:
        query = query.where(Alert.id < after)
    return (await session.scalars(query.order_by(Alert.id.desc()).limit(limit + 1))).all()


async def one(session: AsyncSession, visible: ColumnElement[bool], alert_id: UUID) -> Alert | None:
    """An alert the caller sees, held until the transaction ends."""
    return await session.scalar(select(Alert).where(visible, Alert.id == alert_id).with_for_update())


async def settings(session: AsyncSession, organization_id: UUID) -> AlertSettings | None:
    """What an organization has changed of the thresholds."""
    return await session.get(AlertSettings, organization_id)


async def change_settings(
    session: AsyncSession, organization_id: UUID, version: int, values: Mapping[str, Any]
) -> bool:
    """Replace thresholds at their version, 0 if they were the usual ones; false if it is another."""
    made = {"version": version + 1, **values}
    if version == 0:
        written = insert(AlertSettings).values(organization_id=organization_id, **made).on_conflict_do_nothing()
        return await session.scalar(written.returning(AlertSettings.version)) is not None
    mine = (AlertSettings.organization_id == organization_id) & (AlertSettings.version == version)
    changed = update(AlertSettings).where(mine).values(made).returning(AlertSettings.version)
    return await session.scalar(changed.execution_options(synchronize_session=False)) is not None
