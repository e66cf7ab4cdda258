"""What readers are told of people whose cards were merged or parted."""

from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.messaging.republish import Aggregate
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.people.counting import tell_merged_statistics
from sgo_core.people.events import (
    guardian_profiled,
    guardianship_changed,
    student_merged,
    student_profiled,
    student_statistics_changed,
)
from sgo_core.people.model import Guardian, Guardianship, Student
from sgo_core.people.offers import tell_renamed
from sgo_core.vault import vault_of


async def tell_guardianships(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[Guardianship]:
    """Publish guardianships as they stand now."""
    query = select(Guardianship).where(Guardianship.id == any_(literal(list(ids), ARRAY(Uuid))))
    ties = (await uow.session.scalars(query.order_by(Guardianship.id), execution_options=_FRESH)).all()
    for tie in ties:
        uow.publish(guardianship_changed(tie), version=tie.version)
    return ties


_FRESH = {"populate_existing": True}


async def tell_merged(
    uow: UnitOfWork, survivor: Student, absorbed: Student, earlier: Collection[UUID], *, changed: bool
) -> None:
    """Publish two students, of whom one was merged into the other or parted from it, and those merged into it ``earlier``.

    ``changed``: whether the survivor's own fields did.
    """
    query = select(Student).where(Student.id == any_(literal(list(earlier), ARRAY(Uuid)))).order_by(Student.id)
    others = (await uow.session.scalars(query, execution_options=_FRESH)).all()
    students = {survivor.id: survivor, absorbed.id: absorbed}
    await tell_merged_statistics(uow, students, {})
    for student in (absorbed, *others):
        uow.publish(student_merged(student), version=student.version)
    if changed:
        uow.publish(student_profiled(survivor), version=survivor.version)
        uow.publish(student_statistics_changed(survivor, vault_of(uow)), version=survivor.version)
        await tell_renamed(uow, [survivor.id])
    if absorbed.merged_into is None:
        uow.publish(student_statistics_changed(absorbed, vault_of(uow)), version=absorbed.version)


def tell_without_children(uow: UnitOfWork, guardian: Guardian) -> None:
    """Publish a guardian whose children are another card's from now on."""
    uow.publish(guardian_profiled(guardian, ()), version=guardian.version)


async def merges(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every student's card that is merged into another, for a reader that is rebuilt."""
    query = select(Student).where(Student.merged_into.is_not(None))
    async for chunk in chunked(session, query, Student.id):
        yield [Aggregate(student_merged(one), one.updated_at, one.version) for one in chunk]
