"""What sgo-core owns and reads on the broker."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.enrollment import AdmissionApproved, AdmissionOrderAnnulled
from asu_contracts.exchanges import Service
from servicekit.messaging.topology import Queue, Topology

ADMISSIONS = Queue(Service.CORE, "admissions", (AdmissionApproved, AdmissionOrderAnnulled))
ACCESS = Queue(Service.CORE, "access", (AccessRevoked,))
TOPOLOGY = Topology(Service.CORE, (ADMISSIONS, ACCESS))
