"""Employments that pass to another organization, and the end of those of a closed one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.staff import repository
from sgo_core.staff.model import Employment
from sgo_core.staff.telling import tell

_HEAD = "director"
"""Each organization has a head of its own: the office does not pass on."""


@dataclass(frozen=True)
class Passed:
    """An employment that has ended on a day, and the one that goes on instead of it, if any."""

    worker_id: UUID
    employment_id: UUID
    to_employment_id: UUID | None
    since: date


async def standing_in(uow: UnitOfWork, organization_id: UUID) -> Sequence[Employment]:
    """Employments of an organization that are not over."""
    return (await uow.session.scalars(_standing(uow, organization_id).order_by(Employment.id))).all()


def _standing(uow: UnitOfWork, organization_id: UUID) -> Select[Employment]:
    return select(Employment).where(
        Employment.organization_id == organization_id,
        or_(Employment.dismissed_on.is_(None), Employment.dismissed_on > uow.clock.today()),
    )


async def lock_next(
    uow: UnitOfWork,
    origin_id: UUID,
    organization_id: UUID | None,
    order_number: str,
    limit: int,
    only: Collection[UUID] | None = None,
) -> Sequence[Employment]:
    """Some employments that an order has not passed on yet, with their workers locked in id order.

    The director's passes to nobody: it is left unless ``organization_id`` is None.
    """
    query = _standing(uow, origin_id).where(Employment.dismissal_order.is_distinct_from(order_number))
    if organization_id is not None:
        query = query.where(Employment.post_code != _HEAD)
    if only is not None:
        query = query.where(Employment.id.in_(only))
    found = (await uow.session.scalars(query.order_by(Employment.worker_id, Employment.id).limit(limit))).all()
    for worker_id in sorted({one.worker_id for one in found}):
        await repository.get(uow.session, worker_id, lock=True)
    locked = [await repository.get_employment(uow.session, one.id) for one in found]
    return [one for one in locked if one is not None and one.organization_id == origin_id]


async def pass_on(
    uow: UnitOfWork,
    employments: Sequence[Employment],
    organization_id: UUID | None,
    order: tuple[str, date],
    day: date,
    author: Author,
) -> Sequence[Passed]:
    """End locked employments and (unless ``organization_id`` is None) begin the same in another organization."""
    passed = [await _pass(uow, one, organization_id, order, day, author) for one in employments]
    for worker_id in sorted({one.worker_id for one in employments}):
        worker = await repository.get(uow.session, worker_id)
        assert worker is not None
        left = await repository.count_open(uow.session, worker_id, uow.clock.today())
        change(worker, {"archived_on": None if left else worker.archived_on or uow.clock.today()}, author, uow.now)
        await tell(uow, worker)
    return passed


async def _pass(
    uow: UnitOfWork,
    employment: Employment,
    organization_id: UUID | None,
    order: tuple[str, date],
    day: date,
    author: Author,
) -> Passed:
    number, signed_on = order
    since = max(day, employment.hired_on + timedelta(days=1))
    ends, by = employment.dismissed_on, employment.dismissal_order
    if ends is not None and ends <= since:
        change(employment, {"dismissal_order": number}, author, uow.now)
        return Passed(employment.worker_id, employment.id, None, since)
    change(employment, {"dismissed_on": since, "dismissal_order": number}, author, uow.now)
    await uow.session.flush()
    if organization_id is None:
        return Passed(employment.worker_id, employment.id, None, since)
    begun = Employment(
        id=new_id(),
        worker_id=employment.worker_id,
        organization_id=organization_id,
        body_id=None,
        post_code=employment.post_code,
        main=employment.main,
        rate=employment.rate,
        hired_on=since,
        order_number=number,
        order_date=signed_on,
        dismissed_on=ends,
        dismissal_order=by,
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(begun)
    await uow.session.flush()
    return Passed(employment.worker_id, employment.id, begun.id, since)
