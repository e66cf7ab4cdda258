"""What leaves other services → the registry."""

from collections.abc import Sequence
from typing import Any

from asu_contracts.outward import OutwardExchange
from reporting.outward import service
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork


async def on_outward_exchange_recorded(uow: UnitOfWork, received: Sequence[Received[Any]]) -> None:
    """Something left another service."""
    events: list[tuple[str, OutwardExchange]] = [(one.event.producer().value, one.event) for one in received]
    rows = [
        {
            "id": event.exchange_id,
            "at": event.recorded_at,
            "service": producer,
            "kind": event.kind.value,
            "title": event.title,
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
            "again": event.again,
        }
        for producer, event in events
    ]
    await service.told(uow, rows)
