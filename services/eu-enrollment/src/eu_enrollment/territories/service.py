"""Use cases of territories: publishing acts, and which organizations an address is assigned to.

For the rules of enrolment: ``assigned(session, municipality, address, day)``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.territories import repository
from eu_enrollment.territories.address import Address
from eu_enrollment.territories.checking import Checked, LineDraft, PlaceKey, Pointer, check_lines
from eu_enrollment.territories.errors import ActRacedError, LinesRefusedError, ValidityError
from eu_enrollment.territories.files import pointer as cell_pointer
from eu_enrollment.territories.files import read_lines
from eu_enrollment.territories.houses import House, HousesError, parse_houses
from eu_enrollment.territories.model import Act, Candidate, TerritoryKind
from eu_enrollment.territories.naming import Name, settlement_name, street_name, words_of
from servicekit.errors import FieldError, ForbiddenError, NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

__all__ = [
    "Act",
    "ActDraft",
    "Candidate",
    "Found",
    "LineDraft",
    "Outcome",
    "TerritoryKind",
    "last_published",
    "lines_in_force",
    "look_up",
    "publish",
    "publish_table",
]

_DUE = (3, 15)
"""Month and day by which territories of schools are assigned each year (order 458, clause 6)."""
LATE = "Акт о закреплении территорий за школами издаётся не позднее 15 марта (приказ № 458, п. 6)"


@dataclass(frozen=True, slots=True)
class ActDraft:
    """An act to publish; ``valid_to`` is exclusive, ``authority`` the body that issued it, ``url`` where its text is."""

    municipality: str
    kind: TerritoryKind
    title: str
    number: str
    issued_on: date
    authority: str
    valid_from: date
    valid_to: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, or, of a trial, would be."""

    act_id: UUID | None
    edition: int | None
    lines: int
    organizations: int
    warnings: tuple[str, ...]


async def publish(
    uow: UnitOfWork,
    principal: Principal,
    draft: ActDraft,
    lines: Sequence[LineDraft],
    pointer: Pointer,
    *,
    trial: bool = False,
) -> Published:
    """Publish an act whole, or, as a ``trial``, only check it. It stands from ``valid_from`` on in the place of earlier ones.

    The region publishes anywhere, a municipality for itself. Acts never change: what was wrong is put right by another act of
    the same day. Raises ``LinesRefusedError`` with every wrong line.
    """
    if principal.unit.municipality not in {None, draft.municipality}:
        raise ForbiddenError
    if draft.valid_to is not None and draft.valid_to <= draft.valid_from:
        raise ValidityError
    ids = {line.organization_id for line in lines if line.organization_id is not None}
    known = await repository.organizations(uow.session, ids)
    read, errors = await asyncio.to_thread(check_lines, lines, known, draft.kind, draft.municipality, pointer)
    await repository.lock_municipality(uow.session, draft.municipality)
    by_gar = await repository.places_by_gar(uow.session, {one.draft.gar_id for one in read if one.draft.gar_id})
    errors += _misplaced(read, by_gar, draft.municipality, pointer)
    if errors:
        raise LinesRefusedError(errors=errors)
    late = draft.kind is TerritoryKind.SCHOOL and (draft.issued_on.month, draft.issued_on.day) > _DUE
    warnings = (LATE,) if late else ()
    if trial:
        return Published(None, None, len(lines), len(ids), warnings)
    act_id = new_id()
    edition = await repository.add_act(
        uow.session,
        {
            "id": act_id,
            "municipality": draft.municipality,
            "kind": draft.kind.value,
            "valid_from": draft.valid_from,
            "valid_to": draft.valid_to,
            "authority": draft.authority,
            "title": draft.title,
            "number": draft.number,
            "issued_on": draft.issued_on,
            "url": draft.url,
            "created_at": uow.now,
            "created_by": principal.account_id,
        },
    )
    if edition is None:
        raise ActRacedError
    places = await _places(uow, draft.municipality, read, by_gar, pointer)
    rows = [
        {
            "act_id": act_id,
            "number": number,
            "organization_id": one.draft.organization_id,
            "place_id": places[one.key],
            "houses": one.houses.text,
            "house_gar_id": one.draft.house_gar_id,
            "shared": one.draft.shared,
        }
        for number, one in enumerate(read, 1)
    ]
    await repository.add_lines(uow.session, rows)
    return Published(act_id, edition, len(rows), len(ids), warnings)


