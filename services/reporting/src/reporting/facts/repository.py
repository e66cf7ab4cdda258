"""SQL of facts.

Batches go in by one statement each; what comes twice or late changes nothing. Counts are as of a day and, where asked, as it
was known at an instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, cast, extract, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.bulk import arrays, unnest_insert
from reporting.engine.counting import Source
from reporting.facts.model import application, learner, lesson, placement
from servicekit.security import Principal

_PLACEMENT = tuple(placement.c.keys())


def _end(side: str) -> str:
    """Take an end from the new row when there is none yet or the new one was recorded later."""
    newer = (
        f"placement.{side}_by IS NULL OR (excluded.{side}_recorded_at, excluded.{side}_by)"
        f" > (placement.{side}_recorded_at, placement.{side}_by)"
    )
    columns = [f"{side}_{name}" for name in ("on", "recorded_at", "by", "kind")]
    return ", ".join(f"{name} = CASE WHEN {newer} THEN excluded.{name} ELSE placement.{name} END" for name in columns)


_KEY = "(organization_id, academic_year, id)"
_UPSERT_PLACEMENTS = unnest_insert(placement, _PLACEMENT, f"{_KEY} DO UPDATE SET {_end('opened')}, {_end('closed')}")


def _state(table: Any, key: str) -> tuple[tuple[str, ...], Any]:
    """Columns and statement of a table that keeps the newest state of its subjects."""
    columns = tuple(table.c.keys())
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key.strip("()").split(", "))
    newer = f"{table.name}.sequence < excluded.sequence"
    return columns, unnest_insert(table, columns, f"{key} DO UPDATE SET {changed} WHERE {newer}")


_LEARNER = _state(learner, "(statistical_id)")
_APPLICATION = _state(application, "(id)")
_LESSON = _state(lesson, _KEY)


async def upsert_placements(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> None:
    """Merge placements; rows in the order of the table's columns, one a key."""
    await session.execute(_UPSERT_PLACEMENTS, arrays(_PLACEMENT, rows))


async def upsert_learners(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> None:
    """Keep the newest statistics of each learner."""
    await _upsert(session, _LEARNER, rows)


async def upsert_applications(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> None:
    """Keep the newest status of each application."""
    await _upsert(session, _APPLICATION, rows)


async def upsert_lessons(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> None:
    """Keep the newest counts of each lesson."""
    await _upsert(session, _LESSON, rows)


async def _upsert(session: AsyncSession, target: tuple[tuple[str, ...], Any], rows: Sequence[Sequence[Any]]) -> None:
    columns, statement = target
    await session.execute(statement, arrays(columns, rows))


@dataclass(frozen=True)
class LessonTotals:
    """Totals over lessons."""

    lessons: int
    marks: int
    absences: int


def in_force(day: date, known_at: datetime | None = None) -> ColumnElement[bool]:
    """Placements that count on ``day``: from the day they opened until the day before they closed.

    With ``known_at`` only movements recorded up to that instant are believed.
    """
    opened = placement.c.opened_on <= day
    still_open = or_(placement.c.closed_on.is_(None), placement.c.closed_on > day)
    if known_at is not None:
        opened = and_(opened, placement.c.opened_recorded_at <= known_at)
        still_open = or_(still_open, placement.c.closed_recorded_at > known_at)
    return and_(opened, still_open)


async def contingent(session: AsyncSession, organizations: Sequence[UUID], day: date) -> dict[UUID, int]:
    """Learners on main placements by organization."""
    statement = (
        select(placement.c.organization_id, func.count())
        .where(placement.c.organization_id.in_(organizations), placement.c.main, in_force(day))
        .group_by(placement.c.organization_id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


def source(
    organization_id: UUID | None, municipality: str, day: date, age_day: date, known_at: datetime | None
) -> Source:
    """Main placements on ``day`` with what a form may filter by; ages are full years on ``age_day``."""
    age = cast(extract("year", func.age(age_day, learner.c.birth_date)), Integer)
    in_unit = (
        placement.c.organization_id == organization_id if organization_id else Organization.municipality == municipality
    )
    join = placement.outerjoin(learner, learner.c.statistical_id == placement.c.statistical_id).outerjoin(
        Organization, Organization.id == placement.c.organization_id
    )
    facts = (
        select(
            placement.c.group_id,
            placement.c.grade,
            placement.c.main,
            age.label("age"),
            learner.c.sex,
            learner.c.citizenship,
            Organization.locality,
            Organization.kind.label("organization_kind"),
        )
        .select_from(join)
        .where(in_unit, placement.c.main, in_force(day, known_at))
        .cte("facts")
        .prefix_with("MATERIALIZED")  # so that an age is worked out once a learner, not once a cell
    )
    names = ("grade", "main", "age", "sex", "citizenship", "locality", "organization_kind")
    return Source(facts, {name: facts.c[name] for name in names}, facts.c.group_id)


async def application_counts(session: AsyncSession, principal: Principal, campaign_id: UUID) -> dict[str, int]:
    """Applications of a campaign by status, as far as the principal sees."""
    statement = (
        select(application.c.status, func.count())
        .where(
            application.c.campaign_id == campaign_id,
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
