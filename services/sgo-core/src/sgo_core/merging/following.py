"""What belongs to a card and follows it: found by the keys of the tables, so that no slice has to be named here.

A row names its card by a foreign key, or by a kind and an id (``subject_kind``, ``subject_id``); a few columns name a person without
either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Index,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy import text as sql

from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.database import Base
from sgo_core.history.recorded import Author, signature
from sgo_core.merging.errors import RecordsDifferError
from sgo_core.merging.model import CardMerge, CardMergeRow
from sgo_core.people.service import Guardian, Student
from sgo_core.staff.service import Worker
from sgo_core.year_closing.uniting import United, part, unite

Card = Student | Guardian | Worker
MODELS: Mapping[CardKind, type[Student] | type[Guardian] | type[Worker]] = {
    CardKind.STUDENT: Student,
    CardKind.GUARDIAN: Guardian,
    CardKind.WORKER: Worker,
}

STAYS: frozenset[str] = frozenset({"duplicate_note", "student_offer", "card_merge"}) | {
    *("card_gap", "quality_issue", "sample_check_item", "destruction_line"),
}
"""Pairs of cards are about the cards themselves; what was told or measured of a card is told and measured anew; what was checked
or destroyed by an act was this card's."""
_PREFIXES = ("subject", "card")
_EACH_ITS_OWN = frozenset({"year_outcome"})
"""Of these a card keeps its own where the survivor has one too: what two people confirmed of it."""
_WITHOUT_KEY: Mapping[CardKind, frozenset[tuple[str, str]]] = {
    CardKind.STUDENT: frozenset({("subject_request", "asked_by")}),
    CardKind.GUARDIAN: frozenset({("subject_request", "asked_by"), ("consent", "given_by")}),
    CardKind.WORKER: frozenset({("subject_request", "asked_by")}),
}
_UNITED = frozenset({"year_result"})
"""Of these the two are made one by the rules of what they say (``year_closing.uniting``)."""
_ABOUT_THE_ROW = frozenset({"version", "updated_at", "recorded_at", "recorded_by", "reason"})
_MAY_DIFFER: Mapping[str, frozenset[str]] = {
    "guardianship": frozenset({"valid_from", "kinship"}),
    "consent": frozenset({"given_by"}),
    "project_member": frozenset({"active"}),
}
"""Columns in which two records of the same thing may differ, beside their ids: what they let anybody do is the same."""


@dataclass(frozen=True)
class Follower:
    """A column that names the card a row belongs to; ``of_kind``: only in rows of the card's kind."""

    table: Table
    column: "Column[Any]"
    of_kind: str | None = None

    def mine(self, card_ids: Sequence[UUID]) -> Any:
        """Rows of some cards."""
        named = self.column.in_(card_ids)
        if self.of_kind is None:
            return named
        return and_(named, self.table.c[self.column.name.removesuffix("_id") + "_kind"] == self.of_kind)

    @property
    def key(self) -> list["Column[Any]"]:
        """The row's primary key."""
        return list(self.table.primary_key.columns)

    @property
    def recorded(self) -> bool:
        """Whether the rows have a history."""
        return set(self.table.c.keys()) >= _ABOUT_THE_ROW


@cache
def followers(kind: CardKind) -> tuple[Follower, ...]:
    """Every column of every table that names a card of the kind."""
    card, found = MODELS[kind].__table__, []
    for table in Base.metadata.sorted_tables:
        if table.name in STAYS:
            continue
        names = {key.parent.name for key in table.foreign_keys if key.column is card.c.id}
        names |= {name for relation, name in _WITHOUT_KEY[kind] if relation == table.name}
        found += [Follower(table, table.c[name]) for name in sorted(names)]
        found += [
            Follower(table, table.c[f"{prefix}_id"], of_kind=kind.value)
            for prefix in _PREFIXES
            if {f"{prefix}_kind", f"{prefix}_id"} <= set(table.c.keys())
        ]
    return tuple(found)


