"""What leaves services for the outside: facts without names, for the registry of all outward exchanges (regulation 3.2)."""

from uuid import UUID

from pydantic import AwareDatetime

from asu_contracts.base import OpenEnum, Payload


class OutwardKind(OpenEnum):
    """What left.

    A package for an outer system; a table or a whole (an organization, an archive) taken out by a person; what everybody may read from
    then on; notices sent to a portal; a feed that outside programs read.
    """

    PACKAGE = "package"
    TABLE = "table"
    WHOLE = "whole"
    PUBLICATION = "publication"
    NOTICES = "notices"
    FEED = "feed"
    UNKNOWN = "unknown"


class OutwardExchange(Payload):
    """What left a service: ``title`` says it in words. ``recorded_at`` is when it was handed out, ``role`` whose position took it.

    Of one organization, of one municipality (ОКТМО), of what a body founded (``founder_id``) or, without all, of the region.
    ``receiver`` names the outer system it went to and ``basis`` the act it is given by; who takes a table out keeps it.
    ``persons`` is how many people it tells of one by one (of a portal's feed, how many steps of applications), ``sha256`` (hex) and
    ``size`` (bytes) those of what left, None where it was read piece by piece. What is read or sent again and again is told as one for
    all of some time. ``again`` is the path in the producer's API by which the same is sent or given again, None where it cannot be.
    """

    exchange_id: UUID
    kind: OutwardKind
    title: str | None = None
    format: str
    receiver: str | None = None
    basis: str | None = None
    organization_id: UUID | None = None
    municipality: str | None = None
    founder_id: UUID | None = None
    persons: int
    sha256: str | None = None
    size: int | None = None
    role: str
    recorded_at: AwareDatetime
    again: str | None = None
