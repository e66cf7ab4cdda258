"""Programmes as contract events."""

from asu_contracts.core import ProgrammeChanged, ProgrammeFunding, ProgrammeOrientation
from sgo_core.programmes.model import Programme


def programme_changed(programme: Programme) -> ProgrammeChanged:
    """The current state of a programme."""
    return ProgrammeChanged(
        programme_id=programme.id,
        organization_id=programme.organization_id,
        title=programme.title,
        orientation=ProgrammeOrientation(programme.orientation),
        age_from=programme.age_from,
        age_to=programme.age_to,
        hours=programme.hours,
        duration_months=programme.duration_months,
        funding=ProgrammeFunding(programme.funding),
        adapted=programme.adapted,
        active=programme.active,
    )