async def publish_table(
    uow: UnitOfWork, principal: Principal, draft: ActDraft, content: bytes, *, trial: bool
) -> Published:
    """The same with the lines in a table, CSV or XLSX; errors name the file's rows and columns."""
    if principal.unit.municipality not in {None, draft.municipality}:
        raise ForbiddenError
    names = await repository.organization_names(uow.session, draft.municipality, draft.kind)
    lines = await asyncio.to_thread(read_lines, content, names)
    return await publish(uow, principal, draft, lines, cell_pointer, trial=trial)


def _misplaced(
    read: Sequence[Checked], by_gar: Mapping[UUID, Any], municipality: str, pointer: Pointer
) -> list[FieldError]:
    """Ids of the state register that stand for two streets, or for one of another municipality."""
    found: list[FieldError] = []
    ids: dict[PlaceKey, UUID] = {}
    keys: dict[UUID, PlaceKey] = {}
    for one in read:
        if (gar_id := one.draft.gar_id) is None:
            continue
        agrees = ids.setdefault(one.key, gar_id) == gar_id and keys.setdefault(gar_id, one.key) == one.key
        if not agrees or (gar_id in by_gar and by_gar[gar_id].municipality != municipality):
            title = "Идентификатор ГАР уже указан для другой улицы"
            found.append(FieldError(pointer(one.draft.row, "gar_id"), "territory.gar-id", title))
    return found


async def _places(
    uow: UnitOfWork,
    municipality: str,
    read: Sequence[Checked],
    by_gar: Mapping[UUID, Any],
    pointer: Pointer,
) -> dict[PlaceKey, UUID]:
    """Ids of the streets and settlements of the lines: known by the state register's id, known by name, or new."""
    found: dict[PlaceKey, UUID] = {}
    rows: dict[PlaceKey, dict[str, Any]] = {}
    stated: dict[PlaceKey, Checked] = {}
    for one in read:
        settlement, street = one.key
        if one.draft.gar_id is not None:
            stated.setdefault(one.key, one)
            if one.draft.gar_id in by_gar:
                found[one.key] = by_gar[one.draft.gar_id].id
        row = rows.setdefault(
            one.key,
            {
                "id": new_id(),
                "municipality": municipality,
                "settlement": one.draft.settlement,
                "street": one.draft.street,
                "settlement_type": settlement.type,
                "settlement_words": settlement.words,
                "street_type": street.type,
                "street_words": street.words,
                "search_text": "".join(f" {word}" for word in (settlement.words, street.words) if word),
                "gar_id": None,
            },
        )
        row["gar_id"] = row["gar_id"] or one.draft.gar_id
    new = [row for key, row in sorted(rows.items(), key=lambda item: str(item[0])) if key not in found]
    errors: list[FieldError] = []
    for kept in await repository.keep_places(uow.session, new):
        key = Name(kept.settlement_type, kept.settlement_words), Name(kept.street_type, kept.street_words)
        found[key] = kept.id
        if key in stated and stated[key].draft.gar_id != kept.gar_id:
            title = "За улицей записан другой идентификатор ГАР"
            errors.append(FieldError(pointer(stated[key].draft.row, "gar_id"), "territory.gar-id", title))
    if errors:
        raise LinesRefusedError(errors=errors)
    return found


class Outcome(StrEnum):
    """What is known of an address by the act of one kind."""

    ASSIGNED = "assigned"
    HOUSE_NEEDED = "house_needed"
    AMBIGUOUS = "ambiguous"
    NOT_ASSIGNED = "not_assigned"
    NO_ACT = "no_act"


@dataclass(frozen=True, slots=True)
class Found:
    """``lines`` are those that assign the address; where the house is needed, those of its street; of one ambiguous, all."""

    kind: TerritoryKind
    act: Act | None
    outcome: Outcome
    lines: tuple[Candidate, ...] = ()


async def told(session: AsyncSession, municipality: str, kind: TerritoryKind, address: Address, day: date) -> Found:
    """What is known of an address by the act of one kind."""
    return next(one for one in await look_up(session, municipality, address, day) if one.kind is kind)


