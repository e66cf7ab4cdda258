"""What the service reads on the broker."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import AdmissionRejected, GroupChanged, MovementRecorded, OrganizationChanged
from asu_contracts.exchanges import Service
from servicekit.messaging.topology import Queue, Topology

DIRECTORY = Queue(Service.ENROLLMENT, "directory", (OrganizationChanged, GroupChanged))
OUTCOMES = Queue(Service.ENROLLMENT, "outcomes", (MovementRecorded, AdmissionRejected))
ACCESS = Queue(Service.ENROLLMENT, "access", (AccessRevoked,))

TOPOLOGY = Topology(Service.ENROLLMENT, (DIRECTORY, OUTCOMES, ACCESS))
