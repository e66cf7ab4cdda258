"""Cut-offs of clients as events."""

from asu_contracts.auth import AccessRevoked
from auth.clients.model import Client


def revoked(client: Client) -> AccessRevoked:
    """The cut-off of a client that was cut off at least once; its version is ``access_version``."""
    if client.tokens_not_before is None:
        raise ValueError("the client was never cut off")
    return AccessRevoked(account_id=client.id, not_before=client.tokens_not_before)
