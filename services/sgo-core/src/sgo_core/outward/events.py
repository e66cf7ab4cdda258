"""Outward exchanges as contract events."""

from asu_contracts.core import OutwardExchangeRecorded, OutwardKind
from sgo_core.outward.model import OutwardExchange


def outward_exchange_recorded(one: OutwardExchange) -> OutwardExchangeRecorded:
    """A file that left the registry."""
    return OutwardExchangeRecorded(
        exchange_id=one.id,
        kind=OutwardKind(one.kind),
        format=one.format,
        receiver=one.receiver,
        basis=one.basis,
        organization_id=one.organization_id,
        municipality=one.municipality,
        founder_id=one.founder_id,
        persons=one.persons,
        sha256=one.sha256,
        size=one.size,
        role=one.role,
        recorded_at=one.recorded_at,
    )
