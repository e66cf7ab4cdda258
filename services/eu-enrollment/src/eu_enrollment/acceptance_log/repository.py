"""Statements of the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, LargeBinary, bindparam, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.acceptance_log.model import block, leaf
from eu_enrollment.database import Record
from servicekit.tables import producer_epoch

_LEAVES = text(
    """
    INSERT INTO acceptance_leaf (accepted_seq, block_number, hash)
    SELECT t.seq, :number, t.hash FROM unnest(:numbers, :hashes) AS t (seq, hash)
    """
).bindparams(
    bindparam("number", type_=Integer),
    bindparam("numbers", type_=ARRAY(BigInteger)),
    bindparam("hashes", type_=ARRAY(LargeBinary)),
)


async def turn(session: AsyncSession) -> None:
    """Blocks are sealed one after another: wait for the turn until the transaction ends."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('asu.enrollment.log'))"))


async def epoch(session: AsyncSession) -> int:
    """How many times the database was made anew, from 1."""
    found: int = (await session.execute(select(producer_epoch.c.epoch))).scalar_one()
    return found


async def head(session: AsyncSession) -> Record | None:
    """The last block."""
    return (await session.execute(select(block).order_by(block.c.number.desc()).limit(1))).first()


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[Record]:
    """Blocks in order of numbers, one more than asked for."""
    statement = select(block).where(block.c.number > after).order_by(block.c.number).limit(limit + 1)
    return (await session.execute(statement)).all()


async def add(session: AsyncSession, values: Mapping[str, Any], leaves: Mapping[int, bytes]) -> None:
    """Add a block with its leaves: number in the register → hash."""
    await session.execute(insert(block).values(**values))
    await session.execute(
        _LEAVES, {"number": values["number"], "numbers": list(leaves), "hashes": list(leaves.values())}
    )


async def leaves(session: AsyncSession, number: int) -> Sequence[Record]:
    """Leaves of a block in their order (accepted_seq, hash)."""
    statement = select(leaf.c.accepted_seq, leaf.c.hash).where(leaf.c.block_number == number)
    return (await session.execute(statement.order_by(leaf.c.accepted_seq))).all()


async def block_of(session: AsyncSession, hash_: bytes) -> tuple[Record, int] | None:
    """The block that holds a leaf, and the leaf's index in it."""
    found = (
        await session.execute(
            select(block, leaf.c.accepted_seq)
            .join(leaf, leaf.c.block_number == block.c.number)
            .where(leaf.c.hash == hash_)
        )
    ).first()
    if found is None:
        return None
    before = select(func.count()).where(leaf.c.block_number == found.number, leaf.c.accepted_seq < found.accepted_seq)
    return found, (await session.execute(before)).scalar_one()
