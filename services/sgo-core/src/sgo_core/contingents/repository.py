"""SQL of counts and leavers: tables of other slices, for reading. A stay [from, to) counts on its first day, not its last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Row,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

_organization = table(
    "organization",
    column("id", Uuid),
    column("short_name", Text),
    column("kind", Text),
    column("municipality", Text),
    column("founder_id", Uuid),
)
_municipality = table("municipality", column("oktmo", Text), column("name", Text))
_body = table("governing_body", column("id", Uuid), column("short_name", Text))
_student = table(
    "student",
    column("id", Uuid),
    *(column(name, Text) for name in ("last_name", "first_name", "middle_name", "sex")),
    column("birth_date", Date),
)
_membership = table(
    "membership",
    column("id", Uuid),
    column("student_id", Uuid),
    column("organization_id", Uuid),
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
_group = table(
    "study_group",
    *(column(name, Uuid) for name in ("id", "organization_id", "programme_id")),
    *(column(name, Text) for name in ("name", "kind")),
    column("grade", Integer),
)
_movement = table(
    "movement",
    *(column(name, Uuid) for name in ("id", "organization_id", "order_id", "student_id", "opened_id", "closed_id")),
    *(column(name, Text) for name in ("kind", "reason", "destination")),
    column("effective_date", Date),
)
_transfer = table(
    "transfer",
    *(column(name, Uuid) for name in ("student_id", "from_organization_id", "acceptance_order_id")),
)
_order = table("movement_order", column("id", Uuid), column("number", Text), column("date", Date))

LEAVING = ("departed", "graduated", "transferred_between_organizations")


@dataclass(frozen=True)
class Scope:
    """Which organizations are counted: those the caller sees (a subquery of ids), narrowed."""

    visible: Any
    municipality: str | None = None
    founder_id: UUID | None = None
    organization_id: UUID | None = None

    def ids(self) -> Any:
        """Ids of the organizations, as a subquery."""
        query = select(_organization.c.id).where(_organization.c.id.in_(self.visible))
        for name, value in (
            ("municipality", self.municipality),
            ("founder_id", self.founder_id),
            ("id", self.organization_id),
        ):
            if value is not None:
                query = query.where(_organization.c[name] == value)
        return query.scalar_subquery()


def _on(stay: Any, day: date) -> ColumnElement[bool]:
    return and_(stay.c.valid_from <= day, or_(stay.c.valid_to.is_(None), stay.c.valid_to > day))


def _lasts(stay: Any) -> ColumnElement[bool]:
    """Not a stay that was undone."""
    return or_(stay.c.valid_to.is_(None), stay.c.valid_to > stay.c.valid_from)


async def counts(session: AsyncSession, scope: Scope, day: date, by: str) -> Sequence[tuple[Any, str | None, int]]:
    """Main members on a day: code, title and number of each part."""
    members = and_(_membership.c.main, _membership.c.organization_id.in_(scope.ids()), _on(_membership, day))
    if by == "sex":
        return await _by_sex(session, members)
    if by == "grade":
        return await _by_grade(session, scope, members, day)
    each = (
        select(_membership.c.organization_id, func.count().label("total"))
        .where(members)
        .group_by(_membership.c.organization_id)
        .subquery()
    )
    code, title, joined = {
        "municipality": (_organization.c.municipality, _municipality.c.name, True),
        "founder": (_organization.c.founder_id, _body.c.short_name, True),
        "kind": (_organization.c.kind, _organization.c.kind, False),
        "organization": (_organization.c.id, _organization.c.short_name, False),
    }[by]
    query = select(code.label("code"), title.label("title"), func.sum(each.c.total).label("total")).join(
        each, each.c.organization_id == _organization.c.id
    )
    if joined and by == "municipality":
        query = query.outerjoin(_municipality, _municipality.c.oktmo == _organization.c.municipality)
    elif joined:
        query = query.outerjoin(_body, _body.c.id == _organization.c.founder_id)
    return [tuple(row) for row in await session.execute(query.group_by(code, title).order_by(code))]


async def _by_sex(session: AsyncSession, members: ColumnElement[bool]) -> Sequence[tuple[Any, str | None, int]]:
    query = (
        select(_student.c.sex, _student.c.sex, func.count())
        .select_from(_membership)
        .join(_student, _student.c.id == _membership.c.student_id)
        .where(members)
    )
    return [tuple(row) for row in await session.execute(query.group_by(_student.c.sex).order_by(_student.c.sex))]


async def _by_grade(
    session: AsyncSession, scope: Scope, members: ColumnElement[bool], day: date
) -> Sequence[tuple[Any, str | None, int]]:
    """By grade of the class; null for preschool groups (kind ``preschool_group``) and for who has no class.

    Whoever has a place in a group without a programme is a main member, so places are counted by group, and who has none is the rest:
    to look up each member's place takes a region three times as long, a municipality five.
    """
    placed = (
        select(_group.c.grade, _group.c.kind, func.count())
        .select_from(_placement)
        .join(_group, _group.c.id == _placement.c.group_id)
        .where(_group.c.organization_id.in_(scope.ids()), _group.c.programme_id.is_(None), _on(_placement, day))
        .group_by(_group.c.grade, _group.c.kind)
        .order_by(_group.c.kind, _group.c.grade)
    )
    found: list[tuple[Any, str | None, int]] = [tuple(row) for row in await session.execute(placed)]
    total = await session.scalar(select(func.count()).select_from(_membership).where(members)) or 0
    rest = total - sum(number for _, _, number in found)
    return [*found, (None, None, rest)] if rest else found


async def dynamics(session: AsyncSession, scope: Scope, since: date, until: date) -> Row[int, int, int, int]:
    """Members on both days; stays that began and that ended after the first day, up to the last."""
    within = {
        name: and_(_membership.c[name] > since, _membership.c[name] <= until, _lasts(_membership))
        for name in ("valid_from", "valid_to")
    }
    query = select(
        func.count().filter(_on(_membership, since)),
        func.count().filter(within["valid_from"]),
        func.count().filter(within["valid_to"]),
        func.count().filter(_on(_membership, until)),
    ).where(_membership.c.main, _membership.c.organization_id.in_(scope.ids()))
    return (await session.execute(query)).one()


async def moved_inside(session: AsyncSession, scope: Scope, since: date, until: date) -> int:
    """Stays that ended in the period on the day another began, both in the organizations counted."""
    later = _membership.alias("later")
    query = (
        select(func.count())
        .select_from(_membership)
        .join(
            later,
            and_(
                later.c.student_id == _membership.c.student_id,
                later.c.valid_from == _membership.c.valid_to,
                later.c.id != _membership.c.id,
                later.c.main,
                _lasts(later),
                later.c.organization_id.in_(scope.ids()),
            ),
        )
        .where(
            _membership.c.main,
            _membership.c.organization_id.in_(scope.ids()),
            _membership.c.valid_to > since,
            _membership.c.valid_to <= until,
            _lasts(_membership),
        )
    )
    return await session.scalar(query) or 0


async def leavers(
    session: AsyncSession,
    organization_id: UUID,
    since: date,
    until: date,
    kind: str | None,
    limit: int | None,
    after: tuple[date, UUID] | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Lines by which students left in a period and that still stand, in order of the day; one row more than a page (None: all).

    A line that was cancelled opened the stay again; one made anew after that is the last of its stay.
    """
    later = _placement.alias("later")
    reopened = select(later.c.id).where(
        later.c.membership_id == _placement.c.membership_id,
        later.c.id != _placement.c.id,
        later.c.valid_from >= _placement.c.valid_to,
    )
    query = (
        select(
            _movement.c.id,
            _movement.c.student_id,
            _movement.c.kind,
            _movement.c.effective_date,
            _movement.c.reason,
            _movement.c.destination,
            *(_student.c[name] for name in ("last_name", "first_name", "middle_name", "birth_date")),
            _group.c.name.label("group_name"),
            _group.c.grade,
            _order.c.number.label("order_number"),
            _order.c.date.label("order_date"),
        )
        .join(_placement, _placement.c.id == _movement.c.closed_id)
        .join(_membership, _membership.c.id == _placement.c.membership_id)
        .join(_group, _group.c.id == _placement.c.group_id)
        .join(_student, _student.c.id == _movement.c.student_id)
        .join(_order, _order.c.id == _movement.c.order_id)
        .where(
            _movement.c.organization_id == organization_id,
            _movement.c.opened_id.is_(None),
            _movement.c.closed_id.is_not(None),
            _movement.c.kind.in_(LEAVING if kind is None else (kind,)),
            _movement.c.effective_date >= since,
            _movement.c.effective_date <= until,
            _membership.c.main,
            _membership.c.valid_to == _movement.c.effective_date,
            ~reopened.exists(),
        )
    )
    if after is not None:
        key = tuple_(literal(after[0], Date), literal(after[1], Uuid))
        query = query.where(tuple_(_movement.c.effective_date, _movement.c.id) > key)
    if limit is not None:
        query = query.limit(limit + 1)
    return (await session.execute(query.order_by(_movement.c.effective_date, _movement.c.id))).all()


