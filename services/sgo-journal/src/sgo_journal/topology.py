"""Queues the journal reads."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import (
    GroupChanged,
    GuardianshipChanged,
    MovementRecorded,
    OrganizationChanged,
    StudentMerged,
    StudentProfiled,
)
from asu_contracts.exchanges import Service
from servicekit.messaging import Queue, Topology

TOPOLOGY = Topology(
    Service.JOURNAL,
    (
        Queue(Service.JOURNAL, "directory", (OrganizationChanged, GroupChanged)),
        Queue(Service.JOURNAL, "rosters", (MovementRecorded, StudentMerged, StudentProfiled, GuardianshipChanged)),
        Queue(Service.JOURNAL, "access", (AccessRevoked,)),
    ),
)
