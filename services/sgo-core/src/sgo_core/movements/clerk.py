"""The clerk who carries out the lines of an order one by one, over rows that are locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from asu_contracts.core import Placement as PlacementOut
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.movements import repository
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.model import AcademicLeave, Membership, Movement, MovementOrder, Placement
from sgo_core.movements.reasons import REASONS
from sgo_core.movements.schemas import MovementIn
from sgo_core.transfers.carrying import OpenTransfers

_NOT_A_STUDENT = ("movements.not-a-student", "Обучающийся не числится в организации на эту дату")
_LATER_MOVEMENT = ("movements.later-movement", "После этой даты движение уже проведено")
TWICE = ("movements.student-twice", "Обучающийся указан в приказе дважды")
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
_NEVER_HERE = ("movements.never-here", "Восстановить можно того, кто обучался в этой организации и выбыл")
_NO_TRANSFER = ("movements.transfer-required", "Нет согласованного перевода этого обучающегося в другую организацию")
_TRANSFER_OPEN = ("movements.transfer-open", "По обучающемуся открыт перевод: проведите его или отзовите")
_NO_UNTIL = ("movements.until-required", "Укажите, до какой даты (позже начала) предоставлен академический отпуск")
_EXTRA_UNTIL = ("movements.until-not-expected", "Срок указывается только для академического отпуска")
_NOT_BY_PROGRAMME = (
    "movements.main-only",
    "Такое движение бывает только по основному месту обучения, не по программе дополнительного образования",
)
_ON_LEAVE = ("movements.on-leave", "Обучающийся уже в академическом отпуске")
_NOT_ON_LEAVE = ("movements.not-on-leave", "Обучающийся не в академическом отпуске на эту дату")

_ENTERS = frozenset({"enrolled", "restored"})
_LEAVES = frozenset({"departed", "graduated", "transferred_between_organizations"})

_MAIN_ONLY = frozenset(
    {"transferred_between_organizations", "graduated", "academic_leave_started", "academic_leave_ended"}
)
"""Kinds of lines about the main place of study alone."""


class RefusedLineError(Exception):
    """A line that cannot be carried out: the field at fault and why, a code and a title."""

    def __init__(self, field: str, why: tuple[str, str]) -> None:
        super().__init__(why[0])
        self.field = field
        self.why = why


@dataclass
class _Effect:
    """What a line does to the student's stay."""

    opened: Placement | None = None
    closed: Placement | None = None
    leave: AcademicLeave | None = None
    transfer_id: UUID | None = None
    destination: str | None = None


