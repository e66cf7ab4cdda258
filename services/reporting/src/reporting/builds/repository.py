"""SQL of built forms."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Integer, Row, and_, cast, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.builds.model import report, report_fact
from reporting.engine.cells import Address, Value
from reporting.engine.counting import Count, Source
from reporting.engine.definition import FormDefinition
from reporting.engine.fields import FACT_FIELDS
from reporting.engine.filters import Filter
from servicekit.security import Principal


async def count_cells(session: AsyncSession, form: FormDefinition, source: Source) -> dict[Address, Value]:
    """Every cell that can be counted, one statement a section."""
    cells: dict[Address, Value] = {}
    for section in form.sections:
        count = Count(section, source)
        if not count.is_empty:
            cells.update(count.cells((await session.execute(count.statement)).all()))
    return cells


async def add(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store a report."""
    await session.execute(insert(report).values(values))


async def keep_facts(session: AsyncSession, report_id: UUID, source: Source) -> None:
    """Store what a report was counted over, in the snapshot it was counted in."""
    named = [part for name, column in source.columns.items() for part in (literal(name), column)]
    counted = select(
        literal(report_id), source.placement, source.learner, source.klass, func.jsonb_build_object(*named)
    ).select_from(source.rows)
    columns = ["report_id", "placement_id", "statistical_id", "group_id", "fields"]
    await session.execute(insert(report_fact).from_select(columns, counted))


async def visible(session: AsyncSession, principal: Principal, report_id: UUID) -> Row[Any] | None:
    """A report on or below the principal's unit."""
    founder = select(Organization.founder_id).where(Organization.id == report.c.organization_id).scalar_subquery()
    mine = principal.visible(report.c.organization_id, report.c.municipality, founder)
    return (await session.execute(select(report).where(report.c.id == report_id, mine))).first()


def _field(name: str) -> ColumnElement[Any]:
    text = report_fact.c.fields[name].astext
    kind = FACT_FIELDS[name].kind
    return text if kind is str else cast(text, Boolean if kind is bool else Integer)


_COLUMNS: Mapping[str, ColumnElement[Any]] = {name: _field(name) for name in FACT_FIELDS}


def _passed(report_id: UUID, filters: Sequence[Filter]) -> ColumnElement[bool]:
    return and_(report_fact.c.report_id == report_id, *(one.compile(_COLUMNS) for one in filters))


async def counted_learners(
    session: AsyncSession, report_id: UUID, filters: Sequence[Filter], after: UUID | None, limit: int
) -> Sequence[Any]:
    """Placements a report counted that pass all filters, in order of id, after a key."""
    statement = select(
        report_fact.c.placement_id, report_fact.c.statistical_id, report_fact.c.group_id, report_fact.c.fields
    ).where(_passed(report_id, filters))
    if after is not None:
        statement = statement.where(report_fact.c.placement_id > after)
    return (await session.execute(statement.order_by(report_fact.c.placement_id).limit(limit))).all()


async def counted_classes(
    session: AsyncSession, report_id: UUID, filters: Sequence[Filter], after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Classes of such placements, in order of id, after a key."""
    statement = select(report_fact.c.group_id).distinct().where(_passed(report_id, filters))
    if after is not None:
        statement = statement.where(report_fact.c.group_id > after)
    return (await session.scalars(statement.order_by(report_fact.c.group_id).limit(limit))).all()


async def counted(session: AsyncSession, report_id: UUID, placement_id: UUID) -> Any:
    """Whom and what a placement that a report counted is about."""
    statement = select(report_fact.c.statistical_id, report_fact.c.group_id).where(
        report_fact.c.report_id == report_id, report_fact.c.placement_id == placement_id
    )
    return (await session.execute(statement)).first()
