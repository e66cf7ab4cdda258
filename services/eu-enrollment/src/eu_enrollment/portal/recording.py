"""What portals read of their applications, on record day by day: a feed is asked for without end, so its readings are told as one."""

from datetime import date, datetime

from sqlalchemy import delete, func, insert, select

from asu_contracts.access import Role
from asu_contracts.enrollment import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from eu_enrollment.portal.model import portal_reading
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork


async def note(uow: UnitOfWork, client: str, steps: int) -> None:
    """Count what a portal is given: in a row of its own, so that no reading waits for another."""
    await _count(uow, client, uow.clock.today(), steps, uow.now)


async def _count(uow: UnitOfWork, client: str, day: date, steps: int, read_at: datetime) -> None:
    row = {"id": new_id(), "client": client, "day": day, "steps": steps, "read_at": read_at}
    await uow.session.execute(insert(portal_reading).values(row))


async def record(runtime: Runtime) -> None:
    """Job: sum up what was read, and put on record the days that are over."""
    read = delete(portal_reading).returning(portal_reading).cte("read")
    steps, read_at = func.sum(read.c.steps).label("steps"), func.max(read.c.read_at).label("read_at")
    sums = select(read.c.client, read.c.day, steps, read_at).group_by(read.c.client, read.c.day)
    async with runtime.uow() as uow:
        for row in (await uow.session.execute(sums)).all():
            if row.day >= uow.clock.today():
                await _count(uow, row.client, row.day, row.steps, row.read_at)
                continue
            exchange = OutwardExchangeRecorded(
                exchange_id=new_id(),
                kind=OutwardKind.FEED,
                title="Чтение изменений заявлений порталом за день",
                format="json",
                receiver=row.client,
                persons=row.steps,
                role=Role.PORTAL.value,
                recorded_at=row.read_at,
            )
            await outward.record(uow, exchange)
