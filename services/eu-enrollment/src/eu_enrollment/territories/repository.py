"""Statements of territories."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, insert, literal, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.territories.address import Address
from eu_enrollment.territories.model import Act, Candidate, TerritoryKind, act, line, place
from eu_enrollment.territories.naming import settlement_name, street_name
from orgdirectory import Organization

_LIKE_ENOUGH = 0.5
_CHUNK = 1000
_ACT = (
    act.c.id,
    act.c.municipality,
    act.c.kind,
    act.c.valid_from,
    act.c.edition,
    act.c.valid_to,
    act.c.authority,
    act.c.title,
    act.c.number,
    act.c.issued_on,
    act.c.url,
)


def _act(row: Sequence[Any]) -> Act:
    id_, municipality, kind, *rest = row
    return Act(id_, municipality, TerritoryKind(kind), *rest)


def in_force(day: date, municipality: str | None = None) -> Select[tuple[UUID]]:
    """Ids of the acts in force on a day: of each municipality and kind the latest that has begun, unless it has ended."""
    begun = (
        select(act.c.id, act.c.valid_to)
        .ext(distinct_on(act.c.municipality, act.c.kind))
        .where(act.c.valid_from <= day)
        .order_by(act.c.municipality, act.c.kind, act.c.valid_from.desc(), act.c.edition.desc())
    )
    if municipality is not None:
        begun = begun.where(act.c.municipality == municipality)
    latest = begun.subquery()
    return select(latest.c.id).where(or_(latest.c.valid_to.is_(None), latest.c.valid_to > day))


async def acts_in_force(session: AsyncSession, municipality: str, day: date) -> list[Act]:
    """The acts of a municipality in force on a day, one of a kind at most."""
    statement = select(*_ACT).where(act.c.id.in_(in_force(day, municipality))).order_by(act.c.kind)
    return [_act(row) for row in await session.execute(statement)]


async def candidates(session: AsyncSession, municipality: str, address: Address, day: date) -> list[Candidate]:
    """Lines in force that name the address's street, its settlement as a whole, or one of its objects by id."""
    named: list[ColumnElement[bool]] = []
    if address.gar_ids:
        named += [place.c.gar_id.in_(address.gar_ids), line.c.house_gar_id.in_(address.gar_ids)]
    streets = [""] if address.settlement else []
    if address.street:
        streets.append(street_name(address.street).words)
    if streets:
        by_name: ColumnElement[bool] = place.c.street_words.in_(streets)
        if address.settlement:
            by_name &= place.c.settlement_words == settlement_name(address.settlement).words
        named.append(by_name)
    if not named:
        return []
    columns = (
        *(line.c.organization_id, place.c.id, place.c.settlement, place.c.settlement_type, place.c.street),
        *(place.c.street_type, place.c.gar_id, line.c.houses, line.c.house_gar_id, line.c.shared),
    )
    statement = (
        select(*_ACT, *columns)
        .join(line, line.c.act_id == act.c.id)
        .join(place, place.c.id == line.c.place_id)
        .where(act.c.id.in_(in_force(day, municipality)), place.c.municipality == municipality, or_(*named))
        .order_by(act.c.kind, line.c.number)
    )
    return [Candidate(_act(row[: len(_ACT)]), *row[len(_ACT) :]) for row in await session.execute(statement)]


async def organizations(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Record]:
    """Known organizations by id: kind, municipality, whether they work, names."""
    found: dict[UUID, Record] = {}
    columns = (Organization.id, Organization.kind, Organization.municipality, Organization.active)
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        statement = select(*columns, Organization.short_name).where(Organization.id.in_(wanted[start : start + _CHUNK]))
        found |= {row.id: row for row in await session.execute(statement)}
    return found


async def organization_names(session: AsyncSession, municipality: str, kind: TerritoryKind) -> Mapping[str, UUID]:
    """Ids of a municipality's organizations of a kind by short name in lower case; a name of several is left out."""
    rows = await session.execute(
        select(func.lower(Organization.short_name).label("name"), func.min(cast(Organization.id, String)).label("id"))
        .where(Organization.municipality == municipality, Organization.kind == kind.value, Organization.active)
        .group_by(func.lower(Organization.short_name))
        .having(func.count() == 1)
    )
    return {row.name: UUID(row.id) for row in rows}


async def places_by_gar(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Record]:
    """Known places by their ids in the state register."""
    rows = await session.execute(
        select(place.c.gar_id, place.c.id, place.c.municipality).where(place.c.gar_id.in_(ids))
    )
    return {row.gar_id: row for row in rows}


