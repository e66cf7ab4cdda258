"""Moving the students of an organization to other organizations in bulk, by orders that an act on organizations signs.

Each student's stay ends where the next begins, in one transaction under the locks of enrolling (ADR 0017): at any moment everybody
is in one place. Who has moved is found no more, so work that was cut short begins again and ends the same.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from asu_contracts.core import Placement as PlacementOut
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, signature
from sgo_core.movements import repository
from sgo_core.movements.errors import OrderNumberError
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.guardians import tell_guardians
from sgo_core.movements.model import AcademicLeave, Membership, Movement, MovementOrder, Placement
from sgo_core.movements.reasons import SUCCESSION

_MOVED = "transferred_between_organizations"


@dataclass(frozen=True)
class Route:
    """Where the students of a group go: to a group of another organization, or (both None) out of the registry's care."""

    organization_id: UUID | None
    group_id: UUID | None
    reason: str
    destination: str | None


@dataclass(frozen=True)
class Carried:
    """A stay that goes on in another organization from ``day``: the former membership and placement, and those instead."""

    student_id: UUID
    membership_id: UUID
    placement_id: UUID
    organization_id: UUID
    to_membership_id: UUID
    to_placement_id: UUID
    day: date


@dataclass
class Relocated:
    """What became of some students: who moved to which organization, how many stays stayed and why.

    ``homes``: where the main place of each is now, None of who departed.
    """

    moved: dict[UUID, set[UUID]] = field(default_factory=dict)
    homes: dict[UUID, UUID | None] = field(default_factory=dict)
    carried: list[Carried] = field(default_factory=list)
    stayed: Counter[str] = field(default_factory=Counter)


async def sign_orders(
    uow: UnitOfWork, organization_ids: Collection[UUID], number: str, day: date, author: Author, drafted_by: str
) -> Mapping[UUID, UUID]:
    """Enter the orders by which an act moves students, an organization each; raises ``OrderNumberError`` if one is taken."""
    rows = [
        {
            "id": new_id(),
            "organization_id": organization_id,
            "number": number,
            "date": day,
            "state": "signed",
            "lines": [],
            "drafted_by": drafted_by,
            "checked_by": author.account_id,
            "signed_by": author.account_id,
            "signed_at": uow.now,
            **signature(author, uow.now),
        }
        for organization_id in sorted(organization_ids)
    ]
    if not rows:
        return {}
    statement = upsert(MovementOrder).on_conflict_do_nothing()
    made = await uow.session.execute(statement.returning(MovementOrder.organization_id, MovementOrder.id), rows)
    orders = {row[0]: row[1] for row in made}
    if len(orders) < len(rows):
        raise OrderNumberError
    return orders


async def moved_by(uow: UnitOfWork, order_ids: Collection[UUID]) -> int:
    """How many stays the orders have ended."""
    query = select(func.count()).where(Movement.order_id.in_(order_ids), Movement.closed_id.is_not(None))
    return await uow.session.scalar(query) or 0


async def relocate(
    uow: UnitOfWork,
    origin_id: UUID,
    students: Mapping[UUID, UUID],
    routes: Mapping[UUID, Route],
    orders: Mapping[UUID, UUID],
    day: date,
    account_id: str,
) -> Relocated:
    """Move students out of an organization by the route of each one's group, from ``day`` or from the last movement after it.

    ``students``: their statistical ids, the rows locked by the caller. Who is on leave stays on leave.
    """
    stays = await _stays(uow, students)
    mine = [one for found in stays.values() for one in found if one.organization_id == origin_id]
    placements: dict[UUID, list[Placement]] = {}
    for placement in await repository.placements_of(uow.session, [one.id for one in mine]):
        placements.setdefault(placement.membership_id, []).append(placement)
    concerned = {one.group_id for found in placements.values() for one in found}
    concerned |= {one.group_id for one in routes.values() if one.group_id is not None}
    leaves: dict[UUID, list[AcademicLeave]] = {}
    for leave in await repository.leaves_of(uow.session, [one.id for one in mine]):
        leaves.setdefault(leave.membership_id, []).append(leave)
    mover = _Mover(uow, origin_id, routes, orders, day, account_id, await groups.lock(uow, concerned), leaves)
    for student_id in sorted(students):
        mover.move(students[student_id], stays.get(student_id, []), placements)
    await mover.write()
    gone = {one for found in mover.done.moved.values() for one in found} | mover.departed
    await tell_guardians(uow, gone)
    return mover.done


