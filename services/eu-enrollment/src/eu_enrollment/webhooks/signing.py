"""Signatures of notices by Standard Webhooks 1.0: HMAC-SHA-256 over ``id.timestamp.body``."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

_PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A secret as it is shown to the client."""
    return _PREFIX + b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(notice_id: UUID, timestamp: int, body: str, keys: Iterable[str]) -> dict[str, str]:
    """Headers of a notice signed with each of the secrets. ``timestamp``: seconds of the epoch, of this very attempt."""
    signed = f"{notice_id}.{timestamp}.{body}".encode()
    return {
        "webhook-id": str(notice_id),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_sign(key, signed)}" for key in keys),
    }


def _sign(secret: str, signed: bytes) -> str:
    key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    return b64encode(hmac.new(key, signed, sha256).digest()).decode()
