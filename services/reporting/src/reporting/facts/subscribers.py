"""Events → facts."""

from collections.abc import Sequence
from typing import TypeVar

from asu_contracts.base import Event
from reporting.facts import service
from reporting.ingest import service as log
from servicekit import partitions
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork

E = TypeVar("E", bound=Event)


async def on_told(uow: UnitOfWork, received: Sequence[Received[E]]) -> None:
    """What is counted by changed."""
    told, event = log.told(received), type(received[0].event)
    await partitions.ensure(uow.session, service.years(event, told))
    await service.keep(uow.session, event, told, uow.clock.date_of)
