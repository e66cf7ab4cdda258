"""Workers as a list of staff says: hired, or their cards and posts brought up to date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import without_same
from sgo_core.history.recorded import Author
from sgo_core.staff import repository, service
from sgo_core.staff.employing import change_employment
from sgo_core.staff.model import Employment, Worker
from sgo_core.staff.schemas import HireIn, WorkerValues
from sgo_core.staff.telling import tell


@dataclass(frozen=True)
class Dismissal:
    """The first day after the dismissal, and its order."""

    on: date
    order: str

    @property
    def values(self) -> dict[str, Any]:
        """As columns of an employment."""
        return {"dismissed_on": self.on, "dismissal_order": self.order}


async def enter_worker(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, sent: HireIn, dismissal: Dismissal | None
) -> tuple[Worker, bool, bool]:
    """Hire a worker, or change what differs on the card and the post of one known here; created, changed.

    A post is known by its code and the day it was given. The card is changed by who employs the worker now or is about to: one
    employed elsewhere since keeps the card as it is.
    """
    known = await service.find_worker(uow, sent.values)
    if known is None:
        return await _hire(uow, principal, organization_id, sent, dismissal), True, True
    consented = sent.consented_at is not None and await service.consent(
        uow, known.id, organization_id, sent.consented_at, Author(principal.account_id, "Согласие в списке работников")
    )
    held = await _held(uow, known, organization_id, sent)
    if held is None:
        await _hire(uow, principal, organization_id, sent, dismissal)
    before = known.version
    author = Author(principal.account_id, "Загрузка из файла")
    if await repository.employers_seen(uow.session, known.id, [organization_id], [], uow.clock.today()):
        values = WorkerValues(without_same(sent.values, known))
        await service.edit_worker(uow, known.id, before, values, author, organization_id=organization_id, grounds={})
    edited = known.version != before
    adjusted = held is None or await _adjust(uow, author, known, held, sent.employment.rate, dismissal)
    return known, False, consented or edited or adjusted


async def _hire(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, sent: HireIn, dismissal: Dismissal | None
) -> Worker:
    ended = {} if dismissal is None else dismissal.values
    worker, employment, _ = await service.hire(uow, principal, organization_id, None, sent, ended)
    if ended:  # a worker without any post left belongs to the archive
        await change_employment(uow, worker, employment, {}, Author(principal.account_id, "Загрузка из файла"))
    return worker


async def _held(uow: UnitOfWork, worker: Worker, organization_id: UUID, sent: HireIn) -> Employment | None:
    return next(
        (
            one
            for one in await repository.employments(uow.session, [worker.id])
            if one.organization_id == organization_id
            and one.post_code == sent.employment.post_code
            and one.hired_on == sent.employment.hired_on
        ),
        None,
    )


async def _adjust(
    uow: UnitOfWork,
    author: Author,
    worker: Worker,
    employment: Employment,
    rate: Decimal,
    dismissal: Dismissal | None,
) -> bool:
    """Bring the rate and the end of a post up to what the list says; a list that names no end leaves the one there is."""
    values: dict[str, Any] = {"rate": rate, **({} if dismissal is None else dismissal.values)}
    if all(getattr(employment, name) == value for name, value in values.items()):
        return False
    await change_employment(uow, worker, employment, values, author)
    await tell(uow, worker)
    return True
