"""Outside signatures under reports. A correction is a report of its own, so it begins with none."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.builds import service as builds
from reporting.builds.canonical import canonical, digest
from reporting.signatures import cms, repository
from reporting.signatures.cms import Signer
from reporting.signatures.errors import AttachedAlreadyError, CertificateError
from reporting.units import service as units
from servicekit import audit
from servicekit.crypto import FieldCipher
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_SIGNERS = TypeAdapter(list[Signer])


async def attach(uow: UnitOfWork, cipher: FieldCipher, principal: Principal, report_id: UUID, file: bytes) -> UUID:
    """Put a signature made elsewhere under a report of the caller's own level; its id.

    Raises ``NotFoundError``, ``ForbiddenError`` for a report of another level, ``SignatureError``, ``OtherContentError``,
    ``CertificateError``, ``AttachedAlreadyError``.
    """
    report = await builds.get(uow.session, principal, report_id)
    units.require_own_level(principal, report.organization_id, report.municipality)
    signers = await asyncio.to_thread(cms.read, file, canonical(report))
    if not all(_in_force(one, uow.now) for one in signers):
        raise CertificateError
    signature_id = new_id()
    values = {
        "id": signature_id,
        "report_id": report_id,
        "attached_at": uow.now,
        "attached_by": principal.account_id,
        "role": principal.role.value,
        "sha256": sha256(file).hexdigest(),
        "size": len(file),
        "content": cipher.encrypt(b64encode(file).decode(), _context(signature_id)),
        "signers": _SIGNERS.dump_python(signers, mode="json"),
    }
    if not await repository.add(uow.session, values):
        raise AttachedAlreadyError
    await audit.record(uow, principal, "report.signed", [report_id])
    return signature_id


async def of_report(uow: UnitOfWork, principal: Principal, report_id: UUID) -> tuple[str, Sequence[Any]]:
    """Digest (SHA-256, hex) of the bytes to sign, and the signatures under them; raises ``NotFoundError``."""
    report = await builds.get(uow.session, principal, report_id)
    return digest(report), await repository.of_report(uow.session, report_id)


async def file_of(
    uow: UnitOfWork, cipher: FieldCipher, principal: Principal, report_id: UUID, signature_id: UUID
) -> bytes:
    """A signature file as it was attached; raises ``NotFoundError``."""
    await builds.get(uow.session, principal, report_id)
    found = await repository.whole(uow.session, report_id, signature_id)
    if found is None:
        raise NotFoundError
    await audit.record(uow, principal, "report.signature.read", [report_id])
    return b64decode(cipher.decrypt(found.content, _context(signature_id)))


async def is_signed(session: AsyncSession, report_id: UUID) -> bool:
    """Whether any outside signature stands under a report."""
    return await repository.is_signed(session, report_id)


def _in_force(signer: Signer, now: datetime) -> bool:
    moment = signer.signed_at or now
    return signer.valid_from <= moment <= signer.valid_until


def _context(signature_id: UUID) -> str:
    return f"report.signature.{signature_id}"