async def keep_places(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Store the places not known yet; of each its row as it stands: names, id, ``gar_id``, which is filled once."""
    kept: list[Record] = []
    for start in range(0, len(rows), _CHUNK):
        statement = upsert(place).values(rows[start : start + _CHUNK])
        statement = statement.on_conflict_do_update(
            constraint="uq_territory_place_name",
            set_={"gar_id": func.coalesce(place.c.gar_id, statement.excluded.gar_id)},
        )
        kept += (await session.execute(statement.returning(place))).all()
    return kept


async def add_act(session: AsyncSession, values: Mapping[str, Any]) -> int | None:
    """Insert an act as the next edition of its day; the edition, ``None`` if another took it at the same moment."""
    same = (act.c.municipality == values["municipality"]) & (act.c.kind == values["kind"])
    last = select(func.max(act.c.edition)).where(same, act.c.valid_from == values["valid_from"])
    edition = (await session.scalar(last) or 0) + 1
    statement = upsert(act).values(**values, edition=edition).on_conflict_do_nothing().returning(act.c.edition)
    taken: int | None = (await session.execute(statement)).scalar_one_or_none()
    return taken


async def add_lines(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the lines of an act."""
    await session.execute(insert(line), rows)


async def get_act(session: AsyncSession, act_id: UUID) -> Act | None:
    """An act."""
    row = (await session.execute(select(*_ACT).where(act.c.id == act_id))).first()
    return None if row is None else _act(row)


async def acts_page(
    session: AsyncSession, municipality: str | None, kind: TerritoryKind | None, after: UUID | None, limit: int
) -> list[Act]:
    """Acts in order of ids, which is that of their publication, one more than asked for."""
    statement = select(*_ACT).order_by(act.c.id).limit(limit + 1)
    for column, value in ((act.c.municipality, municipality), (act.c.kind, kind)):
        if value is not None:
            statement = statement.where(column == value)
    if after is not None:
        statement = statement.where(act.c.id > after)
    return [_act(row) for row in await session.execute(statement)]


async def lines_page(
    session: AsyncSession, act_id: UUID, organization_id: UUID | None, after: int, limit: int
) -> Sequence[Record]:
    """Lines of an act by number, one more than asked for."""
    statement = (
        select(line, place.c.settlement, place.c.street, place.c.gar_id, Organization.short_name)
        .join(place, place.c.id == line.c.place_id)
        .outerjoin(Organization, Organization.id == line.c.organization_id)
        .where(line.c.act_id == act_id, line.c.number > after)
        .order_by(line.c.number)
        .limit(limit + 1)
    )
    if organization_id is not None:
        statement = statement.where(line.c.organization_id == organization_id)
    return (await session.execute(statement)).all()


async def lines_in_force(
    session: AsyncSession, day: date, after: tuple[UUID, int] | None, limit: int
) -> Sequence[Record]:
    """Lines of all acts in force on a day, by act and number."""
    statement = (
        select(
            *(act.c.municipality, act.c.kind, act.c.title, act.c.number.label("act_number"), act.c.issued_on),
            *(act.c.valid_from, act.c.valid_to, line, place.c.settlement, place.c.street, place.c.gar_id),
            Organization.short_name,
        )
        .join(line, line.c.act_id == act.c.id)
        .join(place, place.c.id == line.c.place_id)
        .outerjoin(Organization, Organization.id == line.c.organization_id)
        .where(act.c.id.in_(in_force(day)))
        .order_by(line.c.act_id, line.c.number)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(line.c.act_id, line.c.number) > after)
    return (await session.execute(statement)).all()


async def last_published(session: AsyncSession) -> datetime | None:
    """When the last act was published."""
    found: datetime | None = await session.scalar(select(func.max(act.c.created_at)))
    return found


async def get_place(session: AsyncSession, place_id: UUID) -> Record | None:
    """A street or settlement."""
    return (await session.execute(select(place).where(place.c.id == place_id))).first()


async def search_places(
    session: AsyncSession, municipality: str | None, words: Sequence[str], limit: int, *, misspelt: bool
) -> Sequence[Record]:
    """Places that acts name and every word of which begins so, or, ``misspelt``, has something like it; the likeliest first."""
    typed = " ".join(words)
    if misspelt:
        threshold = cast(literal(_LIKE_ENOUGH), String)
        await session.execute(select(func.set_config("pg_trgm.word_similarity_threshold", threshold, True)))
        tests = [literal(word).op("<%", is_comparison=True)(place.c.search_text) for word in words]
    else:
        tests = [place.c.search_text.like(f"% {word}%") for word in words]
    statement = (
        select(place)
        .where(*tests, exists().where(line.c.place_id == place.c.id))
        .order_by(func.word_similarity(typed, place.c.search_text).desc(), func.length(place.c.search_text), place.c.id)
        .limit(limit)
    )
    if municipality is not None:
        statement = statement.where(place.c.municipality == municipality)
    return (await session.execute(statement)).all()


async def lock_municipality(session: AsyncSession, municipality: str) -> None:
    """Let acts of one municipality be published one after another until the transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('territory.' || :municipality, 0))"),
        {"municipality": municipality},
    )