async def look_up(session: AsyncSession, municipality: str, address: Address, day: date) -> list[Found]:
    """What is known of an address by the acts in force on a business date, one answer for each kind.

    Several organizations where a territory is shared. Names are compared exactly: an address that cannot be told for certain (no house
    where the street is divided, two streets of one name) is assigned to nobody, and a person decides.
    """
    acts = {one.kind: one for one in await repository.acts_in_force(session, municipality, day)}
    lines = await repository.candidates(session, municipality, address, day) if acts else []
    return [
        _decide(kind, acts[kind], [one for one in lines if one.act.kind is kind], address)
        if kind in acts
        else Found(kind, None, Outcome.NO_ACT)
        for kind in TerritoryKind
    ]


def _decide(kind: TerritoryKind, act: Act, lines: Sequence[Candidate], address: Address) -> Found:
    """The lines of the house itself, then those of its street, then those of the settlement as a whole."""
    if by_house := [one for one in lines if one.house_gar_id in address.gar_ids]:
        return Found(kind, act, Outcome.ASSIGNED, tuple(by_house))
    streets = _meant([one for one in lines if one.street is not None], address)
    settlements = _meant([one for one in lines if one.street is None], address)
    if len({one.place_id for one in streets}) > 1 or (not streets and len({one.place_id for one in settlements}) > 1):
        return Found(kind, act, Outcome.AMBIGUOUS, tuple(streets or settlements))
    house = _house(address.house)
    if house is not None and (covering := [one for one in streets if parse_houses(one.houses).covers(house)]):
        return Found(kind, act, Outcome.ASSIGNED, tuple(covering))
    if house is None and streets:
        divided = not all(parse_houses(one.houses).everything for one in streets)
        return Found(kind, act, Outcome.HOUSE_NEEDED if divided else Outcome.ASSIGNED, tuple(streets))
    whole = [one for one in settlements if parse_houses(one.houses).everything]
    if house is not None and address.street is None:
        whole = [one for one in settlements if parse_houses(one.houses).covers(house)]
    if house is None and address.street is None and len(whole) < len(settlements):
        return Found(kind, act, Outcome.HOUSE_NEEDED, tuple(settlements))
    return Found(kind, act, Outcome.ASSIGNED if whole else Outcome.NOT_ASSIGNED, tuple(whole))


def _meant(lines: Sequence[Candidate], address: Address) -> list[Candidate]:
    """Lines of the place the address means: by the state register's id if it names one, else by the types of its names."""
    if by_id := [one for one in lines if one.place_gar_id in address.gar_ids]:
        return by_id
    settlement = settlement_name(address.settlement or "")
    street = street_name(address.street or "")
    meant = [
        one
        for one in lines
        if (not address.settlement or settlement_name(one.settlement).may_be(settlement))
        and (one.street is None or (address.street and street_name(one.street).may_be(street)))
    ]
    exact = [one for one in meant if (one.settlement_type, one.street_type) == (settlement.type, street.type)]
    return exact or meant


def _house(text: str | None) -> House | None:
    try:
        return House.parse(text) if text else None
    except HousesError:
        return None


async def lines_in_force(session: AsyncSession, day: date, after: tuple[UUID, int] | None, limit: int) -> Sequence[Any]:
    """Lines of all acts in force on a day, by act and number."""
    return await repository.lines_in_force(session, day, after, limit)


async def last_published(session: AsyncSession) -> datetime | None:
    """When the last act was published."""
    return await repository.last_published(session)


async def address_of(session: AsyncSession, place_id: UUID, house: str | None) -> tuple[str, Address]:
    """Municipality and address of a place found by ``suggest``; raises ``NotFoundError``."""
    found = await repository.get_place(session, place_id)
    if found is None:
        raise NotFoundError
    return found.municipality, Address(found.settlement, found.street, house)


async def suggest(session: AsyncSession, municipality: str | None, typed: str, limit: int) -> Sequence[Any]:
    """Streets and settlements that acts name and that what is typed so far may mean; mistakes and a house at the end are forgiven."""
    words = words_of(typed)
    tries = [words] if len(words) == 1 or not words or not words[-1][0].isdigit() else [words, words[:-1]]
    for misspelt in (False, True):
        for asked in tries:
            if asked and (
                found := await repository.search_places(session, municipality, asked, limit, misspelt=misspelt)
            ):
                return found
    return []
