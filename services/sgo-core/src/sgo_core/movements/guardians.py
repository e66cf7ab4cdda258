"""Telling of guardians and students when the organizations of the students change."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.clock import Clock
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.movements import repository
from sgo_core.movements.model import Membership
from sgo_core.people import offers
from sgo_core.people import service as people
from sgo_core.people.events import guardian_profiled

_TOLD_AT_ONCE = 200


async def tell_guardians(uow: UnitOfWork, students: Collection[UUID], traceparent: str | None = None) -> None:
    """Publish the guardians of these students with the organizations of all their children, and what the students are offered."""
    await tell_students(uow, students, traceparent)
    guardians = await people.next_guardians(uow, students)
    if not guardians:
        return
    everyone = set().union(*guardians.values())
    places = await repository.organizations_of(uow.session, everyone, uow.clock.today())
    for guardian, children in guardians.items():
        organizations = set().union(*(places.get(child, set()) for child in children))
        event = guardian_profiled(guardian, organizations)
        uow.publish(event, version=guardian.version, traceparent=traceparent)


async def tell_students(uow: UnitOfWork, students: Collection[UUID], traceparent: str | None = None) -> None:
    """Publish which organization may give these students an account: that of the main membership in force today."""
    today = uow.clock.today()
    stays: dict[UUID, list[Membership]] = {one: [] for one in students}
    await uow.session.flush()
    for stay in await repository.stays_ahead(uow.session, students, today):
        stays[stay.student_id].append(stay)
    await offers.offer(uow, {one: _place(mine, today) for one, mine in stays.items()}, traceparent)


def _place(stays: Sequence[Membership], today: date) -> offers.Place:
    current = next((one for one in stays if one.valid_from <= today), None)
    turns = [one.valid_from for one in stays if one.valid_from > today]
    if current is not None and current.valid_to is not None:
        turns.append(current.valid_to)
    return offers.Place(None if current is None else current.organization_id, min(turns, default=None))


async def tell_turned(runtime: Runtime) -> None:
    """Daily work: tell of students whose main membership began or ended by itself."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        async with runtime.uow() as uow:
            students = await offers.turned(uow.session, uow.clock.today(), _TOLD_AT_ONCE)
            await tell_students(uow, students)
            told = len(students)


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