async def arrivals(
    session: AsyncSession, organization_id: UUID, since: date, until: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Lines by which students came in a period and that still stand, in order of the day, with where a transfer brought them from."""
    query = (
        select(
            _movement.c.student_id,
            _movement.c.kind,
            _movement.c.effective_date,
            _organization.c.short_name.label("origin"),
            *(_student.c[name] for name in ("last_name", "first_name", "middle_name", "birth_date")),
            _group.c.name.label("group_name"),
            _order.c.number.label("order_number"),
            _order.c.date.label("order_date"),
        )
        .join(_placement, _placement.c.id == _movement.c.opened_id)
        .join(_membership, _membership.c.id == _placement.c.membership_id)
        .join(_group, _group.c.id == _placement.c.group_id)
        .join(_student, _student.c.id == _movement.c.student_id)
        .join(_order, _order.c.id == _movement.c.order_id)
        .outerjoin(
            _transfer,
            and_(
                _transfer.c.acceptance_order_id == _movement.c.order_id,
                _transfer.c.student_id == _movement.c.student_id,
            ),
        )
        .outerjoin(_organization, _organization.c.id == _transfer.c.from_organization_id)
        .where(
            _movement.c.organization_id == organization_id,
            _movement.c.closed_id.is_(None),
            _movement.c.kind != "cancelled",
            _movement.c.effective_date >= since,
            _movement.c.effective_date <= until,
            _membership.c.main,
            _membership.c.valid_from == _movement.c.effective_date,
            _lasts(_membership),
        )
    )
    return (await session.execute(query.order_by(_movement.c.effective_date, _movement.c.id))).all()
