"""SQL of exam results."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, and_, exists, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.bulk import arrays, unnest_insert
from reporting.exams.model import exam_import, exam_result
from reporting.exams.table import ResultRow
from reporting.facts.measures import Period
from servicekit.ids import new_id
from servicekit.security import Principal

_COLUMNS = tuple(exam_result.c.keys())
_REPLACED = ("organization_id", "academic_year", "exam", "subject", "grade")
_ADD = unnest_insert(exam_result, _COLUMNS, "DO NOTHING")


def standing() -> Select[Any]:
    """Results as they stand: of each grade, subject and year what the last import of the highest rank says, of those not taken back."""
    other, of_other = exam_result.alias(), exam_import.alias()
    superseded = exists(
        select(other.c.id)
        .join(of_other, of_other.c.id == other.c.import_id)
        .where(
            *_of_one(other, exam_result),
            tuple_(of_other.c.rank, of_other.c.id) > tuple_(exam_import.c.rank, exam_import.c.id),
            _claimed(other, of_other),
        )
    )
    return (
        select(exam_result)
        .join(exam_import, exam_import.c.id == exam_result.c.import_id)
        .where(_claimed(exam_result, exam_import), ~superseded)
    )


def _claimed(result: FromClause, of: FromClause) -> ColumnElement[bool]:
    """Whether a result of an import (``of``) was not taken back: by 0 participants in a later import of its rank or a higher one."""
    taken, of_taken = exam_result.alias(), exam_import.alias()
    taken_back = exists(
        select(taken.c.id)
        .join(of_taken, of_taken.c.id == taken.c.import_id)
        .where(
            *_of_one(taken, result),
            taken.c.participants == 0,
            of_taken.c.id > of.c.id,
            of_taken.c.rank >= of.c.rank,
        )
    )
    return and_(result.c.participants > 0, ~taken_back)


def _of_one(one: FromClause, other: FromClause) -> list[ColumnElement[bool]]:
    """Two results are of the same: one stands instead of the other."""
    return [one.c[name] == other.c[name] for name in _REPLACED]


async def last_import(session: AsyncSession) -> UUID | None:
    """The newest import."""
    return (await session.scalars(select(exam_import.c.id).order_by(exam_import.c.id.desc()).limit(1))).first()


async def add(session: AsyncSession, values: Mapping[str, Any], rows: Sequence[ResultRow]) -> None:
    """Store an import whole."""
    await session.execute(insert(exam_import).values(**values))
    given = [
        {**asdict(one), "id": new_id(), "import_id": values["id"], "academic_year": one.academic_year} for one in rows
    ]
    await session.execute(_ADD, arrays(_COLUMNS, [[one[name] for name in _COLUMNS] for one in given]))


async def known(session: AsyncSession, rows: Sequence[ResultRow]) -> Mapping[tuple[Any, ...], int]:
    """What of the rows there are results of, not taken back, as ``ResultRow.replaces`` says it, with the highest rank of their imports."""
    named = ("organization_id", "exam", "academic_year", "subject", "grade")
    columns = [exam_result.c[name] for name in named]
    of_these = exam_result.c.organization_id.in_({one.organization_id for one in rows})
    statement = (
        select(*columns, func.max(exam_import.c.rank))
        .join(exam_import, exam_import.c.id == exam_result.c.import_id)
        .where(
            _claimed(exam_result, exam_import), of_these, tuple_(*columns[1:]).in_({one.replaces[1:] for one in rows})
        )
        .group_by(*columns)
    )
    return {tuple(row[:-1]): row[-1] for row in await session.execute(statement)}


async def names(session: AsyncSession, principal: Principal) -> Sequence[Any]:
    """Ids and names of the organizations in the principal's view."""
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    statement = select(Organization.id, Organization.short_name).where(mine, Organization.active)
    return (await session.execute(statement)).all()


async def imports(session: AsyncSession, principal: Principal, after: UUID | None, limit: int) -> Sequence[Any]:
    """Imports with results of organizations in the principal's view and how many of them, the newest first, after a key."""
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    counted = (
        select(exam_result.c.import_id, func.count().label("shown"))
        .join(Organization, Organization.id == exam_result.c.organization_id)
        .where(mine)
        .group_by(exam_result.c.import_id)
        .subquery("counted")
    )
    statement = select(exam_import, counted.c.shown).join(counted, counted.c.import_id == exam_import.c.id)
    if after is not None:
        statement = statement.where(exam_import.c.id < after)
    return (await session.execute(statement.order_by(exam_import.c.id.desc()).limit(limit))).all()


async def results(
    session: AsyncSession,
    principal: Principal,
    academic_year: int,
    *,
    exam: str | None,
    organization_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Any]:
    """Results of a year that stand, of organizations in the principal's view, in order of id, after a key."""
    found = standing().where(exam_result.c.academic_year == academic_year)
    if exam is not None:
        found = found.where(exam_result.c.exam == exam)
    if organization_id is not None:
        found = found.where(exam_result.c.organization_id == organization_id)
    rows = found.subquery("found")
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    statement = (
        select(rows, Organization.short_name).join(Organization, Organization.id == rows.c.organization_id).where(mine)
    )
    if after is not None:
        statement = statement.where(rows.c.id > after)
    return (await session.execute(statement.order_by(rows.c.id).limit(limit))).all()


async def compared(
    session: AsyncSession, rows: Subquery, period: Period, exam: str | None, organization_id: UUID
) -> Sequence[Any]:
    """Rows of an organization of the source that has exams and marks together; none without marks."""
    statement = select(rows).where(
        rows.c.organization_id == organization_id, rows.c.exam_marked > 0, rows.c.year_marked > 0
    )
    if exam is not None:
        statement = statement.where(rows.c.exam == exam)
    ordered = statement.order_by(rows.c.exam, rows.c.subject, rows.c.grade)
    return (await session.execute(ordered.params(**period.parameters))).all()


async def years(session: AsyncSession) -> Sequence[int]:
    """School years there are results of, the first one first."""
    statement = select(exam_result.c.academic_year).distinct().order_by(exam_result.c.academic_year)
    return (await session.scalars(statement)).all()
