"""Steps of a transfer between organizations, each by its own side; the orders themselves are in ``movements``."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.finding import service as finding
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author, signature
from sgo_core.movements import service as movements
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.personal_files import service as personal_files
from sgo_core.transfers import repository
from sgo_core.transfers.errors import (
    ChildNotFoundError,
    DestinationError,
    GroupOfferedError,
    NotInOrganizationError,
    OpenTransferError,
    OtherSideError,
    ReasonUnknownError,
    SameOrganizationError,
    TransferDateError,
    TransferStateError,
)
from sgo_core.transfers.events import transfer_accepted
from sgo_core.transfers.model import ON_THE_WAY, RETURNED, Transfer
from sgo_core.transfers.schemas import Side, TransferInIn, TransferOutIn
from sgo_core.transfers.terms import OUTCOMES, REASONS, due

_FAMILY = "родителям (законным представителям)"
Shown = Row[*tuple[Any, ...]]
"""A transfer with the student's name and birth date, names of the sides, number and date of their orders."""


async def ask_out(uow: UnitOfWork, principal: Principal, student_id: UUID, body: TransferOutIn) -> Transfer:
    """The family asks the office of the organization where the child studies."""
    sender = principal.unit.organization_id
    await people.lock_students(uow, [student_id])
    if sender is None or await repository.main_organization(uow.session, student_id, uow.clock.today()) != sender:
        await movements.require_student(uow, principal, student_id)
        raise NotInOrganizationError
    await _check_destination(uow, sender, body.to_organization_id)
    _check_date(uow, body.applied_on)
    return await _asked(
        uow,
        principal,
        student_id,
        sender,
        body.to_organization_id,
        asked_by="sender",
        state="asked",
        applied_on=body.applied_on,
        wish=body.wish,
        due_on=due("answer", uow.clock.today()),
    )


async def ask_in(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: TransferInIn) -> Transfer:
    """The family asks the organization that has a place for the child; it is agreed by that side at once."""
    if principal.unit.organization_id != organization_id:
        raise NotFoundError
    student_id = await finding.identified(uow, body.snils, body.document, body.birth_date)
    if student_id is None:
        raise ChildNotFoundError
    await people.lock_students(uow, [student_id])
    sender = await repository.main_organization(uow.session, student_id, uow.clock.today())
    if sender is None:
        raise ChildNotFoundError
    await _check_destination(uow, sender, organization_id)
    _check_date(uow, body.applied_on)
    await _check_group(uow, principal, body.group_id)
    today = uow.clock.today()
    return await _asked(
        uow,
        principal,
        student_id,
        sender,
        organization_id,
        asked_by="receiver",
        state="agreed",
        applied_on=body.applied_on,
        wish=body.wish,
        group_id=body.group_id,
        agreed_on=today,
        due_on=due("release", today),
    )


async def _asked(
    uow: UnitOfWork, principal: Principal, student_id: UUID, sender: UUID, receiver: UUID, **values: Any
) -> Transfer:
    transfer = Transfer(
        id=new_id(),
        student_id=student_id,
        from_organization_id=sender,
        to_organization_id=receiver,
        version=1,
        **values,
        **signature(Author(principal.account_id, "Запрос о переводе"), uow.now),
    )
    uow.session.add(transfer)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise OpenTransferError from None
    return transfer


async def _check_destination(uow: UnitOfWork, sender: UUID, receiver: UUID) -> None:
    if sender == receiver:
        raise SameOrganizationError
    known = await organizations.by_ids(uow, [sender, receiver])
    there = known.get(receiver)
    if there is None or not there.active or there.kind != known[sender].kind:
        raise DestinationError


def _check_date(uow: UnitOfWork, day: date, not_before: date | None = None) -> None:
    if day > uow.clock.today() or (not_before is not None and day < not_before):
        raise TransferDateError


