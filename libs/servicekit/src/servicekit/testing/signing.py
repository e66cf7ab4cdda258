"""Signatures as outside services make them: by the library, and by hand where the algorithm or the shape is another."""

import hashlib
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from servicekit.clock import Clock

SHA_256, SHA_1 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("06052b0e03021a")
GOST_256 = bytes.fromhex("06082a85030701010202")
_SIGNED_DATA, _DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
_CONTENT_TYPE, _DIGEST = bytes.fromhex("06092a864886f70d010903"), bytes.fromhex("06092a864886f70d010904")
_KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(now: datetime, *, days: int = 365, serial: int = 0x12D687) -> x509.Certificate:
    """A head's certificate: names the person, and the organization in the state's own attributes."""

    def digits(oid: str, value: str) -> x509.NameAttribute[str]:
        kind = x509.name._ASN1Type.NumericString  # noqa: SLF001 - the state's attributes are numeric strings
        return x509.NameAttribute(x509.ObjectIdentifier(oid), value, _type=kind)

    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Заведующая Мария Петровна"),
            x509.NameAttribute(NameOID.SURNAME, "Заведующая"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "МБДОУ № 5"),
            x509.NameAttribute(NameOID.TITLE, "Заведующий"),
            digits("1.2.643.100.1", "1022300000007"),
            digits("1.2.643.100.3", "11223344595"),
            digits("1.2.643.100.4", "2310000004"),
        ]
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Казначейство России")])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(_KEY.public_key())
    made = made.serial_number(serial).not_valid_before(now - timedelta(days=400))
    return made.not_valid_after(now + timedelta(days=days)).sign(_KEY, SHA256())


def signed(
    content: bytes, by: x509.Certificate | None = None, *, detached: bool = True, encoding: Encoding = Encoding.DER
) -> bytes:
    """A signature by the library, which notes the time of the machine whatever the day of a service: so is a certificate not named."""
    options = [pkcs7.PKCS7Options.Binary, *([pkcs7.PKCS7Options.DetachedSignature] if detached else [])]
    made = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(by or certificate(Clock().now()), _KEY, SHA256())
    return made.sign(encoding, options)


def tlv(tag: int, *parts: bytes) -> bytes:
    """A DER value."""
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x82]) + size.to_bytes(2)
    return bytes([tag]) + length + content


def handmade(
    digest: bytes,
    by: x509.Certificate,
    algorithm: bytes = SHA_256,
    *,
    certificates: bool = True,
    digests: int = 1,
    signers: int = 1,
) -> bytes:
    """A signature of any algorithm; its value is noise, which nobody here can check."""
    der = by.public_bytes(Encoding.DER)
    attributes = [tlv(0x30, _CONTENT_TYPE, tlv(0x31, _DATA))]
    attributes += [tlv(0x30, _DIGEST, tlv(0x31, tlv(0x04, digest)))] * digests
    serial = by.serial_number.to_bytes(3)
    info = tlv(
        0x30,
        tlv(0x02, b"\x01"),
        tlv(0x30, by.issuer.public_bytes(), tlv(0x02, serial)),
        tlv(0x30, algorithm),
        tlv(0xA0, *attributes),
        tlv(0x30, algorithm),
        tlv(0x04, b"noise"),
    )
    content = tlv(
        0x30,
        tlv(0x02, b"\x01"),
        tlv(0x31, tlv(0x30, algorithm)),
        tlv(0x30, _DATA),
        *([tlv(0xA0, der)] if certificates else []),
        tlv(0x31, *[info] * signers),
    )
    return tlv(0x30, _SIGNED_DATA, tlv(0xA0, content))


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
