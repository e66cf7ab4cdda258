"""The store of files: a local folder, or S3 and the like by ``ASU_FILES_URL``.

What is put is there whole or not at all. A store that cannot answer is told as such, and the request may be made again.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from servicekit.errors import DomainError, Kind
from servicekit.settings import ServiceSettings

log = structlog.get_logger(__name__)

_STORES = ("aws_", "azure_", "google_")
_SWEPT_AT_ONCE = 500
_SWEPT_A_TURN = 20_000
"""Files that a turn of a sweep looks at; the next one goes on from there."""
_SECONDS = 20.0
"""How long a store may take: the client of a request waits."""
_SECONDS_OF_PIECES = 600.0
"""The same for a file made of pieces, by a run that nobody waits for."""


class StoreAwayError(DomainError):
    """The store does not answer, or its disk is full."""

    code = "files.unavailable"
    kind = Kind.UNAVAILABLE
    title = "Хранилище файлов недоступно, повторите позже"


def store_of(settings: ServiceSettings) -> ObjectStore:
    """The store of a process: one for each set of settings."""
    url = settings.files_url
    if url is None:
        return _local(str(settings.files_dir))
    options = settings.files_options
    return _remote(url, "" if options is None else options.get_secret_value())


@cache
def _local(folder: str) -> ObjectStore:
    return LocalStore(folder, mkdir=True)


@cache
def _remote(url: str, options: str) -> ObjectStore:
    """Options that begin with ``aws_``, ``azure_`` or ``google_`` are the store's, the others (``allow_http``) the connection's."""
    named = dict(one.strip().split("=", 1) for one in options.split(",") if one.strip())
    config = {name: value for name, value in named.items() if name.startswith(_STORES)}
    client = {name: value == "true" if value in {"true", "false"} else value for name, value in named.items()}
    client = {name: value for name, value in client.items() if name not in config}
    store: ObjectStore = from_url(  # type: ignore[call-overload]  # names of options are the store's
        url,
        config=config,
        client_options=client,
        retry_config={"max_retries": 2},
    )
    return store


async def put(store: ObjectStore, path: str, content: bytes | AsyncIterator[bytes]) -> None:
    """Store a file, whole or in pieces; raises ``StoreAwayError``, and then nothing was stored or nobody knows of it."""
    async with _answering(_SECONDS if isinstance(content, bytes) else _SECONDS_OF_PIECES):
        await obstore.put_async(store, path, content)


async def get(store: ObjectStore, path: str) -> bytes | None:
    """A file, or nothing if there is none; raises ``StoreAwayError``."""
    async with _answering():
        try:
            found = await obstore.get_async(store, path)
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError):
            return None


async def stream(store: ObjectStore, path: str) -> AsyncIterator[bytes] | None:
    """A file piece by piece, for one that memory should not hold whole; nothing if there is none. Raises ``StoreAwayError``.

    Once pieces come, a store that goes away cuts the file short: who reads knows its size beforehand.
    """
    async with _answering():
        try:
            found = await obstore.get_async(store, path)
        except (NotFoundError, FileNotFoundError):
            return None
    return _pieces(found)


async def _pieces(found: "obstore.GetResult") -> AsyncIterator[bytes]:
    async for piece in found.stream():
        yield bytes(piece)


async def remove(store: ObjectStore, path: str) -> None:
    """Forget a file; one that is not there is forgotten already. Raises ``StoreAwayError``."""
    async with _answering():
        try:
            await obstore.delete_async(store, path)
        except (NotFoundError, FileNotFoundError):
            return


async def older(store: ObjectStore, prefix: str, than: datetime) -> list[str]:
    """Paths under a prefix that were stored before an instant; raises ``StoreAwayError``."""
    async with _answering():
        chunks = obstore.list(store, prefix)
        return [one["path"] async for chunk in chunks for one in chunk if one["last_modified"] < than]


async def sweep(
    store: ObjectStore, folder: str, than: datetime, known: Callable[[Collection[UUID]], Awaitable[Collection[UUID]]]
) -> None:
    """Remove files of a folder, named by ids, that were stored before an instant and that nobody knows of.

    A turn looks at no more than a part of the folder, in the order of names, and the next one goes on from there: where it ended
    stands in the store itself. ``known`` tells which of some ids are known; what is named by no id is nobody's. Raises
    ``StoreAwayError``.
    """
    ended = f"swept/{folder}"
    found = await _following(store, folder, (await get(store, ended) or b"").decode())
    paths = [path for path, stored_at in found if stored_at < than]
    for start in range(0, len(paths), _SWEPT_AT_ONCE):
        ids = {path: _id(path) for path in paths[start : start + _SWEPT_AT_ONCE]}
        kept = await known([id_ for id_ in ids.values() if id_ is not None])
        for path, id_ in ids.items():
            if id_ not in kept:
                await remove(store, path)
    if len(found) < _SWEPT_A_TURN:
        await remove(store, ended)
    else:
        await put(store, ended, found[-1][0].encode())


async def _following(store: ObjectStore, folder: str, after: str) -> list[tuple[str, datetime]]:
    """The next files of a folder in the order of names, with the instants they were stored at.

    Stores list them so, but a local folder as its disk has them: of that the first ones are picked out.
    """
    found: list[tuple[str, datetime]] = []
    chunks = aiter(obstore.list(store, folder, offset=after or None))
    while isinstance(store, LocalStore) or len(found) < _SWEPT_A_TURN:
        async with _answering():
            chunk = await anext(chunks, None)
        if chunk is None:
            break
        listed = ((one["path"], one["last_modified"]) for one in chunk)
        found = heapq.nsmallest(_SWEPT_A_TURN, [*found, *listed])
    return found


def _id(path: str) -> UUID | None:
    try:
        return UUID(path.rpartition("/")[2])
    except ValueError:
        return None


@asynccontextmanager
async def _answering(seconds: float = _SECONDS) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except (BaseError, OSError, TimeoutError) as error:
        log.warning("files_unavailable", fault=type(error).__name__)
        raise StoreAwayError(retry_after=30) from None
