"""Blocks of the log and what proves that a receipt stands in one: everything here works offline, from published data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eu_enrollment.applications.receipts import signed_by
from servicekit.sealing import chain
from servicekit.sealing.chain import canonical, succession_doubts
from servicekit.sealing.merkle import leaf_hash, root_by_path

_SIGNED = ("id", "number", "accepted_at", "accepted_seq", "payload_hash")


@dataclass(frozen=True, kw_only=True)
class Header(chain.Header):
    """A block of receipts, in the order of their numbers.

    ``last_seq``: no receipt up to this number is missing from this block and those before.
    """

    last_seq: int


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
    header = Header(**{name: block[name] for name in Header.names()})
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
    header = Header(**{name: block[name] for name in Header.names()})
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
        broken = succession_doubts(
            block["number"], block["previous"], None if before is None else (before["number"], before["hash"])
        )
        doubts += broken
        if broken or before is None:
            continue
        if block["last_seq"] <= before["last_seq"] or block["epoch"] < before["epoch"]:
            doubts.append(f"номера блока {block['number']} не больше номеров блока {before['number']}")
    return doubts
