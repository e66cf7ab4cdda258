"""Carrying a merge out over the two locked cards: what the survivor takes, what it is found by, what follows it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.history.recorded import Author
from sgo_core.merging.errors import FieldChoiceError, RecordFinalError, SnilsDifferError, StaysOverlapError
from sgo_core.merging.following import MODELS, Card, follow
from sgo_core.merging.model import CardMerge
from sgo_core.people.errors import MergedError
from sgo_core.people.identity import search_name
from sgo_core.vault import vault_of

_NAMES = ("last_name", "first_name", "middle_name")
_OVERLAPS = ("ex_membership_one_main", "ex_membership_one_per_programme", "ex_employment_main")


async def lock(uow: UnitOfWork, merge: CardMerge) -> tuple[Card, Card]:
    """The survivor and the absorbed card, their rows locked in id order; raises ``NotFoundError``."""
    model: type[Any] = MODELS[CardKind(merge.kind)]
    query = select(model).where(model.id.in_([merge.survivor_id, merge.absorbed_id])).order_by(model.id)
    cards = await uow.session.scalars(query.with_for_update(), execution_options=_FRESH)
    found: dict[UUID, Card] = {card.id: card for card in cards}
    if len(found) < 2:  # noqa: PLR2004 - both
        raise NotFoundError
    return found[merge.survivor_id], found[merge.absorbed_id]


_FRESH = {"populate_existing": True}


async def carry_out(uow: UnitOfWork, merge: CardMerge, author: Author) -> tuple[Card, Card]:
    """Merge the cards; returns them, the survivor first. ``merge`` is stored and done in this transaction or not at all."""
    survivor, absorbed = await lock(uow, merge)
    for card in (survivor, absorbed):
        if card.merged_into is not None:
            raise MergedError.into(card.merged_into)
    columns = _taken(uow, merge, survivor, absorbed)
    merge.survivor_before, merge.absorbed_before = survivor.version, absorbed.version
    keys, kept = _keys(survivor, absorbed, columns)
    try:
        await follow(uow, merge, author)
        change(absorbed, {"snils_key": None, "document_key": None}, author, uow.now)
        await uow.session.flush()
        merge.taken = sorted(change(survivor, {**columns, **keys}, author, uow.now))
        await uow.session.flush()
        gone = {"archived_on": absorbed.archived_on or uow.clock.today(), "merged_into": survivor.id}
        change(absorbed, {**gone, "document_key": kept}, author, uow.now)
        await uow.session.flush()
    except IntegrityError as error:
        overlaps = any(name in str(error.orig) for name in _OVERLAPS)
        raise (StaysOverlapError if overlaps else RecordFinalError) from None
    merge.survivor_after = survivor.version
    return survivor, absorbed


def _taken(uow: UnitOfWork, merge: CardMerge, survivor: Card, absorbed: Card) -> dict[str, Any]:
    """Columns of the survivor that are the absorbed card's from now on: those chosen, and those that the survivor lacks."""
    kind, vault = CardKind(merge.kind), vault_of(uow)
    mine, theirs = to_plain(kind, survivor, vault), to_plain(kind, absorbed, vault)
    chosen = set(merge.fields)
    if not chosen <= {name for name, value in theirs.items() if _is_there(value)}:
        raise FieldChoiceError
    if merge.mistaken is not None:
        chosen = chosen | {"snils"} if merge.mistaken == "survivor" else chosen - {"snils"}
    elif mine["snils"] != theirs["snils"] and _is_there(mine["snils"]) and _is_there(theirs["snils"]):
        raise SnilsDifferError
    lacking = {name for name, value in theirs.items() if _is_there(value) and not _is_there(mine[name])}
    columns = {name: getattr(absorbed, name) for name in sorted(chosen | lacking) if mine[name] != theirs[name]}
    if columns.keys() & set(_NAMES):
        columns["search_name"] = search_name(*(columns.get(name, getattr(survivor, name)) for name in _NAMES))
    return columns


def _keys(survivor: Card, absorbed: Card, columns: Mapping[str, Any]) -> tuple[dict[str, bytes | None], bytes | None]:
    """Keys that the survivor takes, and the document's that the absorbed card keeps: it finds the survivor by it.

    A СНИЛС that was a mistake finds nobody any more: it is, or will be, another person's.
    """
    keys: dict[str, bytes | None] = {}
    if "snils" in columns:
        keys["snils_key"] = absorbed.snils_key
    if "document" in columns:
        keys["document_key"] = absorbed.document_key
        return keys, survivor.document_key
    return keys, absorbed.document_key


def differing(uow: UnitOfWork, kind: CardKind, one: Card, other: Card) -> list[str]:
    """Names of the fields that both cards have and that differ."""
    vault = vault_of(uow)
    mine, theirs = to_plain(kind, one, vault), to_plain(kind, other, vault)
    return [
        name
        for name in CATALOGUE.cards[kind].stored()
        if _is_there(mine[name]) and _is_there(theirs[name]) and mine[name] != theirs[name]
    ]


def _is_there(value: Any) -> bool:
    return value is not None and value != []