async def follow(uow: UnitOfWork, merge: CardMerge, author: Author) -> None:
    """Move the absorbed card's rows to the survivor. One that the survivor has already stays, and ends; or the two are made one.

    Raises ``RecordsDifferError`` where the two say different things.
    """
    differing: dict[str, Sequence[str]] = {}
    for one in followers(CardKind(merge.kind)):
        query = select(*one.table.c).where(one.mine([merge.survivor_id, merge.absorbed_id]))
        rows = (await uow.session.execute(query.with_for_update() if await _may_change(uow, one) else query)).all()
        leaving = [row for row in rows if _of(row, one) == merge.absorbed_id]
        staying = [row for row in rows if _of(row, one) == merge.survivor_id]
        twins = {_key(row, one): twin for row in leaving for twin in staying if _are_twins(row, twin, one)}
        pairs = [(row, twins[_key(row, one)]) for row in leaving if _key(row, one) in twins]
        moving = [_key(row, one) for row in leaving if _key(row, one) not in twins]
        if one.table.name in _UNITED:
            united = [(row, twin, unite(twin._asdict(), row._asdict())) for row, twin in pairs]
            if words := [word for _, _, became in united for word in became.differing]:
                differing[one.table.name] = words
                continue
            moving += await _unite(uow, merge, one, united, author)
        elif any(_differ(row, twin, one) for row, twin in pairs):
            differing[one.table.name] = ()
            continue
        await _move(uow, merge, one, moving, author)
        await _end(uow, merge, one, [row for row, _ in pairs], author)
        await _put_out(uow, merge, one, pairs, author)
    if differing:
        raise RecordsDifferError.of(differing)


async def unfollow(uow: UnitOfWork, merge: CardMerge, author: Author) -> None:
    """Move the rows back, take apart those that were made one, and open again those that were ended."""
    rows = await rows_of(uow, merge)
    of_kind = followers(CardKind(merge.kind))
    for one in of_kind:
        if one.table.name in _UNITED:
            await _part(uow, merge, one, [row for row in rows if row.relation == one.table.name], author)
        mine = [row.key for row in rows if (row.relation, row.name) == (one.table.name, one.column.name)]
        await _set(uow, merge, one, mine, author)
    for row in rows:
        if row.name == "valid_to":
            one = next(one for one in of_kind if one.table.name == row.relation)
            await _write(uow, one, [row.key], {"valid_to": row.was}, author)
        if row.name == "active":
            one = next(one for one in of_kind if one.table.name == row.relation)
            await _write(uow, one, [row.key], {"active": one.column == merge.absorbed_id}, author)


async def is_built_upon(uow: UnitOfWork, merge: CardMerge, rows: Sequence["ChangedRow"]) -> bool:
    """Whether a later merge that stands made lines one with those this one changed: parted first, they would take its marks away."""
    query = select(CardMerge.absorbed_id).where(
        CardMerge.survivor_id == merge.survivor_id, CardMerge.state == "done", CardMerge.merged_at > merge.merged_at
    )
    later = (await uow.session.scalars(query)).all()
    for one in followers(CardKind(merge.kind)) if later else ():
        changed = {row.key for row in rows if row.relation == one.table.name}
        if one.table.name in _UNITED and changed:
            cards = [merge.survivor_id, merge.absorbed_id, *later]
            lines = (await uow.session.execute(select(*one.table.c).where(one.mine(cards)))).all()
            ours = [line for line in lines if _key(line, one) in changed]
            theirs = [line for line in lines if _of(line, one) in later]
            if any(_are_twins(line, twin, one) for line in ours for twin in theirs):
                return True
    return False


@dataclass(frozen=True)
class ChangedRow:
    """A row that a merge changed, as ``CardMergeRow`` keeps it."""

    relation: str
    name: str
    key: tuple[str, ...]
    was: date | None


