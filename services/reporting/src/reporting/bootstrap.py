"""Composition root: what the reporting service is made of."""

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
from orgdirectory import Organization, attach, on_organization_changed
from reporting.additional_forms import model as additional_forms_model
from reporting.additional_forms import routes as additional_forms_routes
from reporting.blanks import model as blanks_model
from reporting.blanks import routes as blanks_routes
from reporting.builds import model as builds_model
from reporting.builds import routes as builds_routes
from reporting.builds import runs as build_runs
from reporting.bundles import making as bundle_making
from reporting.bundles import model as bundles_model
from reporting.bundles import routes as bundles_routes
from reporting.bundles import service as bundles
from reporting.catalogue import routes as catalogue_routes
from reporting.constructor import model as constructor_model
from reporting.constructor import routes as constructor_routes
from reporting.counted import declared as counted_reports
from reporting.counted import routes as counted_routes
from reporting.exams import model as exams_model
from reporting.exams import routes as exams_routes
from reporting.exports import routes as exports_routes
from reporting.facts import model as facts_model
from reporting.facts import routes as facts_routes
from reporting.facts.subscribers import on_told
from reporting.forms import declared as federal_forms
from reporting.forms import routes as forms_routes
from reporting.ingest import model as ingest_model
from reporting.ingest import partitions as log_partitions
from reporting.ingest.service import logged
from reporting.metadata import metadata
from reporting.monitoring import counting
from reporting.monitoring import model as monitoring_model
from reporting.monitoring import routes as monitoring_routes
from reporting.outward import model as outward_model
from reporting.outward import routes as outward_routes
from reporting.outward.subscribers import on_outward_exchange_recorded
from reporting.signatures import model as signatures_model
from reporting.signatures import routes as signatures_routes
from reporting.submissions import model as submissions_model
from reporting.submissions import routes as submissions_routes
from reporting.topology import TOPOLOGY
from reporting.watch import model as watch_model
from reporting.watch import routes as watch_routes
from reporting.watch import service as watch
from servicekit import partitions
from servicekit.messaging import Handlers
from servicekit.revocations import on_access_revoked
from servicekit.runs import Settled
from servicekit.service import ServiceDefinition

attach(metadata, Organization)
METADATA = metadata
"""Tables of every slice, filled by importing the slices' models above, and of the directory."""

SERVICE = ServiceDefinition(
    service=Service.REPORTING,
    package="reporting",
    title="Отчётность: журнал событий, контингент, формы федерального статистического наблюдения",
    topology=TOPOLOGY,
    routers=[
        facts_routes.router,
        forms_routes.router,
        builds_routes.router,
        exports_routes.router,
        outward_routes.router,
        blanks_routes.router,
        bundles_routes.router,
        signatures_routes.router,
        submissions_routes.router,
        constructor_routes.router,
        monitoring_routes.router,
        exams_routes.router,
        counted_routes.router,
        catalogue_routes.router,
        additional_forms_routes.router,
        watch_routes.router,
    ],
    handlers={
        "access": Handlers().on(AccessRevoked, logged(on_access_revoked)),
        "directory": Handlers()
        .on(OrganizationChanged, logged(on_organization_changed, on_told))
        .on(GroupChanged, logged(on_told)),
        "movements": Handlers()
        .on(MovementRecorded, logged(on_told))
        .on(StudentStatisticsChanged, logged(on_told))
        .on(StudyFormChanged, logged(on_told)),
        "staff": Handlers().on(WorkerStatisticsChanged, logged(on_told)).on(LoadChanged, logged(on_told)),
        "outward": Handlers()
        .on(core.OutwardExchangeRecorded, logged(on_outward_exchange_recorded))
        .on(enrollment.OutwardExchangeRecorded, logged(on_outward_exchange_recorded))
        .on(journal.OutwardExchangeRecorded, logged(on_outward_exchange_recorded)),
        "applications": Handlers().on(ApplicationStatusChanged, logged(on_told)),
        "lessons": Handlers().on(LessonRecorded, logged(on_told)),
        "results": Handlers().on(PeriodResultsCounted, logged(on_told)).on(DaycareMonthCounted, logged(on_told)),
        "quality": Handlers().on(QualityMeasured, logged(on_told)),
        "visits": Handlers().on(VisitsCounted, logged(on_told)),
    },
    runs={
        build_runs.KIND: build_runs.build_report,
        counting.KIND: counting.count_by_run,
    },
    slow_runs={bundle_making.KIND: Settled(bundle_making.make, bundle_making.failed)},
    jobs=[partitions.JOB, log_partitions.JOB, counting.JOB, *watch.JOBS, bundles.JOB],
    reports=[*counted_reports.DECLARED, *federal_forms.DECLARED],
)

__all__ = [
    "METADATA",
    "SERVICE",
    "additional_forms_model",
    "blanks_model",
    "builds_model",
    "bundles_model",
    "constructor_model",
    "exams_model",
    "facts_model",
    "ingest_model",
    "monitoring_model",
    "outward_model",
    "signatures_model",
    "submissions_model",
    "watch_model",
]
