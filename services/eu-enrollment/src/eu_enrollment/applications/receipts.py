"""Receipts: what was accepted, when, in which place of the register, signed so that anyone can check it offline."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from servicekit.sealing.chain import canonical, instant


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is signed. ``accepted_seq`` is the place in the register; ``accepted_at`` (UTC) only informs."""

    id: UUID
    number: str
    accepted_at: datetime
    accepted_seq: int
    payload_hash: str

    def fields(self) -> dict[str, Any]:
        """JSON values of the receipt."""
        return {
            "id": str(self.id),
            "number": self.number,
            "accepted_at": instant(self.accepted_at),
            "accepted_seq": self.accepted_seq,
            "payload_hash": self.payload_hash,
        }


def payload_hash(payload: dict[str, Any]) -> str:
    """SHA-256, hex, of what is applied for: the body without the marks of its sending (``external_id``, ``filed_at``)."""
    return sha256(canonical({k: v for k, v in payload.items() if k not in {"external_id", "filed_at"}})).hexdigest()


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def signed_by(keys: Mapping[str, Any], value: Mapping[str, Any], signature: str) -> bool:
    """Whether a detached signature over a JSON value is good by a JWK set."""
    try:
        known = KeySet.import_key_set({"keys": keys["keys"]})
        jws.deserialize_compact(signature, known, algorithms=["ES256"], payload=canonical(value))
    except (JoseError, KeyError, TypeError, ValueError):
        return False
    return True


KeySetJson = dict[str, list[dict[str, Any]]]
"""Public keys as a JWK set."""


def public_jwk(pem: bytes) -> dict[str, Any]:
    """The public part of a key of receipts; raises ``ValueError`` where it is none."""
    try:
        key = ECKey.import_key(pem)
    except (JoseError, ValueError) as error:
        raise ValueError("a key of receipts must be EC P-256") from error
    if key.curve_name != "P-256":
        raise ValueError("a key of receipts must be EC P-256")
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": "ES256", "use": "sig"}


class ReceiptSigner:
    """Signs with ES256. The signature is a detached JWS (RFC 7515, appendix F) over the canonical receipt."""

    def __init__(self, pem: bytes) -> None:
        key = load_pem_private_key(pem, None)
        if not (isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)):
            raise ValueError("the receipt key must be EC P-256")  # noqa: TRY004 - a wrong file, not a wrong argument
        self._key = key
        self.jwk = public_jwk(pem)
        self._header = _b64(canonical({"alg": "ES256", "kid": self.jwk["kid"]}))

    def sign(self, receipt: Receipt) -> str:
        """``<header>..<signature>``; the payload between the dots is ``canonical(receipt.fields())``."""
        return self.sign_value(receipt.fields())

    def sign_value(self, value: dict[str, Any]) -> str:
        """The same over any JSON value."""
        message = f"{self._header}.{_b64(canonical(value))}".encode()
        r, s = decode_dss_signature(self._key.sign(message, ECDSA(SHA256())))
        return f"{self._header}..{_b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
