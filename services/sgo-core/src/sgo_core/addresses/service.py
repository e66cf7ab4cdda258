"""Use cases of the address book: looking up as one types, making a card's address, what was typed by hand and is not in it."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.addresses import repository
from sgo_core.addresses.model import AddressObject
from sgo_core.addresses.schemas import CandidateOut, UnmatchedOut
from sgo_core.addresses.words import has_digit, searched, words
from sgo_core.catalogue.values import Address
from sgo_core.organizations import service as organizations

_STREETS = 100


async def look_up(uow: UnitOfWork, typed: str, parent_id: UUID | None, limit: int) -> Sequence[AddressObject]:
    """Objects that what is typed so far may mean, the likeliest first: houses when a number ends it, then streets and settlements.

    Words begin as typed; only when nothing begins so, mistakes are forgiven.
    """
    if parent_id is not None:
        return await repository.children(uow.session, parent_id, searched(typed).strip(), limit)
    asked = words(typed)
    if len(asked) > 1:
        regions = set(await repository.regions(uow.session))
        asked = [one for one in asked if one not in regions] or asked
    if not asked:
        return []
    found: list[AddressObject] = []
    if len(asked) > 1 and has_digit(asked[-1]):
        streets = await repository.by_words(uow.session, asked[:-1], _STREETS)
        if not streets:
            streets = await repository.misspelt(uow.session, asked[:-1], _STREETS)
        found += await repository.houses(uow.session, [one.id for one in streets], asked[-1], limit)
        found += [one for one in streets if one.level == "street"][: max(limit - len(found), 0)]
    if not found:
        found += await repository.by_words(uow.session, asked, limit)
    if not found:
        found += await repository.misspelt(uow.session, asked, limit)
    return found[:limit]


async def address_of(uow: UnitOfWork, object_id: UUID, flat: str | None) -> Address:
    """A card's address made of an object and those it is in; raises ``NotFoundError``."""
    chain = await repository.chain(uow.session, object_id)
    if not chain:
        raise NotFoundError
    by_level = {one.level: one for one in chain}

    def named(level: str) -> str | None:
        one = by_level.get(level)
        return None if one is None else f"{one.type_name} {one.name}".strip()

    code = next((one.oktmo for one in chain if one.oktmo is not None), None)
    house = by_level.get("house")
    return Address.model_validate(
        {
            "text": chain[0].full_text if flat is None else f"{chain[0].full_text}, кв. {flat}",
            "gar_id": chain[0].gar_id,
            "postal_code": next((one.postal_code for one in chain if one.postal_code is not None), None),
            "municipality": None if code is None else code[:8],
            "settlement": named("settlement"),
            "street": named("street"),
            "house": None if house is None else house.name,
            "flat": flat,
        }
    )


async def list_unmatched(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, limit: int, after: str | None
) -> list[UnmatchedOut]:
    """One page of the addresses of an organization's students that name no object of the book, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    found: dict[str, UnmatchedOut] = {}
    rows = await repository.unmatched(uow.session, organization_id, uow.clock.today(), limit + 1, after)
    for student_id, field, text, key, object_id, full_text, likeness in rows:
        one = found.setdefault(key, UnmatchedOut(key=key, student_id=student_id, field=field, text=text, candidates=[]))
        if object_id is not None:
            one.candidates.append(CandidateOut(id=object_id, full_text=full_text, likeness=round(likeness, 2)))
    return list(found.values())
