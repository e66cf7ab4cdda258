"""Use cases of organizations."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from identifiers import normal_name
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.fields import to_columns, to_plain
from sgo_core.catalogue.definition import CardKind
from sgo_core.chunks import chunked
from sgo_core.governing_bodies import service as governing_bodies
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import repository
from sgo_core.organizations.errors import (
    AlreadyRegisteredError,
    BranchError,
    KindFixedError,
    NumbersError,
    UnknownFounderError,
    UnknownMunicipalityError,
)
from sgo_core.organizations.events import organization_changed
from sgo_core.organizations.model import Municipality, Organization
from sgo_core.organizations.policies import FROM_ABOVE
from sgo_core.organizations.schemas import OrganizationIn, OrganizationPatch
from sgo_core.vault import vault_of

_REGISTERED_BY = frozenset({"municipality", "inn", "ogrn"})
"""What the register knows an organization by: not for its own office to change."""
_LONG_OGRN, _LONG_INN = 15, 12
_PUBLISHED = frozenset(
    {
        *("full_name", "short_name", "municipality", "locality", "founder_id", "active"),
        *("legal_address", "phones", "email", "site", "licence", "ogrn"),
    }
)


async def list_municipalities(uow: UnitOfWork) -> Sequence[Municipality]:
    """Municipalities in force today."""
    return await repository.municipalities(uow.session, uow.clock.today())


async def register_organization(uow: UnitOfWork, principal: Principal, body: OrganizationIn) -> Organization:
    """Register an organization, or a branch of one, in a municipality of the caller's."""
    values = body.values
    await check_lines(uow, values["municipality"], body.founder_id)
    check_numbers(values)
    organization_id = new_id()
    if not principal.sees(organization_id, values["municipality"], body.founder_id):
        raise ForbiddenError
    if body.parent_id is not None:
        await _check_branch(uow, principal, body.parent_id, values)
    row = {
        "id": organization_id,
        "founder_id": body.founder_id,
        "parent_id": body.parent_id,
        "search_name": searched_by(values["full_name"], values["short_name"]),
        **to_columns(CardKind.ORGANIZATION, Organization, values, vault_of(uow)),
        **signature(Author(principal.account_id, "Регистрация организации"), uow.now),
    }
    statement = insert(Organization).values(row).on_conflict_do_nothing().returning(Organization)
    created = (await uow.session.scalars(statement)).one_or_none()
    if created is None:
        raise AlreadyRegisteredError
    uow.publish(organization_changed(created), version=created.version)
    return created


async def check_lines(uow: UnitOfWork, municipality: str, founder_id: UUID | None) -> None:
    """Raise ``UnknownMunicipalityError`` or ``UnknownFounderError`` unless both lines lead somewhere."""
    if not await repository.municipality_in_force(uow.session, municipality, uow.clock.today()):
        raise UnknownMunicipalityError
    if founder_id is not None and not await governing_bodies.in_force(uow, founder_id):
        raise UnknownFounderError


def check_numbers(values: Mapping[str, Any]) -> None:
    """Raise ``NumbersError`` unless ИНН, КПП and ОГРН fit each other."""
    sole_trader = len(values["ogrn"]) == _LONG_OGRN
    if sole_trader != (len(values["inn"]) == _LONG_INN) or (sole_trader and values.get("kpp") is not None):
        raise NumbersError


async def _check_branch(uow: UnitOfWork, principal: Principal, parent_id: UUID, values: Mapping[str, Any]) -> None:
    head = await require_visible(uow, principal, parent_id)
    if head.parent_id is not None or (head.inn, head.ogrn) != (values["inn"], values["ogrn"]):
        raise BranchError


def searched_by(full_name: str, short_name: str) -> str:
    """What an organization is found by: its names in normal form."""
    return normal_name(f"{short_name} {full_name}")


