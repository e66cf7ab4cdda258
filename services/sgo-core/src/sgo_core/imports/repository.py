"""SQL of imports: parts and their reports, remembered columns, runs."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.tables import run
from sgo_core.imports.model import ColumnMatch, ImportPart


async def parts_done(session: AsyncSession, run_id: UUID) -> set[int]:
    """Numbers of the parts carried out already."""
    return set(await session.scalars(select(ImportPart.number).where(ImportPart.run_id == run_id)))


async def store_part(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Report a part; one reported by an earlier try of the run stays."""
    await session.execute(insert(ImportPart).values(**row).on_conflict_do_nothing())


async def counts(session: AsyncSession, run_id: UUID) -> dict[str, int]:
    """Rows of a run by what became of them."""
    query = select(
        func.coalesce(func.sum(func.cardinality(ImportPart.created)), 0).label("created"),
        func.coalesce(func.sum(func.cardinality(ImportPart.changed)), 0).label("changed"),
        func.coalesce(func.sum(func.cardinality(ImportPart.unchanged)), 0).label("unchanged"),
        func.coalesce(func.sum(func.jsonb_array_length(ImportPart.refused)), 0).label("refused"),
    ).where(ImportPart.run_id == run_id)
    return dict((await session.execute(query)).mappings().one())


async def parts(session: AsyncSession, run_id: UUID) -> Sequence[ImportPart]:
    """Parts of a run in order: few, for a table has an end."""
    query = select(ImportPart).where(ImportPart.run_id == run_id)
    return (await session.scalars(query.order_by(ImportPart.number))).all()


async def own_run(session: AsyncSession, run_id: UUID, account_id: str, kind: str) -> Mapping[str, Any] | None:
    """Parameters of an account's own run of a kind."""
    query = select(run.c.params).where(run.c.id == run_id, run.c.created_by == account_id, run.c.kind == kind)
    params: Mapping[str, Any] | None = await session.scalar(query)
    return params


async def matches(session: AsyncSession, owner: str, kind: str) -> dict[str, str]:
    """Columns an organization or a body has matched for a kind."""
    found = await session.get(ColumnMatch, (owner, kind))
    return {} if found is None else found.matches


async def remember_matches(session: AsyncSession, owner: str, kind: str, found: Mapping[str, str]) -> None:
    """Keep the matched columns for the next time."""
    values = {"owner": owner, "kind": kind, "matches": dict(found)}
    statement = insert(ColumnMatch).values(**values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["owner", "kind"], set_={"matches": statement.excluded.matches})
    )
