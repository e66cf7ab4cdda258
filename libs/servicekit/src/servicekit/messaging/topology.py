"""What a service owns and reads on the broker. Each service declares one ``Topology`` in its ``topology.py``."""

from dataclasses import dataclass, field

from asu_contracts.base import Event
from asu_contracts.exchanges import Service, dead_queue, queue_name, wait_queue
from asu_contracts.registry import published_by

DELIVERY_LIMIT = 20
"""Deliveries of one message before the broker itself buries it: reached only by a consumer that keeps crashing on it."""

WAIT_MS = 5_000
"""How long a copy waits before its next attempt."""

MAX_ATTEMPTS = 10
"""Attempts of a message that fails, the first included."""


def replay_key(queue: str, event: type[Event]) -> str:
    """Routing key of a republished event: bound for the types the queue reads, so that no other can reach it."""
    return f"{queue}:{event.type}"


@dataclass(frozen=True)
class Queue:
    """A work queue of one concern and the event types it takes."""

    service: Service
    concern: str
    reads: tuple[type[Event], ...]

    def __post_init__(self) -> None:
        for event in self.reads:
            if self.service not in event.readers:
                raise ValueError(f"{self.service} is not a declared reader of {event.type}")

    @property
    def name(self) -> str:
        """Name on the broker."""
        return queue_name(self.service, self.concern)

    def replay_key(self, event: type[Event]) -> str:
        """Routing key under which a producer sends an event type to this queue alone."""
        return replay_key(self.name, event)

    @property
    def wait(self) -> str:
        """Queue of copies that wait for their next attempt."""
        return wait_queue(self.name)

    @property
    def dead(self) -> str:
        """Queue of messages that an operator must look at."""
        return dead_queue(self.name)


@dataclass(frozen=True)
class Topology:
    """Everything one service needs on the broker."""

    service: Service
    queues: tuple[Queue, ...] = field(default=())

    @property
    def exchanges(self) -> tuple[tuple[str, str], ...]:
        """Names and types of the exchanges the service owns."""
        owned = [(self.service.retry_exchange, "direct"), (self.service.replay_exchange, "direct")]
        events = published_by(self.service)
        if any(not event.private for event in events):
            owned.append((self.service.exchange, "topic"))
        if any(event.private for event in events):
            owned.append((self.service.private_exchange, "topic"))
        return tuple(owned)
