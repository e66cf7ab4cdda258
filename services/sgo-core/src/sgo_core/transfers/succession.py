"""What an act on organizations does to transfers: the side that ends hands them to the one that takes over.

Locks: students first, then their transfers, as everywhere.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author
from sgo_core.people import service as people
from sgo_core.transfers import repository
from sgo_core.transfers.model import ON_THE_WAY, Transfer
from sgo_core.transfers.terms import due

_ASKED = ("asked", "agreed")
_EXPECTED = (*_ASKED, "released")
_MOVED_BY_ACT = "reorganization"
"""Why a transfer has ended whose two sides an act has made one."""


def leaving(organization_id: UUID, student_id: Any) -> ColumnElement[bool]:
    """Whether a transfer of a student out of an organization is asked for and not carried out yet."""
    return exists().where(
        Transfer.student_id == student_id,
        Transfer.from_organization_id == organization_id,
        Transfer.state.in_(_ASKED),
    )


async def unfinished(uow: UnitOfWork, organization_id: UUID) -> int:
    """Transfers whose next step only this organization can take: its order has released, or accepted, the child.

    Such a transfer rests on that order, so nobody takes it over.
    """
    query = select(func.count()).where(
        or_(
            and_(Transfer.from_organization_id == organization_id, Transfer.state.in_(ON_THE_WAY)),
            and_(
                Transfer.to_organization_id == organization_id,
                Transfer.state == "accepted",
                Transfer.notice_on.is_(None),
            ),
        )
    )
    return await uow.session.scalar(query) or 0


async def expected(uow: UnitOfWork, organization_id: UUID) -> int:
    """Children whom an organization awaits by transfers."""
    query = select(func.count()).where(Transfer.to_organization_id == organization_id, Transfer.state.in_(_EXPECTED))
    return await uow.session.scalar(query) or 0


async def follow(uow: UnitOfWork, origin_id: UUID, homes: Mapping[UUID, UUID | None], author: Author) -> None:
    """What was asked for at one organization is asked for where each student is now; the students' rows are locked.

    A transfer to that very place has come about, and one of a child who has departed (None) is needed no more: both end.
    """
    for transfer in await repository.lock_open(uow.session, homes.keys()):
        if transfer.from_organization_id != origin_id or transfer.state not in _ASKED:
            continue
        sender = homes[transfer.student_id]
        values = _ended() if sender in {None, transfer.to_organization_id} else {"from_organization_id": sender}
        change(transfer, values, author, uow.now)


def _ended() -> dict[str, Any]:
    return {"state": "withdrawn", "end_reason": _MOVED_BY_ACT, "due_on": None}


async def redirect(
    uow: UnitOfWork,
    origin_id: UUID,
    routes: Mapping[UUID, tuple[UUID | None, UUID | None]],
    heir: UUID | None,
    author: Author,
    limit: int,
) -> bool:
    """Send some of those whom an organization awaits where the class offered goes (``routes``), else to the heir.

    Without an heir whoever is offered no class, or one that goes nowhere, is left. False when none is left to send.
    """
    led = [group_id for group_id, (organization_id, _) in routes.items() if organization_id is not None]
    query = select(Transfer.student_id).where(Transfer.to_organization_id == origin_id, Transfer.state.in_(_EXPECTED))
    if heir is None:
        query = query.where(Transfer.group_id.in_(led))
    found = (await uow.session.scalars(query.order_by(Transfer.student_id).limit(limit))).all()
    await people.lock_pseudonyms(uow, found)
    for transfer in await repository.lock_open(uow.session, found):
        if transfer.to_organization_id != origin_id or transfer.state not in _EXPECTED:
            continue
        receiver, group_id = routes[transfer.group_id] if transfer.group_id in led else (heir, None)
        assert receiver is not None
        change(transfer, _redirected(uow, transfer, receiver, group_id), author, uow.now)
    return bool(found)


def _redirected(uow: UnitOfWork, transfer: Transfer, receiver: UUID, group_id: UUID | None) -> dict[str, Any]:
    if receiver != transfer.from_organization_id:
        return {"to_organization_id": receiver, "group_id": group_id}
    if transfer.state != "released":
        return _ended()
    return {"state": "declined", "end_reason": _MOVED_BY_ACT, "due_on": due("placing", uow.clock.today())}
