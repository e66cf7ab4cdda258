"""Files of exports: sealed at rest, in ``<files>/<folder>/<id>``, piece by piece so that memory stays flat."""

from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from servicekit.crypto import FieldCipher

_PIECE = 256 * 1024


def save(cipher: FieldCipher, files_dir: Path, folder: str, file_id: UUID, content: BinaryIO) -> None:
    """Store a file; it is there whole or not at all."""
    place = files_dir / folder
    place.mkdir(parents=True, exist_ok=True)
    part = place / f"{file_id}.part"
    with part.open("w", encoding="ascii") as out:
        number = 0
        while piece := content.read(_PIECE):
            out.write(cipher.encrypt(b64encode(piece).decode(), _context(folder, file_id, number)) + "\n")
            number += 1
        out.write(cipher.encrypt("", _context(folder, file_id, -number - 1)) + "\n")  # so that a cut file does not open
    part.rename(place / str(file_id))


def load(cipher: FieldCipher, files_dir: Path, folder: str, file_id: UUID) -> bytes | None:
    """The file, or nothing if it is gone; raises ``UndecryptableError`` for one that was changed."""
    try:
        with (files_dir / folder / str(file_id)).open(encoding="ascii") as lines:
            return b"".join(_pieces(cipher, folder, file_id, lines))
    except FileNotFoundError:
        return None


def _pieces(cipher: FieldCipher, folder: str, file_id: UUID, lines: Iterator[str]) -> Iterator[bytes]:
    sealed = [line.rstrip("\n") for line in lines]
    for number, line in enumerate(sealed[:-1]):
        yield b64decode(cipher.decrypt(line, _context(folder, file_id, number)))
    cipher.decrypt(sealed[-1] if sealed else "", _context(folder, file_id, -len(sealed)))


def _context(folder: str, file_id: UUID, number: int) -> str:
    return f"{folder}.{file_id}.{number}"


def remove(files_dir: Path, folder: str, ids: Collection[UUID]) -> None:
    """Forget files."""
    for file_id in ids:
        (files_dir / folder / str(file_id)).unlink(missing_ok=True)
        (files_dir / folder / f"{file_id}.part").unlink(missing_ok=True)
