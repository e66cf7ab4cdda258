"""Organizations as contract events."""

from asu_contracts.core import Locality, OrganizationChanged, OrganizationKind
from sgo_core.organizations.model import Organization


def organization_changed(organization: Organization) -> OrganizationChanged:
    """The current state of an organization."""
    return OrganizationChanged(
        organization_id=organization.id,
        kind=OrganizationKind(organization.kind),
        short_name=organization.short_name,
        full_name=organization.full_name,
        municipality=organization.municipality,
        locality=Locality(organization.locality),
        founder_id=organization.founder_id,
        active=organization.active,
    )
