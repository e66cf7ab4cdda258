"""Jobs of the store: uploads that nobody attached are forgotten, files that no row stands for are gone."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from servicekit import storing
from servicekit.jobs import Job
from servicekit.runtime import Runtime
from sgo_journal.files import repository
from sgo_journal.files.service import FOLDER

_BATCH = 50
_HOUR = 3600.0
_FORGOTTEN_AFTER = timedelta(days=1)
_ORPHANED_AFTER = timedelta(days=2)
"""A file is there before its row; no request takes that long."""


async def sweep(runtime: Runtime) -> None:
    """A file goes before its row: a job that is cut short is made good at the next turn."""
    store, swept = storing.store_of(runtime.settings), _BATCH
    while swept == _BATCH:
        async with runtime.uow() as uow:
            ids = await repository.forgotten(uow.session, uow.now - _FORGOTTEN_AFTER, _BATCH)
            for upload_id in ids:
                await storing.remove(store, f"{FOLDER}/{upload_id}")
            await repository.forget(uow.session, ids)
            swept = len(ids)

    async def known(ids: Collection[UUID]) -> Collection[UUID]:
        async with runtime.uow() as uow:
            return await repository.known(uow.session, ids)

    await storing.sweep(store, FOLDER, runtime.clock.now() - _ORPHANED_AFTER, known)


JOB = Job("files.sweep", _HOUR, sweep)
