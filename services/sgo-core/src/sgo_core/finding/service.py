"""Finding a child before a card is opened or an order drafted, so that nobody gets a second one.

An office reads the children it answers for. Of others it learns that there is such a child, and only when it names a number, or a
name with the birth date: whoever has the papers in hand knows them, whoever browses does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.finding import pairs, repository
from sgo_core.finding.errors import NothingToFindByError
from sgo_core.finding.schemas import Sought, SoughtDocument
from sgo_core.movements import service as movements
from sgo_core.vault import vault_of

_SEEN = 20
_ELSEWHERE = 5


@dataclass(frozen=True)
class Found:
    """Students the caller sees and others, the likeliest first; ``more``: not all that were found."""

    seen: Sequence[Row[*tuple[Any, ...]]]
    elsewhere: Sequence[Row[*tuple[Any, ...]]]
    more: bool


async def find_students(uow: UnitOfWork, principal: Principal, sought: Sought) -> Found:
    """Students by number or name; raises ``NothingToFindByError``. Whom it told of is recorded."""
    if sought.name is None and sought.snils is None and sought.document is None:
        raise NothingToFindByError
    vault, document = vault_of(uow), sought.document
    criteria = repository.Criteria(
        name=sought.name,
        birth_date=sought.birth_date,
        snils_key=None if sought.snils is None else vault.snils_key(sought.snils),
        document_key=None if document is None else vault.document_key(document.kind, document.series, document.number),
    )
    mine = movements.sight_of(uow, principal)
    matches = await repository.matches(uow.session, criteria)
    seen = await repository.find(uow.session, matches, mine, _SEEN)
    elsewhere = await repository.find_elsewhere(uow.session, matches, mine, _ELSEWHERE)
    found = Found(seen[:_SEEN], elsewhere[:_ELSEWHERE], len(seen) > _SEEN or len(elsewhere) > _ELSEWHERE)
    await audit.record(uow, principal, "students.find", [row.id for row in (*found.seen, *found.elsewhere)])
    return found


async def identified(
    uow: UnitOfWork, snils: str | None, document: SoughtDocument | None, birth_date: date
) -> UUID | None:
    """The child, of whatever organization, whose number and birth date somebody has the papers of; raises ``NothingToFindByError``."""
    if snils is None and document is None:
        raise NothingToFindByError
    vault = vault_of(uow)
    return await repository.identified(
        uow.session,
        None if snils is None else vault.snils_key(snils),
        None if document is None else vault.document_key(document.kind, document.series, document.number),
        birth_date,
    )


async def duplicates(
    uow: UnitOfWork, principal: Principal, limit: int, after: UUID | None, *, different: bool
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of the pairs of cards that may be one child, the caller seeing one of them at least, and one more."""
    return await pairs.page(uow.session, movements.sight_of(uow, principal), limit, after, different=different)
