"""What forms count students by, told under the pseudonym of every card that is the same child's.

Readers keep facts under the pseudonym of the card they were recorded for. So a card merged into another is counted by what the
card that lives on says, and no reader has to know of merges.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.messaging.republish import Aggregate
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.people import repository
from sgo_core.people.events import student_statistics_changed
from sgo_core.people.model import Student
from sgo_core.vault import vault_in, vault_of


async def tell_statistics(uow: UnitOfWork, students: Sequence[Student], causes: Mapping[UUID, str | None]) -> None:
    """Publish what students are counted by, for them and for the cards merged into them; ``causes`` are traces by student."""
    for student in students:
        event = student_statistics_changed(student, vault_of(uow))
        uow.publish(event, version=student.version, traceparent=causes.get(student.id))
    await tell_merged_statistics(uow, {student.id: student for student in students}, causes)


async def tell_merged_statistics(
    uow: UnitOfWork, students: Mapping[UUID, Student], causes: Mapping[UUID, str | None]
) -> None:
    """The same of the merged cards alone."""
    for merged in await repository.next_merged(uow.session, students.keys(), uow.now):
        assert merged.merged_into is not None
        event = student_statistics_changed(students[merged.merged_into], vault_of(uow), merged.statistical_id)
        uow.publish(event, version=merged.version, traceparent=causes.get(merged.merged_into))


async def statistics(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """What every student is counted by, for a reader that is rebuilt."""
    vault = vault_in(session)
    async for chunk in chunked(session, select(Student), Student.id):
        merged = {one.merged_into for one in chunk if one.merged_into is not None}
        found = await session.scalars(select(Student).where(Student.id.in_(merged))) if merged else ()
        survivors = {one.id: one for one in found}
        yield [
            Aggregate(
                student_statistics_changed(
                    one if one.merged_into is None else survivors[one.merged_into], vault, one.statistical_id
                ),
                one.updated_at,
                one.version,
            )
            for one in chunk
        ]
