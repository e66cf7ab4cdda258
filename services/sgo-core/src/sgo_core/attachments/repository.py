"""SQL of uploads and scans."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import any_, column, delete, exists, func, or_, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.attachments.model import Attachment, Upload

_erasure = table("erasure", *(column(name) for name in ("subject_id", "erased", "done_at")))
_hold = table("legal_hold", *(column(name) for name in ("subject_id", "lifted_on")))
_FIELD_ERASED = exists().where(
    _erasure.c.subject_id == Attachment.subject_id,
    _erasure.c.done_at >= Attachment.attached_at,
    Attachment.field == any_(_erasure.c.erased),
)


async def take_upload(session: AsyncSession, upload_id: UUID, account_id: str) -> Upload | None:
    """An account's upload, which is no upload any more."""
    statement = delete(Upload).where(Upload.id == upload_id, Upload.account_id == account_id).returning(Upload)
    return (await session.scalars(statement.execution_options(synchronize_session=False))).one_or_none()


async def uploads_of(session: AsyncSession, account_id: str) -> int:
    """How many uploads an account has attached to nothing yet."""
    return await session.scalar(select(func.count()).where(Upload.account_id == account_id)) or 0


async def lock_card(session: AsyncSession, subject_id: UUID) -> None:
    """Let one at a time attach to a card: the scans are counted."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('attachment' || :id))"), {"id": str(subject_id)})


async def count(session: AsyncSession, subject_id: UUID) -> int:
    """Scans of a card that were not removed."""
    query = select(func.count()).where(Attachment.subject_id == subject_id, Attachment.removed_at.is_(None))
    return await session.scalar(query) or 0


async def get(session: AsyncSession, attachment_id: UUID, *, lock: bool = False) -> Attachment | None:
    """A scan, locked if asked."""
    return await session.get(Attachment, attachment_id, with_for_update=lock or None, populate_existing=True)


async def page(
    session: AsyncSession, kind: str, subject_id: UUID, closed: Collection[str], limit: int, after: UUID | None
) -> Sequence[Attachment]:
    """One page of a card's scans but for those of closed fields, and one more."""
    query = select(Attachment).where(
        Attachment.subject_kind == kind,
        Attachment.subject_id == subject_id,
        or_(Attachment.field.is_(None), Attachment.field.not_in(list(closed))),
    )
    if after is not None:
        query = query.where(Attachment.id > after)
    return (await session.scalars(query.order_by(Attachment.id).limit(limit + 1))).all()


async def pending(session: AsyncSession, limit: int) -> Sequence[Attachment]:
    """Scans whose files lie where they were uploaded to, locked."""
    query = select(Attachment).where(Attachment.stored_at.is_(None), Attachment.erased_at.is_(None))
    return await _some(session, query, limit)


async def erasable(session: AsyncSession, removed_before: datetime, limit: int) -> Sequence[Attachment]:
    """Scans to be erased: long removed, or of a field that was erased; but nothing that a hold keeps. Locked."""
    held = exists().where(_hold.c.subject_id == Attachment.subject_id, _hold.c.lifted_on.is_(None))
    query = select(Attachment).where(
        Attachment.erased_at.is_(None), or_(Attachment.removed_at <= removed_before, _FIELD_ERASED), ~held
    )
    return await _some(session, query, limit)


async def _some(session: AsyncSession, query: Any, limit: int) -> Sequence[Attachment]:
    query = query.order_by(Attachment.id).limit(limit).with_for_update(skip_locked=True)
    found: Sequence[Attachment] = (await session.scalars(query)).all()
    return found


async def forgotten(session: AsyncSession, before: datetime, limit: int) -> Sequence[UUID]:
    """Uploads that nobody attached in time, locked."""
    query = select(Upload.id).where(Upload.uploaded_at < before).order_by(Upload.id).limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def forget(session: AsyncSession, upload_ids: Collection[UUID]) -> None:
    """Forget uploads."""
    await session.execute(delete(Upload).where(Upload.id.in_(upload_ids)))


async def known(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are an upload's, or a scan's whose file lies where it was uploaded to."""
    uploads, attachments = (
        select(Upload.id).where(Upload.id.in_(ids)),
        select(Attachment.id).where(Attachment.id.in_(ids), Attachment.stored_at.is_(None)),
    )
    return set(await session.scalars(uploads.union_all(attachments)))
