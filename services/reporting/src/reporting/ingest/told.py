"""An event as the log keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from asu_contracts.base import Event

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Told(Generic[E]):
    """An event told to the service. ``sequence`` orders states of a subject, ``at`` is when its producer recorded it.

    Ids under which other services know a student are nobody's here, as they are in the log.
    """

    id: UUID
    sequence: str
    at: datetime
    event: E
