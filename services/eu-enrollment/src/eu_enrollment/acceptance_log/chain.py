"""Blocks of the log and what proves that a receipt stands in one: everything here works offline, from published data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from eu_enrollment.acceptance_log.merkle import leaf_hash, root_by_path
from eu_enrollment.applications.receipts import canonical, signed_by

GENESIS = "0" * 64
"""What the first block names as the one before it."""
_SIGNED = ("id", "number", "accepted_at", "accepted_seq", "payload_hash")
_HEADER = ("number", "epoch", "previous", "root", "size", "last_seq", "sealed_at")


@dataclass(frozen=True, slots=True)
class Header:
    """A block without its leaves. Hashes are SHA-256, hex.

    ``previous`` is the hash of the block before; ``root`` that of the tree over its receipts in the order of their numbers;
    ``last_seq``: no receipt up to this number is missing from this block and those before; ``epoch`` is raised by a restore
    from backup; ``sealed_at`` is UTC.
    """

    number: int
    epoch: int
    previous: str
    root: str
    size: int
    last_seq: int
    sealed_at: str

    def fields(self) -> dict[str, Any]:
        """JSON values of the header: what is hashed and signed, in the canonical spelling."""
        return {name: getattr(self, name) for name in _HEADER}

    @property
    def hash(self) -> str:
        """What the next block names as the one before it."""
        return sha256(canonical(self.fields())).hexdigest()


def entry_hash(receipt: Mapping[str, Any]) -> bytes:
    """Leaf of a receipt: of what is signed in it."""
    return leaf_hash(canonical({name: receipt[name] for name in _SIGNED}))


def receipt_doubts(receipt: Mapping[str, Any], proof: Mapping[str, Any], keys: Mapping[str, Any]) -> list[str]:
    """What is wrong with a receipt and the proof of its place in the log, in Russian; nothing wrong: an empty list.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is no receipt or no proof at all.
    """
    doubts = []
    if not signed_by(keys, {name: receipt[name] for name in _SIGNED}, receipt["signature"]):
        doubts.append("подпись расписки не сходится с её содержанием и ключами")
    leaf = entry_hash(receipt)
    block = proof["block"]
    header = Header(**{name: block[name] for name in _HEADER})
    if leaf.hex() != proof["leaf"]:
        doubts.append("доказательство выдано на другую расписку")
    found = root_by_path(leaf, proof["index"], header.size, [bytes.fromhex(one) for one in proof["path"]])
    if found is None or found.hex() != header.root:
        doubts.append("расписка не стоит в блоке журнала: корень дерева не сходится")
    if receipt["accepted_seq"] > header.last_seq:
        doubts.append("номер расписки больше последнего номера блока")
    return doubts + block_doubts(block, keys)


def block_doubts(block: Mapping[str, Any], keys: Mapping[str, Any]) -> list[str]:
    """What is wrong with a published block by itself."""
    header = Header(**{name: block[name] for name in _HEADER})
    doubts = []
    if header.hash != block["hash"]:
        doubts.append(f"хэш блока {header.number} не сходится с его заголовком")
    if not signed_by(keys, header.fields(), block["signature"]):
        doubts.append(f"подпись блока {header.number} не сходится с его заголовком и ключами")
    return doubts


def chain_doubts(blocks: Sequence[Mapping[str, Any]], keys: Mapping[str, Any]) -> list[str]:
    """What is wrong with blocks that follow one another, each by itself and with the one before it."""
    doubts = []
    for place, block in enumerate(blocks):
        doubts += block_doubts(block, keys)
        before = blocks[place - 1] if place else None
        if before is None:
            if block["number"] == 1 and block["previous"] != GENESIS:
                doubts.append("первый блок ссылается на предыдущий, которого нет")
        elif block["number"] != before["number"] + 1 or block["previous"] != before["hash"]:
            doubts.append(f"блок {block['number']} не продолжает блок {before['number']}")
        elif block["last_seq"] <= before["last_seq"] or block["epoch"] < before["epoch"]:
            doubts.append(f"номера блока {block['number']} не больше номеров блока {before['number']}")
    return doubts
