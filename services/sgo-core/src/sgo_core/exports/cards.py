"""Cards as lines of exports: what the reader may see of them, in the columns that imports read."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from reportkit.tables import Cell, Column, Kind
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import shown
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.consents.standing import closed_fields
from sgo_core.exports.kinds import Item, Scope
from sgo_core.imports.columns import FieldReader

_DAY = "ДД.ММ.ГГГГ"


def items_of(kind: CardKind, readers: Sequence[FieldReader]) -> list[Item]:
    """Items of a card's own fields."""
    return [
        Item(
            one.name,
            tuple(Column(column.title, 24, Kind.DATE if column.hint == _DAY else Kind.TEXT) for column in one.columns),
            kind,
        )
        for one in readers
    ]


def cells_of(readers: Sequence[FieldReader], seen: Mapping[str, Any]) -> dict[str, Sequence[Cell]]:
    """Cells by field of the values that may be seen."""
    return {one.name: one.write(seen[one.name]) for one in readers if seen.get(one.name) is not None}


async def closed_for(
    uow: UnitOfWork, scope: Scope, audience: Audience, kind: CardKind, ids: Sequence[UUID]
) -> Mapping[UUID, frozenset[str]]:
    """Fields of each card that the reader has no ground to use."""
    return await closed_fields(uow, scope.principal, audience, kind, ids)


def seen(kind: CardKind, plain: Mapping[str, Any], audience: Audience, closed: frozenset[str]) -> dict[str, Any]:
    """What the reader sees of a card's plain values."""
    values, _ = shown(kind, plain, audience, closed)
    return values
