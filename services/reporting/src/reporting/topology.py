"""What reporting reads on the broker: a queue a concern, so that a flood of lessons does not hold up movements."""

from asu_contracts import core, enrollment, journal
from asu_contracts.auth import AccessRevoked, VisitsCounted
from asu_contracts.core import (
    GroupChanged,
    LoadChanged,
    MovementRecorded,
    OrganizationChanged,
    QualityMeasured,
    StudentStatisticsChanged,
    StudyFormChanged,
    WorkerStatisticsChanged,
)
from asu_contracts.enrollment import ApplicationStatusChanged
from asu_contracts.exchanges import Service
from asu_contracts.journal import DaycareMonthCounted, LessonRecorded, PeriodResultsCounted
from servicekit.messaging import Queue, Topology

OUTWARD = (core.OutwardExchangeRecorded, enrollment.OutwardExchangeRecorded, journal.OutwardExchangeRecorded)
"""What left other services."""

TOPOLOGY = Topology(
    Service.REPORTING,
    (
        Queue(Service.REPORTING, "access", (AccessRevoked,)),
        Queue(Service.REPORTING, "directory", (OrganizationChanged, GroupChanged)),
        Queue(Service.REPORTING, "movements", (MovementRecorded, StudentStatisticsChanged, StudyFormChanged)),
        Queue(Service.REPORTING, "staff", (WorkerStatisticsChanged, LoadChanged)),
        Queue(Service.REPORTING, "applications", (ApplicationStatusChanged,)),
        Queue(Service.REPORTING, "outward", OUTWARD),
        Queue(Service.REPORTING, "lessons", (LessonRecorded,)),
        Queue(Service.REPORTING, "results", (PeriodResultsCounted, DaycareMonthCounted)),
        Queue(Service.REPORTING, "quality", (QualityMeasured,)),
        Queue(Service.REPORTING, "visits", (VisitsCounted,)),
    ),
)
