"""Jobs of the store: files move where they are kept, those nobody attached are forgotten, those erased are gone.

A file goes before the row says so: a job that is cut short, or a store that is away, is made good at the next turn.
"""

from servicekit import storing, uploads
from servicekit.runtime import Runtime
from sgo_core.attachments import repository
from sgo_core.attachments.service import KEPT, PENDING
from sgo_core.cards.changing import change
from sgo_core.consents.service import ERASED_AFTER
from sgo_core.history.recorded import Author

_BATCH = 50
_ERASER = Author("core", "Уничтожение скана: удалён или нет основания хранить")


async def keep_attached(runtime: Runtime) -> None:
    """Move files of attached scans out of the folder of uploads."""
    store, moved = storing.store_of(runtime.settings), _BATCH
    while moved == _BATCH:
        async with runtime.uow() as uow:
            scans = await repository.pending(uow.session, _BATCH)
            for scan in scans:
                content = await storing.get(store, f"{PENDING}/{scan.id}")
                if content is not None:
                    await storing.put(store, f"{KEPT}/{scan.id}", content)
                scan.stored_at = uow.now
            moved = len(scans)
        for scan in scans:  # only now does everybody look for it in the other place
            await storing.remove(store, f"{PENDING}/{scan.id}")


async def sweep(runtime: Runtime) -> None:
    """Forget uploads that nobody attached, and files that no upload stands for."""
    await uploads.sweep(runtime, PENDING, repository)


async def erase(runtime: Runtime) -> None:
    """Erase the files of scans removed long ago, and of those whose field was erased from the card."""
    store, erased = storing.store_of(runtime.settings), _BATCH
    while erased == _BATCH:
        async with runtime.uow() as uow:
            scans = await repository.erasable(uow.session, uow.now - ERASED_AFTER, _BATCH)
            for scan in scans:
                for folder in (KEPT, PENDING):
                    await storing.remove(store, f"{folder}/{scan.id}")
                news = {"removed_at": scan.removed_at or uow.now, "erased_at": uow.now}
                change(scan, news, _ERASER, uow.now)
            erased = len(scans)
