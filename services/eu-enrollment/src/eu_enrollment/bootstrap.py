"""The composition root: what the service is made of."""

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import (
    AdmissionRejected,
    GoverningBodyChanged,
    GroupChanged,
    MovementRecorded,
    OrganizationChanged,
    ProgrammeChanged,
)
from asu_contracts.enrollment import (
    AdmissionApproved,
    AdmissionOrderAnnulled,
    ApplicationStatusChanged,
    OutwardExchangeRecorded,
)
from asu_contracts.exchanges import Service
from eu_enrollment.acceptance_log import service as acceptance_log
from eu_enrollment.acceptance_log.routes import router as acceptance_log_router
from eu_enrollment.allocation import service as allocation
from eu_enrollment.allocation.routes import router as allocation_router
from eu_enrollment.amendments.routes import router as amendments_router
from eu_enrollment.applications import changes
from eu_enrollment.applications.routes import router as applications_router
from eu_enrollment.attachments import keeping
from eu_enrollment.attachments.routes import router as attachments_router
from eu_enrollment.bulk import service as bulk
from eu_enrollment.bulk.routes import router as bulk_router
from eu_enrollment.campaigns.routes import router as campaigns_router
from eu_enrollment.drafts.routes import router as drafts_router
from eu_enrollment.exports import service as exports
from eu_enrollment.exports.routes import router as exports_router
from eu_enrollment.information import subscribers as information
from eu_enrollment.information.campaign_routes import router as public_campaigns_router
from eu_enrollment.information.open_data_routes import router as open_data_router
from eu_enrollment.information.routes import router as information_router
from eu_enrollment.lifecycle import service as lifecycle
from eu_enrollment.lifecycle.routes import router as lifecycle_router
from eu_enrollment.lottery.routes import router as lottery_router
from eu_enrollment.notifications.routes import router as notifications_router
from eu_enrollment.offers.routes import router as offers_router
from eu_enrollment.orders.routes import router as orders_router
from eu_enrollment.outcomes.subscribers import on_admission_rejected, on_movement_recorded
from eu_enrollment.outward.routes import router as outward_router
from eu_enrollment.portal import recording as portal_readings
from eu_enrollment.portal.routes import router as portal_router
from eu_enrollment.printouts.routes import router as printouts_router
from eu_enrollment.queue import forecasts, lookup
from eu_enrollment.queue.routes import router as queue_router
from eu_enrollment.referrals import service as referrals
from eu_enrollment.referrals.routes import router as referrals_router
from eu_enrollment.replay import admissions, annulments, states
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.sandbox.routes import router as sandbox_router
from eu_enrollment.settings import EnrollmentSettings
from eu_enrollment.territories.routes import router as territories_router
from eu_enrollment.topology import ACCESS, DIRECTORY, INFORMATION, OUTCOMES, TOPOLOGY
from eu_enrollment.verifications import documents, lapses
from eu_enrollment.verifications import service as verifications
from eu_enrollment.verifications.routes import router as verifications_router
from eu_enrollment.webhooks import delivering as webhooks
from eu_enrollment.webhooks import recording as webhook_exchanges
from eu_enrollment.webhooks import repository as webhook_places
from eu_enrollment.webhooks.routes import router as webhooks_router
from eu_enrollment.worklists.routes import router as worklists_router
from orgdirectory import on_group_changed, on_organization_changed
from servicekit.jobs import Job
from servicekit.messaging.handlers import Handlers
from servicekit.outward import recording as outward
from servicekit.revocations import on_access_revoked
from servicekit.service import ServiceDefinition

_SOON = 2.0
_MINUTE = 60.0
_HOUR = 3600.0
_SEAL_SECONDS = 10.0
_NOTICE_SECONDS = 2.0


def _runtime(settings: EnrollmentSettings, process: str) -> EnrollmentRuntime:
    return EnrollmentRuntime(settings, process=process)


SERVICE = ServiceDefinition(
    service=Service.ENROLLMENT,
    package="eu_enrollment",
    title="АСУ СО: приём и зачисление",
    topology=TOPOLOGY,
    routers=(
        applications_router,  # first: routes are tried in order, and acceptance is the hot one
        acceptance_log_router,
        queue_router,
        verifications_router,
        notifications_router,
        amendments_router,
        lifecycle_router,
        campaigns_router,
        lottery_router,
        offers_router,
        allocation_router,
        referrals_router,
        orders_router,
        drafts_router,
        attachments_router,
        portal_router,
        webhooks_router,
        sandbox_router,
        territories_router,
        information_router,
        public_campaigns_router,
        open_data_router,
        printouts_router,
        worklists_router,
        bulk_router,
        exports_router,
        outward_router,
    ),
    settings=EnrollmentSettings,
    make_runtime=_runtime,
    handlers={
        DIRECTORY.concern: Handlers()
        .on(OrganizationChanged, on_organization_changed)
        .on(GroupChanged, on_group_changed),
        INFORMATION.concern: Handlers()
        .on(OrganizationChanged, information.on_organization)
        .on(GroupChanged, information.on_group)
        .on(ProgrammeChanged, information.on_programme)
        .on(GoverningBodyChanged, information.on_governing_body),
        OUTCOMES.concern: Handlers()
        .on(MovementRecorded, on_movement_recorded)
        .on(AdmissionRejected, on_admission_rejected),
        ACCESS.concern: Handlers().on(AccessRevoked, on_access_revoked),
    },
    runs={
        allocation.KIND: allocation.run,
        allocation.SIMULATION: allocation.simulate,
        forecasts.KIND: forecasts.run,
        bulk.KIND: bulk.carry_out,
        exports.KIND: exports.make,
    },
    jobs=(
        Job("referrals.expire", _HOUR, referrals.expire),
        Job("look-ups.forget", _HOUR, lookup.forget),
        Job("acceptance-log.seal", _SEAL_SECONDS, acceptance_log.seal),
        Job("drafts.forget", _HOUR, keeping.forget_drafts),
        Job("attachments.erase", _HOUR, keeping.erase),
        Job("attachments.sweep", 24 * _HOUR, keeping.sweep),
        Job("webhooks.deliver", _NOTICE_SECONDS, webhooks.deliver),
        Job("webhooks.forget", _HOUR, webhooks.forget),
        Job("webhooks.record", _HOUR, webhook_exchanges.record),
        Job("portal.record", _HOUR, portal_readings.record),
        Job("verifications.examine", _SOON, verifications.examine),
        Job("verifications.ask", _MINUTE, verifications.ask),
        Job("rights.watch", _HOUR, lapses.watch),
        Job("verifications.overdue", _HOUR, documents.overdue),
        Job("exports.sweep", _HOUR, exports.sweep),
        Job("lifecycle.tidy", _HOUR, lifecycle.tidy),
    ),
    restored=(webhook_places.RESTORED, changes.RESTORED),
    sources={
        ApplicationStatusChanged: states,
        AdmissionApproved: admissions,
        AdmissionOrderAnnulled: annulments,
        OutwardExchangeRecorded: outward.facts(OutwardExchangeRecorded),
    },
)
