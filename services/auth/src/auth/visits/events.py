"""Visits as contract events."""

from asu_contracts.auth import VisitsCounted
from auth.visits.model import VisitCount


def visits_counted(one: VisitCount) -> VisitsCounted:
    """A day's counts of a role on a unit."""
    return VisitsCounted(
        visits_id=one.id,
        day=one.day,
        role=one.role,
        founder_id=one.founder_id,
        municipality=one.municipality,
        organization_id=one.organization_id,
        holders=one.holders,
        visitors=one.visitors,
        sessions=one.sessions,
    )
