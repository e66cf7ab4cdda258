"""All SQL of the assessments."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from sgo_journal import versions
from sgo_journal.assessments.model import Assessment, AssessmentLimits
from sgo_journal.dates import academic_year
from sgo_journal.lessons.places import Place
from sgo_journal.lessons.service import Lesson
from sgo_journal.rosters.service import Stay

_AT_LESSON = and_(
    Lesson.organization_id == Assessment.organization_id,
    Lesson.academic_year == Assessment.academic_year,
    Lesson.id == Assessment.lesson_id,
)
_PLACE = (Lesson.date, Lesson.number, Assessment.id)


async def one(session: AsyncSession, assessment_id: UUID) -> tuple[Assessment, Lesson] | None:
    """An assessment and its lesson."""
    query = select(Assessment, Lesson).join(Lesson, _AT_LESSON).where(Assessment.id == assessment_id)
    row = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    return None if row is None else (row[0], row[1])


async def of_lesson(session: AsyncSession, lesson: Lesson) -> Assessment | None:
    """The assessment planned at a lesson."""
    query = select(Assessment).where(
        Assessment.organization_id == lesson.organization_id,
        Assessment.academic_year == lesson.academic_year,
        Assessment.lesson_id == lesson.id,
    )
    return await session.scalar(query)


async def within(
    session: AsyncSession,
    organization_id: UUID,
    since: dt.date,
    until: dt.date,
    *,
    learners: Collection[UUID] | None = None,
    published: bool = False,
    after: Place | None = None,
    limit: int | None = None,
) -> list[tuple[Assessment, Lesson]]:
    """Assessments whose lessons lie in [since, until), by place; with a ``limit``, one more than it.

    ``published``: those that families see alone, at lessons that are to be held.
    """
    query = (
        select(Assessment, Lesson)
        .options(defer(Lesson.homework))
        .join(Lesson, _AT_LESSON)
        .where(Assessment.organization_id == organization_id, Lesson.date >= since, Lesson.date < until)
        .where(Assessment.academic_year.in_({academic_year(since), academic_year(until)}))
        .order_by(*_PLACE)
    )
    if published:
        query = query.where(Assessment.published_at.is_not(None), Lesson.state == "planned")
    if learners is not None:
        query = query.where(Lesson.learners_id.in_(learners))
    if after is not None:
        query = query.where(tuple_(*_PLACE) > tuple_(*after))
    if limit is not None:
        query = query.limit(limit + 1)
    found = await session.execute(query.execution_options(populate_existing=True))
    return [(row[0], row[1]) for row in found]


async def published_for(
    session: AsyncSession, stays: Sequence[Stay], since: dt.date, until: dt.date
) -> list[tuple[Assessment, Lesson]]:
    """Published assessments of [since, until) at lessons that are to be held of the groups where the student is then."""
    there: list[ColumnElement[bool]] = [
        and_(
            Assessment.organization_id == stay.organization_id,
            Assessment.academic_year == stay.academic_year,
            Lesson.learners_id == stay.group_id,
            Lesson.date >= max(stay.since, since),
            Lesson.date < min(stay.until or until, until),
        )
        for stay in stays
    ]
    if not there:
        return []
    query = (
        select(Assessment, Lesson)
        .options(defer(Lesson.homework))
        .join(Lesson, _AT_LESSON)
        .where(or_(*there), Assessment.published_at.is_not(None), Lesson.state == "planned")
        .order_by(*_PLACE)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def change(session: AsyncSession, assessment: Assessment, version: int, values: Mapping[str, Any]) -> bool:
    """Change an assessment if its version is still that; false if it is another."""
    return await versions.change(session, assessment, version, values)


async def remove(session: AsyncSession, assessment: Assessment, version: int) -> bool:
    """Take an assessment away if its version is still that; false if it is another, or gone."""
    gone = delete(Assessment).where(
        Assessment.organization_id == assessment.organization_id,
        Assessment.academic_year == assessment.academic_year,
        Assessment.id == assessment.id,
        Assessment.version == version,
    )
    returned = gone.returning(Assessment.id).execution_options(synchronize_session=False)
    return await session.scalar(returned) is not None


async def publish(session: AsyncSession, organization_id: UUID, since: dt.date, until: dt.date, at: dt.datetime) -> int:
    """Publish what is not yet published of the days; how many that were."""
    inside = select(Lesson.id).where(_AT_LESSON, Lesson.date >= since, Lesson.date < until)
    published = await session.scalars(
        update(Assessment)
        .where(Assessment.organization_id == organization_id, Assessment.published_at.is_(None), inside.exists())
        .values(published_at=at, version=Assessment.version + 1)
        .returning(Assessment.id)
        .execution_options(synchronize_session=False)
    )
    return len(published.all())


async def limits(session: AsyncSession, organization_id: UUID) -> AssessmentLimits | None:
    """What an organization has decided of its limits."""
    query = select(AssessmentLimits).where(AssessmentLimits.organization_id == organization_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def set_limits(session: AsyncSession, organization_id: UUID, version: int, values: Mapping[str, Any]) -> bool:
    """Decide on the limits if their version is still that (0: nobody has decided); false if it is another."""
    statement = insert(AssessmentLimits).values(organization_id=organization_id, version=version + 1, **values)
    if version:
        changed = await session.scalar(
            update(AssessmentLimits)
            .where(AssessmentLimits.organization_id == organization_id, AssessmentLimits.version == version)
            .values(version=version + 1, **values)
            .returning(AssessmentLimits.version)
        )
    else:
        changed = await session.scalar(statement.on_conflict_do_nothing().returning(AssessmentLimits.version))
    return changed is not None
