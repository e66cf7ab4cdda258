"""Undoing a merge: both cards as they were, and what followed goes back, unless something since stands on it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents import service as consents
from sgo_core.history import service as history
from sgo_core.history.recorded import Author
from sgo_core.merging.carrying import lock
from sgo_core.merging.errors import ChangedSinceError, ErasedSinceError, MergedFurtherError, MovedSinceError
from sgo_core.merging.following import MODELS, Card, ChangedRow, followers, is_built_upon, rows_of, unfollow
from sgo_core.merging.model import CardMerge
from sgo_core.movements import service as movements

_FREED = ("snils_key", "document_key", "archived_on")


async def undo(uow: UnitOfWork, merge: CardMerge, author: Author) -> tuple[Card, Card]:
    """Part the cards again; returns them, the survivor first. What was recorded since under the survivor stays with it.

    Raises ``MergedFurtherError``, ``MovedSinceError``, ``ErasedSinceError`` or ``ChangedSinceError``: then nothing is changed.
    """
    survivor, absorbed = await lock(uow, merge)
    if absorbed.merged_into != survivor.id or survivor.merged_into is not None:
        raise MergedFurtherError
    rows = await rows_of(uow, merge)
    if await is_built_upon(uow, merge, rows):
        raise MergedFurtherError
    await _check(uow, merge, rows)
    assert merge.merged_at is not None
    assert merge.absorbed_before is not None
    before = await history.former(uow, type(absorbed), absorbed.id, merge.absorbed_before)
    assert before is not None, "a merge changes the absorbed card"
    given_back = await _given_back(uow, merge, survivor)
    merge.state, merge.undone_at = "undone", uow.now
    try:
        await uow.session.flush()
        # The keys pass through nobody's hands: each is unique, and the survivor may hold the absorbed card's.
        change(absorbed, {"document_key": None, "merged_into": None}, author, uow.now)
        await uow.session.flush()
        change(survivor, given_back, author, uow.now)
        await uow.session.flush()
        change(absorbed, {name: before.get(name) for name in _FREED}, author, uow.now)
        await uow.session.flush()
        await unfollow(uow, merge, author)
    except IntegrityError:
        raise ChangedSinceError from None
    return survivor, absorbed


async def _check(uow: UnitOfWork, merge: CardMerge, rows: Sequence[ChangedRow]) -> None:
    if merge.kind == CardKind.STUDENT.value:
        moved = [UUID(row.key[0]) for row in rows if row.relation == "membership"]
        known = [UUID(row.key[0]) for row in rows if row.relation == "movement"]
        if moved and await movements.moved_otherwise(uow, moved, known):
            raise MovedSinceError
    assert merge.merged_at is not None
    if await consents.erased_since(uow, [merge.survivor_id, merge.absorbed_id], merge.merged_at):
        raise ErasedSinceError
    gone = set()
    for one in followers(CardKind(merge.kind)):
        mine = {row.key for row in rows if (row.relation, row.name) == (one.table.name, one.column.name)}
        if mine:
            held = await uow.session.execute(select(*one.key).where(one.mine([merge.survivor_id, merge.absorbed_id])))
            if not mine <= {tuple(str(value) for value in key) for key in held}:
                gone.add(one.table.name)
    if gone:
        raise ChangedSinceError.of(gone)


async def _given_back(uow: UnitOfWork, merge: CardMerge, survivor: Card) -> dict[str, Any]:
    """Columns of the survivor as before the merge: those that the merge changed and nobody since."""
    assert merge.survivor_before is not None
    assert merge.survivor_after is not None
    if not merge.taken:
        return {}
    model = MODELS[CardKind(merge.kind)]
    before = await history.former(uow, model, survivor.id, merge.survivor_before)
    assert before is not None, "the merge changed it"
    after = await history.first_since(uow, model, survivor.id, merge.survivor_after)
    if after is not None and (edited := [one for one in merge.taken if getattr(survivor, one) != after.get(one)]):
        raise ChangedSinceError.of(name for name in edited if not name.endswith("_key"))
    return {name: before.get(name) for name in merge.taken}
