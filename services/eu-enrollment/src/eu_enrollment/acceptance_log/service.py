"""Use cases of the log: sealing, proving, checking it whole."""

from collections.abc import Mapping
from typing import Any, cast

from eu_enrollment.acceptance_log import errors, repository
from eu_enrollment.acceptance_log.chain import Header, chain_doubts, entry_hash
from eu_enrollment.acceptance_log.schemas import BlockOut, ProofOut
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.receipts import signed_by
from eu_enrollment.database import Record
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.errors import NotFoundError
from servicekit.runtime import Runtime
from servicekit.sealing.chain import GENESIS, instant
from servicekit.sealing.merkle import inclusion_path, root
from servicekit.uow import UnitOfWork

_BLOCK = 4096


async def seal(runtime: Runtime) -> None:
    """Put every receipt given so far into blocks. The worker's job: done again, or by two at once, it seals nothing twice."""
    enrollment = cast("EnrollmentRuntime", runtime)
    async with runtime.uow() as uow:
        until = await applications.settled_until(uow)
    while await _seal_next(enrollment, until):
        pass


async def _seal_next(runtime: EnrollmentRuntime, until: int) -> bool:
    """Seal one block; whether there was anything to seal."""
    async with runtime.uow() as uow:
        await repository.turn(uow.session)
        last = await repository.head(uow.session)
        given = await applications.given_receipts(uow, 0 if last is None else last.last_seq, until, _BLOCK)
        if not given:
            return False
        leaves = {one["accepted_seq"]: entry_hash(one) for one in given}
        header = Header(
            number=1 if last is None else last.number + 1,
            epoch=await repository.epoch(uow.session),
            previous=GENESIS if last is None else last.hash.hex(),
            root=root(list(leaves.values())).hex(),
            size=len(leaves),
            last_seq=max(leaves),
            sealed_at=instant(uow.now),
        )
        values = header.fields() | {
            "previous": bytes.fromhex(header.previous),
            "root": bytes.fromhex(header.root),
            "sealed_at": uow.now,
            "hash": bytes.fromhex(header.hash),
            "signature": runtime.signer.sign_value(header.fields()),
        }
        await repository.add(uow.session, values, leaves)
    return True


async def head(uow: UnitOfWork) -> BlockOut:
    """The last block; raises ``NotFoundError`` before the first."""
    found = await repository.head(uow.session)
    if found is None:
        raise NotFoundError
    return published(found)


async def blocks(uow: UnitOfWork, after: int, limit: int) -> list[BlockOut]:
    """Blocks after a number, one more than asked for."""
    return [published(row) for row in await repository.page(uow.session, after, limit)]


async def proof(uow: UnitOfWork, leaf: str) -> ProofOut:
    """Where a receipt stands in the log, by its leaf: who has not seen the receipt cannot ask for it.

    Raises ``NotSealedError``.
    """
    found = await repository.block_of(uow.session, bytes.fromhex(leaf))
    if found is None:
        raise errors.NotSealedError
    row, index = found
    hashes = [one.hash for one in await repository.leaves(uow.session, row.number)]
    return ProofOut(
        leaf=leaf, index=index, path=[one.hex() for one in inclusion_path(hashes, index)], block=published(row)
    )


def published(row: Record) -> BlockOut:
    """A block as it is published."""
    return BlockOut(
        number=row.number,
        epoch=row.epoch,
        previous=row.previous.hex(),
        root=row.root.hex(),
        size=row.size,
        last_seq=row.last_seq,
        sealed_at=instant(row.sealed_at),
        hash=row.hash.hex(),
        signature=row.signature,
    )


async def doubts(uow: UnitOfWork, keys: Mapping[str, Any]) -> tuple[int, int, list[str]]:
    """Hold the whole log against the register: (blocks, receipts, what does not agree, in Russian)."""
    found: list[str] = []
    last: BlockOut | None = None
    receipts = count = 0
    while page := (await blocks(uow, 0 if last is None else last.number, 1))[:1]:
        (block,) = page
        found += chain_doubts([one.model_dump() for one in (last, block) if one is not None], keys)
        found += await _block_doubts(uow, 0 if last is None else last.last_seq, block, keys)
        last, count, receipts = block, count + 1, receipts + block.size
    return count, receipts, list(dict.fromkeys(found))


async def _block_doubts(uow: UnitOfWork, after: int, block: BlockOut, keys: Mapping[str, Any]) -> list[str]:
    """Where a block, its leaves and the register's rows do not agree."""
    found = []
    sealed = {row.accepted_seq: row.hash for row in await repository.leaves(uow.session, block.number)}
    given = {one["accepted_seq"]: one for one in await applications.given_receipts(uow, after, block.last_seq)}
    if root(list(sealed.values())).hex() != block.root or len(sealed) != block.size:
        found.append(f"листья блока {block.number} не сходятся с его корнем")
    found += [
        f"заявления с номером {seq} в реестре нет, в журнале есть" for seq in sorted(sealed.keys() - given.keys())
    ]
    found += [
        f"заявление с номером {seq} в реестре есть, в журнале нет" for seq in sorted(given.keys() - sealed.keys())
    ]
    for seq in sorted(sealed.keys() & given.keys()):
        receipt = dict(given[seq])
        signature = receipt.pop("signature")
        if entry_hash(receipt) != sealed[seq]:
            found.append(f"заявление с номером {seq} изменено после приёма")
        elif not signed_by(keys, receipt, signature):
            found.append(f"подпись расписки с номером {seq} не сходится")
    return found
