"""Organizations as contract events."""

from asu_contracts.core import Locality, OrganizationChanged, OrganizationKind, OrganizationLicence
from sgo_core.organizations.model import Organization

_SOLE_TRADER_OGRN = 15


def organization_changed(organization: Organization) -> OrganizationChanged:
    """The current state of an organization. A sole trader's address, phones and mail are a person's: they are not told."""
    person = len(organization.ogrn) == _SOLE_TRADER_OGRN
    return OrganizationChanged(
        organization_id=organization.id,
        kind=OrganizationKind(organization.kind),
        short_name=organization.short_name,
        full_name=organization.full_name,
        municipality=organization.municipality,
        locality=Locality(organization.locality),
        founder_id=organization.founder_id,
        parent_id=organization.parent_id,
        active=organization.active,
        address=None if person else organization.legal_address["text"],
        phones=() if person else tuple(organization.phones or ()),
        email=None if person else organization.email,
        site=organization.site,
        licence=OrganizationLicence.model_validate(organization.licence) if organization.licence else None,
    )
