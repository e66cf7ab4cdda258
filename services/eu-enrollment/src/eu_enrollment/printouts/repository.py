"""SQL of papers: tables of other slices, for reading."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Row, SmallInteger, Text, Uuid, column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Group, Organization

_application = table("application", column("id", Uuid), column("number", Text))
_choice = table(
    "application_choice",
    *(column(name, Uuid) for name in ("application_id", "organization_id")),
    column("rank", SmallInteger),
)
_history = table(
    "application_history",
    column("application_id", Uuid),
    column("version", Integer),
    column("at", DateTime(timezone=True)),
    *(column(name, Text) for name in ("account_id", "reason", "ground", "note")),
)


async def last_step(session: AsyncSession, application_id: UUID) -> Row[Any]:
    """The newest line of an application's history."""
    newest = select(_history).where(_history.c.application_id == application_id).order_by(_history.c.version.desc())
    return (await session.execute(newest.limit(1))).one()


async def numbers(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Numbers of applications."""
    rows = await session.execute(select(_application.c.id, _application.c.number).where(_application.c.id.in_(ids)))
    return {row.id: row.number for row in rows}


async def choices(session: AsyncSession, application_id: UUID) -> Sequence[tuple[int, str]]:
    """Wanted organizations by rank: full names."""
    rows = await session.execute(
        select(_choice.c.rank, Organization.full_name)
        .join(Organization, Organization.id == _choice.c.organization_id)
        .where(_choice.c.application_id == application_id)
        .order_by(_choice.c.rank)
    )
    return [(row.rank, row.full_name) for row in rows]


async def organization_names(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Full names of organizations."""
    rows = await session.execute(select(Organization.id, Organization.full_name).where(Organization.id.in_(ids)))
    return {row.id: row.full_name for row in rows}


async def group_names(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Names of groups."""
    rows = await session.execute(select(Group.id, Group.name).where(Group.id.in_(ids)))
    return {row.id: row.name for row in rows}
