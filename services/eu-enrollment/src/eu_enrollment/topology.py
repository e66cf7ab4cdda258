"""What the service reads on the broker."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import (
    AdmissionRejected,
    GoverningBodyChanged,
    GroupChanged,
    MovementRecorded,
    OrganizationChanged,
    ProgrammeChanged,
)
from asu_contracts.exchanges import Service
from servicekit.messaging.topology import Queue, Topology

DIRECTORY = Queue(Service.ENROLLMENT, "directory", (OrganizationChanged, GroupChanged))
INFORMATION = Queue(
    Service.ENROLLMENT, "information", (OrganizationChanged, GroupChanged, ProgrammeChanged, GoverningBodyChanged)
)
OUTCOMES = Queue(Service.ENROLLMENT, "outcomes", (MovementRecorded, AdmissionRejected))
ACCESS = Queue(Service.ENROLLMENT, "access", (AccessRevoked,))

TOPOLOGY = Topology(Service.ENROLLMENT, (DIRECTORY, INFORMATION, OUTCOMES, ACCESS))
