"""What sgo-core owns and reads on the broker."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.enrollment import AdmissionApproved, AdmissionOrderAnnulled
from asu_contracts.exchanges import Service
from asu_contracts.journal import YearResultChanged
from servicekit.messaging.topology import Queue, Topology

ADMISSIONS = Queue(Service.CORE, "admissions", (AdmissionApproved, AdmissionOrderAnnulled))
ACCESS = Queue(Service.CORE, "access", (AccessRevoked,))
RESULTS = Queue(Service.CORE, "year-results", (YearResultChanged,))
TOPOLOGY = Topology(Service.CORE, (ADMISSIONS, RESULTS, ACCESS))
