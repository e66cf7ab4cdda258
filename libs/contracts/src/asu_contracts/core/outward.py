"""What of the registry left for the outside: facts without names, for the registry of all outward exchanges."""

from uuid import UUID

from pydantic import AwareDatetime

from asu_contracts.base import Event, OpenEnum, Semantics
from asu_contracts.exchanges import Service


class OutwardKind(OpenEnum):
    """What left: a package for an outer system, or a table or a whole organization taken out by a person."""

    PACKAGE = "package"
    TABLE = "table"
    WHOLE = "whole"
    UNKNOWN = "unknown"


class OutwardExchangeRecorded(
    Event,
    type="core.outward-exchange.recorded.v1",
    semantics=Semantics.FACT,
    subject="exchange_id",
    readers={Service.REPORTING},
):
    """Bytes left the registry (regulation 3.2). ``recorded_at`` is when they were handed out, ``role`` whose position took them.

    Of one organization, of one municipality (ОКТМО), of what a body founded (``founder_id``) or, without all, of the region.
    ``receiver`` names the outer system a package is for and ``basis`` the act it is given by; who takes a table out keeps it.
    ``persons`` is how many people the bytes tell of, ``sha256`` (hex) and ``size`` (bytes) those of the file as it left.
    """

    exchange_id: UUID
    kind: OutwardKind
    format: str
    receiver: str | None = None
    basis: str | None = None
    organization_id: UUID | None = None
    municipality: str | None = None
    founder_id: UUID | None = None
    persons: int
    sha256: str
    size: int
    role: str
    recorded_at: AwareDatetime
