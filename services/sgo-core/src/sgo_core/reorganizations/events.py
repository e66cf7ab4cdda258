"""Acts on organizations as contract events."""

from uuid import UUID

from asu_contracts.core import OrganizationReorganized
from sgo_core.reorganizations.model import Reorganization


def organization_reorganized(act: Reorganization) -> OrganizationReorganized:
    """An act that was carried out."""
    return OrganizationReorganized(
        reorganization_id=act.id,
        kind=act.kind,
        effective_date=act.effective_date,
        document_number=act.document_number,
        document_date=act.document_date,
        predecessors=tuple(UUID(one) for one in act.plan["predecessors"]),
        successors=tuple(UUID(one) for one in act.plan["successors"]),
    )
