"""What readers are told once cards were merged or parted."""

from collections.abc import Collection
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_core.merging.following import Card, rows_of
from sgo_core.merging.model import CardMerge
from sgo_core.movements.service import tell_guardians
from sgo_core.people import telling as people
from sgo_core.people.service import Guardian, Student
from sgo_core.staff import telling as staff
from sgo_core.staff.service import Worker


async def tell(uow: UnitOfWork, merge: CardMerge, survivor: Card, absorbed: Card) -> None:
    """Publish both people anew, and whatever followed from one card to the other."""
    rows = await rows_of(uow, merge)

    def followed(relation: str) -> Collection[UUID]:
        return [UUID(row.key[0]) for row in rows if row.relation == relation]

    if isinstance(survivor, Worker) and isinstance(absorbed, Worker):
        await staff.tell(uow, survivor)
        await staff.tell(uow, absorbed)
        return
    ties = await people.tell_guardianships(uow, followed("guardianship"))
    if isinstance(survivor, Student) and isinstance(absorbed, Student):
        await people.tell_merged(uow, survivor, absorbed, followed("student"), changed=bool(merge.taken))
        await tell_guardians(uow, [survivor.id, absorbed.id])
    elif isinstance(survivor, Guardian) and isinstance(absorbed, Guardian):
        if absorbed.merged_into is not None:
            people.tell_without_children(uow, absorbed)
        await tell_guardians(uow, {tie.student_id for tie in ties})
