"""Secrets of an instance: made once, kept 0600."""

import json
import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from devstack.osuser import make_folder, write_file


class Credentials:
    """Named secrets and key files; a name asked for the first time is generated and stored."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "secrets.json"
        self._keys = folder / "keys"
        self._values: dict[str, str] = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}

    def password(self, name: str) -> str:
        """A password without characters that an address or a configuration file would need escaped."""
        return self._value(f"password/{name}", lambda: secrets.token_hex(20))

    def key(self, name: str) -> str:
        """``id:base64`` of 32 random bytes."""
        return self._value(f"key/{name}", lambda: f"k1:{b64encode(secrets.token_bytes(32)).decode()}")

    def key_file(self, name: str) -> Path:
        """PEM file of an EC P-256 private key."""
        path = self._keys / f"{name}.pem"
        if not path.exists():
            make_folder(self._keys)
            key = ec.generate_private_key(ec.SECP256R1())
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
            write_file(path, pem)
        return path

    def signer_file(self, name: str) -> Path:
        """PEM file of a key as ``key_file`` makes it and a certificate that it signs itself, for ten years."""
        path = self._keys / f"{name}.pem"
        if not path.exists():
            pem = self.key_file(name).read_bytes()
            key = load_pem_private_key(pem, password=None)
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            write_file(path, pem.decode() + _certificate(key, name).public_bytes(Encoding.PEM).decode())
        return path

    def _value(self, name: str, make: Callable[[], str]) -> str:
        if name not in self._values:
            self._values[name] = make()
            write_file(self._file, json.dumps(self._values, indent=2, sort_keys=True) + "\n")
        return self._values[name]


def _certificate(key: ec.EllipticCurvePrivateKey, name: str) -> x509.Certificate:
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"asu-{name}")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
