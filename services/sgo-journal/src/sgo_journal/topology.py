"""Queues the journal reads."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import (
    BellScheduleChanged,
    BuildingChanged,
    CalendarChanged,
    GroupChanged,
    GroupTeacherChanged,
    GuardianshipChanged,
    LoadChanged,
    MovementRecorded,
    OrganizationChanged,
    ReferenceEntryChanged,
    RoomChanged,
    StudentMerged,
    StudentProfiled,
    StudyFormChanged,
    SubjectChanged,
    TeachingGroupChanged,
    TransferAccepted,
    WorkerProfiled,
)
from asu_contracts.exchanges import Service
from servicekit.messaging import Queue, Topology

TOPOLOGY = Topology(
    Service.JOURNAL,
    (
        Queue(Service.JOURNAL, "directory", (OrganizationChanged, GroupChanged)),
        Queue(
            Service.JOURNAL,
            "rosters",
            (
                MovementRecorded,
                StudentMerged,
                StudentProfiled,
                GuardianshipChanged,
                TeachingGroupChanged,
                StudyFormChanged,
            ),
        ),
        Queue(
            Service.JOURNAL,
            "study",
            (
                SubjectChanged,
                BuildingChanged,
                RoomChanged,
                BellScheduleChanged,
                CalendarChanged,
                ReferenceEntryChanged,
            ),
        ),
        Queue(Service.JOURNAL, "loads", (LoadChanged,)),
        Queue(Service.JOURNAL, "transfers", (TransferAccepted,)),
        Queue(Service.JOURNAL, "staff", (WorkerProfiled, GroupTeacherChanged)),
        Queue(Service.JOURNAL, "access", (AccessRevoked,)),
    ),
)
