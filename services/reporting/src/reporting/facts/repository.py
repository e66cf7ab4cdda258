"""SQL of facts. Counts are as of a day and, where asked, as it was known at an instant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.days import academic_year
from reporting.facts.model import application, lesson, placement, study_form, study_group, told
from reporting.facts.sources import as_of, believed
from reporting.facts.versions import AT_LAST, NEVER
from servicekit.security import Principal


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
    ).where(
        lesson.c.organization_id == organization_id,
        lesson.c.academic_year.between(academic_year(since), academic_year(until)),
        believed(lesson),
        lesson.c.valid_from.between(since, until),
    )
    row = (await session.execute(statement)).one()
    return LessonTotals(*map(int, row))


async def group_names(session: AsyncSession, groups: Collection[UUID], day: date) -> dict[UUID, str]:
    """Names of classes and groups on a day."""
    statement = select(study_group.c.id, study_group.c.name).where(
        study_group.c.id.in_(groups), as_of(study_group, day)
    )
    return {row.id: row.name for row in await session.execute(statement)}


async def told_of(session: AsyncSession, subjects: Collection[tuple[str, UUID]]) -> list[UUID]:
    """Ids of the events told of subjects, each given with its table."""
    named = or_(*(and_(told.c.fact == fact, told.c.subject == subject) for fact, subject in subjects))
    return list(await session.scalars(select(func.unnest(told.c.event_ids)).where(named)))


async def study_forms(session: AsyncSession, organization_id: UUID, learners: Collection[UUID]) -> list[UUID]:
    """Forms of study that learners have, or had, in an organization."""
    found = study_form.c
    statement = (
        select(found.id).distinct().where(found.statistical_id.in_(learners), found.organization_id == organization_id)
    )
    return list(await session.scalars(statement))
