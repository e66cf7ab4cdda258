"""Guardians' own cards: reading, editing, history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.fields import to_columns
from sgo_core.cards.values import CardValues
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.consents.standing import Consent, NamedGround, consents_of, require_ground, told_to
from sgo_core.history import service as history
from sgo_core.history.recorded import Author
from sgo_core.people import repository
from sgo_core.people.errors import GuardianTakenError, MergedError
from sgo_core.people.identity import search_name
from sgo_core.people.model import Guardian, Guardianship, Student
from sgo_core.vault import vault_of

_NAMES = ("last_name", "first_name", "middle_name")
KINSHIP_TITLES = {"mother": "мать", "father": "отец", "guardian": "опекун (попечитель)", "other": "иной представитель"}


async def get_guardian(uow: UnitOfWork, guardian_id: UUID, instant: datetime | None) -> Guardian:
    """A guardian's card, now or as it was known at an instant; raises ``NotFoundError``."""
    if instant is None:
        found = await uow.session.get(Guardian, guardian_id)
    else:
        found = next(iter(await history.rows_as_of(uow, Guardian, [guardian_id], instant)), None)
    if found is None:
        raise NotFoundError
    return found


async def family_of(
    uow: UnitOfWork, guardian_id: UUID, instant: datetime | None
) -> Sequence[tuple[Guardianship, Student]]:
    """Guardianships in force with the children, now or as they were known at an instant."""
    if instant is None:
        return await repository.wards(uow.session, guardian_id, uow.clock.today())
    day = uow.clock.date_of(instant)
    ties = [
        one
        for one in await history.rows_as_of(uow, Guardianship, [guardian_id], instant)
        if one.guardian_id == guardian_id and one.valid_from <= day and (one.valid_to is None or one.valid_to > day)
    ]
    children = await history.rows_as_of(uow, Student, [one.student_id for one in ties], instant)
    by_id = {one.id: one for one in children}
    return sorted(
        ((one, by_id[one.student_id]) for one in ties if one.student_id in by_id), key=lambda pair: pair[1].id
    )


async def derived_values(
    uow: UnitOfWork,
    principal: Principal,
    audience: Audience,
    guardian_id: UUID,
    family: Sequence[tuple[Guardianship, Student]],
    instant: datetime | None,
) -> dict[str, list[str]]:
    """Fields of the card that other records give: children, kinship, consents (App.1 1.1)."""
    consents = told_to(principal, audience, await consents_of(uow, [guardian_id], instant))
    return {
        "children": [_named(child) for _, child in family],
        "kinship": [f"{KINSHIP_TITLES[tie.kinship]}: {_named(child)}" for tie, child in family],
        "consent": [_consent_line(uow, one) for one in consents],
    }


def _named(child: Student) -> str:
    return " ".join(part for part in (child.last_name, child.first_name, child.middle_name) if part)


def _consent_line(uow: UnitOfWork, one: Consent) -> str:
    line = f"{uow.clock.date_of(one.given_at):%d.%m.%Y}, {one.operator}"
    if one.withdrawn_at is not None:
        return f"{line}, отозвано {uow.clock.date_of(one.withdrawn_at):%d.%m.%Y}"
    return line if one.valid_until is None else f"{line}, до {one.valid_until:%d.%m.%Y}"


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
    if guardian.merged_into is not None:
        raise MergedError.into(guardian.merged_into)
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
