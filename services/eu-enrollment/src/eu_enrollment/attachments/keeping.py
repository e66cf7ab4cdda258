"""Jobs of the store: files that were removed are gone, and so are those that no row stands for.

A file goes before its row: a job that is cut short, or a store that is away, is made good at the next turn.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from eu_enrollment.applications import service as applications
from eu_enrollment.attachments import repository
from eu_enrollment.attachments.service import FOLDER
from eu_enrollment.drafts import service as drafts
from servicekit import storing
from servicekit.runtime import Runtime

_BATCH = 50
_ORPHANED_AFTER = timedelta(days=2)
"""A file is there before its row; no request takes that long."""


async def forget_drafts(runtime: Runtime) -> None:
    """Forget drafts some time after their campaigns closed, with the files of those that were never sent."""
    forgotten = True
    while forgotten:
        async with runtime.uow() as uow:
            ids = await drafts.forget_closed(uow, runtime)
            sent = await applications.entered(uow, ids)
            await repository.remove_of(uow.session, [one for one in ids if one not in sent], uow.now)
            forgotten = bool(ids)


async def erase(runtime: Runtime) -> None:
    """Erase files that were removed."""
    store, erased = storing.store_of(runtime.settings), _BATCH
    while erased == _BATCH:
        async with runtime.uow() as uow:
            ids = await repository.removed(uow.session, _BATCH)
            for id_ in ids:
                await storing.remove(store, f"{FOLDER}/{id_}")
            await repository.forget(uow.session, ids)
            erased = len(ids)


async def sweep(runtime: Runtime) -> None:
    """Erase files whose upload never ended."""

    async def known(ids: Collection[UUID]) -> Collection[UUID]:
        async with runtime.uow() as uow:
            return await repository.known(uow.session, ids)

    await storing.sweep(storing.store_of(runtime.settings), FOLDER, runtime.clock.now() - _ORPHANED_AFTER, known)