async def _stays(uow: UnitOfWork, students: Collection[UUID]) -> Mapping[UUID, list[Membership]]:
    """Stays of students that are not over, main or not. The students' rows are locked."""
    query = select(Membership).where(
        Membership.student_id.in_(students),
        or_(Membership.valid_to.is_(None), Membership.valid_to > uow.clock.today()),
    )
    found: dict[UUID, list[Membership]] = {}
    for stay in await uow.session.scalars(query.execution_options(populate_existing=True)):
        found.setdefault(stay.student_id, []).append(stay)
    return found


class _Mover:
    """Moves students one by one over locked rows."""

    def __init__(
        self,
        uow: UnitOfWork,
        origin_id: UUID,
        routes: Mapping[UUID, Route],
        orders: Mapping[UUID, UUID],
        day: date,
        account_id: str,
        locked: Mapping[UUID, groups.LockedGroup],
        leaves: Mapping[UUID, Sequence[AcademicLeave]],
    ) -> None:
        self._uow = uow
        self._origin = origin_id
        self._routes = routes
        self._orders = orders
        self._day = day
        self._account = account_id
        self._groups = locked
        self._leaves = leaves
        self._changed: set[UUID] = set()
        self._memberships: list[Membership] = []
        self._placements: list[Placement] = []
        self._movements: list[Movement] = []
        self._begun: list[AcademicLeave] = []
        self.departed: set[UUID] = set()
        self.done = Relocated()

    def move(
        self, statistical_id: UUID, stays: Sequence[Membership], placements: Mapping[UUID, Sequence[Placement]]
    ) -> None:
        """Move one student's stays, main and additional, or count why one stays; what is in no group of the routes is left."""
        for stay in stays:
            if stay.organization_id == self._origin and stay.valid_to is None:
                self._move(statistical_id, stay, stays, placements.get(stay.id, ()))

    def _move(
        self, statistical_id: UUID, stay: Membership, stays: Sequence[Membership], held: Sequence[Placement]
    ) -> None:
        current = next((one for one in held if one.valid_to is None), None)
        route = None if current is None else self._routes.get(current.group_id)
        if current is None or route is None:
            return
        day = max(self._day, stay.valid_from, current.valid_from)
        there = self._is_there(route, stays)
        leave = next((one for one in self._leaves.get(stay.id, ()) if one.valid_to is None), None)
        why = self._obstacle([*held, *self._leaves.get(stay.id, ())], leave, None if there else route, day)
        if why is not None:
            self.done.stayed[why] += 1
            return
        self._close(stay, current, day)
        self._record(stay.student_id, statistical_id, self._origin, day, route, closed=current, leave=leave)
        if leave is not None:
            leave.valid_to = max(day, leave.valid_from)
        if stay.main:
            self.done.homes[stay.student_id] = route.organization_id
        if route.organization_id is None:
            self.departed.add(stay.student_id)
            return
        if not there:
            opened = self._open(stay, statistical_id, route, day)
            new = (opened.organization_id, opened.membership_id, opened.id)
            self.done.carried.append(Carried(stay.student_id, stay.id, current.id, *new, day))
            if leave is not None:
                self._go_on_leave(opened, leave, stay.student_id, statistical_id, route)
        self.done.moved.setdefault(route.organization_id, set()).add(stay.student_id)

    def _is_there(self, route: Route, stays: Sequence[Membership]) -> bool:
        """Whether the student attends the programme there already: a place of additional education that both offered."""
        programme = None if route.group_id is None else self._groups[route.group_id].programme_id
        return programme is not None and any(one.programme_id == programme for one in stays)

    def _obstacle(
        self,
        held: Sequence[Placement | AcademicLeave],
        leave: AcademicLeave | None,
        route: Route | None,
        day: date,
    ) -> str | None:
        today = self._uow.clock.today()
        if any(one.valid_to is not None and one.valid_to > max(today, one.valid_from) for one in held):
            return "scheduled"
        if leave is not None and leave.valid_from > today:
            return "scheduled"
        if route is not None and route.group_id is not None:
            if leave is not None and leave.until <= day:
                return "leave_over"
            group = self._groups[route.group_id]
            if not group.runs_on(day):
                return "group_closed"
            if group.free <= 0:
                return "group_full"
        return None

    def _close(self, stay: Membership, current: Placement, day: date) -> None:
        stay.valid_to = current.valid_to = day
        if day <= self._uow.clock.today() or current.valid_from == day:
            current.holds_place = False
            self._groups[current.group_id].occupied -= 1
            self._changed.add(current.group_id)

    def _open(self, stay: Membership, statistical_id: UUID, route: Route, day: date) -> Placement:
        assert route.organization_id is not None
        assert route.group_id is not None
        membership = Membership(
            id=new_id(),
            student_id=stay.student_id,
            organization_id=route.organization_id,
            main=self._groups[route.group_id].main,
            programme_id=self._groups[route.group_id].programme_id,
            valid_from=day,
            valid_to=None,
        )
        placement = Placement(
            id=new_id(),
            organization_id=route.organization_id,
            membership_id=membership.id,
            group_id=route.group_id,
            valid_from=day,
            valid_to=None,
            holds_place=True,
        )
        self._groups[route.group_id].occupied += 1
        self._changed.add(route.group_id)
        self._memberships.append(membership)
        self._placements.append(placement)
        self._record(stay.student_id, statistical_id, route.organization_id, day, route, opened=placement)
        return placement

    def _go_on_leave(
        self, opened: Placement, leave: AcademicLeave, student_id: UUID, statistical_id: UUID, route: Route
    ) -> None:
        """The rest of a leave, entered in the book of the organization that takes over."""
        rest = AcademicLeave(
            id=new_id(),
            membership_id=opened.membership_id,
            valid_from=max(opened.valid_from, leave.valid_from),
            until=leave.until,
            valid_to=None,
        )
        self._begun.append(rest)
        self._record(student_id, statistical_id, opened.organization_id, rest.valid_from, route, leave=rest)

    def _record(
        self,
        student_id: UUID,
        statistical_id: UUID,
        organization_id: UUID,
        day: date,
        route: Route,
        *,
        opened: Placement | None = None,
        closed: Placement | None = None,
        leave: AcademicLeave | None = None,
    ) -> None:
        moved = route.organization_id is not None
        begins = leave is not None and closed is None
        movement = Movement(
            id=new_id(),
            organization_id=organization_id,
            order_id=self._orders[organization_id],
            student_id=student_id,
            kind="academic_leave_started" if begins else _MOVED if moved else "departed",
            effective_date=day,
            opened_id=None if opened is None else opened.id,
            closed_id=None if closed is None else closed.id,
            leave_id=None if leave is None else leave.id,
            reason=SUCCESSION if moved else route.reason,
            destination=None if closed is None else route.destination,
            recorded_at=self._uow.now,
            recorded_by=self._account,
        )
        self._movements.append(movement)
        shown = [None if one is None else self._shown(one) for one in (opened, closed)]
        until = leave.until if leave is not None and begins else None
        self._uow.publish(movement_recorded(movement, statistical_id, shown[0], shown[1], until))

    def _shown(self, placement: Placement) -> PlacementOut:
        group = self._groups[placement.group_id]
        return placement_out(placement, group.academic_year, group.grade, main=group.main)

    async def write(self) -> None:
        """Store the ended stays, then those that begin, and publish the groups."""
        await self._uow.session.flush()
        await repository.insert_stays(
            self._uow.session,
            [repository.columns(one) for one in self._memberships],
            [repository.columns(one) for one in self._placements],
            [repository.columns(one) for one in self._movements],
            [repository.columns(one) for one in self._begun],
        )
        for group_id in sorted(self._changed):
            groups.publish_changed(self._uow, self._groups[group_id])
