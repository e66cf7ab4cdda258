"""Composition root of sgo-core: the one place that knows every slice."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import (
    AcademicYearClosed,
    AdmissionRejected,
    BellScheduleChanged,
    BuildingChanged,
    CalendarChanged,
    CurriculumChanged,
    GoverningBodyChanged,
    GroupChanged,
    GroupTeacherChanged,
    GuardianProfiled,
    GuardianshipChanged,
    LoadChanged,
    MovementRecorded,
    OrganizationChanged,
    OrganizationReorganized,
    OutwardExchangeRecorded,
    ProgrammeChanged,
    QualityMeasured,
    ReferenceEntryChanged,
    RoomChanged,
    StudentMerged,
    StudentOffered,
    StudentProfiled,
    StudentStatisticsChanged,
    StudyFormChanged,
    SubjectChanged,
    TeachingGroupChanged,
    TransferAccepted,
    WorkerProfiled,
    WorkerStatisticsChanged,
)
from asu_contracts.enrollment import AdmissionApproved, AdmissionOrderAnnulled
from asu_contracts.exchanges import Service
from asu_contracts.journal import YearResultChanged
from servicekit.jobs import Job
from servicekit.messaging.handlers import Handlers
from servicekit.outward import recording as outward
from servicekit.reports import DeclaredReport
from servicekit.revocations import on_access_revoked
from servicekit.service import ServiceDefinition
from sgo_core.achievements import routes as achievement_routes
from sgo_core.addresses import routes as address_routes
from sgo_core.addresses.gathering import gather as gather_addresses
from sgo_core.admissions import service as admissions
from sgo_core.admissions.subscribers import on_admission_approved, on_admission_order_annulled
from sgo_core.attachments import routes as attachment_routes
from sgo_core.attachments.keeping import erase as erase_scans
from sgo_core.attachments.keeping import keep_attached
from sgo_core.attachments.keeping import sweep as sweep_scans
from sgo_core.attestation import routes as attestation_routes
from sgo_core.bells import routes as bell_routes
from sgo_core.bells import service as bells
from sgo_core.buildings import routes as building_routes
from sgo_core.buildings import service as buildings
from sgo_core.calendar import routes as calendar_routes
from sgo_core.calendar import telling as calendar
from sgo_core.catalogue import routes as catalogue_routes
from sgo_core.certificates import routes as certificate_routes
from sgo_core.class_teachers import routes as class_teacher_routes
from sgo_core.class_teachers import service as class_teachers
from sgo_core.consents import routes as consent_routes
from sgo_core.consents.erasing import erase_due
from sgo_core.contingents import routes as contingent_routes
from sgo_core.curricula import routes as curriculum_routes
from sgo_core.curricula import service as curricula
from sgo_core.debts import routes as debt_routes
from sgo_core.exports import routes as export_routes
from sgo_core.exports import service as exports
from sgo_core.exports.running import run_export
from sgo_core.finding import routes as finding_routes
from sgo_core.governing_bodies import routes as governing_body_routes
from sgo_core.governing_bodies import service as governing_bodies
from sgo_core.groups import routes as group_routes
from sgo_core.groups import service as groups
from sgo_core.imports import routes as import_routes
from sgo_core.imports import service as imports
from sgo_core.individual_plans import routes as individual_plan_routes
from sgo_core.loads import routes as load_routes
from sgo_core.loads import service as loads
from sgo_core.merging import routes as merging_routes
from sgo_core.movements import order_routes
from sgo_core.movements import routes as movement_routes
from sgo_core.movements import service as movements
from sgo_core.movements.archiving import archive_left
from sgo_core.movements.guardians import tell_turned
from sgo_core.order_signatures import routes as order_signature_routes
from sgo_core.organizations import routes as organization_routes
from sgo_core.organizations import service as organizations
from sgo_core.packages import routes as package_routes
from sgo_core.packages import service as packages
from sgo_core.packages.running import run_package
from sgo_core.people import guardian_routes
from sgo_core.people import routes as people_routes
from sgo_core.people import service as people
from sgo_core.people.offers import offers as student_offers
from sgo_core.people.telling import merges
from sgo_core.personal_files import routes as personal_file_routes
from sgo_core.portfolios import routes as portfolio_routes
from sgo_core.printouts import report_routes
from sgo_core.printouts import routes as printout_routes
from sgo_core.printouts.reports import REPORTS
from sgo_core.programmes import routes as programme_routes
from sgo_core.programmes import service as programmes
from sgo_core.projects import routes as project_routes
from sgo_core.pseudonyms import routes as pseudonym_routes
from sgo_core.quality import measuring as quality
from sgo_core.quality import routes as quality_routes
from sgo_core.reference_books import routes as reference_book_routes
from sgo_core.reference_books import service as reference_books
from sgo_core.reorganizations import routes as reorganization_routes
from sgo_core.reorganizations import running as reorganizing
from sgo_core.reorganizations import service as reorganizations
from sgo_core.retention import routes as retention_routes
from sgo_core.retention import running as destroying
from sgo_core.retention import service as retention
from sgo_core.rooms import routes as room_routes
from sgo_core.rooms import service as rooms
from sgo_core.runtime import CoreRuntime, CoreSettings
from sgo_core.sample_checks import routes as sample_check_routes
from sgo_core.settings import routes as setting_routes
from sgo_core.staff import routes as staff_routes
from sgo_core.staff import telling as staff
from sgo_core.study_forms import routes as study_form_routes
from sgo_core.study_forms import service as study_forms
from sgo_core.study_norms import routes as study_norm_routes
from sgo_core.subgroups import routes as subgroup_routes
from sgo_core.subgroups import service as subgroups
from sgo_core.subject_rights import routes as subject_rights_routes
from sgo_core.subjects import routes as subject_routes
from sgo_core.subjects import service as subjects
from sgo_core.textbooks import routes as textbook_routes
from sgo_core.topology import TOPOLOGY
from sgo_core.transfers import routes as transfer_routes
from sgo_core.transfers import service as transfers
from sgo_core.year_closing import events as year_events
from sgo_core.year_closing import result_routes as year_result_routes
from sgo_core.year_closing import routes as year_routes
from sgo_core.year_closing import running as year_running
from sgo_core.year_closing import service as years
from sgo_core.year_closing.from_journal import on_year_result_changed

_SECONDS, _MINUTE, _HOUR = 5.0, 60.0, 3600.0


def _make_runtime(settings: CoreSettings, process: str) -> CoreRuntime:
    return CoreRuntime(settings, process=process)


SERVICE = ServiceDefinition(
    service=Service.CORE,
    package="sgo_core",
    title="Сетевой город. Образование: реестр и движение обучающихся",
    topology=TOPOLOGY,
    routers=[
        catalogue_routes.router,
        attachment_routes.router,
        governing_body_routes.router,
        organization_routes.router,
        building_routes.router,
        address_routes.router,
        programme_routes.router,
        reorganization_routes.router,
        group_routes.router,
        class_teacher_routes.router,
        subgroup_routes.router,
        study_form_routes.router,
        subject_routes.router,
        study_norm_routes.router,
        curriculum_routes.router,
        load_routes.router,
        individual_plan_routes.router,
        textbook_routes.router,
        import_routes.router,
        export_routes.router,
        package_routes.router,
        finding_routes.router,
        pseudonym_routes.router,
        merging_routes.router,
        people_routes.router,
        guardian_routes.router,
        movement_routes.router,
        order_routes.router,
        order_signature_routes.router,
        transfer_routes.router,
        contingent_routes.router,
        personal_file_routes.router,
        printout_routes.router,
        report_routes.router,
        staff_routes.router,
        setting_routes.router,
        reference_book_routes.router,
        calendar_routes.router,
        room_routes.router,
        bell_routes.router,
        consent_routes.router,
        subject_rights_routes.router,
        retention_routes.router,
        quality_routes.router,
        sample_check_routes.router,
        year_routes.router,
        year_result_routes.router,
        debt_routes.router,
        certificate_routes.router,
        achievement_routes.router,
        portfolio_routes.router,
        project_routes.router,
        attestation_routes.router,
    ],
    settings=CoreSettings,
    make_runtime=_make_runtime,
    handlers={
        "admissions": Handlers()
        .on(AdmissionApproved, on_admission_approved)
        .on(AdmissionOrderAnnulled, on_admission_order_annulled),
        "year-results": Handlers().on(YearResultChanged, on_year_result_changed),
        "access": Handlers().on(AccessRevoked, on_access_revoked),
    },
    runs={
        imports.RUN_KIND: imports.run_import,
        exports.RUN_KIND: run_export,
        packages.RUN_KIND: run_package,
        reorganizations.RUN_KIND: reorganizing.carry_out,
        years.RUN_CLOSE: year_running.close_year,
        years.RUN_REVERSE: year_running.reverse_year,
        retention.RUN_KIND: destroying.carry_out,
    },
    jobs=[
        Job("core.release-places", _MINUTE, movements.release_places),
        Job("core.tell-posts", _HOUR, staff.tell_turned),
        Job("core.tell-offers", _HOUR, tell_turned),
        Job("core.tell-class-teachers", _MINUTE, class_teachers.tell_ended),
        Job("core.tell-teaching-groups", _MINUTE, subgroups.tell_ended),
        Job("core.tell-study-forms", _MINUTE, study_forms.tell_ended),
        Job("core.tell-calendars", _SECONDS, calendar.tell_due),
        Job("core.review-calendars", 24 * _HOUR, calendar.review),
        Job("core.tell-subjects", _MINUTE, subjects.tell_untold),
        Job("core.tell-loads", _MINUTE, loads.tell_untold),
        Job("core.erase-due", _HOUR, erase_due),
        Job("core.archive-left", 24 * _HOUR, archive_left),
        Job("core.keep-attached", _MINUTE, keep_attached),
        Job("core.sweep-scans", _HOUR, sweep_scans),
        Job("core.erase-scans", _HOUR, erase_scans),
        Job("core.gather-addresses", _HOUR, gather_addresses),
        Job("core.measure-quality", _HOUR, quality.measure_all),
        Job("core.sweep-packages", _HOUR, packages.sweep_packages),
        Job("core.sweep-exports", _HOUR, exports.sweep_exports),
        Job("core.sweep-uploads", _HOUR, imports.sweep_uploads),
    ],
    sources={
        OrganizationChanged: organizations.states,
        GoverningBodyChanged: governing_bodies.states,
        OrganizationReorganized: reorganizations.facts,
        BuildingChanged: buildings.states,
        ProgrammeChanged: programmes.states,
        GroupChanged: groups.states,
        GroupTeacherChanged: class_teachers.states,
        TeachingGroupChanged: subgroups.states,
        StudyFormChanged: study_forms.states,
        ReferenceEntryChanged: reference_books.states,
        CalendarChanged: calendar.states,
        SubjectChanged: subjects.states,
        CurriculumChanged: curricula.states,
        RoomChanged: rooms.states,
        BellScheduleChanged: bells.states,
        LoadChanged: loads.states,
        StudentProfiled: people.profiles,
        StudentOffered: student_offers,
        StudentMerged: merges,
        StudentStatisticsChanged: people.statistics,
        WorkerProfiled: staff.profiles,
        WorkerStatisticsChanged: staff.statistics,
        GuardianProfiled: movements.guardian_states,
        GuardianshipChanged: people.guardianships,
        MovementRecorded: movements.facts,
        TransferAccepted: transfers.accepted,
        AdmissionRejected: admissions.facts,
        QualityMeasured: quality.states,
        OutwardExchangeRecorded: outward.facts(OutwardExchangeRecorded),
        AcademicYearClosed: year_events.states,
    },
    reports=[DeclaredReport(one.name, one.title, one.path, one.parameters, one.formats, one.roles) for one in REPORTS],
)
