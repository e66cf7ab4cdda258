"""Carrying out the lines of a signed order: enrolments, transfers between groups, departures; all of them or none."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from asu_contracts.core import Placement as PlacementOut
from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.movements import repository
from sgo_core.movements.errors import MovementsRefusedError
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.guardians import tell_guardians
from sgo_core.movements.model import Membership, Movement, MovementOrder, Placement
from sgo_core.movements.reasons import REASONS
from sgo_core.movements.schemas import MovementIn
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people

_NOT_A_STUDENT = ("movements.not-a-student", "Обучающийся не числится в организации на эту дату")
_LATER_MOVEMENT = ("movements.later-movement", "После этой даты движение уже проведено")
_TWICE = ("movements.student-twice", "Обучающийся указан в приказе дважды")
_NO_GROUP = ("movements.group-required", "Не указан класс (группа), куда переводится обучающийся")
_EXTRA_GROUP = ("movements.group-not-expected", "При выбытии класс (группа) не указывается")
_GROUP_UNKNOWN = ("movements.group-unknown", "Нет такого класса (группы) в организации на эту дату")
_SAME_GROUP = ("movements.same-group", "Обучающийся уже в этом классе (группе)")
_NO_REASON = ("movements.reason-required", "Укажите причину выбытия из справочника")
_NO_DESTINATION = ("movements.destination-required", "Укажите, куда выбыл обучающийся")
_CLOSED = ("movements.organization-closed", "Организация закрыта")
_ENROLLED_HERE = ("movements.enrolled-here", "Обучающийся уже зачислен в эту организацию")
_ENROLLED_ELSEWHERE = ("movements.enrolled-elsewhere", "Обучающийся числится в другой организации")
_GROUP_FULL = ("movements.group-full", "В классе (группе) нет свободных мест")


class _RefusedLineError(Exception):
    def __init__(self, field: str, why: tuple[str, str]) -> None:
        super().__init__(why[0])
        self.field = field
        self.why = why


async def carry_out(uow: UnitOfWork, order: MovementOrder, lines: Sequence[MovementIn], signed_by: str) -> None:
    """Carry out an order over students of its organization; raises ``MovementsRefusedError`` with a line each."""
    students = await people.lock_students(uow, {line.student_id for line in lines})
    stays: dict[UUID, list[Membership]] = {one: [] for one in students}
    for stay in await repository.memberships(uow.session, students):
        stays[stay.student_id].append(stay)
    mine = [one for found in stays.values() for one in found if one.organization_id == order.organization_id]
    placements = await repository.placements_of(uow.session, [stay.id for stay in mine])
    concerned = {placement.group_id for placement in placements} | {
        line.group_id for line in lines if line.group_id is not None
    }
    organization = (await organizations.by_ids(uow, [order.organization_id]))[order.organization_id]
    clerk = _Clerk(
        uow,
        order,
        signed_by,
        stays=stays,
        placements=placements,
        locked=await groups.lock(uow, concerned),
        takes_students=organization.active,
    )
    errors: list[FieldError] = []
    seen: set[tuple[UUID, UUID | None]] = set()
    for number, line in enumerate(lines):
        try:
            if (line.student_id, line.programme_id) in seen:
                raise _RefusedLineError("student_id", _TWICE)
            seen.add((line.student_id, line.programme_id))
            student = students.get(line.student_id)
            clerk.carry_out(line, None if student is None else student.statistical_id)
        except _RefusedLineError as refused:
            code, title = refused.why
            errors.append(FieldError(f"/body/movements/{number}/{refused.field}", code, title))
    if errors:
        raise MovementsRefusedError(errors=errors)
    await clerk.write()
    await tell_guardians(uow, {student_id for student_id, _ in seen})


class _Clerk:
    """Carries out lines one by one over locked rows."""

    def __init__(
        self,
        uow: UnitOfWork,
        order: MovementOrder,
        signed_by: str,
        *,
        stays: Mapping[UUID, Sequence[Membership]],
        placements: Sequence[Placement],
        locked: Mapping[UUID, groups.LockedGroup],
        takes_students: bool,
    ) -> None:
        self._uow = uow
        self._order = order
        self._signed_by = signed_by
        self._stays = stays
        self._placements = placements
        self._groups = locked
        self._takes_students = takes_students
        self._changed: set[UUID] = set()
        self._entered: list[Membership] = []
        self._opened: list[Placement] = []
        self._movements: list[Movement] = []

    def carry_out(self, line: MovementIn, statistical_id: UUID | None) -> None:
        """Open a stay, close the placement and open the next one, or end the stay."""
        if statistical_id is None:
            raise _RefusedLineError("student_id", _NOT_A_STUDENT)
        if line.kind == "enrolled":
            membership = self._enrol(line)
            self._record(line, membership, statistical_id, self._open(membership, line, None), None)
            return
        membership = self._standing(line)
        current = self._current(membership, line)
        opened: Placement | None = None
        if line.kind == "departed":
            self._check_departure(line)
            membership.valid_to = line.effective_date
        else:
            opened = self._open(membership, line, current)
        self._close(current, line)
        self._record(line, membership, statistical_id, opened, current)

    def _enrol(self, line: MovementIn) -> Membership:
        if not self._takes_students:
            raise _RefusedLineError("group_id", _CLOSED)
        for stay in self._stays_of(line):
            if stay.valid_to is None or stay.valid_to > max(line.effective_date, stay.valid_from):
                here = stay.organization_id == self._order.organization_id
                raise _RefusedLineError(
                    "student_id", _ENROLLED_HERE if here or line.programme_id is not None else _ENROLLED_ELSEWHERE
                )
        membership = Membership(
            id=new_id(),
            student_id=line.student_id,
            organization_id=self._order.organization_id,
            main=line.programme_id is None,
            programme_id=line.programme_id,
            valid_from=line.effective_date,
            valid_to=None,
        )
        self._entered.append(membership)
        return membership

    def _stays_of(self, line: MovementIn) -> list[Membership]:
        """The student's main memberships, or those by the programme of the line."""
        return [one for one in self._stays[line.student_id] if one.programme_id == line.programme_id]

    def _standing(self, line: MovementIn) -> Membership:
        """The membership in the organization that the line is about."""
        for stay in self._stays_of(line):
            if (
                stay.organization_id == self._order.organization_id
                and stay.valid_from <= line.effective_date
                and (stay.valid_to is None or stay.valid_to > line.effective_date)
            ):
                return stay
        raise _RefusedLineError("student_id", _NOT_A_STUDENT)

    def _check_departure(self, line: MovementIn) -> None:
        if line.group_id is not None:
            raise _RefusedLineError("group_id", _EXTRA_GROUP)
        reason = None if line.reason is None else REASONS.get(line.reason)
        if reason is None:
            raise _RefusedLineError("reason", _NO_REASON)
        if reason.destination and line.destination is None:
            raise _RefusedLineError("destination", _NO_DESTINATION)

    def _current(self, membership: Membership, line: MovementIn) -> Placement:
        mine = [one for one in self._placements if one.membership_id == membership.id]
        if membership.valid_to is not None or any(one.valid_from > line.effective_date for one in mine):
            raise _RefusedLineError("effective_date", _LATER_MOVEMENT)
        standing = [one for one in mine if one.valid_to is None]
        if not standing:
            raise _RefusedLineError("student_id", _NOT_A_STUDENT)
        return standing[0]

    def _open(self, membership: Membership, line: MovementIn, current: Placement | None) -> Placement:
        if line.group_id is None:
            raise _RefusedLineError("group_id", _NO_GROUP)
        group = self._groups.get(line.group_id)
        if (
            group is None
            or group.organization_id != membership.organization_id
            or group.programme_id != membership.programme_id
            or not group.runs_on(line.effective_date)
        ):
            raise _RefusedLineError("group_id", _GROUP_UNKNOWN)
        if current is not None and group.id == current.group_id:
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
        """The place is given up on the day the placement ends: now if that day has come, else by the daily job.

        A placement that ends before it begins, as of a child who leaves in summer, gives it up at once.
        """
        current.valid_to = line.effective_date
        if line.effective_date <= max(self._uow.clock.today(), current.valid_from):
            current.holds_place = False
            self._groups[current.group_id].occupied -= 1
            self._changed.add(current.group_id)

    def _record(
        self,
        line: MovementIn,
        membership: Membership,
        statistical_id: UUID,
        opened: Placement | None,
        closed: Placement | None,
    ) -> None:
        movement = Movement(
            id=new_id(),
            organization_id=membership.organization_id,
            order_id=self._order.id,
            student_id=line.student_id,
            kind=line.kind,
            effective_date=line.effective_date,
            opened_id=None if opened is None else opened.id,
            closed_id=None if closed is None else closed.id,
            reason=line.reason,
            destination=line.destination,
            recorded_at=self._uow.now,
            recorded_by=self._signed_by,
        )
        self._movements.append(movement)
        event = movement_recorded(movement, statistical_id, self._shown(opened), self._shown(closed))
        self._uow.publish(event)

    def _shown(self, placement: Placement | None) -> PlacementOut | None:
        if placement is None:
            return None
        group = self._groups[placement.group_id]
        return placement_out(placement, group.academic_year, group.grade, main=group.main)

    async def write(self) -> None:
        """Store the closed stays, then the opened ones (they must not overlap), and publish the groups."""
        await self._uow.session.flush()
        await repository.insert_stays(
            self._uow.session,
            [repository.columns(one) for one in self._entered],
            [repository.columns(one) for one in self._opened],
            [repository.columns(one) for one in self._movements],
        )
        for group_id in sorted(self._changed):
            groups.publish_changed(self._uow, self._groups[group_id])
