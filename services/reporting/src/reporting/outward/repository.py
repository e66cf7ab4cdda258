"""SQL of outward exchanges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.outward.model import outward_exchange
from servicekit.security import Principal


@dataclass(frozen=True)
class Wanted:
    """Which exchanges: each given word narrows. ``since`` is included, ``until`` is not."""

    kind: str | None = None
    format: str | None = None
    service: str | None = None
    organization_id: UUID | None = None
    report_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def _visible(principal: Principal) -> ColumnElement[bool]:
    """On or below the principal's unit, by where the organization stands today; what is of the region only the region sees."""
    of = Organization.id == outward_exchange.c.organization_id
    founded_by = select(Organization.founder_id).where(of).scalar_subquery()
    founder = func.coalesce(outward_exchange.c.founder_id, founded_by)
    stands_in = select(Organization.municipality).where(of).scalar_subquery()
    municipality = func.coalesce(outward_exchange.c.municipality, stands_in)
    return principal.visible(outward_exchange.c.organization_id, municipality, founder)


async def add(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store exchanges; one that is there stays as it is."""
    if rows:
        await session.execute(postgresql.insert(outward_exchange).on_conflict_do_nothing(), list(rows))


async def find(session: AsyncSession, principal: Principal, exchange_id: UUID) -> Any:
    """An exchange in the principal's view."""
    statement = select(outward_exchange).where(outward_exchange.c.id == exchange_id, _visible(principal))
    return (await session.execute(statement)).first()


async def page(
    session: AsyncSession, principal: Principal, wanted: Wanted, after: UUID | None, limit: int
) -> Sequence[Any]:
    """Exchanges in the principal's view, newest first, after a key."""
    table = outward_exchange.c
    statement = select(outward_exchange).where(_visible(principal))
    for name in ("kind", "format", "service", "organization_id", "report_id"):
        if (value := getattr(wanted, name)) is not None:
            statement = statement.where(table[name] == value)
    if wanted.since is not None:
        statement = statement.where(table.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(table.at < wanted.until)
    if after is not None:
        statement = statement.where(table.id < after)
    return (await session.execute(statement.order_by(table.id.desc()).limit(limit))).all()
