"""Our signature under a package: CMS SignedData (RFC 5652), detached, of the manifest, which holds the digest of every file.

The receiver checks it with our certificate alone:
``openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json -CAfile ours.pem -purpose any``.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from sgo_core.packages.errors import SignatureError

SIGNATURE = "manifest.p7s"
_DETACHED = [PKCS7Options.Binary, PKCS7Options.DetachedSignature]


@dataclass(frozen=True)
class Signer:
    """The key that signs packages, and its certificate."""

    key: EllipticCurvePrivateKey | RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def load(cls, path: Path | None, now: datetime) -> "Signer":
        """Of a PEM file with both, EC or RSA; raises ``SignatureError`` for none, or one whose certificate is not in force."""
        if path is None:
            raise SignatureError
        try:
            pem = path.read_bytes()
            key, certificate = load_pem_private_key(pem, password=None), x509.load_pem_x509_certificate(pem)
        except (OSError, ValueError):
            raise SignatureError from None
        if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey):
            raise SignatureError
        form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
            raise SignatureError
        if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
            raise SignatureError
        return cls(key, certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, to be compared with what the receiver was given."""
        return sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()

    def sign(self, content: bytes) -> bytes:
        """A signature apart from the content, DER."""
        builder = PKCS7SignatureBuilder().set_data(content).add_signer(self.certificate, self.key, SHA256())
        return builder.sign(Encoding.DER, _DETACHED)
