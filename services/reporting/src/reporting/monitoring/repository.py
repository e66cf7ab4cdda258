"""SQL of indicators' values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Select, and_, bindparam, exists, func, insert, or_, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.types import Date, Text, Uuid

from orgdirectory import Organization
from reporting.facts.measures import Period
from reporting.monitoring.definition import DIMENSIONS
from reporting.monitoring.model import indicator_count, indicator_period, indicator_value, peer
from reporting.monitoring.peers import LEAST
from servicekit.security import Principal

_PATIENCE = (
    text("SET LOCAL lock_timeout = '50s'"),
    text("SET LOCAL idle_in_transaction_session_timeout = 0"),
)
"""A period of a large region takes longer than other work waits for, and so long nothing is done in the transaction that waits."""
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('asu.monitoring'))")
_UNIT = ("organization_id", "municipality", *DIMENSIONS)
_NUMBERS = ("value", "numerator", "denominator", "minus_numerator", "minus_denominator", "people")
_MADE = ("count_id", "indicator", "period", "last_day", "series", *_UNIT, "revision", *_NUMBERS)


async def alone(connection: AsyncConnection) -> None:
    """Wait for whoever is counting, and keep others from it until this transaction ends."""
    for setting in _PATIENCE:
        await connection.execute(setting)
    await connection.execute(_ALONE)


async def last_counts(session: AsyncSession, period: str) -> dict[str, Any]:
    """From what each indicator that was counted for a period was counted the last time."""
    statement = select(indicator_period).where(indicator_period.c.period == period)
    return {row.indicator: row for row in await session.execute(statement)}


async def keep_period(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Store from what an indicator was counted for a period, instead of the time before; ``values`` are those of the count."""
    given = {one.name: values[one.name] for one in indicator_period.c}
    statement = postgresql.insert(indicator_period).values(given)
    changed = {name: statement.excluded[name] for name in given if name not in {"indicator", "period"}}
    await session.execute(statement.on_conflict_do_update(index_elements=["indicator", "period"], set_=changed))


