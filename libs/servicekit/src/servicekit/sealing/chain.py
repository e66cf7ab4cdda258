"""Blocks that name one another by their hashes: everything here works offline, from the blocks alone."""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
"""What the first block names as the one before it."""


def canonical(value: Any) -> bytes:
    """One spelling of a JSON value: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def instant(moment: datetime) -> str:
    """One spelling of an instant: UTC with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class Header:
    """A block without its leaves. Hashes are SHA-256, hex. A service may add to it what its blocks state besides.

    ``previous`` is the hash of the block before; ``root`` that of the tree over the leaves, ``size`` of them; ``epoch`` is raised
    by a restore from backup; ``sealed_at`` is UTC, as ``instant`` writes it.
    """

    number: int
    epoch: int
    previous: str
    root: str
    size: int
    sealed_at: str

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What a header states."""
        return tuple(one.name for one in fields(cls))

    def fields(self) -> dict[str, Any]:
        """JSON values of the header: what is hashed, in the canonical spelling."""
        return {name: getattr(self, name) for name in self.names()}

    @property
    def hash(self) -> str:
        """What the next block names as the one before it."""
        return sha256(canonical(self.fields())).hexdigest()


def succession_doubts(number: int, previous: str, before: tuple[int, str] | None) -> list[str]:
    """What is wrong with where a block stands, in Russian; ``before``: number and hash of the block before, if one was read."""
    if before is None:
        wrong = number == 1 and previous != GENESIS
        return ["первый блок ссылается на предыдущий, которого нет"] if wrong else []
    if (number, previous) != (before[0] + 1, before[1]):
        return [f"блок {number} не продолжает блок {before[0]}"]
    return []
