"""SQL of books and lists: tables of other slices, for reading."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, Row, Text, Uuid, and_, column, func, or_, select, table, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

_student = table(
    "student",
    column("id", Uuid),
    *(column(name, Text) for name in ("last_name", "first_name", "middle_name", "sex", "personal_file_number")),
    column("birth_date", Date),
)
_movement = table(
    "movement",
    *(column(name, Uuid) for name in ("id", "organization_id", "order_id", "student_id", "opened_id", "closed_id")),
    *(column(name, Text) for name in ("kind", "reason", "destination")),
    column("effective_date", Date),
)
_order = table("movement_order", column("id", Uuid), column("number", Text), column("date", Date))
_membership = table(
    "membership",
    *(column(name, Uuid) for name in ("id", "student_id", "organization_id")),
    column("main", Boolean),
    column("valid_from", Date),
    column("valid_to", Date),
)
_placement = table(
    "placement",
    *(column(name, Uuid) for name in ("id", "membership_id", "group_id")),
    column("valid_from", Date),
    column("valid_to", Date),
)
_group = table("study_group", column("id", Uuid), column("name", Text), column("kind", Text), column("grade", Integer))
_organization = table("organization", column("id", Uuid), column("short_name", Text))
_result = table(
    "year_result",
    column("student_id", Uuid),
    column("academic_year"),
    *(column(name, Text) for name in ("subject", "annual", "exam", "final")),
)
_employment = table(
    "employment",
    *(column(name, Uuid) for name in ("id", "worker_id", "organization_id")),
    column("post_code", Text),
    column("hired_on", Date),
    column("dismissed_on", Date),
)
_worker = table("worker", column("id", Uuid), column("birth_date", Date))
NAMES = ("last_name", "first_name", "middle_name")


def _on(stay: Any, day: date) -> Any:
    return and_(stay.c.valid_from <= day, or_(stay.c.valid_to.is_(None), stay.c.valid_to > day))


def _within(stay: Any, since: date, until: date) -> Any:
    began = func.greatest(stay.c.valid_from, since)
    return and_(stay.c.valid_from <= until, or_(stay.c.valid_to.is_(None), stay.c.valid_to > began))


def _book(*columns: Any) -> Any:
    opened, closed = _placement.alias("opened"), _placement.alias("closed")
    into, out_of = _group.alias("into"), _group.alias("out_of")
    return (
        select(
            _movement.c.kind,
            _movement.c.effective_date,
            _movement.c.reason,
            _movement.c.destination,
            _movement.c.opened_id,
            _movement.c.closed_id,
            _movement.c.student_id,
            into.c.name.label("into"),
            out_of.c.name.label("out_of"),
            _order.c.number,
            _order.c.date,
            *columns,
        )
        .join(_order, _order.c.id == _movement.c.order_id)
        .outerjoin(opened, opened.c.id == _movement.c.opened_id)
        .outerjoin(into, into.c.id == opened.c.group_id)
        .outerjoin(closed, closed.c.id == _movement.c.closed_id)
        .outerjoin(out_of, out_of.c.id == closed.c.group_id)
    )


async def movement_book(
    session: AsyncSession, organization_id: UUID, since: date, until: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Lines of an organization's book that take effect in a period, both days included, in their order."""
    query = _book(*(_student.c[name] for name in (*NAMES, "birth_date"))).join(
        _student, _student.c.id == _movement.c.student_id
    )
    query = query.where(
        _movement.c.organization_id == organization_id,
        _movement.c.effective_date >= since,
        _movement.c.effective_date <= until,
    )
    return (await session.execute(query.order_by(_movement.c.effective_date, _movement.c.id))).all()