async def add_count(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Store that an indicator was counted."""
    await session.execute(insert(indicator_count).values(**values))


def keeping(counted: Select[Any]) -> Insert:
    """The statement that stores what came out otherwise than it stands, without a row leaving the database."""
    indicator, period = bindparam("of_indicator", type_=Text), bindparam("of_period", type_=Text)
    new, old = counted.cte("counted"), standing_values(indicator, period).cte("standing")
    given = {
        "count_id": bindparam("of_count", type_=Uuid),
        "indicator": indicator,
        "period": period,
        "last_day": bindparam("last_day", type_=Date),
        "revision": func.coalesce(old.c.revision, 0) + 1,
        "people": func.coalesce(new.c.people, 0),
        **{name: func.coalesce(new.c[name], old.c[name]) for name in ("series", *_UNIT)},
    }
    changed = or_(
        *(new.c[name].is_distinct_from(old.c[name]) for name in _NUMBERS if name != "people"),
        func.coalesce(new.c.people, 0) != func.coalesce(old.c.people, 0),
    )
    picked = (
        select(*(given[name] if name in given else new.c[name] for name in _MADE))
        .select_from(new.outerjoin(old, new.c.series == old.c.series, full=True))
        .where(changed)
    )
    return insert(indicator_value).from_select(_MADE, picked)


async def add_values(
    session: AsyncSession, statement: Insert, count_id: UUID, indicator: str, period: Period, zone: str
) -> int:
    """Run such a statement; how many values came out otherwise. ``zone``: where instants are days."""
    given = {"of_count": count_id, "of_indicator": indicator, "of_period": period.key, "zone": zone}
    made = await session.execute(statement, {**period.parameters, **given})
    return int(made.rowcount)  # type: ignore[attr-defined]  # a cursor's result has it


def standing_values(
    indicator: str | ColumnElement[str],
    period: str | ColumnElement[str] | None = None,
    *parts: ColumnElement[bool],
    known_at: datetime | None = None,
) -> Select[Any]:
    """Values as they stand, or stood at an instant: the last revision of each series and period that was counted by then."""
    value = indicator_value.c
    if known_at is not None:
        counted_by_then = select(indicator_count.c.id).where(indicator_count.c.counted_at <= known_at)
        parts = (*parts, value.count_id.in_(counted_by_then))
    of_period = () if period is None else (value.period == period,)
    return (
        select(indicator_value)
        .ext(distinct_on(value.period, value.series))
        .where(value.indicator == indicator, *of_period, *parts)
        .order_by(value.period, value.series, value.revision.desc())
    )


def part(**dimensions: Any) -> ColumnElement[bool]:
    """Values of a part: each dimension that is not given is not split by."""
    return and_(*(indicator_value.c[name].is_not_distinct_from(dimensions.get(name)) for name in DIMENSIONS))


async def keep_peers(session: AsyncSession, day: date, peers: Mapping[UUID, str]) -> None:
    """Store who was similar to whom on a day, instead of what was thought before."""
    if not peers:
        return
    statement = postgresql.insert(peer).values(
        [{"day": day, "organization_id": one, "peers": name} for one, name in sorted(peers.items())]
    )
    changed = peer.c.peers != statement.excluded.peers
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["day", "organization_id"], set_={"peers": statement.excluded.peers}, where=changed
        )
    )


async def peers_of(session: AsyncSession, day: date, organization_id: UUID) -> str | None:
    """The name of an organization's peers on a day."""
    statement = select(peer.c.peers).where(peer.c.day == day, peer.c.organization_id == organization_id)
    return (await session.scalars(statement)).first()


async def values_of_peers(
    session: AsyncSession, indicator: str, period: str, of: ColumnElement[bool], day: date, peers: str
) -> Sequence[Any]:
    """Values of the organizations that were similar on a day."""
    found = standing_values(indicator, period, of).subquery("standing")
    alike = exists().where(peer.c.day == day, peer.c.peers == peers, peer.c.organization_id == found.c.organization_id)
    return (await session.scalars(select(found.c.value).where(found.c.value.is_not(None), alike))).all()


async def periods(session: AsyncSession, indicator: str) -> Sequence[Any]:
    """Periods an indicator was counted for, the newest first."""
    period = indicator_period.c
    statement = select(indicator_period).where(period.indicator == indicator)
    return (await session.execute(statement.order_by(period.last_day.desc(), period.period.desc()))).all()


async def of_organizations(
    session: AsyncSession,
    principal: Principal,
    indicator: str,
    period: str,
    of: ColumnElement[bool],
    known_at: datetime | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Any]:
    """Organizations on or below the principal's unit with their values, in order of id, after a key."""
    found = standing_values(indicator, period, of, known_at=known_at).subquery("standing")
    statement = (
        select(
            Organization.short_name, Organization.municipality, *(one for one in found.c if one.name != "municipality")
        )
        .join(found, found.c.organization_id == Organization.id)
        .where(
            found.c.value.is_not(None),
            principal.visible(Organization.id, Organization.municipality, Organization.founder_id),
        )
    )
    if after is not None:
        statement = statement.where(Organization.id > after)
    return (await session.execute(statement.order_by(Organization.id).limit(limit))).all()


async def of_municipalities(
    session: AsyncSession,
    principal: Principal,
    indicator: str,
    period: str,
    of: ColumnElement[bool],
    known_at: datetime | None,
    after: str | None,
    limit: int,
) -> Sequence[Any]:
    """Municipalities of the principal's territory with their values, in order of ОКТМО, after a key."""
    of_municipalities = (of, indicator_value.c.municipality.is_not(None))
    found = standing_values(indicator, period, *of_municipalities, known_at=known_at).subquery("standing")
    mine = principal.visible(found.c.organization_id, found.c.municipality, None)
    statement = select(found).where(found.c.value.is_not(None), mine)
    if after is not None:
        statement = statement.where(found.c.municipality > after)
    return (await session.execute(statement.order_by(found.c.municipality).limit(limit))).all()


async def history(session: AsyncSession, indicator: str, series: str, after: int | None, limit: int) -> Sequence[Any]:
    """Every value of a series as it was counted, the newest first, after a key."""
    statement = (
        select(indicator_value, indicator_count.c.counted_at, indicator_count.c.log_position, indicator_count.c.version)
        .add_columns(indicator_count.c.title)
        .join(indicator_count, indicator_count.c.id == indicator_value.c.count_id)
        .where(indicator_value.c.indicator == indicator, indicator_value.c.series == series)
    )
    if after is not None:
        statement = statement.where(indicator_value.c.id < after)
    return (await session.execute(statement.order_by(indicator_value.c.id.desc()).limit(limit))).all()


async def standing(session: AsyncSession, indicator: str, period: str, *of: ColumnElement[bool]) -> Sequence[Any]:
    """Values of a period as they stand."""
    found = standing_values(indicator, period, *of).subquery("standing")
    return (await session.execute(select(found).where(found.c.value.is_not(None)))).all()


async def parts(
    session: AsyncSession,
    indicator: str,
    period: str,
    whole: str,
    known_at: datetime | None,
    after: int | None,
    limit: int,
) -> Sequence[Any]:
    """Values of the parts of a unit, by the series of the whole, in order of id, after a key."""
    of_unit = indicator_value.c.series.startswith(whole.rstrip("|") + "|", autoescape=True)
    of_parts = (of_unit, indicator_value.c.series != whole)
    found = standing_values(indicator, period, *of_parts, known_at=known_at).subquery("standing")
    statement = select(found).where(found.c.value.is_not(None))
    if after is not None:
        statement = statement.where(found.c.id > after)
    return (await session.execute(statement.order_by(found.c.id).limit(limit))).all()


async def newest(session: AsyncSession, indicator: str, name: str) -> Any:
    """The value of the last period a series has one for, with the period."""
    found = standing_values(indicator, None, of_series(name)).subquery("standing")
    count = indicator_count.c
    statement = (
        select(found, count.title, count.first_day)
        .join(indicator_count, count.id == found.c.count_id)
        .where(found.c.value.is_not(None))
        .order_by(found.c.last_day.desc(), found.c.period.desc())
        .limit(1)
    )
    return (await session.execute(statement)).first()


async def classes(session: AsyncSession, indicator: str, period: str, organization_id: UUID) -> Sequence[Any]:
    """Values of an organization's classes and groups as they stand."""
    value = indicator_value.c
    return await standing(
        session, indicator, period, value.organization_id == organization_id, value.group_id.is_not(None)
    )


async def hidden_people(session: AsyncSession, indicator: str, period: str) -> Mapping[str, int]:
    """Of each municipality with organizations whose value nobody is shown: how many people these values are about together.

    Not shown are values about fewer than ``LEAST`` people, and those of organizations that are closed.
    """
    value = indicator_value.c
    whole = (value.organization_id.is_not(None), *(value[name].is_(None) for name in DIMENSIONS))
    found = standing_values(indicator, period, *whole).subquery("standing")
    statement = (
        select(Organization.municipality, func.sum(found.c.people))
        .join(found, found.c.organization_id == Organization.id)
        .where(found.c.value.is_not(None), or_(found.c.people < LEAST, ~Organization.active))
        .group_by(Organization.municipality)
    )
    return {row[0]: int(row[1]) for row in await session.execute(statement)}


def series(organization_id: UUID | None = None, municipality: str | None = None, **dimensions: Any) -> str:
    """The unit and the part as one word."""
    unit = organization_id or municipality or ""
    return "|".join(str(one) for one in (unit, *(_word(dimensions.get(name)) for name in DIMENSIONS)))


def of_series(*names: str) -> ColumnElement[bool]:
    """Values of some series."""
    return indicator_value.c.series.in_(names)


def _word(value: Any) -> str:
    return "" if value is None else str(value)
