"""Reading of days, and the closures and months beside them; how days are written stands in ``saving``."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import GroupKind
from orgdirectory import Group
from sgo_journal.daycare.model import ChildDay, DaycareClosure, DaycareCode, DaycareMonth, DaycareRecount, month_id
from sgo_journal.marks.service import RecordChange
from sgo_journal.merging import move
from sgo_journal.rosters.service import Learners

_COUNT = text("""
SELECT c.group_id, d.code, count(*) AS days
  FROM (SELECT DISTINCT w.group_id, w.day, r.student_id
          FROM unnest(CAST(:groups AS uuid[]), CAST(:days AS date[])) AS w (group_id, day)
          JOIN roster_stay AS r ON r.organization_id = :organization AND r.academic_year = :year AND r.learners_id = w.group_id
               AND r.valid_from <= w.day AND (r.valid_to IS NULL OR r.valid_to > w.day)) AS c
  LEFT JOIN child_day AS d ON d.organization_id = :organization AND d.academic_year = :year AND d.group_id = c.group_id
       AND d.day = c.day AND d.student_id = c.student_id
 GROUP BY c.group_id, d.code
""")
_TELL = text("""
WITH asked AS (
    SELECT a.id, a.month FROM unnest(CAST(:ids AS uuid[]), CAST(:months AS date[])) AS a (id, month)
), days AS (
    SELECT CAST(date_trunc('month', d.day) AS date) AS month, d.day FROM directory_group AS g, unnest(CAST(:days AS date[])) AS d (day)
     WHERE g.id = :group AND d.day >= g.starts_on AND d.day < g.ends_on AND NOT group_is_closed(:organization, :year, :group, d.day)
), noted AS (
    SELECT there.month, c.code, k.missed, count(*) AS days
      FROM (SELECT DISTINCT d.month, d.day, r.student_id FROM days AS d
              JOIN roster_stay AS r ON r.organization_id = :organization AND r.academic_year = :year AND r.learners_id = :group
                   AND r.valid_from <= d.day AND (r.valid_to IS NULL OR r.valid_to > d.day)) AS there
      LEFT JOIN child_day AS c ON c.organization_id = :organization AND c.academic_year = :year AND c.group_id = :group
           AND c.day = there.day AND c.student_id = there.student_id
      LEFT JOIN daycare_code AS k ON k.code = c.code
     GROUP BY there.month, c.code, k.missed
)
INSERT INTO daycare_month AS m (organization_id, academic_year, id, group_id, month, working_days, planned, attended,
                                missed_illness, missed_other, by_code, told_version, told_at)
SELECT :organization, :year, a.id, :group, a.month, (SELECT count(*) FROM days AS d WHERE d.month = a.month), coalesce(sum(n.days), 0),
       coalesce(sum(n.days) FILTER (WHERE n.code IS NOT NULL AND n.missed IS NULL), 0),
       coalesce(sum(n.days) FILTER (WHERE n.missed = 'illness'), 0), coalesce(sum(n.days) FILTER (WHERE n.missed = 'other'), 0),
       coalesce(jsonb_object_agg(n.code, n.days) FILTER (WHERE n.code IS NOT NULL), '{}'), 1, :now
  FROM asked AS a LEFT JOIN noted AS n ON n.month = a.month
 GROUP BY a.id, a.month
    ON CONFLICT (organization_id, academic_year, group_id, month) DO UPDATE
       SET working_days = excluded.working_days, planned = excluded.planned, attended = excluded.attended,
           missed_illness = excluded.missed_illness, missed_other = excluded.missed_other, by_code = excluded.by_code,
           told_version = m.told_version + 1, told_at = excluded.told_at
     WHERE (m.working_days, m.planned, m.attended, m.missed_illness, m.missed_other, m.by_code) IS DISTINCT FROM
           (excluded.working_days, excluded.planned, excluded.attended, excluded.missed_illness, excluded.missed_other, excluded.by_code)
