"""SQL of the constructor: counting within limits, saved and published reports."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, true, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.constructor.errors import TooLongError
from reporting.constructor.model import published_report, saved_report, saved_report_version
from servicekit.faults import sqlstate
from servicekit.security import Principal

_CANCELLED = "57014"


@asynccontextmanager
async def _reading(session: AsyncSession, milliseconds: int) -> AsyncIterator[None]:
    """A piece of the transaction that writes nothing and has a time of its own; raises ``TooLongError`` when that is over."""
    piece = await session.begin_nested()
    try:
        limit = func.set_config("statement_timeout", f"{milliseconds}ms", True)
        await session.execute(select(func.set_config("transaction_read_only", "on", True), limit))
        yield
    except DBAPIError as error:
        if sqlstate(error) == _CANCELLED:
            raise TooLongError from None
        raise
    finally:
        await piece.rollback()  # takes the limits back too


async def groups(
    session: AsyncSession, statement: Select[Any], parameters: dict[str, Any], milliseconds: int
) -> Sequence[Row[Any]]:
    """What a statement gives within a time; raises ``TooLongError``."""
    async with _reading(session, milliseconds):
        found: Sequence[Row[Any]] = (await session.execute(statement, parameters)).all()
    return found


async def organization_names(session: AsyncSession, principal: Principal, ids: Collection[UUID]) -> dict[str, str]:
    """Short names of organizations that the principal sees, by id."""
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    found = await session.execute(
        select(Organization.id, Organization.short_name).where(Organization.id.in_(ids), mine)
    )
    return {str(row.id): row.short_name for row in found}


def _of_unit(principal: Principal) -> ColumnElement[bool]:
    """Saved by somebody who stands where the principal does."""
    unit = principal.unit
    return and_(
        saved_report.c.unit_kind == unit.kind.value,
        saved_report.c.organization_id.is_not_distinct_from(unit.organization_id),
        saved_report.c.municipality.is_not_distinct_from(unit.municipality),
        saved_report.c.founder_id.is_not_distinct_from(unit.founder_id),
    )


def _visible(principal: Principal) -> ColumnElement[bool]:
    """One's own, and what colleagues share; both in the unit alone where they were saved."""
    mine = or_(saved_report.c.account_id == principal.account_id, saved_report_version.c.shared)
    return and_(_of_unit(principal), mine, saved_report.c.deleted_at.is_(None))


_STANDING = and_(
    saved_report_version.c.saved_report_id == saved_report.c.id,
    saved_report_version.c.version == saved_report.c.version,
)
_PUBLISHED = and_(published_report.c.saved_report_id == saved_report.c.id, published_report.c.withdrawn_at.is_(None))
_PUBLISHED_VERSION = and_(
    saved_report_version.c.saved_report_id == published_report.c.saved_report_id,
    saved_report_version.c.version == published_report.c.version,
)
_SAVED = (
    select(
        saved_report.c.id,
        saved_report.c.account_id,
        saved_report.c.version,
        saved_report_version.c.title,
        saved_report_version.c.shared,
        saved_report_version.c.query,
        saved_report_version.c.saved_at,
        published_report.c.id.label("publication_id"),
        published_report.c.published_at,
        published_report.c.version.label("published_version"),
    )
    .join(saved_report_version, _STANDING)
    .outerjoin(published_report, _PUBLISHED)
)


async def add_saved(session: AsyncSession, values: dict[str, Any], version: dict[str, Any]) -> None:
    """Store a report with its first version."""
    await session.execute(insert(saved_report).values(values))
    await session.execute(insert(saved_report_version).values(version))


async def find_saved(session: AsyncSession, principal: Principal, saved_id: UUID, *, hold: bool = False) -> Any:
    """A saved report the principal sees, held until the transaction ends if asked."""
    statement = _SAVED.where(saved_report.c.id == saved_id, _visible(principal))
    return (await session.execute(statement.with_for_update(of=saved_report) if hold else statement)).first()


async def list_saved(session: AsyncSession, principal: Principal, after: UUID | None, limit: int) -> Sequence[Any]:
    """Saved reports the principal sees, in order of id, after a key."""
    later = saved_report.c.id > after if after is not None else true()
    return (
        await session.execute(_SAVED.where(_visible(principal), later).order_by(saved_report.c.id).limit(limit))
    ).all()


async def change_saved(session: AsyncSession, saved_id: UUID, version: dict[str, Any]) -> None:
    """Store the next version of a report that is held."""
    await session.execute(insert(saved_report_version).values(version))
    await session.execute(update(saved_report).where(saved_report.c.id == saved_id).values(version=version["version"]))


async def delete_saved(session: AsyncSession, saved_id: UUID, at: datetime) -> None:
    """Nobody sees the report from now on."""
    await session.execute(update(saved_report).where(saved_report.c.id == saved_id).values(deleted_at=at))


async def publish(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Store a publication; false when the report has one."""
    statement = postgresql.insert(published_report).values(values).on_conflict_do_nothing()
    return (await session.scalar(statement.returning(published_report.c.id))) is not None


async def withdraw(session: AsyncSession, saved_id: UUID, at: datetime) -> Any:
    """End a report's publication, and what it was: title and answer; nothing when it has none."""
    statement = (
        update(published_report)
        .where(published_report.c.saved_report_id == saved_id, published_report.c.withdrawn_at.is_(None))
        .where(_PUBLISHED_VERSION)
        .values(withdrawn_at=at)
    )
    return (await session.execute(statement.returning(published_report.c.answer, saved_report_version.c.title))).first()


async def find_published(session: AsyncSession, publication_id: UUID) -> Any:
    """A publication that was not withdrawn, with the title it was published under."""
    statement = (
        select(published_report, saved_report_version.c.title)
        .join(saved_report_version, _PUBLISHED_VERSION)
        .where(published_report.c.id == publication_id, published_report.c.withdrawn_at.is_(None))
    )
    return (await session.execute(statement)).first()