async def movement_of(session: AsyncSession, student_id: UUID, visible: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """A student's lines in the books of the organizations seen, with the names of those."""
    query = _book(_organization.c.short_name.label("organization")).join(
        _organization, _organization.c.id == _movement.c.organization_id
    )
    query = query.where(_movement.c.student_id == student_id, _movement.c.organization_id.in_(visible))
    return (await session.execute(query.order_by(_movement.c.effective_date, _movement.c.id))).all()


async def lines_of_order(session: AsyncSession, order_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Lines that an order made."""
    query = _book().where(_movement.c.order_id == order_id)
    return (await session.execute(query.order_by(_movement.c.id))).all()


async def alphabet_book(
    session: AsyncSession, organization_id: UUID, since: date, until: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Main stays of an organization that meet a period, with the last class of each, and by what order it began and ended."""
    last = (
        select(_placement.c.id, _group.c.name)
        .join(_group, _group.c.id == _placement.c.group_id)
        .where(_placement.c.membership_id == _membership.c.id)
        .order_by(_placement.c.valid_from.desc(), _placement.c.id.desc())
        .limit(1)
        .correlate(_membership)
        .lateral("last")
    )
    leaving = (
        select(_movement.c.reason, _movement.c.destination, _movement.c.kind, _order.c.number, _order.c.date)
        .join(_order, _order.c.id == _movement.c.order_id)
        .where(
            _movement.c.student_id == _membership.c.student_id,
            _movement.c.closed_id == last.c.id,
            _movement.c.opened_id.is_(None),
            _movement.c.kind != "cancelled",
        )
        .order_by(_movement.c.id.desc())
        .limit(1)
        .correlate(_membership, last)
        .lateral("leaving")
    )
    query = (
        select(
            _membership.c.student_id,
            *(_student.c[name] for name in (*NAMES, "birth_date", "sex", "personal_file_number")),
            _membership.c.valid_from,
            _membership.c.valid_to,
            last.c.name.label("group_name"),
            leaving.c.kind,
            leaving.c.reason,
            leaving.c.destination,
            leaving.c.number,
            leaving.c.date,
        )
        .join(_student, _student.c.id == _membership.c.student_id)
        .outerjoin(last, true())
        .outerjoin(leaving, true())
        .where(
            _membership.c.organization_id == organization_id,
            _membership.c.main,
            _membership.c.valid_from <= until,
            or_(
                _membership.c.valid_to.is_(None),
                _membership.c.valid_to > func.greatest(_membership.c.valid_from, since),
            ),
        )
    )
    return (await session.execute(query)).all()


async def members(session: AsyncSession, group_id: UUID, since: date, until: date) -> Sequence[UUID]:
    """Students of a group on some of the days, both included."""
    query = (
        select(_membership.c.student_id)
        .join(_placement, _placement.c.membership_id == _membership.c.id)
        .where(_placement.c.group_id == group_id, _within(_placement, since, until))
        .distinct()
    )
    return (await session.scalars(query)).all()


async def members_by_class(
    session: AsyncSession, organization_id: UUID, since: date, until: date
) -> Mapping[UUID, tuple[int, str]]:
    """Students of an organization on some of the days, both included, with grade (0: none) and name of the class each was in last."""
    query = (
        select(_membership.c.student_id, func.coalesce(_group.c.grade, 0).label("grade"), _group.c.name)
        .join(_placement, _placement.c.membership_id == _membership.c.id)
        .join(_group, _group.c.id == _placement.c.group_id)
        .where(
            _membership.c.organization_id == organization_id,
            _group.c.kind != "additional_group",
            _within(_placement, since, until),
        )
        .ext(distinct_on(_membership.c.student_id))
        .order_by(_membership.c.student_id, _placement.c.valid_from.desc(), _placement.c.id)
    )
    return {row.student_id: (row.grade, row.name) for row in await session.execute(query)}


async def names(session: AsyncSession, student_ids: Sequence[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Names and birth dates of students."""
    query = select(_student.c.id, *(_student.c[name] for name in (*NAMES, "birth_date")))
    return (await session.execute(query.where(_student.c.id.in_(student_ids)))).all()


async def group_names(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names of groups."""
    found = await session.execute(select(_group.c.id, _group.c.name).where(_group.c.id.in_(ids)))
    return {row.id: row.name for row in found}


async def main_stay(
    session: AsyncSession, student_id: UUID, organization_id: UUID, day: date
) -> Row[*tuple[Any, ...]] | None:
    """The student's main stay in an organization on a day: since when, in what class, by what order."""
    query = (
        select(_membership.c.valid_from, _group.c.name.label("group_name"), _order.c.number, _order.c.date)
        .outerjoin(_placement, and_(_placement.c.membership_id == _membership.c.id, _on(_placement, day)))
        .outerjoin(_group, _group.c.id == _placement.c.group_id)
        .outerjoin(
            _movement,
            and_(
                _movement.c.student_id == _membership.c.student_id,
                _movement.c.organization_id == _membership.c.organization_id,
                _movement.c.effective_date == _membership.c.valid_from,
                _movement.c.closed_id.is_(None),
                _movement.c.opened_id.is_not(None),
                _movement.c.kind != "cancelled",
            ),
        )
        .outerjoin(_order, _order.c.id == _movement.c.order_id)
        .where(
            _membership.c.student_id == student_id,
            _membership.c.organization_id == organization_id,
            _membership.c.main,
            _on(_membership, day),
        )
        .order_by(_movement.c.id.desc())
        .limit(1)
    )
    return (await session.execute(query)).one_or_none()


async def year_results(session: AsyncSession, student_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Results of the student's years by subject."""
    query = select(*(_result.c[name] for name in ("academic_year", "subject", "annual", "exam", "final")))
    query = query.where(_result.c.student_id == student_id)
    return (await session.execute(query.order_by(_result.c.academic_year, _result.c.subject))).all()


def _stays(since: date, until: date) -> Any:
    """Stays in classes and groups that meet a period, both days included, with the student's birth date."""
    return (
        select(
            _membership.c.student_id,
            _student.c.birth_date,
            _group.c.name,
            _placement.c.valid_from,
            _placement.c.valid_to,
        )
        .join(_placement, _placement.c.membership_id == _membership.c.id)
        .join(_group, _group.c.id == _placement.c.group_id)
        .join(_student, _student.c.id == _membership.c.student_id)
        .where(_within(_placement, since, until))
        .order_by(_placement.c.id)
    )


async def stays_of_group(
    session: AsyncSession, group_id: UUID, since: date, until: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Stays in a class or group that meet a period, both days included."""
    return (await session.execute(_stays(since, until).where(_placement.c.group_id == group_id))).all()


async def stays_of_organization(
    session: AsyncSession, organization_id: UUID, since: date, until: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Stays in an organization that meet a period, both days included; a child of its own that attends its clubs has one."""
    stays = _stays(since, until).where(_membership.c.organization_id == organization_id)
    mine = _membership.alias("mine")
    elsewhere = select(mine.c.id).where(
        mine.c.student_id == _membership.c.student_id, mine.c.organization_id == organization_id, mine.c.main
    )
    return (await session.execute(stays.where(or_(_membership.c.main, ~elsewhere.exists())))).all()


async def employments(
    session: AsyncSession, organization_id: UUID, since: date, until: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Posts of an organization held in a period, both days included, with the worker's birth date where it is known."""
    query = (
        select(
            _employment.c.worker_id,
            _employment.c.post_code,
            _employment.c.hired_on,
            _employment.c.dismissed_on,
            _worker.c.birth_date,
        )
        .join(_worker, _worker.c.id == _employment.c.worker_id)
        .where(
            _employment.c.organization_id == organization_id,
            _employment.c.hired_on <= until,
            or_(_employment.c.dismissed_on.is_(None), _employment.c.dismissed_on > since),
            _worker.c.birth_date.is_not(None),
        )
        .order_by(_employment.c.id)
    )
    return (await session.execute(query)).all()
