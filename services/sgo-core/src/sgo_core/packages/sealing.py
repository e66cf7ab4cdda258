"""Encrypting a package to its receiver: CMS EnvelopedData (RFC 5652), AES-256, the key for the receiver's certificate (RSA).

Opened by any CMS tool with the receiver's private key: ``openssl cms -decrypt -binary -inform DER -in package.p7m -inkey key.pem``.
"""

from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from sgo_core.packages.errors import CertificateError

_BITS = 2048


def read_certificate(pem: str, now: datetime) -> tuple[str, datetime]:
    """Fingerprint and last instant of a certificate that can take packages; raises ``CertificateError``."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key = certificate.public_key()
    except Exception:  # noqa: BLE001 - whatever the parser dislikes, of a text that somebody sent
        raise CertificateError from None
    if not isinstance(key, RSAPublicKey) or key.key_size < _BITS:
        raise CertificateError
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise CertificateError
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest(), certificate.not_valid_after_utc


def encrypt(content: bytes, pem: str) -> bytes:
    """The content for the holder of the certificate's key alone, DER."""
    builder = PKCS7EnvelopeBuilder().set_data(content).set_content_encryption_algorithm(AES256)
    return builder.add_recipient(x509.load_pem_x509_certificate(pem.encode())).encrypt(
        Encoding.DER, [PKCS7Options.Binary]
    )