async def rows_of(uow: UnitOfWork, merge: CardMerge) -> Sequence[ChangedRow]:
    """What the merge changed."""
    query = select(CardMergeRow.relation, CardMergeRow.name, CardMergeRow.key, CardMergeRow.was)
    found = await uow.session.execute(query.where(CardMergeRow.merge_id == merge.id))
    return [ChangedRow(relation, name, tuple(key), was) for relation, name, key, was in found]


async def counts(uow: UnitOfWork, kind: CardKind, card_id: UUID) -> dict[str, int]:
    """How many rows of each kind belong to a card."""
    found: dict[str, int] = {}
    for one in followers(kind):
        number = await uow.session.scalar(select(func.count()).select_from(one.table).where(one.mine([card_id])))
        if number:
            found[one.table.name] = found.get(one.table.name, 0) + number
    return found


def _of(row: Row[Any], one: Follower) -> Any:
    return row._mapping[one.column.name]  # noqa: SLF001 - the documented way to a column by name


def _key(row: Row[Any], one: Follower) -> tuple[str, ...]:
    return tuple(str(row._mapping[column.name]) for column in one.key)  # noqa: SLF001


def _are_twins(row: Row[Any], twin: Row[Any], one: Follower) -> bool:
    """Whether the rows would be one by some unique key of the table."""
    mine, others = row._mapping, twin._mapping  # noqa: SLF001
    return any(all(mine[name] is not None and mine[name] == others[name] for name in names) for names in _unique(one))


@cache
def _unique(one: Follower) -> tuple[frozenset[str], ...]:
    """Columns beside the card's that no two rows of a card may share."""
    keys = [constraint.columns for constraint in one.table.constraints if isinstance(constraint, UniqueConstraint)]
    keys += [index.columns for index in one.table.indexes if index.unique and not _partial(index)]
    keys.append(one.table.primary_key.columns)
    sets = [frozenset(column.name for column in columns) for columns in keys]
    return tuple(names - {one.column.name} for names in sets if one.column.name in names)


def _partial(index: Index) -> bool:
    return index.dialect_options["postgresql"]["where"] is not None


def _differ(row: Row[Any], twin: Row[Any], one: Follower) -> bool:
    mine, others = row._mapping, twin._mapping  # noqa: SLF001
    if one.table.name in _EACH_ITS_OWN:
        return False
    ids = {column.name for column in one.key} | {one.column.name}
    alike = ids | _ABOUT_THE_ROW | _MAY_DIFFER.get(one.table.name, frozenset())
    return any(mine[name] != others[name] for name in mine if name not in alike)


async def _move(
    uow: UnitOfWork, merge: CardMerge, one: Follower, keys: Sequence[tuple[str, ...]], author: Author
) -> None:
    if not keys:
        return
    # A key that holds the card's id is another one after the move.
    place = next((number for number, column in enumerate(one.key) if column is one.column), None)
    after = keys if place is None else [(*key[:place], str(merge.survivor_id), *key[place + 1 :]) for key in keys]
    await _remember(uow, merge, one, one.column.name, after)
    await _set(uow, merge, one, keys, author)


async def _set(
    uow: UnitOfWork, merge: CardMerge, one: Follower, keys: Sequence[tuple[str, ...]], author: Author
) -> None:
    """Let rows name the other card. In one statement: those that change places are never two of one card."""
    if not keys:
        return
    if await _may_change(uow, one):
        survivor, absorbed = literal(merge.survivor_id, Uuid), literal(merge.absorbed_id, Uuid)
        other = case((one.column == absorbed, survivor), else_=absorbed)
        await _write(uow, one, keys, {one.column.name: other}, author)
        return
    statement = sql("SELECT follow_merge(:merge, :relation, :name, CAST(:ids AS uuid[]))")
    ids = [key[0] for key in keys]
    await uow.session.execute(
        statement, {"merge": merge.id, "relation": one.table.name, "name": one.column.name, "ids": ids}
    )


