"""What auth reads on the broker: organizations, to place units; guardians, students and workers, who may be offered an account."""

from asu_contracts.core import GuardianProfiled, OrganizationChanged, StudentOffered, WorkerProfiled
from asu_contracts.exchanges import Service
from servicekit.messaging import Queue, Topology

TOPOLOGY = Topology(
    Service.AUTH,
    (
        Queue(Service.AUTH, "directory", (OrganizationChanged,)),
        Queue(Service.AUTH, "offers", (GuardianProfiled, StudentOffered, WorkerProfiled)),
    ),
)
