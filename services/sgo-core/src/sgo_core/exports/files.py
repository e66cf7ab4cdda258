"""Files of exports: sealed at rest, in ``<folder>/<id>`` of the store, piece by piece so that memory stays flat."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from typing import BinaryIO
from uuid import UUID

from servicekit import storing
from servicekit.crypto import FieldCipher
from servicekit.runtime import Runtime

_PIECE = 256 * 1024


async def save(runtime: Runtime, folder: str, file_id: UUID, content: BinaryIO) -> None:
    """Store a file; it is there whole or not at all. Raises ``StoreAwayError``."""
    sealed = _sealed(runtime.cipher, folder, file_id, content)
    await storing.put(storing.store_of(runtime.settings), f"{folder}/{file_id}", sealed)


async def _sealed(cipher: FieldCipher, folder: str, file_id: UUID, content: BinaryIO) -> AsyncIterator[bytes]:
    number = 0
    while piece := await asyncio.to_thread(content.read, _PIECE):
        text = b64encode(piece).decode()
        line = await asyncio.to_thread(cipher.encrypt, text, _context(folder, file_id, number))
        yield f"{line}\n".encode()
        number += 1
    yield f"{cipher.encrypt('', _context(folder, file_id, -number - 1))}\n".encode()  # so that a cut file does not open


async def load(runtime: Runtime, folder: str, file_id: UUID) -> bytes | None:
    """The file, or nothing if it is gone; raises ``UndecryptableError`` for one that was changed, ``StoreAwayError``."""
    found = await storing.get(storing.store_of(runtime.settings), f"{folder}/{file_id}")
    return None if found is None else await asyncio.to_thread(_opened, runtime.cipher, folder, file_id, found)


def _opened(cipher: FieldCipher, folder: str, file_id: UUID, found: bytes) -> bytes:
    return b"".join(_pieces(cipher, folder, file_id, found.decode("ascii").splitlines()))


def _pieces(cipher: FieldCipher, folder: str, file_id: UUID, sealed: Sequence[str]) -> Iterator[bytes]:
    for number, line in enumerate(sealed[:-1]):
        yield b64decode(cipher.decrypt(line, _context(folder, file_id, number)))
    cipher.decrypt(sealed[-1] if sealed else "", _context(folder, file_id, -len(sealed)))


def _context(folder: str, file_id: UUID, number: int) -> str:
    return f"{folder}.{file_id}.{number}"


async def remove(runtime: Runtime, folder: str, ids: Collection[UUID]) -> None:
    """Forget files; raises ``StoreAwayError``."""
    store = storing.store_of(runtime.settings)
    for file_id in ids:
        await storing.remove(store, f"{folder}/{file_id}")
