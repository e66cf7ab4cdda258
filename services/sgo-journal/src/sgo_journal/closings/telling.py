"""Telling others of closed periods: when they are closed, taken back, and when an order let their figures change."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.journal import PeriodResultsCounted
from servicekit.jobs import Job
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_journal.closings import figures
from sgo_journal.closings.model import PeriodClosing

_CHUNK = 500
_HOUR = 3600
_STALE = timedelta(days=1)
_DUE = text("""
SELECT DISTINCT c.organization_id, c.academic_year, c.id
  FROM period_unlock AS u
  JOIN period_closing AS o ON o.organization_id = u.organization_id AND o.academic_year = u.academic_year AND o.id = u.closing_id
  JOIN period_closing AS c ON c.organization_id = o.organization_id AND c.academic_year = o.academic_year
       AND c.learners_id = o.learners_id AND c.first_day <= o.last_day AND c.last_day >= o.first_day
 WHERE c.told_version > 0 AND c.revoked_at IS NULL
   AND c.told_at < CASE WHEN u.open_until <= :now THEN u.open_until ELSE CAST(:now AS timestamptz) - CAST(:stale AS interval) END
""")
"""Closings whose days an order has opened since they were told last, or, while it is in force, told a day ago or more."""


async def tell(uow: UnitOfWork, closing: PeriodClosing) -> None:
    """Count a closed period anew and let others hear, if anything is otherwise; of days that are no period nothing is told."""
    if closing.period is None:
        return
    event = await figures.count(uow, closing, closing.period)
    told = event.model_dump(mode="json")
    if told != closing.told:
        closing.told = told
        closing.told_version += 1
        uow.publish(event, version=closing.told_version)
    closing.told_at = uow.now
    await uow.session.flush()


async def tell_changed(runtime: Runtime) -> None:
    """Tell closings again whose figures an order let change, each in a transaction of its own."""
    async with runtime.uow() as uow:
        due = (await uow.session.execute(_DUE, {"now": uow.now, "stale": _STALE})).all()
    for key in due:
        async with runtime.uow() as uow:
            closing = await uow.session.get(PeriodClosing, tuple(key), with_for_update=True)
            if closing is not None and closing.revoked_at is None:
                await tell(uow, closing)


async def told(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every closed period others were told of, as it was told last, for a reader that is rebuilt."""
    key = (PeriodClosing.organization_id, PeriodClosing.academic_year, PeriodClosing.id)
    after: tuple[Any, ...] = (UUID(int=0), 0, UUID(int=0))
    while rows := (await session.scalars(_after(key, after))).all():
        yield [
            Aggregate(PeriodResultsCounted.model_validate(one.told), one.told_at, one.told_version)
            for one in rows
            if one.told_at is not None
        ]
        after = (rows[-1].organization_id, rows[-1].academic_year, rows[-1].id)
        session.expunge_all()


def _after(key: tuple[Any, ...], after: tuple[Any, ...]) -> Any:
    query = select(PeriodClosing).where(tuple_(*key) > tuple_(*after), PeriodClosing.told_version > 0)
    return query.order_by(*key).limit(_CHUNK)


JOB = Job("closings.tell-changed", _HOUR, tell_changed)
