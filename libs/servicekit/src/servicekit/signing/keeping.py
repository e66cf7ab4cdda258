"""Signature files under the records of a service: each is held to the record's bytes, then kept encrypted, for it names officials."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import CheckConstraint, Column, ColumnElement, DateTime, Integer, Table, Text, exists, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.schema import SchemaItem

from servicekit.crypto import FieldCipher
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.signing import cms
from servicekit.signing.cms import Signer
from servicekit.signing.errors import CertificateError
from servicekit.uow import UnitOfWork

_SIGNERS = TypeAdapter(list[Signer])


def signature_columns() -> Sequence[SchemaItem]:
    """What every table of signatures has beside its key, which ends in ``id``, and the key of the record that is signed.

    Such a table is append-only for the application, and a file stands under a record once (a unique key: the record's, ``sha256``).
    """
    return (
        Column("attached_at", DateTime(timezone=True), nullable=False),
        Column("attached_by", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("size", Integer, nullable=False),
        Column("content", Text, nullable=False),
        Column("signers", JSONB, nullable=False),
        CheckConstraint("jsonb_array_length(signers) > 0", name="signers"),
    )


@dataclass(frozen=True)
class Attached:
    """A signature under a record, without its file. ``new``: it was put there now, and not before."""

    row: Any
    new: bool


@dataclass(frozen=True)
class SignatureFiles:
    """The signatures of one table. A record is told by its key there: columns and values (``of``)."""

    table: Table

    async def attach(
        self,
        uow: UnitOfWork,
        cipher: FieldCipher,
        principal: Principal,
        of: Mapping[str, Any],
        content: bytes,
        file: bytes,
    ) -> Attached:
        """Put a signature of ``content``, the bytes of a record, under it; the same file once more changes nothing.

        Raises ``SignatureError``, ``OtherContentError``, ``CertificateError``.
        """
        signers = await asyncio.to_thread(cms.read, file, content)
        if not all(one.valid_from <= (one.signed_at or uow.now) <= one.valid_until for one in signers):
            raise CertificateError
        signature_id, digest = new_id(), sha256(file).hexdigest()
        values = {
            **of,
            "id": signature_id,
            "attached_at": uow.now,
            "attached_by": principal.account_id,
            "role": principal.role.value,
            "sha256": digest,
            "size": len(file),
            "content": cipher.encrypt(b64encode(file).decode(), self._context(signature_id)),
            "signers": _SIGNERS.dump_python(signers, mode="json"),
        }
        adding = insert(self.table).values(values).on_conflict_do_nothing(index_elements=[*of, "sha256"])
        new = await uow.session.scalar(adding.returning(self.table.c.id)) is not None
        found = await uow.session.execute(self._told(of).where(self.table.c.sha256 == digest))
        return Attached(found.one(), new)

    async def of(self, session: AsyncSession, of: Mapping[str, Any]) -> Sequence[Any]:
        """Signatures under a record without their files, in the order they were attached."""
        return (await session.execute(self._told(of).order_by(self.table.c.id))).all()

    async def file(
        self, session: AsyncSession, cipher: FieldCipher, of: Mapping[str, Any], signature_id: UUID
    ) -> bytes:
        """A signature file as it was attached; raises ``NotFoundError``."""
        content = await session.scalar(
            select(self.table.c.content).where(*self._under(of), self.table.c.id == signature_id)
        )
        if content is None:
            raise NotFoundError
        return b64decode(cipher.decrypt(content, self._context(signature_id)))

    async def stand(self, session: AsyncSession, of: Mapping[str, Any]) -> bool:
        """Whether any signature stands under a record."""
        return bool(await session.scalar(select(exists().where(*self._under(of)))))

    def _told(self, of: Mapping[str, Any]) -> Any:
        return select(*(one for one in self.table.c if one.name != "content")).where(*self._under(of))

    def _under(self, of: Mapping[str, Any]) -> list[ColumnElement[bool]]:
        return [self.table.c[name] == value for name, value in of.items()]

    def _context(self, signature_id: UUID) -> str:
        return f"{self.table.name}.{signature_id}"
