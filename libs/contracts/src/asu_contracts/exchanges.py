"""Services and the names they own on the broker."""

from enum import StrEnum


class Service(StrEnum):
    """A service by its short name: API path, event prefix, exchange, queue prefix, database and role."""

    AUTH = "auth"
    CORE = "core"
    JOURNAL = "journal"
    ENROLLMENT = "enrollment"
    REPORTING = "reporting"

    @property
    def exchange(self) -> str:
        """Topic exchange of public events."""
        return self.value

    @property
    def private_exchange(self) -> str:
        """Topic exchange of events with personal data."""
        return f"{self.value}.private"

    @property
    def replay_exchange(self) -> str:
        """Direct exchange that rebuilds one reader: the routing key is the reader's queue."""
        return f"{self.value}.replay"

    @property
    def retry_exchange(self) -> str:
        """Direct exchange between a queue of this service, its ``.wait`` and its ``.dead``."""
        return f"{self.value}.retry"


def queue_name(service: Service, concern: str) -> str:
    """Work queue of one concern of a service."""
    return f"{service.value}.{concern}"


def wait_queue(queue: str) -> str:
    """Where a copy waits before its next attempt."""
    return f"{queue}.wait"


def dead_queue(queue: str) -> str:
    """Where a message rests until an operator looks at it."""
    return f"{queue}.dead"
