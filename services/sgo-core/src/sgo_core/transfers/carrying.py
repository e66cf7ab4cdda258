"""What orders do to transfers: the sender's order releases, the receiver's accepts, a cancelling order takes either back.

An admission that comes before the release asks for the transfer: the receiver's order is its consent.

A student has one open transfer at most, so a line of an order is tied to it by the student. Locks: students first (the caller's),
then their transfers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.transfers import repository
from sgo_core.transfers.events import transfer_accepted
from sgo_core.transfers.model import ON_THE_WAY, RETURNED, Transfer
from sgo_core.transfers.terms import Step, due

_TAKEN_BACK = "order_cancelled"
"""Why a transfer has ended whose release was cancelled after the student was said to have gone elsewhere."""


class Order(Protocol):
    """An order as far as transfers are concerned."""

    id: Any
    organization_id: Any
    date: Any


@dataclass(frozen=True)
class Arrival:
    """A student who was enrolled."""

    student_id: UUID
    movement_id: UUID
    order_id: UUID
    organization_id: UUID
    order_date: date
    effective_date: date


@dataclass(frozen=True)
class Asked:
    """A student whom an order admits before the organization of the present stay has released it."""

    student_id: UUID
    from_organization_id: UUID
    to_organization_id: UUID
    group_id: UUID
    order_date: date


class OpenTransfers:
    """The open transfers of the students of an order, locked."""

    def __init__(
        self, uow: UnitOfWork, order: Order, author: Author, found: Mapping[UUID, Transfer], names: Mapping[UUID, str]
    ) -> None:
        self._uow = uow
        self._order = order
        self._author = author
        self._found = found
        self._names = names

    def holds(self, student_id: UUID) -> bool:
        """Whether a transfer of the student is open."""
        return student_id in self._found

    def release(self, student_id: UUID, effective_date: date) -> tuple[UUID, str] | None:
        """Release the student by the order of the sender: the transfer and the name of the destination; None if none is agreed."""
        transfer = self._found.get(student_id)
        if (
            transfer is None
            or transfer.state != "agreed"
            or transfer.from_organization_id != self._order.organization_id
        ):
            return None
        values = {
            "state": "released",
            "release_order_id": self._order.id,
            "released_on": effective_date,
            "due_on": due("file", max(effective_date, self._uow.clock.today())),
        }
        change(transfer, values, self._author, self._uow.now)
        return transfer.id, self._names[transfer.to_organization_id]

    def arrive(self, student_id: UUID, movement_id: UUID, effective_date: date) -> UUID | None:
        """Note that the order enrols the student; the transfer that it carries out."""
        transfer = self._found.get(student_id)
        if transfer is None:
            return None
        arrival = Arrival(
            student_id, movement_id, self._order.id, self._order.organization_id, self._order.date, effective_date
        )
        return transfer.id if _arrive(self._uow, transfer, arrival, self._author) else None


async def lock_open(uow: UnitOfWork, student_ids: Collection[UUID], order: Order, author: Author) -> OpenTransfers:
    """The open transfers of students whose rows are locked."""
    found = {one.student_id: one for one in await repository.lock_open(uow.session, student_ids)}
    known = await organizations.by_ids(uow, [one.to_organization_id for one in found.values()]) if found else {}
    return OpenTransfers(uow, order, author, found, {one.id: one.short_name for one in known.values()})


async def ask(uow: UnitOfWork, asked: Sequence[Asked], author: Author) -> None:
    """Ask the senders to release students, whose rows are locked; one with an open transfer is asked for already."""
    by_student = {one.student_id: one for one in asked}
    open_ = {one.student_id for one in await repository.lock_open(uow.session, by_student.keys())} if asked else set()
    today = uow.clock.today()
    uow.session.add_all(
        Transfer(
            id=new_id(),
            student_id=one.student_id,
            from_organization_id=one.from_organization_id,
            to_organization_id=one.to_organization_id,
            group_id=one.group_id,
            asked_by="receiver",
            state="agreed",
            applied_on=min(one.order_date, today),
            agreed_on=today,
            due_on=due("release", today),
            version=1,
            **signature(author, uow.now),
        )
        for one in by_student.values()
        if one.student_id not in open_
    )
    await uow.session.flush()


async def arrived(uow: UnitOfWork, arrivals: Sequence[Arrival], author: Author) -> Mapping[UUID, UUID]:
    """Note students whom an admission or a class list enrolled; by student the transfers carried out."""
    by_student = {one.student_id: one for one in arrivals}
    carried: dict[UUID, UUID] = {}
    for transfer in await repository.lock_open(uow.session, by_student.keys()):
        if _arrive(uow, transfer, by_student[transfer.student_id], author):
            carried[transfer.student_id] = transfer.id
    return carried


def _arrive(uow: UnitOfWork, transfer: Transfer, arrival: Arrival, author: Author) -> bool:
    """A student on the way was enrolled: where the transfer leads, or elsewhere, whither it leads then, or back by the sender."""
    if transfer.state not in ON_THE_WAY:
        return False
    if arrival.organization_id == transfer.from_organization_id:
        back = {"state": "closed", "end_reason": RETURNED, "return_order_id": arrival.order_id, "due_on": None}
        change(transfer, back, author, uow.now)
        return True
    values = {
        "state": "accepted",
        "to_organization_id": arrival.organization_id,
        "group_id": transfer.group_id if arrival.organization_id == transfer.to_organization_id else None,
        "acceptance_order_id": arrival.order_id,
        "accepted_on": arrival.effective_date,
        "end_reason": None,
        "due_on": due("notice", max(arrival.order_date, arrival.effective_date)),
    }
    change(transfer, values, author, uow.now)
    uow.publish(transfer_accepted(transfer, arrival.movement_id, arrival.organization_id, arrival.effective_date))
    return True


async def undone(
    uow: UnitOfWork, order_ids: Collection[UUID], organization_id: UUID, entered: Collection[UUID], author: Author
) -> bool:
    """Take back what cancelled orders did to transfers; False if a transfer has begun from the stay that it opened.

    ``order_ids`` are those that carried out transfers, ``entered`` the students whom they enrolled.
    """
    standing = await repository.lock_open(uow.session, entered) if entered else ()
    if any(one.from_organization_id == organization_id for one in standing):
        return False
    for transfer in await repository.lock_of_orders(uow.session, order_ids) if order_ids else ():
        entered_by = transfer.acceptance_order_id or transfer.return_order_id
        back = _on_the_way if entered_by in order_ids else _kept
        change(transfer, back(transfer, uow.clock.today()), author, uow.now)
    return True


def _on_the_way(transfer: Transfer, today: date) -> dict[str, Any]:
    step: Step = "file" if transfer.file_handed_on is None else "acceptance"
    return {
        "state": "released",
        "acceptance_order_id": None,
        "accepted_on": None,
        "return_order_id": None,
        "end_reason": None,
        "notice_on": None,
        "due_on": due(step, today),
    }


def _kept(transfer: Transfer, today: date) -> dict[str, Any]:
    back = transfer.state in ON_THE_WAY
    return {
        "state": "agreed" if back else "withdrawn",
        "release_order_id": None,
        "released_on": None,
        "return_order_id": None,
        "file_handed_on": None,
        "file_handed_to": None,
        "file_received_on": None,
        "end_reason": None if back else _TAKEN_BACK,
        "due_on": due("release", today) if back else None,
    }


async def on_the_way(uow: UnitOfWork, student_ids: Collection[UUID], to: Any = None) -> set[UUID]:
    """Those of the students whom an organization released and nobody has accepted yet; ``to`` some organizations, if given."""
    return await repository.on_the_way(uow.session, student_ids, to)


def released_by(student_id: ColumnElement[UUID], organizations_seen: Any) -> ColumnElement[bool]:
    """That one of the organizations (a subquery of ids) released the student whom nobody has accepted yet."""
    return repository.released_by(student_id, organizations_seen)
