"""Employments that pass to another organization, and the end of those of a closed one."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.staff import repository
from sgo_core.staff.model import Employment
from sgo_core.staff.service import tell

_HEAD = "director"
"""Each organization has a head of its own: the office does not pass on."""


async def standing_in(uow: UnitOfWork, organization_id: UUID) -> Sequence[Employment]:
    """Employments of an organization that are not over."""
    return (await uow.session.scalars(_standing(uow, organization_id).order_by(Employment.id))).all()


def _standing(uow: UnitOfWork, organization_id: UUID) -> Select[Employment]:
    return select(Employment).where(
        Employment.organization_id == organization_id,
        or_(Employment.dismissed_on.is_(None), Employment.dismissed_on > uow.clock.today()),
    )


async def pass_on(
    uow: UnitOfWork,
    origin_id: UUID,
    organization_id: UUID | None,
    order: tuple[str, date],
    day: date,
    author: Author,
    limit: int,
    only: Collection[UUID] | None = None,
) -> list[UUID]:
    """End some employments of an organization and (unless ``organization_id`` is None) begin the same in another; whose.

    The director's passes to nobody. Who has been passed on is found no more, so the work may be done again. Workers are locked
    in id order.
    """
    number, _ = order
    query = _standing(uow, origin_id).where(Employment.dismissal_order.is_distinct_from(number))
    if organization_id is not None:
        query = query.where(Employment.post_code != _HEAD)
    if only is not None:
        query = query.where(Employment.id.in_(only))
    found = (await uow.session.scalars(query.order_by(Employment.worker_id, Employment.id).limit(limit))).all()
    workers = sorted({one.worker_id for one in found})
    for worker_id in workers:
        worker = await repository.get(uow.session, worker_id, lock=True)
        assert worker is not None
        mine = [await repository.get_employment(uow.session, one.id) for one in found if one.worker_id == worker_id]
        for employment in mine:
            assert employment is not None
            if employment.organization_id == origin_id:
                await _pass(uow, employment, organization_id, order, day, author)
        left = await repository.count_open(uow.session, worker_id, uow.clock.today())
        change(worker, {"archived_on": None if left else worker.archived_on or uow.clock.today()}, author, uow.now)
        await tell(uow, worker)
    return workers


async def _pass(
    uow: UnitOfWork,
    employment: Employment,
    organization_id: UUID | None,
    order: tuple[str, date],
    day: date,
    author: Author,
) -> None:
    number, signed_on = order
    since = max(day, employment.hired_on + timedelta(days=1))
    ends, by = employment.dismissed_on, employment.dismissal_order
    if ends is not None and ends <= since:
        change(employment, {"dismissal_order": number}, author, uow.now)
        return
    change(employment, {"dismissed_on": since, "dismissal_order": number}, author, uow.now)
    await uow.session.flush()
    if organization_id is None:
        return
    uow.session.add(
        Employment(
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
    )
    await uow.session.flush()
