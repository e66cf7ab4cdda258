"""Events of auth: whose tokens are no longer good, and how many worked in the system."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from asu_contracts.base import Event, Semantics
from asu_contracts.exchanges import Service


class AccessRevoked(
    Event,
    type="auth.access.revoked.v1",
    semantics=Semantics.STATE,
    subject="account_id",
    readers={Service.CORE, Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING},
):
    """Tokens of the account issued before ``not_before`` are no longer good: a grant ended, a session was closed.

    A machine client that was ended, or got another secret, is named by its own id: the ``sub`` of its tokens.
    """

    account_id: UUID
    not_before: AwareDatetime


class VisitsCounted(
    Event,
    type="auth.visits.counted.v1",
    semantics=Semantics.FACT,
    subject="visits_id",
    readers={Service.REPORTING},
):
    """Who worked in the system on a day, in numbers: positions of a role on a unit, counted once the day is over.

    ``holders`` had the position that day, ``visitors`` of them worked in it, ``sessions`` are their sign-ins. An organization is named
    with its municipality; without any unit it is the region or, for families, everybody. ``role`` is a code of ``access.Role`` or a
    newer one.
    """

    visits_id: UUID
    day: date
    role: str
    founder_id: UUID | None = None
    municipality: str | None = None
    organization_id: UUID | None = None
    holders: int
    visitors: int
    sessions: int
