"""What portals read of their applications, on record day by day: a feed is asked for without end, so its readings are told as one."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from asu_contracts.access import Role
from asu_contracts.enrollment import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from eu_enrollment.portal.model import portal_reading
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork


async def note(uow: UnitOfWork, client: str, steps: int) -> None:
    """Count what a portal is given."""
    row = {"client": client, "day": uow.clock.today(), "steps": steps, "read_at": uow.now}
    counted = insert(portal_reading).values(row)
    more = {"steps": portal_reading.c.steps + counted.excluded.steps, "read_at": counted.excluded.read_at}
    await uow.session.execute(counted.on_conflict_do_update(index_elements=("client", "day"), set_=more))


async def record(runtime: Runtime) -> None:
    """Job: put on record what was read on the days that are over."""
    async with runtime.uow() as uow:
        over = delete(portal_reading).where(portal_reading.c.day < uow.clock.today()).returning(portal_reading)
        for row in (await uow.session.execute(over)).all():
            read = OutwardExchangeRecorded(
                exchange_id=new_id(),
                kind=OutwardKind.FEED,
                title="Чтение изменений заявлений порталом за день",
                format="json",
                receiver=row.client,
                persons=row.steps,
                role=Role.PORTAL.value,
                recorded_at=row.read_at,
            )
            await outward.record(uow, read)
