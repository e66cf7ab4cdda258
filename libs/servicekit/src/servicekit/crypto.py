"""Encryption of single fields and keyed hashes for searching them.

Keys come as ``id:base64[,id:base64…]``; the first encrypts, all decrypt, so keys rotate without a stop.
"""

import hmac
import os
from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

_NONCE = 12
_KEY = 32


class UndecryptableError(Exception):
    """The ciphertext names an unknown key or was changed."""


def parse_keys(text: SecretStr) -> dict[str, bytes]:
    """Keys by id, in the order given. Raises ``ValueError`` for a key that is not 32 bytes."""
    keys: dict[str, bytes] = {}
    for part in text.get_secret_value().split(","):
        key_id, _, encoded = part.strip().partition(":")
        key = b64decode(encoded, validate=True)
        if not key_id or len(key) != _KEY:
            raise ValueError("a key must be given as id:base64 of 32 bytes")
        keys[key_id] = key
    return keys


class FieldCipher:
    """AES-256-GCM over one field. ``context`` (for example ``student.snils``) is bound to the ciphertext."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))

    def encrypt(self, value: str, context: str) -> str:
        """``<key id>:<base64 of nonce and ciphertext>``."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._current].encrypt(nonce, value.encode(), context.encode())
        return f"{self._current}:{b64encode(nonce + sealed).decode()}"

    def decrypt(self, text: str, context: str) -> str:
        """The value; raises ``UndecryptableError``."""
        key_id, _, encoded = text.partition(":")
        try:
            sealed = b64decode(encoded, validate=True)
            plain = self._ciphers[key_id].decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
        except (KeyError, ValueError, InvalidTag):
            raise UndecryptableError from None
        return plain.decode()


class FileCipher:
    """AES-256-GCM over whole files. ``context`` (which file it is) is bound to the ciphertext: one cannot stand for another."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))

    def encrypt(self, content: bytes, context: str) -> bytes:
        """Key id, a line end, nonce and ciphertext."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._current].encrypt(nonce, content, context.encode())
        return self._current.encode() + b"\n" + nonce + sealed

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        """The file; raises ``UndecryptableError``."""
        key_id, _, rest = sealed.partition(b"\n")
        try:
            return self._ciphers[key_id.decode()].decrypt(rest[:_NONCE], rest[_NONCE:], context.encode())
        except (KeyError, ValueError, InvalidTag):
            raise UndecryptableError from None


class KeyedHash:
    """HMAC-SHA-256 under a versioned key: finds equal values without keeping them readable."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self.key_id, self._key = next(iter(keys.items()))

    def digest(self, value: str, context: str) -> bytes:
        """32 bytes. ``context`` keeps hashes of different meanings apart."""
        return hmac.new(self._key, f"{context}\x00{value}".encode(), sha256).digest()
