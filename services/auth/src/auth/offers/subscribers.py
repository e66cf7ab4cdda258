"""Keeps the copy of guardians, students and workers by core's events."""

from collections.abc import Sequence

from asu_contracts.core import GuardianProfiled, StudentOffered, WorkerProfiled
from auth.offers import service, students
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork


async def on_guardian_profiled(uow: UnitOfWork, received: Sequence[Received[GuardianProfiled]]) -> None:
    """Apply the newest state of each guardian of the batch, if it is newer than the one held."""
    newest = {item.event.guardian_id: item for item in sorted(received, key=lambda item: item.sequence)}
    # In id order, so that two batches lock rows in the same order.
    await service.remember(uow, [(newest[key].event, newest[key].sequence) for key in sorted(newest)])


async def on_worker_profiled(uow: UnitOfWork, received: Sequence[Received[WorkerProfiled]]) -> None:
    """The same of workers."""
    newest = {item.event.worker_id: item for item in sorted(received, key=lambda item: item.sequence)}
    await service.remember_workers(uow, [(newest[key].event, newest[key].sequence) for key in sorted(newest)])


async def on_student_offered(uow: UnitOfWork, received: Sequence[Received[StudentOffered]]) -> None:
    """The same of students."""
    newest = {item.event.student_id: item for item in sorted(received, key=lambda item: item.sequence)}
    await students.remember(uow, [(newest[key].event, newest[key].sequence) for key in sorted(newest)])
