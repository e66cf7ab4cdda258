"""Uploads on disk: ``<files>/pending/<id>`` from the request until the run that reads them has ended."""

import time
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

_ORPHAN_SECONDS = 3600.0
"""Far longer than a request takes to commit the run of its upload."""


def _folder(files_dir: Path) -> Path:
    return files_dir / "pending"


def save(files_dir: Path, upload_id: UUID, content: bytes) -> None:
    """Store an upload; it is there whole or not at all."""
    folder = _folder(files_dir)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{upload_id}.part"
    part.write_bytes(content)
    part.rename(folder / str(upload_id))


def load(files_dir: Path, upload_id: UUID) -> bytes | None:
    """The upload, or nothing if it is gone."""
    try:
        return (_folder(files_dir) / str(upload_id)).read_bytes()
    except FileNotFoundError:
        return None


def remove(files_dir: Path, upload_id: UUID) -> None:
    """Forget an upload."""
    (_folder(files_dir) / str(upload_id)).unlink(missing_ok=True)


def sweep(files_dir: Path, wanted: Collection[str]) -> int:
    """Remove uploads that no open run waits for; how many there were. ``wanted`` are the ids of those it does."""
    folder = _folder(files_dir)
    old = time.time() - _ORPHAN_SECONDS
    orphans = (
        [path for path in folder.iterdir() if path.name not in wanted and path.stat().st_mtime < old]
        if folder.is_dir()
        else []
    )
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
