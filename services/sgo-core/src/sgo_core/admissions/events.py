"""Refused admissions as contract events."""

from asu_contracts.core import AdmissionRejected, RejectionReason
from sgo_core.admissions.model import AdmissionRejection


def admission_rejected(rejection: AdmissionRejection) -> AdmissionRejected:
    """Why an admission could not be carried out."""
    return AdmissionRejected(
        rejection_id=rejection.id,
        admission_id=rejection.admission_id,
        application_id=rejection.application_id,
        reason=RejectionReason(rejection.reason),
    )
