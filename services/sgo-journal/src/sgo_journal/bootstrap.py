"""Composition root of the journal."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import (
    GroupChanged,
    GuardianshipChanged,
    LoadChanged,
    MovementRecorded,
    OrganizationChanged,
    StudentMerged,
    StudentProfiled,
    StudyFormChanged,
    TeachingGroupChanged,
    TransferAccepted,
)
from asu_contracts.exchanges import Service
from asu_contracts.journal import (
    DaycareMonthCounted,
    LessonRecorded,
    OutwardExchangeRecorded,
    PeriodResultsCounted,
    YearResultChanged,
)
from orgdirectory import on_organization_changed
from servicekit import partitions
from servicekit.messaging import Handlers
from servicekit.outward import recording as outward
from servicekit.reports import DeclaredReport
from servicekit.revocations import on_access_revoked
from servicekit.runs import Settled
from servicekit.sealing import sealer
from servicekit.service import ServiceDefinition
from sgo_journal.absence_notices.routes import router as absence_notices
from sgo_journal.alerts import watching
from sgo_journal.alerts.routes import router as alerts
from sgo_journal.archives import making
from sgo_journal.archives.routes import router as archives
from sgo_journal.archives.signature_routes import router as archive_signatures
from sgo_journal.assessments.routes import router as assessments
from sgo_journal.class_events.routes import router as class_events
from sgo_journal.closings import telling as closings_told
from sgo_journal.closings.routes import router as closings
from sgo_journal.courses.routes import router as courses
from sgo_journal.courses.student_routes import router as student_courses
from sgo_journal.daycare import telling as daycare_told
from sgo_journal.daycare.routes import router as daycare
from sgo_journal.debts.routes import router as debts
from sgo_journal.diary.routes import router as diary
from sgo_journal.feeds import telling as feeds_told
from sgo_journal.feeds.routes import router as feeds
from sgo_journal.files import keeping as files_keeping
from sgo_journal.files.routes import router as files
from sgo_journal.homework.routes import router as homework
from sgo_journal.inspections.routes import router as inspections
from sgo_journal.journals.routes import router as journals
from sgo_journal.journals.subscribers import on_load_changed
from sgo_journal.lessons.routes import router as lessons
from sgo_journal.lessons.service import recorded_lessons
from sgo_journal.marks.routes import router as marks
from sgo_journal.marks.subscribers import on_student_merged
from sgo_journal.notices.routes import router as notices
from sgo_journal.pages.routes import router as pages
from sgo_journal.plans.journal_routes import router as journal_plans
from sgo_journal.plans.lesson_plan_routes import router as lesson_plans
from sgo_journal.plans.routes import router as plans
from sgo_journal.printouts.catalogue import REPORTS
from sgo_journal.printouts.routes import router as printouts
from sgo_journal.report_cards.routes import router as report_cards
from sgo_journal.rosters import subscribers
from sgo_journal.rosters.routes import router as rosters
from sgo_journal.scales.routes import router as scales
from sgo_journal.sealing import RECORD_CHANGES
from sgo_journal.settings.routes import router as settings
from sgo_journal.staff import subscribers as staff
from sgo_journal.staff.routes import router as teachers
from sgo_journal.study import subscribers as study
from sgo_journal.substitutions.routes import router as substitutions
from sgo_journal.switches.routes import router as switches
from sgo_journal.timetable import publishing
from sgo_journal.timetable.lesson_routes import router as planned_lessons
from sgo_journal.timetable.routes import router as timetables
from sgo_journal.topology import TOPOLOGY
from sgo_journal.totals import telling as totals_told
from sgo_journal.totals.routes import router as totals
from sgo_journal.transfers import following
from sgo_journal.transfers.routes import router as brought
from sgo_journal.transfers.statement_routes import router as brought_statements
from sgo_journal.transfers.subscribers import on_transfer_accepted

SERVICE = ServiceDefinition(
    service=Service.JOURNAL,
    package="sgo_journal",
    title="Журнал",
    topology=TOPOLOGY,
    routers=[
        rosters,
        teachers,
        scales,
        settings,
        journals,
        pages,
        lessons,
        plans,
        journal_plans,
        lesson_plans,
        files,
        homework,
        courses,
        student_courses,
        timetables,
        planned_lessons,
        switches,
        assessments,
        class_events,
        substitutions,
        notices,
        daycare,
        absence_notices,
        marks,
        totals,
        brought,
        brought_statements,
        closings,
        inspections,
        alerts,
        debts,
        diary,
        feeds,
        report_cards,
        printouts,
        archives,
        archive_signatures,
    ],
    handlers={
        "directory": Handlers()
        .on(OrganizationChanged, on_organization_changed)
        .on(GroupChanged, subscribers.on_group_changed),
        "rosters": Handlers()
        .on(MovementRecorded, subscribers.on_movement_recorded)
        .on(StudentMerged, on_student_merged)
        .on(StudentProfiled, subscribers.on_student_profiled)
        .on(GuardianshipChanged, subscribers.on_guardianship_changed)
        .on(TeachingGroupChanged, subscribers.on_teaching_group_changed)
        .on(StudyFormChanged, subscribers.on_study_form_changed),
        "study": study.HANDLERS,
        "loads": Handlers().on(LoadChanged, on_load_changed),
        "transfers": Handlers().on(TransferAccepted, on_transfer_accepted),
        "staff": staff.HANDLERS,
        "access": Handlers().on(AccessRevoked, on_access_revoked),
    },
    jobs=[
        partitions.JOB,
        closings_told.JOB,
        daycare_told.JOB,
        feeds_told.JOB,
        files_keeping.JOB,
        following.JOB,
        sealer.job(RECORD_CHANGES),
        watching.JOB,
    ],
    runs={publishing.KIND: publishing.publish},
    slow_runs={making.KIND: Settled(making.make, making.failed)},
    sources={
        LessonRecorded: recorded_lessons,
        DaycareMonthCounted: daycare_told.counted_months,
        YearResultChanged: totals_told.states,
        PeriodResultsCounted: closings_told.told,
        OutwardExchangeRecorded: outward.facts(OutwardExchangeRecorded),
    },
    reports=[DeclaredReport(one.name, one.title, one.path, one.parameters, one.formats) for one in REPORTS],
)
