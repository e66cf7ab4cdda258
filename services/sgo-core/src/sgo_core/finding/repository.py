"""SQL of the search: other slices' tables, for reading."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    LargeBinary,
    Row,
    Uuid,
    and_,
    case,
    column,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.ext.asyncio import AsyncSession

from identifiers import normal_name
from sgo_core.search import misspelt

student_table = table(
    "student",
    *(column(name) for name in ("id", "last_name", "first_name", "middle_name", "birth_date", "search_name")),
    column("kept_by", Uuid),
    column("merged_into", Uuid),
    column("snils_key", LargeBinary),
    column("document_key", LargeBinary),
)


@dataclass(frozen=True)
class Criteria:
    """What students are found by."""

    name: str | None
    birth_date: date | None
    snils_key: bytes | None
    document_key: bytes | None


@dataclass(frozen=True)
class Matches:
    """By what a student matches the criteria, as conditions; ``dated``: a birth date is among them."""

    by_snils: ColumnElement[bool]
    by_document: ColumnElement[bool]
    by_name: ColumnElement[bool]
    likeness: ColumnElement[float]
    dated: bool


Seen = Callable[[FromClause], ColumnElement[bool]]
"""Whom a caller sees, as a condition on a table of students."""


async def matches(session: AsyncSession, sought: Criteria) -> Matches:
    """Conditions of the criteria; of a name also the likeness that orders those found."""
    by_name: ColumnElement[bool] = false()
    likeness: ColumnElement[float] = literal(0.0)
    if sought.name is not None:
        by_name = await misspelt(session, sought.name, student_table.c.search_name)
        likeness = func.similarity(student_table.c.search_name, normal_name(sought.name))
        if sought.birth_date is not None:
            by_name = and_(by_name, student_table.c.birth_date == sought.birth_date)
    return Matches(
        by_snils=_has(student_table.c.snils_key, sought.snils_key),
        by_document=_has(student_table.c.document_key, sought.document_key),
        by_name=by_name,
        likeness=likeness,
        dated=sought.birth_date is not None,
    )


async def identified(
    session: AsyncSession, snils_key: bytes | None, document_key: bytes | None, birth_date: date
) -> UUID | None:
    """The one student with all the numbers named and the birth date."""
    query = select(student_table.c.id).where(
        student_table.c.birth_date == birth_date, student_table.c.merged_into.is_(None)
    )
    for key, value in ((student_table.c.snils_key, snils_key), (student_table.c.document_key, document_key)):
        if value is not None:
            query = query.where(_has(key, value))
    return (await session.scalars(query)).one_or_none()


def _has(key: Any, value: bytes | None) -> ColumnElement[bool]:
    """Whether a card has the key, or one merged into it that keeps it."""
    if value is None:
        return false()
    former = student_table.alias("former")
    merged = select(former.c.merged_into).where(former.c[key.name] == value, former.c.merged_into.is_not(None))
    return or_(and_(key.is_not(None), key == value), student_table.c.id.in_(merged))


async def find(session: AsyncSession, found: Matches, seen: Seen, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Students the caller sees, the likeliest first, one more than ``limit``."""
    return await _find(session, found, found.by_name, seen(student_table), limit)


async def find_elsewhere(
    session: AsyncSession, found: Matches, seen: Seen, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The others: those found by a number, or by a name together with the birth date."""
    return await _find(session, found, found.by_name if found.dated else false(), not_(seen(student_table)), limit)


async def _find(
    session: AsyncSession, found: Matches, by_name: ColumnElement[bool], where: ColumnElement[bool], limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    by_number = or_(found.by_snils, found.by_document)
    query = select(
        *(student_table.c[name] for name in ("id", "last_name", "first_name", "middle_name", "birth_date")),
        found.by_snils.label("snils"),
        found.by_document.label("document"),
        by_name.label("name"),
    ).where(or_(by_number, by_name), student_table.c.merged_into.is_(None), where)
    order = case((by_number, 0), else_=1), found.likeness.desc(), student_table.c.id
    return (await session.execute(query.order_by(*order).limit(limit + 1))).all()
