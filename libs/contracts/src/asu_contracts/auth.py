"""Events of auth."""

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
