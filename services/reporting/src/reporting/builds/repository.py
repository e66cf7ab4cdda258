"""SQL of built forms."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.builds.model import report
from reporting.engine.cells import Address, Value
from reporting.engine.counting import Source, compile_section
from reporting.engine.definition import FormDefinition
from servicekit.security import Principal


async def count_cells(session: AsyncSession, form: FormDefinition, source: Source) -> dict[Address, Value]:
    """Every cell that can be counted, one statement a section."""
    cells: dict[Address, Value] = {}
    for section in form.sections:
        count = compile_section(section, source)
        if count is not None:
            row = (await session.execute(count.statement)).one()
            cells.update(count.cells(tuple(row)))
    return cells


async def add(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store a report."""
    await session.execute(insert(report).values(values))


async def visible(session: AsyncSession, principal: Principal, report_id: UUID) -> Row[Any] | None:
    """A report on or below the principal's unit."""
    founder = select(Organization.founder_id).where(Organization.id == report.c.organization_id).scalar_subquery()
    mine = principal.visible(report.c.organization_id, report.c.municipality, founder)
    return (await session.execute(select(report).where(report.c.id == report_id, mine))).first()