async def require_visible(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> Organization:
    """The organization if the principal sees it; raises ``NotFoundError``."""
    organization = await repository.get(uow.session, organization_id)
    if organization is None or not principal.sees(organization.id, organization.municipality, organization.founder_id):
        raise NotFoundError
    return organization


async def organization_as_of(uow: UnitOfWork, organization_id: UUID, instant: datetime) -> Organization:
    """The card as it was known at an instant; raises ``NotFoundError`` if there was none yet."""
    found = await history.rows_as_of(uow, Organization, [organization_id], instant)
    if not found:
        raise NotFoundError
    return found[0]


async def history_of(uow: UnitOfWork, organization_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the history of a card, and one more."""
    return await history.changes_of(uow, [Organization], organization_id, limit, after)


async def card_values(uow: UnitOfWork, organization: Organization) -> dict[str, Any]:
    """The card's fields, its own and those that other records give."""
    founder = organization.founder_id
    parent = organization.parent_id
    bodies = await governing_bodies.names(uow, [] if founder is None else [founder])
    heads = await by_ids(uow, [] if parent is None else [parent])
    return {
        **to_plain(CardKind.ORGANIZATION, organization, vault_of(uow)),
        "governing_body": None if founder is None else bodies.get(founder),
        "parent": None if parent is None else heads[parent].full_name,
    }


async def edit_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, version: int, body: OrganizationPatch
) -> Organization:
    """Change a card; founder, opening and closing, and what the register knows it by are for those above the organization."""
    organization = await repository.get(uow.session, organization_id, lock=True)
    if organization is None or not principal.sees(organization.id, organization.municipality, organization.founder_id):
        raise NotFoundError
    if organization.version != version:
        raise VersionMismatchError
    columns = to_columns(CardKind.ORGANIZATION, Organization, body.values, vault_of(uow), organization)
    columns |= {name: getattr(body, name) for name in ("founder_id", "active") if name in body.model_fields_set}
    columns = {name: value for name, value in columns.items() if getattr(organization, name) != value}
    if columns.keys() & {*_REGISTERED_BY, "founder_id", "active"} and principal.role not in FROM_ABOVE:
        raise ForbiddenError
    if "kind" in columns:
        raise KindFixedError
    stands = {name: columns.get(name, getattr(organization, name)) for name in ("inn", "ogrn", "kpp")}
    check_numbers(stands)
    if columns.keys() & {"inn", "ogrn"} and (
        organization.parent_id is not None or await repository.has_branches(uow.session, organization_id)
    ):
        raise BranchError
    municipality = columns.get("municipality", organization.municipality)
    await check_lines(uow, municipality, columns.get("founder_id"))
    if not principal.sees(organization_id, municipality, columns.get("founder_id", organization.founder_id)):
        raise ForbiddenError
    if columns.keys() & {"full_name", "short_name"}:
        named = {name: columns.get(name, getattr(organization, name)) for name in ("full_name", "short_name")}
        columns["search_name"] = searched_by(**named)
    changed = change(organization, columns, Author(principal.account_id, body.reason), uow.now)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise AlreadyRegisteredError from None
    if changed & _PUBLISHED:
        uow.publish(organization_changed(organization), version=organization.version)
    return organization


async def list_organizations(
    uow: UnitOfWork,
    principal: Principal,
    limit: int,
    after: UUID | None,
    municipality: str | None = None,
    kind: str | None = None,
    words: str | None = None,
) -> Sequence[Organization]:
    """One page of the organizations the principal sees, and one more."""
    return await repository.page(uow.session, principal, limit, after, municipality, kind, words)


async def by_ids(uow: UnitOfWork, ids: Sequence[UUID]) -> Mapping[UUID, Organization]:
    """Organizations by id, those that exist."""
    return {organization.id: organization for organization in await repository.by_ids(uow.session, ids)}


def visible_ids(principal: Principal) -> ScalarSelect[UUID]:
    """Ids of the organizations the principal sees, for the queries of other slices."""
    return repository.visible_ids(principal)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every organization, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Organization), Organization.id):
        yield [Aggregate(organization_changed(one), one.updated_at, one.version) for one in chunk]
