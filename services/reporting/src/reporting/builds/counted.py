"""SQL of what reports were counted over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Integer, Numeric, and_, cast, func, literal_column, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.builds.model import report_fact
from reporting.engine.fields import FIELDS, Dataset
from reporting.engine.filters import Fact, Filter
from reporting.engine.measures import Over, Tally

_OVER: Mapping[Over, ColumnElement[Any]] = {
    "fact": report_fact.c.id,
    "subject": report_fact.c.statistical_id,
    "group": report_fact.c.group_id,
    "set": report_fact.c.set_id,
}
_CASTS: Mapping[Any, Any] = {bool: Boolean, int: Integer, Decimal: Numeric}


@dataclass(frozen=True)
class Counted:
    """What a cell was counted over: in which report, of which dataset, what passes all of its filters."""

    report_id: UUID
    dataset: Dataset
    filters: Sequence[Filter]

    @property
    def condition(self) -> ColumnElement[bool]:
        """As SQL over ``report_fact``."""
        passed = (one.compile(_COLUMNS) for one in self.filters)
        return and_(report_fact.c.report_id == self.report_id, report_fact.c.dataset == self.dataset, *passed)


def _field(name: str) -> ColumnElement[Any]:
    kind = FIELDS[name].kind
    if kind is tuple:
        return func.nullif(report_fact.c.fields[name], literal_column("'null'::jsonb"))
    text = report_fact.c.fields[name].astext
    return text if kind is str else cast(text, _CASTS[kind])


_COLUMNS: Mapping[str, ColumnElement[Any]] = {name: _field(name) for name in FIELDS}


async def facts(session: AsyncSession, counted: Counted, after: UUID | None, limit: int) -> Sequence[Any]:
    """What was counted, in order of id, after a key."""
    found = report_fact.c
    statement = select(found.id, found.statistical_id, found.group_id, found.fields).where(counted.condition)
    if after is not None:
        statement = statement.where(found.id > after)
    return (await session.execute(statement.order_by(found.id).limit(limit))).all()


async def distinct(
    session: AsyncSession, counted: Counted, tally: Tally, after: UUID | None, limit: int
) -> Sequence[tuple[UUID, str | None]]:
    """Whose it was, in which groups or sets, and by what name it is told, in order of id, after a key."""
    member = _OVER[tally.over]
    name = null() if tally.named is None else func.min(_COLUMNS[tally.named])
    statement = select(member, name).where(counted.condition, member.is_not(None)).group_by(member)
    if after is not None:
        statement = statement.where(member > after)
    return [(row[0], row[1]) for row in await session.execute(statement.order_by(member).limit(limit))]


async def about(session: AsyncSession, report_id: UUID, member: UUID) -> Sequence[Any]:
    """What a report counted that is a member itself, or is its."""
    found = report_fact.c
    statement = select(found.dataset, found.id, found.statistical_id, found.group_id, found.set_id).where(
        found.report_id == report_id, or_(*(column == member for column in _OVER.values()))
    )
    return (await session.execute(statement)).all()


async def all_facts(
    session: AsyncSession, report_id: UUID, dataset: Dataset
) -> Sequence[tuple[Mapping[Over, UUID], Fact]]:
    """Everything of a dataset a report was counted over: what each is, whose, in which group, and its fields."""
    found = report_fact.c
    statement = select(found.id, found.statistical_id, found.group_id, found.set_id, found.fields).where(
        found.report_id == report_id, found.dataset == dataset
    )
    rows = (await session.execute(statement)).all()
    return [
        (
            _named({"fact": row.id, "subject": row.statistical_id, "group": row.group_id, "set": row.set_id}),
            {name: _value(name, value) for name, value in row.fields.items()},
        )
        for row in rows
    ]


def _named(members: Mapping[Over, UUID | None]) -> Mapping[Over, UUID]:
    return {over: one for over, one in members.items() if one is not None}


def _value(name: str, value: Any) -> Any:
    """A value of a document as filters compare it."""
    if FIELDS[name].kind is Decimal and value is not None:
        return Decimal(str(value))
    return tuple(value) if isinstance(value, list) else value
