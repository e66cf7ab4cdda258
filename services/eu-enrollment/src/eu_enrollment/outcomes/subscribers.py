"""Events of the registry that decide about applications."""

from collections.abc import Sequence

from asu_contracts.core import AdmissionRejected, MovementKind, MovementRecorded
from eu_enrollment.outcomes import service
from servicekit.messaging.handlers import Received
from servicekit.uow import UnitOfWork


async def on_movement_recorded(uow: UnitOfWork, received: Sequence[Received[MovementRecorded]]) -> None:
    """A movement that fulfils an application: the child is enrolled."""
    await service.enroll(
        uow,
        {
            item.event.application_id: item.traceparent
            for item in received
            if item.event.application_id is not None and item.event.kind is MovementKind.ENROLLED
        },
    )


async def on_admission_rejected(uow: UnitOfWork, received: Sequence[Received[AdmissionRejected]]) -> None:
    """An admission that could not be carried out."""
    await service.reject(uow, {item.event.admission_id: (item.event.reason, item.traceparent) for item in received})
