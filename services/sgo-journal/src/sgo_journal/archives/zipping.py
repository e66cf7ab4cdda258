"""A ZIP that is given out as it grows: no more of it is held than one file."""

from io import RawIOBase
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_FIXED = (1980, 1, 1, 0, 0, 0)
"""Equal contents make equal archives."""


class _Growing(RawIOBase):
    """Takes what is written and gives it on; it cannot go back, and ``ZipFile`` knows how to do without."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]  # a buffer by any name
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


class Zipped:
    """Documents one after another, as they are: PDF is packed already."""

    def __init__(self) -> None:
        self._out = _Growing()
        self._zip = ZipFile(self._out, "w", ZIP_STORED)

    def add(self, name: str, content: bytes) -> bytes:
        """The bytes that a file adds."""
        self._zip.writestr(ZipInfo(name, _FIXED), content)
        return self._out.taken()

    def close(self) -> bytes:
        """The bytes that end it."""
        self._zip.close()
        return self._out.taken()
