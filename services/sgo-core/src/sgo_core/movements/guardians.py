"""Telling of guardians when the organizations of their children change."""

from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.clock import Clock
from servicekit.messaging.republish import Aggregate
from servicekit.uow import UnitOfWork
from sgo_core.movements import repository
from sgo_core.people import service as people
from sgo_core.people.events import guardian_profiled


async def tell_guardians(uow: UnitOfWork, students: Collection[UUID], traceparent: str | None = None) -> None:
    """Publish the guardians of these students with the organizations of all their children."""
    guardians = await people.next_guardians(uow, students)
    if not guardians:
        return
    everyone = set().union(*guardians.values())
    places = await repository.organizations_of(uow.session, everyone, uow.clock.today())
    for guardian, children in guardians.items():
        organizations = set().union(*(places.get(child, set()) for child in children))
        event = guardian_profiled(guardian, organizations)
        uow.publish(event, version=guardian.version, traceparent=traceparent)


async def guardian_states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every guardian, for a reader that is rebuilt."""
    clock: Clock = session.info["clock"]
    today = clock.today()
    async for chunk in people.guardian_chunks(session, today):
        students = set().union(*chunk.values())
        places = await repository.organizations_of(session, students, today)
        yield [
            Aggregate(
                guardian_profiled(one, set().union(*(places.get(child, set()) for child in mine))),
                one.updated_at,
                one.version,
            )
            for one, mine in chunk.items()
        ]