class Clerk:
    """Carries out lines one by one over locked rows."""

    def __init__(
        self,
        uow: UnitOfWork,
        order: MovementOrder,
        signed_by: str,
        *,
        stays: Mapping[UUID, Sequence[Membership]],
        placements: Sequence[Placement],
        leaves: Sequence[AcademicLeave],
        transfers: OpenTransfers,
        locked: Mapping[UUID, groups.LockedGroup],
        takes_students: bool,
    ) -> None:
        self._uow = uow
        self._order = order
        self._signed_by = signed_by
        self._stays = stays
        self._placements = placements
        self._leaves: dict[UUID, list[AcademicLeave]] = {}
        for one in leaves:
            self._leaves.setdefault(one.membership_id, []).append(one)
        self._transfers = transfers
        self._groups = locked
        self._takes_students = takes_students
        self._changed: set[UUID] = set()
        self._entered: list[Membership] = []
        self._opened: list[Placement] = []
        self._begun: list[AcademicLeave] = []
        self._movements: list[Movement] = []
        self._ids: dict[tuple[UUID, UUID | None], UUID] = {}

    def carry_out(self, line: MovementIn, statistical_id: UUID | None) -> None:
        """Open a stay, close the placement and open the next one, begin or end a leave, or end the stay."""
        if statistical_id is None:
            raise RefusedLineError("student_id", _NOT_A_STUDENT)
        if line.until is not None and line.kind != "academic_leave_started":
            raise RefusedLineError("until", _EXTRA_UNTIL)
        if line.programme_id is not None and line.kind in _MAIN_ONLY:
            raise RefusedLineError("programme_id", _NOT_BY_PROGRAMME)
        if line.kind in _ENTERS:
            effect = self._enter(line)
        else:
            membership = self._standing(line)
            current = self._current(membership, line)
            if line.kind in _LEAVES:
                effect = self._leave_organization(line, membership, current)
            elif line.kind == "transferred_between_groups":
                effect = _Effect(opened=self._open(membership, line, current), closed=current)
                self._close(current, line)
            else:
                effect = _Effect(leave=self._academic_leave(line, membership))
        self._record(line, statistical_id, effect)

    def _enter(self, line: MovementIn) -> _Effect:
        membership = self._enrol(line)
        effect = _Effect(opened=self._open(membership, line, None))
        if membership.main:
            effect.transfer_id = self._transfers.arrive(line.student_id, self._next_id(line), line.effective_date)
        return effect

    def _leave_organization(self, line: MovementIn, membership: Membership, current: Placement) -> _Effect:
        effect = _Effect(closed=current, destination=line.destination)
        if line.kind == "transferred_between_organizations":
            self._check_no_group(line)
            released = self._transfers.release(line.student_id, line.effective_date)
            if released is None:
                raise RefusedLineError("student_id", _NO_TRANSFER)
            effect.transfer_id, effect.destination = released
        else:
            self._check_departure(line)
            if membership.main and self._transfers.holds(line.student_id):
                raise RefusedLineError("student_id", _TRANSFER_OPEN)
        if self._returns_after(membership, line.effective_date):
            raise RefusedLineError("effective_date", _LATER_MOVEMENT)
        effect.leave = self._open_leave(membership)
        if effect.leave is not None:
            effect.leave.valid_to = max(line.effective_date, effect.leave.valid_from)
        membership.valid_to = line.effective_date
        self._close(current, line)
        return effect

    def _academic_leave(self, line: MovementIn, membership: Membership) -> AcademicLeave:
        self._check_no_group(line)
        standing = self._open_leave(membership)
        if line.kind == "academic_leave_ended":
            if standing is None or line.effective_date < standing.valid_from:
                raise RefusedLineError("student_id", _NOT_ON_LEAVE)
            standing.valid_to = line.effective_date
            return standing
        if standing is not None or self._returns_after(membership, line.effective_date):
            raise RefusedLineError("student_id", _ON_LEAVE)
        if line.until is None or line.until <= line.effective_date:
            raise RefusedLineError("until", _NO_UNTIL)
        leave = AcademicLeave(
            id=new_id(), membership_id=membership.id, valid_from=line.effective_date, until=line.until, valid_to=None
        )
        self._begun.append(leave)
        return leave

    def _returns_after(self, membership: Membership, day: date) -> bool:
        """Whether a leave is known to end later than on a day."""
        return any(
            one.valid_to is not None and one.valid_to > max(day, one.valid_from)
            for one in self._leaves.get(membership.id, ())
        )

    def _open_leave(self, membership: Membership) -> AcademicLeave | None:
        return next((one for one in self._leaves.get(membership.id, ()) if one.valid_to is None), None)

    def _enrol(self, line: MovementIn) -> Membership:
        if not self._takes_students:
            raise RefusedLineError("group_id", _CLOSED)
        for stay in self._stays_of(line):
            if stay.valid_to is None or stay.valid_to > max(line.effective_date, stay.valid_from):
                here = stay.organization_id == self._order.organization_id
                raise RefusedLineError(
                    "student_id", _ENROLLED_HERE if here or line.programme_id is not None else _ENROLLED_ELSEWHERE
                )
        if line.kind == "restored" and not any(
            stay.organization_id == self._order.organization_id and stay.valid_to != stay.valid_from
            for stay in self._stays_of(line)
        ):
            raise RefusedLineError("student_id", _NEVER_HERE)
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
        raise RefusedLineError("student_id", _NOT_A_STUDENT)

    def _check_departure(self, line: MovementIn) -> None:
        self._check_no_group(line)
        reason = None if line.reason is None else REASONS.get(line.reason)
        if reason is None or reason.graduation != (line.kind == "graduated"):
            raise RefusedLineError("reason", _NO_REASON)
        if reason.destination and line.destination is None:
            raise RefusedLineError("destination", _NO_DESTINATION)

    def _check_no_group(self, line: MovementIn) -> None:
        if line.group_id is not None:
            raise RefusedLineError("group_id", _EXTRA_GROUP)

    def _current(self, membership: Membership, line: MovementIn) -> Placement:
        mine = [one for one in self._placements if one.membership_id == membership.id]
        if membership.valid_to is not None or any(one.valid_from > line.effective_date for one in mine):
            raise RefusedLineError("effective_date", _LATER_MOVEMENT)
        standing = [one for one in mine if one.valid_to is None]
        if not standing:
            raise RefusedLineError("student_id", _NOT_A_STUDENT)
        return standing[0]

    def _open(self, membership: Membership, line: MovementIn, current: Placement | None) -> Placement:
        if line.group_id is None:
            raise RefusedLineError("group_id", _NO_GROUP)
        group = self._groups.get(line.group_id)
        if (
            group is None
            or group.organization_id != membership.organization_id
            or group.programme_id != membership.programme_id
            or not group.runs_on(line.effective_date)
        ):
            raise RefusedLineError("group_id", _GROUP_UNKNOWN)
        if current is not None and group.id == current.group_id:
            raise RefusedLineError("group_id", _SAME_GROUP)
        if group.free <= 0:
            raise RefusedLineError("group_id", _GROUP_FULL)
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

    def _next_id(self, line: MovementIn) -> UUID:
        """Id of the line's movement, known before it is made."""
        return self._ids.setdefault((line.student_id, line.programme_id), new_id())

    def _record(self, line: MovementIn, statistical_id: UUID, effect: _Effect) -> None:
        opened, closed, leave = effect.opened, effect.closed, effect.leave
        movement = Movement(
            id=self._next_id(line),
            organization_id=self._order.organization_id,
            order_id=self._order.id,
            student_id=line.student_id,
            kind=line.kind,
            effective_date=line.effective_date,
            opened_id=None if opened is None else opened.id,
            closed_id=None if closed is None else closed.id,
            leave_id=None if leave is None else leave.id,
            transfer_id=effect.transfer_id,
            reason=line.reason,
            destination=effect.destination,
            recorded_at=self._uow.now,
            recorded_by=self._signed_by,
        )
        self._movements.append(movement)
        shown = self._shown(opened), self._shown(closed)
        self._uow.publish(movement_recorded(movement, statistical_id, *shown, leave_until=line.until))

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
            [repository.columns(one) for one in self._begun],
        )
        for group_id in sorted(self._changed):
            groups.publish_changed(self._uow, self._groups[group_id])