async def _check_group(uow: UnitOfWork, principal: Principal, group_id: UUID | None) -> None:
    if group_id is None:
        return
    try:
        group = await groups.get_group(uow, principal, group_id)
    except NotFoundError:
        raise GroupOfferedError from None
    if not group.active or group.free <= 0:
        raise GroupOfferedError


async def _locked(
    uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, *sides: Side
) -> tuple[Transfer, Side]:
    """The transfer and the caller's side of it, one of ``sides``."""
    transfer = await repository.get(uow.session, transfer_id, lock=True)
    mine = principal.unit.organization_id
    if transfer is None or mine not in {transfer.from_organization_id, transfer.to_organization_id}:
        raise NotFoundError
    if transfer.version != version:
        raise VersionMismatchError
    side: Side = "sender" if mine == transfer.from_organization_id else "receiver"
    if side not in sides:
        raise OtherSideError
    return transfer, side


async def agree(
    uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, group_id: UUID | None
) -> Transfer:
    """The receiver has a place."""
    transfer, _ = await _locked(uow, principal, transfer_id, version, "receiver")
    if transfer.state != "asked":
        raise TransferStateError
    await _check_group(uow, principal, group_id)
    today = uow.clock.today()
    values = {"state": "agreed", "agreed_on": today, "group_id": group_id, "due_on": due("release", today)}
    return _step(uow, principal, transfer, values, "Согласие принять обучающегося")


async def refuse(
    uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, reason: str, remark: str | None
) -> Transfer:
    """A side does not go on. After the release the receiver can but decline: the child stays on the sender's hands."""
    transfer, side = await _locked(uow, principal, transfer_id, version, "sender", "receiver")
    known = REASONS.get(reason)
    if known is None or known.side != side:
        raise ReasonUnknownError
    mine = {"sender": ("agreed",), "receiver": ("asked", "agreed", "released")}[side]
    if transfer.state not in mine or (side == "sender" and transfer.asked_by == "sender"):
        raise TransferStateError
    values: dict[str, Any] = {"end_reason": reason, "remark": remark}
    if transfer.state == "released":
        values |= {"state": "declined", "due_on": due("placing", uow.clock.today())}
    else:
        values |= {"state": "refused", "due_on": None}
    return _step(uow, principal, transfer, values, "Отказ в переводе")


async def withdraw(uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, remark: str) -> Transfer:
    """The side that asked takes the request back, before the release."""
    transfer, side = await _locked(uow, principal, transfer_id, version, "sender", "receiver")
    if side != transfer.asked_by:
        raise OtherSideError
    if transfer.state not in {"asked", "agreed"}:
        raise TransferStateError
    values = {"state": "withdrawn", "end_reason": "withdrawn", "remark": remark, "due_on": None}
    return _step(uow, principal, transfer, values, "Отзыв запроса о переводе")


async def hand_file(
    uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, day: date, handed_to: str
) -> Transfer:
    """The sender has handed the personal file over."""
    transfer, _ = await _locked(uow, principal, transfer_id, version, "sender")
    if transfer.release_order_id is None or transfer.file_handed_on is not None:
        raise TransferStateError
    _check_date(uow, day, transfer.applied_on)
    values: dict[str, Any] = {"file_handed_on": day, "file_handed_to": handed_to}
    if transfer.state == "released":
        values["due_on"] = due("acceptance", day)
    known = await organizations.by_ids(uow, [transfer.to_organization_id])
    whom = _FAMILY if handed_to == "family" else known[transfer.to_organization_id].short_name
    author = Author(principal.account_id, "Передача личного дела")
    await personal_files.hand_over(uow, transfer.student_id, transfer.from_organization_id, day, whom, author)
    return _step(uow, principal, transfer, values, "Передача личного дела")


async def receive_file(uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, day: date) -> Transfer:
    """The receiver has the personal file."""
    transfer, _ = await _locked(uow, principal, transfer_id, version, "receiver")
    if transfer.file_handed_on is None or transfer.file_received_on is not None or transfer.end_reason == RETURNED:
        raise TransferStateError
    _check_date(uow, day, transfer.file_handed_on)
    await personal_files.take_over(
        uow,
        transfer.student_id,
        transfer.from_organization_id,
        transfer.to_organization_id,
        transfer.file_handed_on,
        day,
        Author(principal.account_id, "Получение личного дела"),
    )
    return _step(uow, principal, transfer, {"file_received_on": day}, "Получение личного дела")


