"""Holding a history against its seal: block by block, then row by row. What does not agree is told in Russian, by keys alone."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.runtime import Runtime
from servicekit.sealing.chain import Header, instant, succession_doubts
from servicekit.sealing.history import ROW, SealedHistory, digest
from servicekit.sealing.merkle import leaf_hash, root

_PAGE = 5_000
_LISTED = 1_000


@dataclass(frozen=True)
class Kept:
    """A head of the chain that the operator kept apart from the database: without one nobody can tell that the chain was cut short."""

    number: int
    hash: str


@dataclass
class Report:
    """What a verification has seen so far: ``block`` is the last one held, with its ``hash``; ``erased`` counts rows by ground."""

    block: int = 0
    hash: str = ""
    blocks: int = 0
    sealed: int = 0
    rows: int = 0
    waiting: int = 0
    erased: Counter[str] = field(default_factory=Counter)
    doubts: list[str] = field(default_factory=list)
    unlisted: int = 0

    def doubt(self, *texts: str) -> None:
        """Note what does not agree; a history altered all over does not fill the memory."""
        room = max(_LISTED - len(self.doubts), 0)
        self.doubts += texts[:room]
        self.unlisted += len(texts[room:])


async def verify(
    runtime: Runtime,
    history: SealedHistory,
    *,
    first: int = 1,
    kept: Kept | None = None,
    told: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Hold a history against its seal, from block ``first`` on; ``told`` hears of every block and page of rows.

    Found is: a row altered, removed, slipped in past the sealing; a block altered, removed, out of order; a chain that does not hold the
    ``kept`` head. A row that was blanked and has its erasure recorded agrees. Rows written or sealed meanwhile disturb nothing: each
    statement sees a block, or a page of rows, whole.
    """
    report = Report()
    await _chain(runtime, history, first, report, told)
    if kept is not None:
        await _kept(runtime, history, kept, report)
    await _rows(runtime, history, report, told)
    return report


async def _chain(
    runtime: Runtime, history: SealedHistory, first: int, report: Report, told: Callable[[Report], None]
) -> None:
    before: Header | None = None
    if first > 1:
        async with runtime.uow() as uow:
            row = await _block(uow.session, history, history.block.c.number == first - 1)
        before = None if row is None else _header(row)
        if before is None:
            report.doubt(f"блока {first - 1} нет")
    number = first - 1
    while True:
        async with runtime.uow() as uow:
            row = await _block(uow.session, history, history.block.c.number > number)
            if row is None:
                return
            header = _header(row)
            if header.hash != row.hash.hex():
                report.doubt(f"хэш блока {header.number} не сходится с его заголовком")
            _succeeds(header, before, first, report)
            await _leaves(uow.session, history, header, report)
        before, number = header, header.number
        report.block, report.hash, report.blocks = header.number, header.hash, report.blocks + 1
        told(report)


def _succeeds(header: Header, before: Header | None, first: int, report: Report) -> None:
    if before is None and header.number != first:
        report.doubt(f"цепочка начинается с блока {header.number}, блоков до него нет")
        return
    known = None if before is None else (before.number, before.hash)
    report.doubt(*succession_doubts(header.number, header.previous, known))
    if before is not None and header.epoch < before.epoch:
        report.doubt(f"эпоха блока {header.number} меньше эпохи блока {before.number}")


async def _block(session: AsyncSession, history: SealedHistory, where: ColumnElement[bool]) -> Row[Any] | None:
    return (await session.execute(select(history.block).where(where).order_by(history.block.c.number).limit(1))).first()


def _header(row: Row[Any]) -> Header:
    return Header(
        number=row.number,
        epoch=row.epoch,
        previous=row.previous.hex(),
        root=row.root.hex(),
        size=row.size,
        sealed_at=instant(row.sealed_at),
    )


async def _leaves(session: AsyncSession, history: SealedHistory, header: Header, report: Report) -> None:
    """A block's leaves against its root, and their rows against the leaves."""
    leaf, row, erasure = history.leaf, history.table.alias(ROW), history.erasure
    keys = [leaf.c[name] for name in history.key]
    statement = (
        select(
            *keys,
            leaf.c.digest,
            row.c.salt.is_not(None).label("there"),
            digest.label("found"),
            erasure.c.ground,
            and_(history.blank(row), digest == erasure.c.digest).label("blanked"),
        )
        .join_from(leaf, row, history.same(leaf, row), isouter=True)
        .join(erasure, history.same(leaf, erasure), isouter=True)
        .where(leaf.c.block_number == header.number)
        .order_by(*keys)
    )
    leaves = (await session.execute(statement)).all()
    if len(leaves) != header.size or root([leaf_hash(one.digest) for one in leaves]).hex() != header.root:
        report.doubt(f"листья блока {header.number} не сходятся с его корнем")
    for one in leaves:
        report.sealed += 1
        if not one.there:
            report.doubt(f"{_named(history, one)} удалена, она из блока {header.number}")
        elif one.found != one.digest:
            if one.blanked:
                report.erased[one.ground] += 1
            else:
                report.doubt(f"{_named(history, one)} изменена, она из блока {header.number}")


async def _kept(runtime: Runtime, history: SealedHistory, kept: Kept, report: Report) -> None:
    async with runtime.uow() as uow:
        row = await _block(uow.session, history, history.block.c.number == kept.number)
    if row is None:
        report.doubt(f"сохранённого блока {kept.number} в цепочке нет: её обрезали")
    elif _header(row).hash != kept.hash:
        report.doubt(f"блок {kept.number} не тот, что сохранён: цепочку переписали или базу восстановили из копии")


async def _rows(runtime: Runtime, history: SealedHistory, report: Report, told: Callable[[Report], None]) -> None:
    """Every row is sealed or waits; every key that waits has its row."""
    row, queue = history.table.alias(ROW), history.unsealed
    keys = [row.c[name] for name in history.key]
    waits = exists().where(history.same(queue, row))
    sealed = exists().where(history.same(history.leaf, row), history.leaf.c.block_number == history.block.c.number)
    page = select(*keys, or_(waits, sealed).label("known")).order_by(*keys).limit(_PAGE)
    after: Sequence[Any] | None = None
    while True:
        async with runtime.uow() as uow:
            found = (
                await uow.session.execute(page if after is None else page.where(tuple_(*keys) > tuple_(*after)))
            ).all()
        report.rows += len(found)
        report.doubt(
            *(f"{_named(history, one)} не опечатана и не ждёт: внесена в обход" for one in found if not one.known)
        )
        if len(found) < _PAGE:
            break
        after = tuple(found[-1])[: len(keys)]
        told(report)
    async with runtime.uow() as uow:
        waiting = select(func.count()).select_from(queue)
        report.waiting = (await uow.session.execute(waiting)).scalar_one()
        lost = select(queue).where(~exists().where(history.same(queue, row))).limit(_LISTED)
        gone = (await uow.session.execute(lost)).all()
    report.doubt(*(f"{_named(history, one)} удалена, не дождавшись опечатывания" for one in gone))


def _named(history: SealedHistory, row: Sequence[Any]) -> str:
    """A row by its key, which stands first in what was asked for."""
    key = "/".join(str(part) for part in row[: len(history.key)])
    return f"строка {history.name} {key}"
