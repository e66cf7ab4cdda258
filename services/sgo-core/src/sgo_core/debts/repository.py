"""SQL of academic debts. Stays, classes and names of students belong to other slices: they are joined for reading."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, and_, cast, column, insert, or_, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.debts.model import AcademicDebt

NAMES = ("last_name", "first_name", "middle_name", "birth_date")
_student = table("student", column("id"), *map(column, NAMES))
_membership = table(
    "membership", *map(column, ("id", "student_id", "organization_id", "main", "valid_from", "valid_to"))
)
_placement = table("placement", *map(column, ("membership_id", "group_id", "valid_from", "valid_to")))
_group = table("study_group", column("id"), column("name"))
_organization = table("organization", column("id"), column("municipality"))

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Filter:
    """Debts of whom, of which year, in which state."""

    organizations: Any
    municipality: str | None
    academic_year: int | None
    state: str | None
    today: date


def _on(stay: Any, day: date) -> Any:
    return and_(stay.valid_from <= day, or_(stay.valid_to.is_(None), stay.valid_to > day))


def _shown(today: date) -> Select[Any]:
    """Debts of students who study somewhere today, with where they do."""
    last = cast(AcademicDebt.arose_on + text("INTERVAL '1 year'"), Date) + AcademicDebt.paused_days
    return (
        select(
            AcademicDebt,
            *(_student.c[name] for name in NAMES),
            _membership.c.organization_id.label("studies_in"),
            _group.c.name.label("group_name"),
            last.label("last_on"),
        )
        .join(_student, _student.c.id == AcademicDebt.student_id)
        .join(
            _membership,
            and_(_membership.c.student_id == _student.c.id, _membership.c.main, _on(_membership.c, today)),
        )
        .outerjoin(_placement, and_(_placement.c.membership_id == _membership.c.id, _on(_placement.c, today)))
        .outerjoin(_group, _group.c.id == _placement.c.group_id)
        .where(~AcademicDebt.void)
    )


async def page(session: AsyncSession, wanted: Filter, limit: int, after: UUID | None) -> Sequence[AnyRow]:
    """One page of debts, and one more."""
    query = _shown(wanted.today).where(_membership.c.organization_id.in_(wanted.organizations))
    if wanted.municipality is not None:
        query = query.join(_organization, _organization.c.id == _membership.c.organization_id).where(
            _organization.c.municipality == wanted.municipality
        )
    if wanted.academic_year is not None:
        query = query.where(AcademicDebt.academic_year == wanted.academic_year)
    if wanted.state is not None:
        cleared = wanted.state == "cleared"
        query = query.where(AcademicDebt.cleared_on.is_not(None) if cleared else AcademicDebt.cleared_on.is_(None))
    if wanted.state == "overdue":
        query = query.where(AcademicDebt.due_on < wanted.today)
    if after is not None:
        query = query.where(AcademicDebt.id > after)
    return list(await session.execute(query.order_by(AcademicDebt.id).limit(limit + 1)))


async def shown(session: AsyncSession, debt_id: UUID, today: date, *, lock: bool = False) -> AnyRow | None:
    """A debt with its student, locked if asked."""
    query = _shown(today).where(AcademicDebt.id == debt_id)
    if lock:
        query = query.with_for_update(of=AcademicDebt)
    found: AnyRow | None = (await session.execute(query.execution_options(populate_existing=True))).first()
    return found


async def of_year(
    session: AsyncSession, academic_year: int, *, students: Collection[UUID] = (), organization_id: UUID | None = None
) -> Sequence[AcademicDebt]:
    """Debts of a year, of some students or of an organization, void ones too; locked."""
    mine = (
        AcademicDebt.student_id.in_(students)
        if organization_id is None
        else AcademicDebt.organization_id == organization_id
    )
    query = select(AcademicDebt).where(AcademicDebt.academic_year == academic_year, mine).order_by(AcademicDebt.id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def insert_debts(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store new debts."""
    if rows:
        await session.execute(insert(AcademicDebt), list(rows))
