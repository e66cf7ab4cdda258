"""Secrets and idempotency keys of one run of the demo."""

import secrets
from uuid import UUID


def fresh_key() -> str:
    """An idempotency key no other request has."""
    return str(UUID(bytes=secrets.token_bytes(16), version=4))


def fresh_password() -> str:
    """A password for a demo account: long enough for every role, easy to copy."""
    return "-".join(secrets.token_hex(2) for _ in range(4))
