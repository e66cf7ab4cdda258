"""Lots as anyone can compute them again: from the published seed and a line of the published data.

A child has one lot in a campaign, whatever it files and how often: its line is a keyed hash of its document's key, which itself is
a hash under a key of the service, so that who knows a child's document does not know its line.
"""

import hmac
from hashlib import sha256

_LINE = 16


def commitment(seed: str) -> str:
    """What is shown of a seed before it is published: its SHA-256, hex. A seed is 256 bits of chance, so that nobody can guess it."""
    return sha256(seed.encode()).hexdigest()


def mixed(seed: str, outcome: str | None) -> str:
    """The seed the lots are drawn by: with the outcome of a public draw, if one was announced, so that nobody knew it before."""
    return seed if outcome is None else hmac.digest(seed.encode(), outcome.encode(), "sha256").hex()


def line(about: str, document_key: bytes) -> str:
    """The name by which a child stands in what is published ``about`` something, 32 hex digits."""
    return hmac.digest(document_key, about.encode(), "sha256")[:_LINE].hex()


def lot_of(seed: str, line: str) -> int:
    """The lot of a line. 63 bits, so that it fits a database integer."""
    return int.from_bytes(hmac.digest(seed.encode(), line.encode(), "sha256")[:8], "big") >> 1


def lot(seed: str, document_key: bytes) -> int:
    """The lot of a child."""
    return lot_of(seed, line(seed, document_key))
