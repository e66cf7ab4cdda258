"""Messages: topology, relay, consumer, failure path. By hand, since no library batches and fails the way we need."""

from servicekit.messaging.handlers import Handlers, Received
from servicekit.messaging.republish import Aggregate, Republish
from servicekit.messaging.topology import Queue, Topology

__all__ = ["Aggregate", "Handlers", "Queue", "Received", "Republish", "Topology"]
