"""A detached CMS signature (RFC 5652), read: who signed by which certificate, when by its own word, under which digest.

Nothing is proven here but that the digest is that of our bytes, where the algorithm is at hand: whether the signature is genuine and
the certificate trusted, an outside service tells, which knows the state's certificates and algorithms.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from servicekit.signing.der import OCTETS, OID, SEQUENCE, SET, DerError, Node
from servicekit.signing.errors import OtherContentError, SignatureError

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_MESSAGE_DIGEST, _SIGNING_TIME = "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
_AT_HAND = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_NOT_AT_HAND = {"1.2.643.7.1.1.2.2": ("gost-34.11-2012-256", 32), "1.2.643.7.1.1.2.3": ("gost-34.11-2012-512", 64)}
_MOST_SIGNERS = 10
_MOST_CERTIFICATES = 30
_BEGIN, _LABELS = b"-----BEGIN ", (b"PKCS7", b"CMS", b"SIGNED MESSAGE")
_CONTEXT_0, _CONTEXT_1, _KEY_ID = 0xA0, 0xA1, 0x80
_OGRN, _INN_OF_ENTITY, _INN = (x509.ObjectIdentifier(f"1.2.643.{one}") for one in ("100.1", "100.4", "3.131.1.1"))
_PADDED_INN = re.compile(r"00([0-9]{10})")
"""The ИНН of a legal entity in certificates made before it had an attribute of its own; that of a person has no leading zeros."""


_UNREADABLE = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
"""What the reader of certificates raises over bytes that are none."""


@dataclass(frozen=True)
class Signer:
    """Who signed, as far as it may be shown: the organization and the post, never the person (that stays in the file).

    ``digest``: the algorithm; ``digest_checked``: that it is ours was checked here. ``signed_at`` is the signer's own word.
    """

    serial: str
    issuer: str | None
    organization: str | None
    ogrn: str | None
    inn: str | None
    job_title: str | None
    valid_from: datetime
    valid_until: datetime
    certificate_sha256: str
    signed_at: datetime | None
    digest: str
    digest_checked: bool


def read(file: bytes, content: bytes) -> list[Signer]:
    """Signers of ``content`` by a signature file, DER or PEM; raises ``SignatureError``, ``OtherContentError``."""
    try:
        found = list(_signers(Node.parse(_der(file)), content))
    except (ValueError, IndexError):
        raise SignatureError("Файл не читается: нужна подпись CMS (PKCS#7) в кодировке DER или PEM") from None
    return found


def _der(file: bytes) -> bytes:
    text = file.strip()
    if not text.startswith(_BEGIN):
        return file
    label, _, rest = text.removeprefix(_BEGIN).partition(b"-----")
    body, end, tail = rest.partition(b"-----END " + label + b"-----")
    if label not in _LABELS or not end or tail:
        raise DerError("no PEM of a signature")
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        raise DerError("no base64") from None


def _signers(root: Node, content: bytes) -> Iterator[Signer]:
    kind, explicit = root.children(SEQUENCE)
    if kind.oid != _SIGNED_DATA:
        raise DerError("no signed data")
    (signed,) = explicit.children(_CONTEXT_0)
    _version, _digests, encapsulated, *rest = signed.children(SEQUENCE)
    if len(encapsulated.children(SEQUENCE)) > 1:
        raise SignatureError("Подпись присоединённая: в файле лежат сами данные, нужна отсоединённая")
    certificates = [one for part in rest if part.tag == _CONTEXT_0 for one in part.children() if one.tag == SEQUENCE]
    infos = rest[-1].children(SET) if rest else []
    if not 0 < len(infos) <= _MOST_SIGNERS or len(certificates) > _MOST_CERTIFICATES:
        raise SignatureError("В файле нет подписей, или подписей и сертификатов слишком много")
    for info in infos:
        yield _signer(info, certificates, content)


def _signer(info: Node, certificates: Sequence[Node], content: bytes) -> Signer:
    _version, signer_id, algorithm, *rest = info.children(SEQUENCE)
    certificate = next((one for one in certificates if _is_of(one, signer_id)), None)
    if certificate is None:
        raise SignatureError("В файле нет сертификата подписавшего")
    if not rest or rest[0].tag != _CONTEXT_0:
        raise SignatureError("В подписи нет подписанных свойств с хешем данных")
    attributes = _attributes(rest[0])
    stated = attributes.get(_MESSAGE_DIGEST)
    if stated is None or stated.tag != OCTETS:
        raise SignatureError("В подписи нет хеша данных")
    digest, checked = _digest(algorithm.children(SEQUENCE)[0].oid, stated.content, content)
    signed_at = attributes[_SIGNING_TIME].instant if _SIGNING_TIME in attributes else None
    return _told(certificate.whole, signed_at, digest, checked=checked)


def _attributes(part: Node) -> Mapping[str, Node]:
    found: dict[str, Node] = {}
    for one in part.children():
        name, values = one.children(SEQUENCE)
        if name.tag != OID or name.oid in found:
            raise DerError("an attribute twice")
        inside = values.children(SET)
        if len(inside) == 1:
            found[name.oid] = inside[0]
    return found


def _digest(algorithm: str, stated: bytes, content: bytes) -> tuple[str, bool]:
    if algorithm in _AT_HAND:
        name = _AT_HAND[algorithm]
        if hashlib.new(name, content).digest() != stated:
            raise OtherContentError
        return name, True
    if algorithm not in _NOT_AT_HAND:
        raise SignatureError("Хеш посчитан по неизвестному или слабому алгоритму: нужен ГОСТ Р 34.11-2012 или SHA-2")
    name, size = _NOT_AT_HAND[algorithm]
    if len(stated) != size:
        raise DerError("a digest of another length")
    return name, False


def _is_of(certificate: Node, signer_id: Node) -> bool:
    if signer_id.tag == _KEY_ID:
        return _key_id(certificate) == signer_id.content
    issuer, serial = signer_id.children(SEQUENCE)
    fields = certificate.children(SEQUENCE)[0].children(SEQUENCE)
    if fields[0].tag == _CONTEXT_0:
        fields = fields[1:]
    return fields[0].content == serial.content and fields[2].whole == issuer.whole


def _key_id(certificate: Node) -> bytes | None:
    try:
        extensions = x509.load_der_x509_certificate(certificate.whole).extensions
        return extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except (*_UNREADABLE, x509.ExtensionNotFound):
        return None


def _told(der: bytes, signed_at: datetime | None, digest: str, *, checked: bool) -> Signer:
    try:
        certificate = x509.load_der_x509_certificate(der)
        subject, issuer = certificate.subject, certificate.issuer
        inn = _first(subject, _INN_OF_ENTITY)
        padded = _PADDED_INN.fullmatch(_first(subject, _INN) or "")
        return Signer(
            serial=f"{certificate.serial_number:x}",
            issuer=_first(issuer, NameOID.ORGANIZATION_NAME) or _first(issuer, NameOID.COMMON_NAME),
            organization=_first(subject, NameOID.ORGANIZATION_NAME),
            ogrn=_first(subject, _OGRN),
            inn=inn or (padded[1] if padded else None),
            job_title=_first(subject, NameOID.TITLE),
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            certificate_sha256=hashlib.sha256(der).hexdigest(),
            signed_at=signed_at,
            digest=digest,
            digest_checked=checked,
        )
    except _UNREADABLE:
        raise SignatureError("Сертификат подписавшего не читается") from None


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    """A name's first attribute of a kind as text: bytes are none, and what no database keeps is left out."""
    value = next((one.value for one in name.get_attributes_for_oid(oid)), None)
    return value.replace("\0", "")[:500] if isinstance(value, str) else None