RETURNING m.*
""")
_HOLD = text("SELECT id FROM directory_group WHERE id = :group FOR NO KEY UPDATE")
GroupKey = tuple[UUID, int, UUID]
"""Organization, school year, group."""


async def codes(session: AsyncSession) -> Sequence[DaycareCode]:
    """Codes of days in their order."""
    return (await session.scalars(select(DaycareCode).order_by(DaycareCode.position))).all()


async def groups(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[Group]:
    """Preschool groups of an organization, by name."""
    query = select(Group).where(
        Group.organization_id == organization_id,
        Group.academic_year == academic_year,
        Group.kind == GroupKind.PRESCHOOL_GROUP.value,
    )
    return (await session.scalars(query.order_by(Group.name, Group.id))).all()


async def hold_group(session: AsyncSession, group_id: UUID) -> None:
    """Wait for whoever notes days of the group, and let nobody begin until the transaction ends."""
    await session.execute(_HOLD, {"group": group_id})


async def cells(
    session: AsyncSession, organization_id: UUID, academic_year: int, group_id: UUID, since: dt.date, until: dt.date
) -> Sequence[Any]:
    """Days within [since, until): student, day, code, version; emptied ones too."""
    query = select(ChildDay.student_id, ChildDay.day, ChildDay.code, ChildDay.version).where(
        ChildDay.organization_id == organization_id,
        ChildDay.academic_year == academic_year,
        ChildDay.group_id == group_id,
        ChildDay.day >= since,
        ChildDay.day < until,
    )
    return (await session.execute(query)).all()


async def count(
    session: AsyncSession, organization_id: UUID, academic_year: int, days: Mapping[UUID, Sequence[dt.date]]
) -> dict[UUID, dict[str | None, int]]:
    """Child-days of groups on their working days, by code; those of children who were in the group that day."""
    pairs = [(group_id, day) for group_id, those in days.items() for day in those]
    given = {"groups": [pair[0] for pair in pairs], "days": [pair[1] for pair in pairs]}
    found: dict[UUID, dict[str | None, int]] = {group_id: {} for group_id in days}
    for row in await session.execute(_COUNT, {"organization": organization_id, "year": academic_year, **given}):
        found[row.group_id][row.code] = row.days
    return found


async def closures(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int,
    group_ids: Sequence[UUID],
    since: dt.date,
    until: dt.date,
) -> Sequence[DaycareClosure]:
    """Closures in force of groups on some day of [since, until)."""
    query = select(DaycareClosure).where(
        DaycareClosure.organization_id == organization_id,
        DaycareClosure.academic_year == academic_year,
        DaycareClosure.group_id.in_(group_ids),
        DaycareClosure.first_day < until,
        DaycareClosure.last_day >= since,
        DaycareClosure.withdrawn_at.is_(None),
    )
    return (await session.scalars(query)).all()


async def closures_of(
    session: AsyncSession, organization_id: UUID, academic_year: int, group_id: UUID, after: UUID | None, limit: int
) -> Sequence[DaycareClosure]:
    """Closures of a group in the order they were made, one more than ``limit``; withdrawn ones too."""
    query = select(DaycareClosure).where(
        DaycareClosure.organization_id == organization_id,
        DaycareClosure.academic_year == academic_year,
        DaycareClosure.group_id == group_id,
    )
    if after is not None:
        query = query.where(DaycareClosure.id > after)
    return (await session.scalars(query.order_by(DaycareClosure.id).limit(limit + 1))).all()


async def closure(session: AsyncSession, organization_id: UUID | None, closure_id: UUID) -> DaycareClosure | None:
    """A closure of the organization."""
    query = select(DaycareClosure).where(
        DaycareClosure.organization_id == organization_id, DaycareClosure.id == closure_id
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def is_closed(
    session: AsyncSession, organization_id: UUID, academic_year: int, group_id: UUID, day: dt.date
) -> bool:
    """Whether the day lies in a closed month of the group."""
    query = text("SELECT day_is_closed(:organization, :year, NULL, :group, :day)")
    given = {"organization": organization_id, "year": academic_year, "group": group_id, "day": day}
    return bool(await session.scalar(query, given))


async def tell(
    session: AsyncSession,
    key: GroupKey,
    months: Sequence[dt.date],
    days: Sequence[dt.date],
    now: dt.datetime,
) -> Sequence[DaycareMonth]:
    """Count months of a group, whose ``days`` the calendar has, and keep at its next version each that is not as it was told last.

    Those kept are returned.
    """
    given = dict(zip(("organization", "year", "group"), key, strict=True))
    given |= {"ids": [month_id(key[2], one) for one in months], "months": list(months), "days": list(days), "now": now}
    typed = _TELL.columns(**{column.name: column.type for column in DaycareMonth.__table__.c})
    query = select(DaycareMonth).from_statement(typed)
    return (await session.scalars(query, given, execution_options={"populate_existing": True})).all()


async def to_recount(session: AsyncSession) -> Sequence[GroupKey]:
    """Groups whose told months may be otherwise by now, in order."""
    key = DaycareRecount.organization_id, DaycareRecount.academic_year, DaycareRecount.group_id
    return [(row[0], row[1], row[2]) for row in await session.execute(select(*key).distinct().order_by(*key))]


async def take_recount(session: AsyncSession, key: GroupKey) -> None:
    """Forget that a group is to be counted anew. What is read after this has in it all that called for it."""
    await session.execute(
        delete(DaycareRecount)
        .where(
            DaycareRecount.organization_id == key[0],
            DaycareRecount.academic_year == key[1],
            DaycareRecount.group_id == key[2],
        )
        .execution_options(synchronize_session=False)
    )


async def told_of(session: AsyncSession, key: GroupKey, months: Sequence[dt.date] | None = None) -> list[dt.date]:
    """Those of a group's months, or of all of them, that others have heard of, in order."""
    query = select(DaycareMonth.month).where(
        DaycareMonth.organization_id == key[0],
        DaycareMonth.academic_year == key[1],
        DaycareMonth.group_id == key[2],
    )
    if months is not None:
        query = query.where(DaycareMonth.month.in_(months))
    return sorted(await session.scalars(query))


async def told(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[DaycareMonth]:
    """Months others were told of, in id order."""
    query = select(DaycareMonth)
    if after is not None:
        query = query.where(DaycareMonth.id > after)
    return (await session.scalars(query.order_by(DaycareMonth.id).limit(limit))).all()


async def history(
    session: AsyncSession, group: Learners, since: dt.date, until: dt.date, after: UUID | None, limit: int
) -> Sequence[RecordChange]:
    """Changes of a group's days within [since, until), in the order they were made, one more than ``limit``."""
    query = select(RecordChange).where(
        RecordChange.organization_id == group.organization_id,
        RecordChange.academic_year == group.academic_year,
        RecordChange.group_id == group.id,
        RecordChange.day >= since,
        RecordChange.day < until,
    )
    if after is not None:
        query = query.where(RecordChange.id > after)
    return (await session.scalars(query.order_by(RecordChange.id).limit(limit + 1))).all()


async def move_days(session: AsyncSession, student_id: UUID, merged_into: UUID | None) -> None:
    """Let days of a card be those of the child it was merged into, or the card's own again."""
    await move(session, ChildDay, student_id, merged_into, ("organization_id", "academic_year", "group_id", "day"))
