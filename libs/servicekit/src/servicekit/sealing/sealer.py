"""Sealing: what waits is put into blocks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    true,
    tuple_,
)
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
        await _take_out(uow.session, history, waiting)
    return True


async def _waiting(session: AsyncSession, history: SealedHistory, size: int) -> list[dict[str, Any]]:
    """The first keys that wait, in their order, with the digests of their rows.

    A key whose row has gone stays in the queue: the verifier names it. Keys are taken before their rows are looked at, so that a block
    costs the same however long the queue is.
    """
    queue = history.unsealed
    keys = [queue.c[name] for name in history.key]
    page = select(*keys).order_by(*keys).limit(size)
    found = (await session.execute(page)).all()
    while found:
        there = await _digests(session, history, found)
        if there:
            return there
        found = (await session.execute(page.where(tuple_(*keys) > tuple_(*found[-1])))).all()
    return []


async def _digests(session: AsyncSession, history: SealedHistory, found: Sequence[Any]) -> list[dict[str, Any]]:
    """Keys that have a row, in their order, with its digest.

    The row of each key is looked up on its own, so that nobody comes to read the whole history, whatever the planner thinks of it.
    """
    row = history.table.alias(ROW)
    columns = [history.table.c[name] for name in history.key]
    given = select(*_unnested(columns, zip(*found, strict=True))).subquery("given")
    own = select(digest.label("digest")).select_from(row).where(history.same(given, row)).offset(0).lateral("own")
    keys = [given.c[name] for name in history.key]
    asked = select(*keys, own.c.digest).select_from(given.join(own, true())).order_by(*keys)
    return [dict(one) for one in (await session.execute(asked)).mappings()]


async def _add_leaves(
    session: AsyncSession, history: SealedHistory, number: int, waiting: Sequence[Mapping[str, Any]]
) -> None:
    names = [*history.key, "digest"]
    columns = [history.leaf.c[name] for name in names]
    rows = select(*_unnested(columns, ([one[name] for one in waiting] for name in names)), literal(number, Integer))
    await session.execute(insert(history.leaf).from_select([*names, "block_number"], rows))


def _unnested(columns: Sequence[ColumnElement[Any]], values: Iterable[Sequence[Any]]) -> list[ColumnElement[Any]]:
    """Rows given column by column, whatever their number."""
    return [
        func.unnest(literal(list(of), ARRAY(column.type))).label(column.name)
        for column, of in zip(columns, values, strict=True)
    ]


async def _take_out(session: AsyncSession, history: SealedHistory, sealed: Sequence[Mapping[str, Any]]) -> None:
    """Take sealed keys out of the queue, each by itself.

    Joined with the leaves they were taken out by looking at all leaves of a block for each key that waits: who asked the planner for a
    plan while the queue was empty was told that it is.
    """
    queue = history.unsealed
    own = [queue.c[name] == bindparam(f"of_{name}") for name in history.key]
    keys = [{f"of_{name}": one[name] for name in history.key} for one in sealed]
    await session.execute(delete(queue).where(*own), keys)