async def _unite(
    uow: UnitOfWork,
    merge: CardMerge,
    one: Follower,
    united: Sequence[tuple[Row[Any], Row[Any], United]],
    author: Author,
) -> list[tuple[str, ...]]:
    """Make one row of each two of the same thing; the keys of those that change places."""
    places = []
    for row, twin, became in united:
        kept = row if became.exchanged else twin
        if became.values:
            await _write(uow, one, [_key(kept, one)], became.values, author)
        for name in became.taken:
            await _remember(uow, merge, one, name, [_key(kept, one)])
        if became.exchanged:
            places += [_key(row, one), _key(twin, one)]
    return places


async def _part(
    uow: UnitOfWork, merge: CardMerge, one: Follower, changed: Sequence["ChangedRow"], author: Author
) -> None:
    """Let the survivor's rows give back what they took from those of the absorbed card."""
    query = select(*one.table.c).where(one.mine([merge.survivor_id, merge.absorbed_id]))
    rows = (await uow.session.execute(query.with_for_update())).all()
    others = [row for row in rows if _of(row, one) == merge.absorbed_id]
    for row in rows:
        taken = [it.name for it in changed if it.key == _key(row, one) and it.name != one.column.name]
        if taken:
            other = next(other for other in others if _are_twins(row, other, one))
            values = part(row._asdict(), other._asdict(), taken)
            if values:
                await _write(uow, one, [_key(row, one)], values, author)


async def _may_change(uow: UnitOfWork, one: Follower) -> bool:
    """Whether the application may change the rows, or only add to them."""
    may = func.has_column_privilege(literal(one.table.name), literal(one.column.name), literal("UPDATE"))
    return bool(await uow.session.scalar(select(may)))


async def _write(
    uow: UnitOfWork, one: Follower, keys: Sequence[tuple[str, ...]], values: Mapping[str, Any], author: Author
) -> None:
    news = dict(values)
    if one.recorded:
        news |= {**signature(author, uow.now), "version": one.table.c.version + 1}
    where = tuple_(*(cast(column, Text) for column in one.key)).in_(list(keys))
    await uow.session.execute(update(one.table).where(where).values(news).execution_options(synchronize_session=False))


async def _end(uow: UnitOfWork, merge: CardMerge, one: Follower, rows: Sequence[Row[Any]], author: Author) -> None:
    """A twin that goes on is ended: two guardianships of one child by one person are told as one."""
    if "valid_to" not in one.table.c or "valid_from" not in one.table.c:
        return
    today = uow.clock.today()
    for row in rows:
        values = row._mapping  # noqa: SLF001
        until = max(values["valid_from"], today)
        if values["valid_to"] is None or values["valid_to"] > until:
            await _remember(uow, merge, one, "valid_to", [_key(row, one)], values["valid_to"])
            await _write(uow, one, [_key(row, one)], {"valid_to": until}, author)


async def _put_out(
    uow: UnitOfWork, merge: CardMerge, one: Follower, pairs: Sequence[tuple[Row[Any], Row[Any]]], author: Author
) -> None:
    """A twin in use is put out of use, and the survivor's takes its place."""
    for row, twin in pairs if "active" in one.table.c else ():
        if row._mapping["active"]:  # noqa: SLF001
            changed = [(row, False)] if twin._mapping["active"] else [(row, False), (twin, True)]  # noqa: SLF001
            for each, active in changed:
                await _remember(uow, merge, one, "active", [_key(each, one)])
                await _write(uow, one, [_key(each, one)], {"active": active}, author)


async def _remember(
    uow: UnitOfWork, merge: CardMerge, one: Follower, name: str, keys: Sequence[tuple[str, ...]], was: Any = None
) -> None:
    rows = [
        {"merge_id": merge.id, "relation": one.table.name, "name": name, "key": list(key), "was": was} for key in keys
    ]
    await uow.session.execute(insert(CardMergeRow), rows)
