"""SQL of facts. Batches go in by one statement each; what comes twice or late changes nothing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bulk import arrays, unnest_insert
from reporting.facts.model import application, learner, lesson, placement

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
