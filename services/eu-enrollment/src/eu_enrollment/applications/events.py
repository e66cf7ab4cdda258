"""Applications as contract events."""

from datetime import datetime
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatus, ApplicationStatusChanged


def status_changed(
    application_id: UUID,
    campaign_id: UUID,
    municipality: str,
    status: str,
    changed_at: datetime,
    organization_id: UUID | None,
    line: str,
    grade: int | None,
    age: int,
) -> ApplicationStatusChanged:
    """The public state of an application."""
    return ApplicationStatusChanged(
        application_id=application_id,
        campaign_id=campaign_id,
        municipality=municipality,
        status=ApplicationStatus(status),
        changed_at=changed_at,
        organization_id=organization_id,
        line=line,
        grade=grade,
        age=age,
    )
