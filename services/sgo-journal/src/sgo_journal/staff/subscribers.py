"""Core's events about workers, kept as they were last told."""

from collections.abc import Sequence

from asu_contracts.core import GroupTeacherChanged, WorkerProfiled
from servicekit.messaging import Handlers, Received
from servicekit.uow import UnitOfWork
from sgo_journal.copies import kept_in
from sgo_journal.staff import repository
from sgo_journal.staff.model import GroupTeacher


async def on_worker_profiled(uow: UnitOfWork, received: Sequence[Received[WorkerProfiled]]) -> None:
    """Keep names of workers, and where they teach."""
    rows = [
        {
            "id": item.event.worker_id,
            "last_name": item.event.last_name,
            "first_name": item.event.first_name,
            "middle_name": item.event.middle_name,
            "teaches_in": sorted({post.organization_id for post in item.event.posts if post.teaching}),
            "sequence": item.sequence,
        }
        for item in sorted(received, key=lambda item: item.event.worker_id)
    ]
    await repository.upsert_workers(uow.session, rows)


HANDLERS = Handlers().on(WorkerProfiled, on_worker_profiled).on(GroupTeacherChanged, kept_in(GroupTeacher))
