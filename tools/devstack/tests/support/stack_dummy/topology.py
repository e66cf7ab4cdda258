"""Core's exchanges and nothing to read."""

from asu_contracts.exchanges import Service
from servicekit.messaging.topology import Topology

TOPOLOGY = Topology(Service.CORE)
