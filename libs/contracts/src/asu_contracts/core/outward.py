"""What of the registry left for the outside."""

from asu_contracts.base import Event, Semantics
from asu_contracts.exchanges import Service
from asu_contracts.outward import OutwardExchange


class OutwardExchangeRecorded(
    OutwardExchange,
    Event,
    type="core.outward-exchange.recorded.v1",
    semantics=Semantics.FACT,
    subject="exchange_id",
    readers={Service.REPORTING},
):
    """Something left the registry: a package, a list of people, an export."""
