"""Identity numbers at rest and in transit: sealed so that only we read them, hashed so that we find them.

The vault travels with the session, so that a use case reached by a request, a message or a run finds the same one.
"""

from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.crypto import FieldCipher, FileCipher, KeyedHash
from servicekit.uow import UnitOfWork

_INFO_KEY = "vault"


class Vault:
    """Ciphers and keyed hash of one process. ``transport`` is absent where no transport key is configured."""

    def __init__(
        self, cipher: FieldCipher, files: FileCipher, hasher: KeyedHash, transport: FieldCipher | None
    ) -> None:
        self._files = files
        self._cipher = cipher
        self._hasher = hasher
        self._transport = transport

    @property
    def info(self) -> dict[str, "Vault"]:
        """What a session carries so that ``vault_of`` finds this vault."""
        return {_INFO_KEY: self}

    def seal_file(self, content: bytes, file_id: UUID) -> bytes:
        """A file as it is stored."""
        return self._files.encrypt(content, f"file.{file_id}")

    def open_file(self, sealed: bytes, file_id: UUID) -> bytes:
        """The file again; raises ``UndecryptableError``."""
        return self._files.decrypt(sealed, f"file.{file_id}")

    def seal(self, value: str, field: str) -> str:
        """Ciphertext of a field such as ``student.snils``."""
        return self._cipher.encrypt(value, field)

    def open(self, sealed: str, field: str) -> str:
        """The value again; raises ``UndecryptableError``."""
        return self._cipher.decrypt(sealed, field)

    def snils_key(self, snils: str) -> bytes:
        """Hash that finds a person by the 11 digits of the СНИЛС."""
        return self._hasher.digest(snils, "person.snils")

    def document_key(self, *parts: str) -> bytes:
        """Hash that finds a person by an identity document: kind, series and number in normal form, and what else tells it apart."""
        return self._hasher.digest("\x00".join(parts), "person.document")

    def digest(self, text: str, context: str) -> bytes:
        """Hash that tells whether what is said is the same as before, and nothing of what it is."""
        return self._hasher.digest(text, context)

    def statistical_id(self, counted: Literal["student", "worker", "employment"], row_id: UUID) -> UUID:
        """Reporting pseudonym of what is counted: not made from its id without the key (ADR 0005 says who knows both)."""
        return UUID(bytes=self._hasher.digest(str(row_id), f"{counted}.statistical")[:16], version=5)

    def receive(self, sealed: str, context: str) -> str:
        """A value that travelled encrypted; raises ``UndecryptableError``, or ``RuntimeError`` without a transport key."""
        if self._transport is None:
            raise RuntimeError("ASU_TRANSPORT_KEYS is not set")
        return self._transport.decrypt(sealed, context)


def vault_of(uow: UnitOfWork) -> Vault:
    """The vault of a unit of work."""
    return vault_in(uow.session)


def vault_in(session: AsyncSession) -> Vault:
    """The vault a session carries."""
    vault: Vault = session.info[_INFO_KEY]
    return vault
