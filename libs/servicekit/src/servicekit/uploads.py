"""Uploads that nobody attached are forgotten, files that no row stands for are gone: one sweep for every service that keeps files."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import storing
from servicekit.runtime import Runtime

_BATCH = 50
_BATCHES = 40
"""How many of them a turn forgets; the next one goes on."""
_FORGOTTEN_AFTER = timedelta(days=1)
_ORPHANED_AFTER = timedelta(days=2)
"""A file is there before its row; no request takes that long."""


class Rows(Protocol):
    """What a slice's repository knows of its uploads."""

    async def forgotten(self, session: AsyncSession, before: datetime, limit: int) -> Sequence[UUID]:
        """Uploads of before that nobody attached, locked."""

    async def forget(self, session: AsyncSession, ids: Collection[UUID], /) -> None:
        """Forget uploads."""

    async def known(self, session: AsyncSession, ids: Collection[UUID]) -> Collection[UUID]:
        """Those of the ids that a row stands for."""


async def sweep(runtime: Runtime, folder: str, rows: Rows) -> None:
    """Forget uploads that nobody attached, and files of the folder that no row stands for; they are named by ids.

    A turn does a part of it at most, and the next one goes on. A file goes before its row: a job that is cut short is made good.
    Raises ``StoreAwayError``.
    """
    store = storing.store_of(runtime.settings)
    for _ in range(_BATCHES):
        async with runtime.uow() as uow:
            ids = await rows.forgotten(uow.session, uow.now - _FORGOTTEN_AFTER, _BATCH)
            for upload_id in ids:
                await storing.remove(store, f"{folder}/{upload_id}")
            await rows.forget(uow.session, ids)
        if len(ids) < _BATCH:
            break

    async def known(ids: Collection[UUID]) -> Collection[UUID]:
        async with runtime.uow() as uow:
            return await rows.known(uow.session, ids)

    await storing.sweep(store, folder, runtime.clock.now() - _ORPHANED_AFTER, known)
