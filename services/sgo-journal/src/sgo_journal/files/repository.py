"""All SQL of files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.files.model import AttachedFile, Upload


async def uploads_of(session: AsyncSession, account_id: str) -> int:
    """How many uploads an account has attached to nothing yet."""
    return await session.scalar(select(func.count()).where(Upload.account_id == account_id)) or 0


async def take(session: AsyncSession, ids: Collection[UUID], account_id: str) -> Sequence[Upload]:
    """An account's uploads, which are no uploads any more."""
    statement = delete(Upload).where(Upload.id.in_(ids), Upload.account_id == account_id).returning(Upload)
    return (await session.scalars(statement.execution_options(synchronize_session=False))).all()


async def of(
    session: AsyncSession, organization_id: UUID, academic_year: int, owner_ids: Collection[UUID]
) -> Sequence[AttachedFile]:
    """Files of owners, oldest first."""
    query = select(AttachedFile).where(
        AttachedFile.organization_id == organization_id,
        AttachedFile.academic_year == academic_year,
        AttachedFile.owner_id.in_(owner_ids),
    )
    return (await session.scalars(query.order_by(AttachedFile.id))).all()


async def one(session: AsyncSession, file_id: UUID) -> AttachedFile | None:
    """A file, whatever it belongs to."""
    return await session.scalar(select(AttachedFile).where(AttachedFile.id == file_id))


async def detach(session: AsyncSession, organization_id: UUID, academic_year: int, owner_id: UUID) -> None:
    """Let no row stand for the files of an owner."""
    gone = delete(AttachedFile).where(
        AttachedFile.organization_id == organization_id,
        AttachedFile.academic_year == academic_year,
        AttachedFile.owner_id == owner_id,
    )
    await session.execute(gone.execution_options(synchronize_session=False))


async def forgotten(session: AsyncSession, before: datetime, limit: int) -> Sequence[UUID]:
    """Uploads of before, locked."""
    query = select(Upload.id).where(Upload.uploaded_at < before).order_by(Upload.uploaded_at).limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def forget(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Forget uploads."""
    await session.execute(delete(Upload).where(Upload.id.in_(ids)).execution_options(synchronize_session=False))


async def known(session: AsyncSession, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the ids that a row stands for."""
    found: set[Any] = set()
    for table in (Upload, AttachedFile):
        found |= set(await session.scalars(select(table.id).where(table.id.in_(ids))))
    return frozenset(found)