async def notify(uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int) -> Transfer:
    """The receiver tells the sender number and date of its order."""
    transfer, _ = await _locked(uow, principal, transfer_id, version, "receiver")
    if transfer.state != "accepted" or transfer.notice_on is not None:
        raise TransferStateError
    values = {"notice_on": uow.clock.today(), "due_on": None}
    return _step(uow, principal, transfer, values, "Уведомление исходной организации")


async def redirect(
    uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, receiver: UUID, remark: str | None
) -> Transfer:
    """The sender finds another organization for a child on the way."""
    transfer, _ = await _locked(uow, principal, transfer_id, version, "sender")
    if transfer.state not in ON_THE_WAY:
        raise TransferStateError
    if receiver == transfer.to_organization_id:
        raise SameOrganizationError
    await _check_destination(uow, transfer.from_organization_id, receiver)
    values = {
        "state": "released",
        "to_organization_id": receiver,
        "group_id": None,
        "end_reason": None,
        "remark": remark,
        "file_received_on": None,
        "due_on": due("file" if transfer.file_handed_on is None else "acceptance", uow.clock.today()),
    }
    return _step(uow, principal, transfer, values, "Направление в другую организацию")


async def close(
    uow: UnitOfWork, principal: Principal, transfer_id: UUID, version: int, outcome: str, remark: str | None
) -> Transfer:
    """The sender knows that the child will not come to any organization of the region."""
    transfer, _ = await _locked(uow, principal, transfer_id, version, "sender")
    if outcome not in OUTCOMES or OUTCOMES[outcome].by_order:
        raise ReasonUnknownError
    if transfer.state not in ON_THE_WAY:
        raise TransferStateError
    values = {"state": "closed", "end_reason": outcome, "remark": remark, "due_on": None}
    return _step(uow, principal, transfer, values, "Закрытие перевода")


def _step(uow: UnitOfWork, principal: Principal, transfer: Transfer, values: dict[str, Any], what: str) -> Transfer:
    change(transfer, values, Author(principal.account_id, what), uow.now)
    return transfer


async def shown(uow: UnitOfWork, principal: Principal, transfer_id: UUID) -> Shown:
    """A transfer one side of which the caller sees; raises ``NotFoundError``."""
    transfer = await repository.get(uow.session, transfer_id)
    if transfer is None:
        raise NotFoundError
    known = await organizations.by_ids(uow, [transfer.from_organization_id, transfer.to_organization_id])
    if not any(principal.sees(one.id, one.municipality, one.founder_id) for one in known.values()):
        raise NotFoundError
    return await repository.shown(uow.session, transfer_id)


async def list_transfers(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID | None,
    direction: str | None,
    state: str | None,
    *,
    overdue: bool,
    unaccepted: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[Shown]:
    """One page of the transfers of an organization, or of all the caller sees, and one more."""
    sides: Any = organizations.visible_ids(principal)
    if organization_id is not None:
        await organizations.require_visible(uow, principal, organization_id)
        sides = [organization_id]
    wanted = repository.Filter(sides, direction, state, uow.clock.today() if overdue else None, unaccepted)
    return await repository.page(uow.session, wanted, limit, after)


async def accepted(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every acceptance there was, for a reader that is rebuilt."""
    async for chunk in movements.arrivals(session):
        known = await repository.by_ids(session, {one.transfer_id for one in chunk if one.transfer_id is not None})
        yield [
            Aggregate(
                transfer_accepted(known[one.transfer_id], one.id, one.organization_id, one.effective_date),
                one.recorded_at,
            )
            for one in chunk
            if one.transfer_id is not None and one.organization_id != known[one.transfer_id].from_organization_id
        ]
