"""Ends of clients as events."""

from asu_contracts.auth import AccessRevoked
from auth.clients.model import Client

VERSION = 1
"""A client ends once, for good."""


def revoked(client: Client) -> AccessRevoked:
    """The cut-off of a client that was ended."""
    if client.ended_at is None:
        raise ValueError("the client was never ended")
    return AccessRevoked(account_id=client.id, not_before=client.ended_at)
