"""Transfers between groups and departures by order: all lines of a request are carried out or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.movements import repository
from sgo_core.movements.errors import MovementsRefusedError
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.guardians import tell_guardians
from sgo_core.movements.model import Membership, Movement, Placement
from sgo_core.movements.schemas import MovementIn, MovementsIn
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people

_NOT_A_STUDENT = ("movements.not-a-student", "Обучающийся не числится в организации на эту дату")
_LATER_MOVEMENT = ("movements.later-movement", "После этой даты движение уже проведено")
_TWICE = ("movements.student-twice", "Обучающийся указан в приказе дважды")
_NO_GROUP = ("movements.group-required", "Не указан класс (группа), куда переводится обучающийся")
_EXTRA_GROUP = ("movements.group-not-expected", "При выбытии класс (группа) не указывается")
_GROUP_UNKNOWN = ("movements.group-unknown", "Нет такого класса (группы) в организации на эту дату")
_SAME_GROUP = ("movements.same-group", "Обучающийся уже в этом классе (группе)")
_GROUP_FULL = ("movements.group-full", "В классе (группе) нет свободных мест")


@dataclass(frozen=True)
class Recorded:
    """Ids of the order and of its lines."""

    order_id: UUID
    movement_ids: list[UUID]


class _RefusedLineError(Exception):
    def __init__(self, field: str, why: tuple[str, str]) -> None:
        super().__init__(why[0])
        self.field = field
        self.why = why


async def record_movements(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: MovementsIn) -> Recorded:
    """Carry out an order over students of the organization; raises ``MovementsRefusedError`` with a line each."""
    await organizations.require_visible(uow, principal, organization_id)
    students = await people.lock_students(uow, {line.student_id for line in body.movements})
    memberships = await _memberships(uow, organization_id, body.movements)
    placements = await repository.placements_of(uow.session, [stay.id for stay in memberships.values()])
    concerned = {placement.group_id for placement in placements} | {
        line.group_id for line in body.movements if line.group_id is not None
    }
    order_key = (organization_id, body.order.number, body.order.date)
    clerk = _Clerk(
        uow,
        principal,
        memberships=memberships,
        placements=placements,
        locked=await groups.lock(uow, concerned),
        order_id=(await repository.orders(uow.session, {order_key}))[order_key],
    )
    errors: list[FieldError] = []
    seen: set[UUID] = set()
    for number, line in enumerate(body.movements):
        try:
            if line.student_id in seen:
                raise _RefusedLineError("student_id", _TWICE)
            seen.add(line.student_id)
            student = students.get(line.student_id)
            clerk.carry_out(line, None if student is None else student.statistical_id)
        except _RefusedLineError as refused:
            code, title = refused.why
            errors.append(FieldError(f"/body/movements/{number}/{refused.field}", code, title))
    if errors:
        raise MovementsRefusedError(errors=errors)
    await clerk.write()
    await tell_guardians(uow, seen)
    return Recorded(clerk.order_id, [movement.id for movement in clerk.movements])


async def _memberships(uow: UnitOfWork, organization_id: UUID, lines: Sequence[MovementIn]) -> dict[UUID, Membership]:
    """The main membership in the organization each line is about, by student."""
    days = {line.student_id: line.effective_date for line in lines}
    return {
        stay.student_id: stay
        for stay in await repository.main_memberships(uow.session, days)
        if stay.organization_id == organization_id
        and stay.valid_from <= days[stay.student_id]
        and (stay.valid_to is None or stay.valid_to > days[stay.student_id])
    }


class _Clerk:
    """Carries out lines one by one over locked rows."""

    def __init__(
        self,
        uow: UnitOfWork,
        principal: Principal,
        *,
        memberships: Mapping[UUID, Membership],
        placements: Sequence[Placement],
        locked: Mapping[UUID, groups.LockedGroup],
        order_id: UUID,
    ) -> None:
        self._uow = uow
        self._principal = principal
        self._memberships = memberships
        self._placements = placements
        self._groups = locked
        self._changed: set[UUID] = set()
        self._opened: list[Placement] = []
        self.order_id = order_id
        self.movements: list[Movement] = []

    def carry_out(self, line: MovementIn, statistical_id: UUID | None) -> None:
        """Close the placement, open the next one or end the membership."""
        membership = self._memberships.get(line.student_id)
        if membership is None or statistical_id is None:
            raise _RefusedLineError("student_id", _NOT_A_STUDENT)
        current = self._current(membership, line)
        opened: Placement | None = None
        if line.kind == "departed":
            if line.group_id is not None:
                raise _RefusedLineError("group_id", _EXTRA_GROUP)
            membership.valid_to = line.effective_date
        else:
            opened = self._open(membership, current, line)
        self._close(current, line)
        self._record(line, membership, statistical_id, opened, current)

    def _current(self, membership: Membership, line: MovementIn) -> Placement:
        mine = [one for one in self._placements if one.membership_id == membership.id]
        if membership.valid_to is not None or any(one.valid_from > line.effective_date for one in mine):
            raise _RefusedLineError("effective_date", _LATER_MOVEMENT)
        standing = [one for one in mine if one.valid_to is None]
        if not standing:
            raise _RefusedLineError("student_id", _NOT_A_STUDENT)
        return standing[0]

    def _open(self, membership: Membership, current: Placement, line: MovementIn) -> Placement:
        if line.group_id is None:
            raise _RefusedLineError("group_id", _NO_GROUP)
        group = self._groups.get(line.group_id)
        if (
            group is None
            or group.organization_id != membership.organization_id
            or not group.runs_on(line.effective_date)
        ):
            raise _RefusedLineError("group_id", _GROUP_UNKNOWN)
        if group.id == current.group_id:
            raise _RefusedLineError("group_id", _SAME_GROUP)
        if group.free <= 0:
            raise _RefusedLineError("group_id", _GROUP_FULL)
        group.occupied += 1
        self._changed.add(group.id)
        opened = Placement(
            id=new_id(),
            organization_id=membership.organization_id,
            membership_id=membership.id,
            group_id=group.id,
            valid_from=line.effective_date,
            valid_to=None,
            holds_place=True,
        )
        self._opened.append(opened)
        return opened

    def _close(self, current: Placement, line: MovementIn) -> None:
        """The place is given up on the day the placement ends: now if that day has come, else by the daily job."""
        current.valid_to = line.effective_date
        if line.effective_date <= self._uow.clock.today():
            current.holds_place = False
            self._groups[current.group_id].occupied -= 1
            self._changed.add(current.group_id)

    def _record(
        self,
        line: MovementIn,
        membership: Membership,
        statistical_id: UUID,
        opened: Placement | None,
        closed: Placement,
    ) -> None:
        movement = Movement(
            id=new_id(),
            organization_id=membership.organization_id,
            order_id=self.order_id,
            student_id=line.student_id,
            kind=line.kind,
            effective_date=line.effective_date,
            opened_id=None if opened is None else opened.id,
            closed_id=closed.id,
            reason=line.reason,
            recorded_at=self._uow.now,
            recorded_by=self._principal.account_id,
        )
        self.movements.append(movement)
        shown = [
            None if one is None else placement_out(one, group.academic_year, group.grade, main=membership.main)
            for one, group in (
                (opened, self._groups[(opened or closed).group_id]),
                (closed, self._groups[closed.group_id]),
            )
        ]
        self._uow.publish(movement_recorded(movement, statistical_id, shown[0], shown[1]))

    async def write(self) -> None:
        """Store the closed stays, then the opened ones (they must not overlap), and publish the groups."""
        await self._uow.session.flush()
        await repository.insert_stays(
            self._uow.session,
            [],
            [repository.columns(one) for one in self._opened],
            [repository.columns(one) for one in self.movements],
        )
        for group_id in sorted(self._changed):
            groups.publish_changed(self._uow, self._groups[group_id])
