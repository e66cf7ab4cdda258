"""Lines of the movement book at the end of an academic year: many students, few orders, written in bulk.

A promotion or a repetition closes the placement of the year and opens one of the next, a graduation or a departure ends the stay.
Locks as everywhere: students, then groups by id.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, Uuid, any_, bindparam, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from asu_contracts.core import Placement as PlacementOut
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author
from sgo_core.movements import repository
from sgo_core.movements.cancelling import undo_lines
from sgo_core.movements.errors import MovementsRefusedError, OrderNumberError
from sgo_core.movements.events import movement_recorded
from sgo_core.movements.guardians import tell_guardians
from sgo_core.movements.model import AcademicLeave, Membership, Movement, MovementOrder, Placement
from sgo_core.people import service as people


@dataclass(frozen=True)
class YearEndLine:
    """What becomes of a student: the placement that ends on ``effective_date``, the group it goes on in (None: the stay ends too)."""

    student_id: UUID
    order_id: UUID
    kind: str
    effective_date: date
    placement_id: UUID
    group_id: UUID | None
    reason: str | None = None
    destination: str | None = None


async def sign_year_end_order(
    uow: UnitOfWork,
    organization_id: UUID,
    number: str,
    day: date,
    *,
    drafted_by: str,
    checked_by: str,
    cancels: UUID | None = None,
) -> UUID:
    """Enter an order that the head has signed on paper; raises ``OrderNumberError`` if number and date are taken."""
    taken = select(func.count()).where(
        MovementOrder.organization_id == organization_id,
        MovementOrder.number == number,
        MovementOrder.date == day,
        MovementOrder.state == "signed",
    )
    if await uow.session.scalar(taken):
        raise OrderNumberError
    order = MovementOrder(
        id=new_id(),
        organization_id=organization_id,
        number=number,
        date=day,
        state="signed",
        lines=[],
        cancels=cancels,
        drafted_by=drafted_by,
        checked_by=checked_by,
        signed_by=checked_by,
        signed_at=uow.now,
        version=1,
        updated_at=uow.now,
        recorded_at=uow.now,
        recorded_by=checked_by,
        reason="Завершение учебного года" if cancels is None else "Отмена завершения учебного года",
    )
    uow.session.add(order)
    await uow.session.flush()
    return order.id


async def work_for_closing(uow: UnitOfWork, organization_id: UUID) -> None:
    """Let this transaction, and no other, write into the year that is being closed or taken back."""
    await uow.session.execute(select(func.set_config("asu.year_closing", str(organization_id), True)))


async def carry_out_year_end(
    uow: UnitOfWork, organization_id: UUID, lines: Sequence[YearEndLine], author: Author
) -> Mapping[UUID, UUID]:
    """Write the lines, tell the readers; ids of the movements by student. All placements must be open still."""
    pseudonyms = await people.lock_pseudonyms(uow, {line.student_id for line in lines})
    stays = await _open_stays(uow.session, [line.placement_id for line in lines])
    if len(stays) < len(lines) or any(one.organization_id != organization_id for one in stays.values()):
        raise MovementsRefusedError
    early = [line for line in lines if stays[line.placement_id].valid_from > line.effective_date]
    before = await _stays_before(uow.session, [line.placement_id for line in early])
    if any(line.placement_id not in before for line in early):
        raise MovementsRefusedError
    leaving = [stays[line.placement_id].membership_id for line in lines if line.group_id is None]
    leaves = {
        one.membership_id: one for one in await repository.leaves_of(uow.session, leaving) if one.valid_to is None
    }
    concerned = {stay.group_id for stay in stays.values()} | {one.group_id for one in lines if one.group_id is not None}
    locked = await groups.lock(uow, concerned)
    clerk = _YearEndClerk(uow, organization_id, author, pseudonyms, stays, before, leaves, locked)
    for line in lines:
        clerk.enter(line)
    await clerk.write(lines)
    await tell_guardians(uow, {line.student_id for line in lines if line.group_id is None})
    return clerk.made


@dataclass(frozen=True)
class _Stay:
    id: UUID
    organization_id: UUID
    membership_id: UUID
    group_id: UUID
    valid_from: date


async def _open_stays(session: AsyncSession, placements: Collection[UUID]) -> Mapping[UUID, _Stay]:
    query = (
        select(
            Placement.id,
            Placement.organization_id,
            Placement.membership_id,
            Placement.group_id,
            Placement.valid_from,
        )
        .join(Membership, Membership.id == Placement.membership_id)
        .where(
            Placement.id == any_(literal(list(placements), ARRAY(Uuid))),
            Placement.valid_to.is_(None),
            Membership.valid_to.is_(None),
            Membership.main,
        )
    )
    return {row.id: _Stay(*row) for row in await session.execute(query)}


async def _stays_before(session: AsyncSession, placements: Collection[UUID]) -> Mapping[UUID, _Stay]:
    """The stay in the same group that a placement continues: a closing taken back leaves two in a row."""
    former, later = aliased(Placement), aliased(Placement)
    query = (
        select(
            later.id.label("later_id"),
            former.id,
            former.organization_id,
            former.membership_id,
            former.group_id,
            former.valid_from,
        )
        .join(
            later,
            (later.membership_id == former.membership_id)
            & (later.group_id == former.group_id)
            & (later.valid_from == former.valid_to),
        )
        .where(later.id == any_(literal(list(placements), ARRAY(Uuid))), former.valid_to > former.valid_from)
    )
    return {row.later_id: _Stay(*row[1:]) for row in await session.execute(query)}


_CLOSE_PLACEMENTS = text(
    "UPDATE placement SET valid_to = ended.day, holds_place = ended.holds "
    "FROM unnest(:ids, :days, :holds) AS ended (id, day, holds) WHERE placement.id = ended.id"
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)), bindparam("days", type_=ARRAY(Date)), bindparam("holds", type_=ARRAY(Boolean))
)
_END_MEMBERSHIPS = text(
    "UPDATE membership SET valid_to = ended.day FROM unnest(:ids, :days) AS ended (id, day) WHERE membership.id = ended.id"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("days", type_=ARRAY(Date)))


class _YearEndClerk:
    """Makes the rows and events of one part over locked rows."""

    def __init__(
        self,
        uow: UnitOfWork,
        organization_id: UUID,
        author: Author,
        pseudonyms: Mapping[UUID, UUID],
        stays: Mapping[UUID, _Stay],
        before: Mapping[UUID, _Stay],
        leaves: Mapping[UUID, AcademicLeave],
        locked: Mapping[UUID, groups.LockedGroup],
    ) -> None:
        self._uow = uow
        self._organization_id = organization_id
        self._author = author
        self._pseudonyms = pseudonyms
        self._stays = stays
        self._before = before
        self._leaves = leaves
        self._ended: list[tuple[UUID, date, bool]] = []
        self._groups = locked
        self._opened: list[Placement] = []
        self._movements: list[Movement] = []
        self._changed: set[UUID] = set()
        self.made: dict[UUID, UUID] = {}

    def enter(self, line: YearEndLine) -> None:
        """One student: occupancy, the next placement, the line of the book, its event."""
        stay = self._stays[line.placement_id]
        if stay.valid_from > line.effective_date:
            self._drop(line, stay)
            stay = self._before[stay.id]
            self._ended.append((stay.id, line.effective_date, False))
        else:
            holds = line.effective_date > self._uow.clock.today()
            if not holds:
                self._give_up(stay)
            self._ended.append((stay.id, line.effective_date, holds))
        opened = None if line.group_id is None else self._open(stay, line, line.group_id)
        movement = self._record(line, line.kind, line.effective_date, opened, stay, self._leave_ended(line, stay))
        self.made[line.student_id] = movement.id

    def _leave_ended(self, line: YearEndLine, stay: _Stay) -> UUID | None:
        """The academic leave that ends with the stay."""
        leave = self._leaves.get(stay.membership_id)
        if leave is None:
            return None
        leave.valid_to = max(line.effective_date, leave.valid_from)
        return leave.id

    def _give_up(self, stay: _Stay) -> None:
        self._groups[stay.group_id].occupied -= 1
        self._changed.add(stay.group_id)

    def _drop(self, line: YearEndLine, stay: _Stay) -> None:
        """A placement that begins after the day never was: the one it continues ends instead."""
        self._give_up(stay)
        self._ended.append((stay.id, stay.valid_from, False))
        self._record(line, "cancelled", stay.valid_from, None, stay)

    def _record(
        self,
        line: YearEndLine,
        kind: str,
        day: date,
        opened: Placement | None,
        closed: _Stay,
        leave_id: UUID | None = None,
    ) -> Movement:
        movement = Movement(
            id=new_id(),
            organization_id=self._organization_id,
            order_id=line.order_id,
            student_id=line.student_id,
            kind=kind,
            effective_date=day,
            opened_id=None if opened is None else opened.id,
            closed_id=closed.id,
            leave_id=leave_id,
            reason=line.reason,
            destination=line.destination,
            recorded_at=self._uow.now,
            recorded_by=self._author.account_id,
        )
        self._movements.append(movement)
        self._uow.publish(
            movement_recorded(movement, self._pseudonyms[line.student_id], self._shown(opened), self._shown(closed))
        )
        return movement

    def _shown(self, placement: Placement | _Stay | None) -> PlacementOut | None:
        if placement is None:
            return None
        group = self._groups[placement.group_id]
        return PlacementOut(
            placement_id=placement.id,
            organization_id=placement.organization_id,
            group_id=placement.group_id,
            academic_year=group.academic_year,
            grade=group.grade,
            main=True,
        )

    def _open(self, stay: _Stay, line: YearEndLine, group_id: UUID) -> Placement:
        group = self._groups.get(group_id)
        if group is None or group.organization_id != self._organization_id or not group.runs_on(line.effective_date):
            raise MovementsRefusedError
        if group.free <= 0:
            raise MovementsRefusedError
        group.occupied += 1
        self._changed.add(group_id)
        opened = Placement(
            id=new_id(),
            organization_id=self._organization_id,
            membership_id=stay.membership_id,
            group_id=group_id,
            valid_from=line.effective_date,
            valid_to=None,
            holds_place=True,
        )
        self._opened.append(opened)
        return opened

    async def write(self, lines: Sequence[YearEndLine]) -> None:
        """Store the ended stays, the whole ones first: what rests on them ends with them. Then the opened ones, which must not overlap."""
        session = self._uow.session
        leaving = [line for line in lines if line.group_id is None]
        if leaving:
            stays = [self._stays[line.placement_id].membership_id for line in leaving]
            await session.execute(_END_MEMBERSHIPS, {"ids": stays, "days": [one.effective_date for one in leaving]})
        ids, days, holds = (list(column) for column in zip(*self._ended, strict=True))
        await session.execute(_CLOSE_PLACEMENTS, {"ids": ids, "days": days, "holds": holds})
        await repository.insert_stays(
            session,
            [],
            [repository.columns(one) for one in self._opened],
            [repository.columns(one) for one in self._movements],
        )
        for group_id in sorted(self._changed):
            groups.publish_changed(self._uow, self._groups[group_id])


async def later_movements(uow: UnitOfWork, orders: Collection[UUID]) -> set[UUID]:
    """Students of signed orders whose movement was changed since and stands so: the orders cannot be undone before that is."""
    moved: set[UUID] = set()
    for order_id in orders:
        order = await repository.get_order(uow.session, order_id)
        assert order is not None
        students = {line.student_id for line in await repository.lines_of(uow.session, order_id)}
        moved |= await repository.moved_since(uow.session, order, students)
    return moved


async def take_back_year_end(uow: UnitOfWork, undoing: UUID, movements: Collection[UUID], author: Author) -> None:
    """Reverse lines that the order ``undoing`` cancels, as any counter-order does."""
    order = await repository.get_order(uow.session, undoing)
    assert order is not None
    lines = await repository.lines_by_ids(uow.session, movements)
    await undo_lines(uow, order, lines, author.account_id)
