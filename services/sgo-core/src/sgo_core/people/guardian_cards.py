"""Guardians' own cards: reading, editing, history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.fields import to_columns
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.standing import NamedGround, require_ground
from sgo_core.history import service as history
from sgo_core.history.recorded import Author
from sgo_core.people.errors import GuardianTakenError
from sgo_core.people.identity import search_name
from sgo_core.people.model import Guardian, Guardianship
from sgo_core.vault import vault_of

_NAMES = ("last_name", "first_name", "middle_name")


async def get_guardian(uow: UnitOfWork, guardian_id: UUID, instant: datetime | None) -> Guardian:
    """A guardian's card, now or as it was known at an instant; raises ``NotFoundError``."""
    if instant is None:
        found = await uow.session.get(Guardian, guardian_id)
    else:
        found = next(iter(await history.rows_as_of(uow, Guardian, [guardian_id], instant)), None)
    if found is None:
        raise NotFoundError
    return found


async def history_of(uow: UnitOfWork, guardian_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the history of a guardian's card and guardianships, and one more."""
    return await history.changes_of(uow, [Guardian, Guardianship], guardian_id, limit, after)


async def edit_guardian(
    uow: UnitOfWork,
    guardian_id: UUID,
    version: int,
    values: CardValues,
    author: Author,
    *,
    organization_id: UUID | None,
    grounds: Mapping[str, NamedGround],
) -> tuple[Guardian, frozenset[str]]:
    """Change a card and say which columns differ; what needs consent is stored on a consent or one of the ``grounds``."""
    guardian = await uow.session.get(Guardian, guardian_id, with_for_update=True, populate_existing=True)
    if guardian is None:
        raise NotFoundError
    if guardian.version != version:
        raise VersionMismatchError
    vault = vault_of(uow)
    columns: dict[str, Any] = to_columns(CardKind.GUARDIAN, Guardian, values, vault, guardian)
    news = {name: value for name, value in values.items() if name in columns}
    await require_ground(uow, CardKind.GUARDIAN, guardian_id, organization_id, news, grounds, author)
    if "snils" in columns:
        columns["snils_key"] = None if values["snils"] is None else vault.snils_key(values["snils"])
    if columns.keys() & set(_NAMES):
        columns["search_name"] = search_name(*(columns.get(name, getattr(guardian, name)) for name in _NAMES))
    changed = change(guardian, columns, author, uow.now)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise GuardianTakenError from None
    return guardian, changed
