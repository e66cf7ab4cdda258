"""Sealing: what waits is put into blocks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Integer, delete, func, insert, literal, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.jobs import Job
from servicekit.runtime import Runtime
from servicekit.sealing.chain import GENESIS, Header, instant
from servicekit.sealing.history import ROW, SealedHistory, digest
from servicekit.sealing.merkle import leaf_hash, root
from servicekit.tables import producer_epoch

BLOCK = 4096
"""Rows of a block at most."""
_SECONDS = 10.0
_TURN = text("SELECT pg_advisory_xact_lock(hashtext('asu.seal.' || :history))")


def job(history: SealedHistory) -> Job:
    """The worker's job that seals a history."""

    async def action(runtime: Runtime) -> None:
        await seal(runtime, history)

    return Job(f"{history.name}.seal", _SECONDS, action)


async def seal(runtime: Runtime, history: SealedHistory, size: int = BLOCK) -> None:
    """Put every row that waits into blocks; done again, by two at once or broken off, it seals nothing twice and leaves nothing out."""
    while await _seal_block(runtime, history, size):
        pass


async def _seal_block(runtime: Runtime, history: SealedHistory, size: int) -> bool:
    """Seal one block; whether there was anything to seal."""
    async with runtime.uow() as uow:
        await uow.session.execute(_TURN, {"history": history.name})
        waiting = await _waiting(uow.session, history, size)
        if not waiting:
            return False
        block = history.block
        last = (
            await uow.session.execute(select(block.c.number, block.c.hash).order_by(block.c.number.desc()).limit(1))
        ).first()
        header = Header(
            number=1 if last is None else last.number + 1,
            epoch=(await uow.session.execute(select(producer_epoch.c.epoch))).scalar_one(),
            previous=GENESIS if last is None else last.hash.hex(),
            root=root([leaf_hash(one["digest"]) for one in waiting]).hex(),
            size=len(waiting),
            sealed_at=instant(uow.now),
        )
        hashes = {"previous": header.previous, "root": header.root, "hash": header.hash}
        values = header.fields() | {name: bytes.fromhex(value) for name, value in hashes.items()}
        await uow.session.execute(insert(block).values(values | {"sealed_at": uow.now}))
        await _add_leaves(uow.session, history, header.number, waiting)
        leaf = history.leaf
        sealed = (history.same(history.unsealed, leaf), leaf.c.block_number == header.number)
        await uow.session.execute(delete(history.unsealed).where(*sealed))
    return True


async def _waiting(session: AsyncSession, history: SealedHistory, size: int) -> list[dict[str, Any]]:
    """Keys that wait, in their order, with the digests of their rows.

    A key whose row has gone stays in the queue: the verifier names it. The row of each key is looked up on its own, so that nobody comes
    to read the whole history, whatever the planner thinks of a queue that was empty a moment ago.
    """
    row, queue = history.table.alias(ROW), history.unsealed
    keys = [queue.c[name] for name in history.key]
    own = select(digest.label("digest")).select_from(row).where(history.same(queue, row)).offset(0).lateral("own")
    found = select(*keys, own.c.digest).select_from(queue.join(own, true())).order_by(*keys).limit(size)
    return [dict(one) for one in (await session.execute(found)).mappings()]


async def _add_leaves(
    session: AsyncSession, history: SealedHistory, number: int, waiting: Sequence[Mapping[str, Any]]
) -> None:
    names = [*history.key, "digest"]
    columns = [history.leaf.c[name] for name in names]
    lists = [
        func.unnest(literal([one[column.name] for one in waiting], ARRAY(column.type))).label(column.name)
        for column in columns
    ]
    rows = select(*lists, literal(number, Integer))
    await session.execute(insert(history.leaf).from_select([*names, "block_number"], rows))
