"""Names of cards, for lists that are about something else."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text

from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown
from sgo_core.catalogue.definition import CardKind

_PERSON = ("last_name", "first_name", "middle_name")
_NAMES = {kind: ("short_name",) if kind is CardKind.ORGANIZATION else _PERSON for kind in CardKind}


async def names_for(
    uow: UnitOfWork, principal: Principal, cards: Mapping[CardKind, Sequence[UUID]]
) -> dict[UUID, dict[str, Any]]:
    """Names of cards by id, as the caller may see them; a statement for each kind of card."""
    audience = audience_of(principal)
    found: dict[UUID, dict[str, Any]] = {}
    for kind, ids in cards.items():
        if not ids:
            continue
        query = text(
            f"SELECT id, {', '.join(_NAMES[kind])} FROM {kind.value} WHERE id = ANY (:ids)"  # noqa: S608 - names of our own
        ).bindparams(bindparam("ids", list(ids), ARRAY(Uuid)))
        for row in await uow.session.execute(query):
            plain = {name: getattr(row, name) for name in _NAMES[kind]}
            found[row.id] = shown(kind, plain, audience, closed=())[0]
    return found
