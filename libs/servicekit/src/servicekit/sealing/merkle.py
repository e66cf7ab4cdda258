"""Merkle trees as RFC 9162 (section 2.1) hashes them: a leaf and a node can never be taken for each other."""

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The next level up; one without a neighbour goes up as it is."""
    paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return paired if len(level) % 2 == 0 else [*paired, level[-1]]


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over the leaf hashes, in their order; of none it is the hash of nothing."""
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Hashes by which the root follows from the leaf at ``index``, from below upwards."""
    path = []
    level = list(leaves)
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        level, index = _above(level), index // 2
    return path


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to (RFC 9162, 2.1.3.2); ``None`` when no tree of ``size`` leaves has such a path."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if place % 2 == 1 or place == last:
            found = _node(neighbour, found)
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            found = _node(found, neighbour)
        place, last = place // 2, last // 2
    return found if last == 0 else None
