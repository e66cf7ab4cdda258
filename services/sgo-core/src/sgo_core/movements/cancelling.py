"""Carrying out an order that undoes another one: each of its lines is reversed from the day it took effect."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author
from sgo_core.movements import repository
from sgo_core.movements.errors import NotCancellableError, OrderStandsError
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.guardians import tell_guardians
from sgo_core.movements.model import AcademicLeave, Membership, Movement, MovementOrder, Placement
from sgo_core.movements.reasons import SUCCESSION
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.study_forms import service as study_forms
from sgo_core.subgroups import staying as subgroups
from sgo_core.transfers import carrying as transfers


async def undo(uow: UnitOfWork, order: MovementOrder, cancelled: MovementOrder, signed_by: str) -> None:
    """Reverse a signed order; raises ``OrderStandsError`` when something later stands on it, or a group is full.

    What an act on organizations moved is undone by another act: here only one half of each movement could be.
    """
    lines = await repository.lines_of(uow.session, cancelled.id)
    if any(line.reason == SUCCESSION for line in lines):
        raise NotCancellableError
    if not (await organizations.by_ids(uow, [order.organization_id]))[order.organization_id].active:
        raise OrderStandsError
    students = await people.lock_students(uow, {line.student_id for line in lines})
    if not lines or await repository.moved_since(uow.session, cancelled, students):
        raise OrderStandsError
    await undo_lines(uow, order, lines, signed_by)


async def undo_lines(uow: UnitOfWork, order: MovementOrder, lines: Sequence[Movement], signed_by: str) -> None:
    """Reverse lines of an order that nothing later stands on."""
    students = await people.lock_pseudonyms(uow, {line.student_id for line in lines})
    placements = {
        one.id: one
        for one in await repository.placements_by_ids(
            uow.session, {one for line in lines for one in (line.opened_id, line.closed_id) if one is not None}
        )
    }
    memberships = {
        one.id: one
        for one in await repository.memberships(uow.session, students)
        if one.id in {placement.membership_id for placement in placements.values()}
    }
    entered = {
        line.student_id
        for line in lines
        if line.closed_id is None
        and line.opened_id is not None
        and placements[line.opened_id].membership_id in memberships
        and memberships[placements[line.opened_id].membership_id].main
    }
    carried = {line.order_id for line in lines if line.transfer_id is not None}
    author = Author(signed_by, f"Приказ № {order.number} об отмене")
    if not await transfers.undone(uow, carried, order.organization_id, entered, author):
        raise OrderStandsError
    locked = await groups.lock(uow, {one.group_id for one in placements.values()})
    leaves = await repository.leaves_by_ids(uow.session, {one.leave_id for one in lines if one.leave_id is not None})
    undoing = _Undoing(uow, order, signed_by, placements, memberships, leaves, locked)
    for line in lines:
        undoing.reverse(line, students[line.student_id])
    await undoing.write()
    await tell_guardians(uow, students)


class _Undoing:
    def __init__(
        self,
        uow: UnitOfWork,
        order: MovementOrder,
        signed_by: str,
        placements: Mapping[UUID, Placement],
        memberships: Mapping[UUID, Membership],
        leaves: Mapping[UUID, AcademicLeave],
        locked: Mapping[UUID, groups.LockedGroup],
    ) -> None:
        self._uow = uow
        self._order = order
        self._signed_by = signed_by
        self._placements = placements
        self._memberships = memberships
        self._leaves = leaves
        self._groups = locked
        self._reopened: dict[UUID, Placement] = {}
        self._ended: set[UUID] = set()
        self._movements: list[Movement] = []

    def reverse(self, line: Movement, statistical_id: UUID) -> None:
        """Shut what the line opened as if it had never been, open again what it closed."""
        if line.leave_id is not None:
            leave = self._leaves[line.leave_id]
            leave.valid_to = leave.valid_from if line.kind == "academic_leave_started" else None
        if line.opened_id is None and line.closed_id is None:
            self._record(line, statistical_id, None, None)
            return
        opened = None if line.opened_id is None else self._placements[line.opened_id]
        closed = None if line.closed_id is None else self._placements[line.closed_id]
        stay = self._memberships.get((opened or self._placements[line.closed_id or line.id]).membership_id)
        if stay is None:
            raise OrderStandsError
        if opened is not None:
            if opened.valid_to is not None:
                raise OrderStandsError
            opened.valid_to = opened.valid_from
            opened.holds_place = False
            self._groups[opened.group_id].occupied -= 1
        if closed is None:
            stay.valid_to = stay.valid_from
        else:
            stay.valid_to = None
        again = None if closed is None else self._reopen(closed, line)
        self._record(line, statistical_id, again, opened)

    def _reopen(self, closed: Placement, line: Movement) -> Placement:
        group = self._groups[closed.group_id]
        if closed.holds_place:
            closed.holds_place = False  # its place passes on, it was not given up yet
        elif group.free <= 0:
            raise OrderStandsError
        else:
            group.occupied += 1
        self._reopened[closed.membership_id] = again = Placement(
            id=new_id(),
            organization_id=closed.organization_id,
            membership_id=closed.membership_id,
            group_id=closed.group_id,
            valid_from=line.effective_date,
            valid_to=None,
            holds_place=True,
        )
        self._ended |= {closed.id, closed.membership_id}
        return again

    def _record(self, line: Movement, statistical_id: UUID, opened: Placement | None, closed: Placement | None) -> None:
        movement = Movement(
            id=new_id(),
            organization_id=line.organization_id,
            order_id=self._order.id,
            student_id=line.student_id,
            kind="cancelled",
            effective_date=line.effective_date,
            opened_id=None if opened is None else opened.id,
            closed_id=None if closed is None else closed.id,
            leave_id=line.leave_id,
            transfer_id=line.transfer_id,
            recorded_at=self._uow.now,
            recorded_by=self._signed_by,
        )
        self._movements.append(movement)
        shown = [
            None
            if one is None
            else placement_out(
                one,
                self._groups[one.group_id].academic_year,
                self._groups[one.group_id].grade,
                main=self._groups[one.group_id].main,
            )
            for one in (opened, closed)
        ]
        self._uow.publish(movement_recorded(movement, statistical_id, shown[0], shown[1]))

    async def _give_back(self) -> None:
        """What had ended with the stays that go on, and has not been changed since, goes on with them."""
        ended: dict[str, dict[UUID, tuple[date, date | None]]] = {"teaching_group_stay": {}, "study_form": {}}
        for one in await repository.take_ended_with(self._uow.session, self._ended):
            ended[one.relation][one.row_id] = one.ended_on, one.valid_to
        author = Author(self._signed_by, f"Приказ № {self._order.number} об отмене")
        placements = {membership_id: one.id for membership_id, one in self._reopened.items()}
        await subgroups.give_back(self._uow, ended["teaching_group_stay"], placements, author)
        await study_forms.give_back(self._uow, ended["study_form"], author)

    async def write(self) -> None:
        """Store the closed stays, then those opened again and what had ended with them, and publish the groups."""
        try:
            await self._uow.session.flush()
            await repository.insert_stays(
                self._uow.session,
                [],
                [repository.columns(one) for one in self._reopened.values()],
                [repository.columns(one) for one in self._movements],
            )
            await self._give_back()
        except IntegrityError:  # the child is somewhere else by now
            raise OrderStandsError from None
        for group_id in sorted(self._groups):
            groups.publish_changed(self._uow, self._groups[group_id])
