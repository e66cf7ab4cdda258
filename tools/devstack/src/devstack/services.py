"""Which services the stack runs, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from asu_contracts.exchanges import Service
from servicekit.messaging.topology import Topology

ROLES = ("api", "worker")


@dataclass(frozen=True)
class ServiceSpec:
    """A service and the package whose ``python -m <package> api|worker|migrate`` runs it."""

    service: Service
    package: str

    @property
    def short(self) -> str:
        """API path, database, role and queue prefix."""
        return self.service.value

    def process(self, role: str) -> str:
        """Name of one of its processes under the supervisor."""
        return f"{self.short}-{role}"

    def topology(self) -> Topology:
        """What the service owns and reads on the broker."""
        topology = import_module(f"{self.package}.topology").TOPOLOGY
        if not isinstance(topology, Topology):
            raise TypeError(f"{self.package}.topology.TOPOLOGY is not a Topology")
        return topology


SERVICES: Sequence[ServiceSpec] = (
    ServiceSpec(Service.AUTH, "auth"),
    ServiceSpec(Service.CORE, "sgo_core"),
    ServiceSpec(Service.JOURNAL, "sgo_journal"),
    ServiceSpec(Service.ENROLLMENT, "eu_enrollment"),
    ServiceSpec(Service.REPORTING, "reporting"),
)
