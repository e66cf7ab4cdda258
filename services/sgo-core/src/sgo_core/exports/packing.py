"""A ZIP that is written table by table, with a manifest of what it holds."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Self
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_FIXED = (1980, 1, 1, 0, 0, 0)  # equal contents make equal archives
_HIDDEN = ("_key",)
_OWN = frozenset({"search_name", "statistical_id", "told_on"})


class Pack:
    """Files of a ZIP; a table's lines go to disk until it is closed, so that memory stays flat whatever its size."""

    def __init__(self) -> None:
        self._files: dict[str, BinaryIO] = {}
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._files.values():
            one.close()

    def table(self, name: str) -> None:
        """Begin a table of JSON lines, empty so far."""
        self._open(f"data/{name}.jsonl")

    def line(self, name: str, value: Mapping[str, Any]) -> None:
        """Add a JSON line to a table."""
        text = json.dumps(value, ensure_ascii=False, default=_plain, sort_keys=True)
        self.add(f"data/{name}.jsonl", text.encode() + b"\n", 1)

    def add(self, path: str, content: bytes, rows: int) -> None:
        """Add to a file as it is, so many rows of it."""
        self._open(path).write(content)
        self.counts[path] += rows

    def _open(self, path: str) -> BinaryIO:
        if path not in self._files:
            self._files[path] = TemporaryFile()  # noqa: SIM115 - closed with the pack
            self.counts[path] = 0
        return self._files[path]

    def close(self, about: Mapping[str, Any], signed: tuple[str, Callable[[bytes], bytes]] | None = None) -> BinaryIO:
        """The ZIP with its manifest: ``about``, and of each file rows, bytes and SHA-256; ``signed``: who signs it, in which file."""
        out = TemporaryFile()  # noqa: SIM115 - handed out
        told: dict[str, Any] = {}
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for path, content in self._files.items():
                content.seek(0)
                digest, size = sha256(), 0
                with archive.open(ZipInfo(path, _FIXED), "w", force_zip64=True) as inside:
                    while piece := content.read(1024 * 1024):
                        inside.write(piece)
                        digest.update(piece)
                        size += len(piece)
                told[path] = {"rows": self.counts[path], "bytes": size, "sha256": digest.hexdigest()}
            manifest = {**about, "files": told}
            text = json.dumps(manifest, ensure_ascii=False, default=_plain, indent=2)
            archive.writestr(ZipInfo("manifest.json", _FIXED), text)
            if signed is not None:
                name, sign = signed
                archive.writestr(ZipInfo(name, _FIXED), sign(text.encode()))
        out.seek(0)
        return out


def row_of(entity: Any, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Columns of a row, but for keys and search forms, which mean nothing outside."""
    return {
        column.key: getattr(entity, column.key)
        for column in entity.__table__.columns
        if column.key not in _OWN | without and not column.key.endswith(_HIDDEN)
    }


def _plain(value: object) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case Enum():
            return value.value
        case set() | frozenset():
            return sorted(value)
    raise TypeError(type(value).__name__)
