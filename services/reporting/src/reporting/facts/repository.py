"""SQL of facts. Counts are as of a day and, where asked, as it was known at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Table, and_, cast, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.journal import LessonRecorded
from reporting.bulk import arrays, unnest_insert
from reporting.engine.counting import Source
from reporting.engine.fields import FACT_FIELDS
from reporting.facts.model import application, learner, lesson, organization, placement, study_group
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


def as_of(facts: Table, day: date, known_at: datetime | None = None) -> ColumnElement[bool]:
    """What of a table of versions holds on a day, as far as it is known now or was known at an instant."""
    known = facts.c.known_to == AT_LAST
    if known_at is not None:
        known = and_(facts.c.known_from <= known_at, facts.c.known_to > known_at)
    return and_(known, facts.c.valid_from <= day, facts.c.valid_to > day)


async def contingent(session: AsyncSession, organizations: Sequence[UUID], day: date) -> dict[UUID, int]:
    """Learners on main placements by organization."""
    statement = (
        select(placement.c.organization_id, func.count())
        .where(placement.c.organization_id.in_(organizations), placement.c.main, as_of(placement, day))
        .group_by(placement.c.organization_id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


def source(
    organization_id: UUID | None, municipality: str, day: date, age_day: date, known_at: datetime | None
) -> Source:
    """Main placements on ``day`` with what a form may filter by; ages are full years on ``age_day``."""
    age = cast(extract("year", func.age(age_day, learner.c.birth_date)), Integer)
    in_unit = (
        placement.c.organization_id == organization_id
        if organization_id
        else organization.c.municipality == municipality
    )
    joined = (
        placement.outerjoin(
            learner,
            and_(learner.c.statistical_id == placement.c.statistical_id, as_of(learner, day, known_at)),
        )
        .outerjoin(
            organization,
            and_(organization.c.id == placement.c.organization_id, as_of(organization, day, known_at)),
        )
        .outerjoin(
            study_group,
            and_(
                study_group.c.organization_id == placement.c.organization_id,
                study_group.c.academic_year == placement.c.academic_year,
                study_group.c.id == placement.c.group_id,
                as_of(study_group, day, known_at),
            ),
        )
    )
    facts = (
        select(
            placement.c.group_id,
            placement.c.grade,
            placement.c.main,
            age.label("age"),
            learner.c.sex,
            learner.c.citizenship,
            organization.c.locality,
            organization.c.kind.label("organization_kind"),
            study_group.c.class_type,
        )
        .select_from(joined)
        .where(in_unit, placement.c.main, as_of(placement, day, known_at))
        .cte("facts")
        .prefix_with("MATERIALIZED")  # so that an age is worked out once a learner, not once a cell
    )
    return Source(facts, {name: facts.c[name] for name in FACT_FIELDS}, facts.c.group_id)


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
