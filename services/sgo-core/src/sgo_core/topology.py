"""What sgo-core owns and reads on the broker."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.enrollment import AdmissionApproved
from asu_contracts.exchanges import Service
from servicekit.messaging.topology import Queue, Topology

ADMISSIONS = Queue(Service.CORE, "admissions", (AdmissionApproved,))
ACCESS = Queue(Service.CORE, "access", (AccessRevoked,))
TOPOLOGY = Topology(Service.CORE, (ADMISSIONS, ACCESS))
