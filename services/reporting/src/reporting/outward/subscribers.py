"""What leaves other services → the registry."""

from collections.abc import Sequence

from asu_contracts.core import OutwardExchangeRecorded
from reporting.outward import service
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork


async def on_outward_exchange_recorded(uow: UnitOfWork, received: Sequence[Received[OutwardExchangeRecorded]]) -> None:
    """Something left the registry of students."""
    events = [one.event for one in received]
    rows = [
        {
            "id": event.exchange_id,
            "at": event.recorded_at,
            "service": event.producer().value,
            "kind": event.kind.value,
            "organization_id": event.organization_id,
            "municipality": event.municipality,
            "founder_id": event.founder_id,
            "format": event.format,
            "receiver": event.receiver,
            "basis": event.basis,
            "persons": event.persons,
            "sha256": event.sha256,
            "size": event.size,
            "role": event.role,
        }
        for event in events
    ]
    await service.told(uow, rows)
