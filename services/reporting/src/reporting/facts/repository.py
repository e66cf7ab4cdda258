"""SQL of facts. Counts are as of a day and, where asked, as it was known at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.journal import LessonRecorded
from reporting.bulk import arrays, unnest_insert
from reporting.facts.model import application, lesson, placement, told
from reporting.facts.sources import as_of
from reporting.facts.versions import AT_LAST, NEVER
from reporting.ingest.told import Told
from servicekit.security import Principal

_LESSON = tuple(lesson.c.keys())
_CHANGED = ", ".join(f"{name} = excluded.{name}" for name in _LESSON if name not in lesson.primary_key.columns)
_NEWER = f"(organization_id, academic_year, id) DO UPDATE SET {_CHANGED} WHERE lesson.sequence < excluded.sequence"


async def upsert_lessons(session: AsyncSession, told: Sequence[Told[LessonRecorded]], schema: str) -> None:
    """Keep the newest counts of each lesson."""
    rows = [
        (
            one.event.organization_id,
            one.event.academic_year,
            one.event.lesson_id,
            one.event.group_id,
            one.event.date,
            one.event.subject_name,
            one.event.learners,
            one.event.absent,
            one.event.marks,
            one.sequence,
        )
        for one in told
    ]
    await session.execute(unnest_insert(lesson, _LESSON, _NEWER, schema), arrays(_LESSON, rows))


@dataclass(frozen=True)
class LessonTotals:
    """Totals over lessons."""

    lessons: int
    marks: int
    absences: int


async def contingent(session: AsyncSession, organizations: Sequence[UUID], day: date) -> dict[UUID, int]:
    """Learners on main placements by organization."""
    statement = (
        select(placement.c.organization_id, func.count())
        .where(placement.c.organization_id.in_(organizations), placement.c.main, as_of(placement, day))
        .group_by(placement.c.organization_id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def application_counts(session: AsyncSession, principal: Principal, campaign_id: UUID) -> dict[str, int]:
    """Applications of a campaign by status, as far as the principal sees."""
    statement = (
        select(application.c.status, func.count())
        .where(
            application.c.campaign_id == campaign_id,
            application.c.known_to == AT_LAST,
            application.c.valid_to == NEVER,
            principal.visible(application.c.organization_id, application.c.municipality, None),
        )
        .group_by(application.c.status)
        .order_by(application.c.status)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def lesson_totals(session: AsyncSession, organization_id: UUID, since: date, until: date) -> LessonTotals:
    """Totals over an organization's lessons, both days included."""
    statement = select(
        func.count(),
        func.coalesce(func.sum(lesson.c.marks), 0),
        func.coalesce(func.sum(lesson.c.absent), 0),
    ).where(lesson.c.organization_id == organization_id, lesson.c.date.between(since, until))
    row = (await session.execute(statement)).one()
    return LessonTotals(*map(int, row))


async def told_of(session: AsyncSession, subjects: Mapping[str, UUID]) -> list[UUID]:
    """Ids of the events told of subjects, given by table."""
    named = or_(*(and_(told.c.fact == fact, told.c.subject == subject) for fact, subject in subjects.items()))
    return list(await session.scalars(select(func.unnest(told.c.event_ids)).where(named)))
