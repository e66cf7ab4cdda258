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
    """Names of cards by id, as the caller may see them: one statement for all of them."""
    wanted = {kind: list(ids) for kind, ids in cards.items() if ids}
    if not wanted:
        return {}
    parts = [
        f"SELECT '{kind}' AS kind, id, ARRAY[{', '.join(_NAMES[kind])}] AS names FROM {kind.value} "  # noqa: S608 - names of our own
        f"WHERE id = ANY (:{kind.value})"
        for kind in wanted
    ]
    query = text(" UNION ALL ".join(parts)).bindparams(
        *(bindparam(kind.value, ids, ARRAY(Uuid)) for kind, ids in wanted.items())
    )
    audience = audience_of(principal)
    found: dict[UUID, dict[str, Any]] = {}
    for row in await uow.session.execute(query):
        kind = CardKind(row.kind)
        plain = dict(zip(_NAMES[kind], row.names, strict=True))
        found[row.id] = shown(kind, plain, audience, closed=())[0]
    return found
