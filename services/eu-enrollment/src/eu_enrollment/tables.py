"""Every table of the service, for its migrations."""

import orgdirectory
from eu_enrollment.acceptance_log import model as _acceptance_log
from eu_enrollment.allocation import model as _allocation
from eu_enrollment.amendments import model as _amendments
from eu_enrollment.applications import model as _applications
from eu_enrollment.attachments import model as _attachments
from eu_enrollment.bulk import model as _bulk
from eu_enrollment.campaigns import model as _campaigns
from eu_enrollment.database import metadata
from eu_enrollment.drafts import model as _drafts
from eu_enrollment.exports import model as _exports
from eu_enrollment.information import model as _information
from eu_enrollment.lottery import model as _lottery
from eu_enrollment.notifications import model as _notifications
from eu_enrollment.offers import model as _offers
from eu_enrollment.orders import model as _orders
from eu_enrollment.portal import model as _portal
from eu_enrollment.queue import model as _queue
from eu_enrollment.referrals import model as _referrals
from eu_enrollment.territories import model as _territories
from eu_enrollment.verifications import model as _verifications
from eu_enrollment.webhooks import model as _webhooks
from servicekit.outward.model import attach

SLICES = (
    _acceptance_log,
    _allocation,
    _amendments,
    _applications,
    _attachments,
    _bulk,
    _campaigns,
    _information,
    _drafts,
    _exports,
    _lottery,
    _notifications,
    _offers,
    _orders,
    _portal,
    _queue,
    _referrals,
    _territories,
    _webhooks,
    _verifications,
)
"""Modules whose tables stand in the metadata."""

orgdirectory.attach(metadata)
attach(metadata)

__all__ = ["SLICES", "metadata"]
