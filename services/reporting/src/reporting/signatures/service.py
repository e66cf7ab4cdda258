"""Outside signatures under reports. A correction is a report of its own, so it begins with none."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.builds import service as builds
from reporting.builds.canonical import canonical
from reporting.signatures.model import report_signature
from reporting.units import service as units
from servicekit import audit
from servicekit.crypto import FieldCipher
from servicekit.security import Principal
from servicekit.signing.keeping import Attached, SignatureFiles
from servicekit.uow import UnitOfWork

_FILES = SignatureFiles(report_signature)


async def attach(uow: UnitOfWork, cipher: FieldCipher, principal: Principal, report_id: UUID, file: bytes) -> Attached:
    """Put a signature made elsewhere under a report of the caller's own level.

    Raises ``NotFoundError``, ``ForbiddenError`` for a report of another level, ``SignatureError``, ``OtherContentError``,
    ``CertificateError``.
    """
    report = await builds.get(uow, principal, report_id)
    units.require_own_level(principal, report.organization_id, report.municipality)
    made = await _FILES.attach(uow, cipher, principal, {"report_id": report_id}, canonical(report), file)
    await audit.record(uow, principal, "report.signed", [report_id])
    return made


async def of_report(uow: UnitOfWork, principal: Principal, report_id: UUID) -> tuple[bytes, Sequence[Any]]:
    """The bytes to sign, and the signatures under them; raises ``NotFoundError``."""
    report = await builds.get(uow, principal, report_id)
    return canonical(report), await _FILES.of(uow.session, {"report_id": report_id})


async def file_of(
    uow: UnitOfWork, cipher: FieldCipher, principal: Principal, report_id: UUID, signature_id: UUID
) -> bytes:
    """A signature file as it was attached; raises ``NotFoundError``."""
    await builds.get(uow, principal, report_id)
    content = await _FILES.file(uow.session, cipher, {"report_id": report_id}, signature_id)
    await audit.record(uow, principal, "report.signature.read", [report_id])
    return content


async def is_signed(session: AsyncSession, report_id: UUID) -> bool:
    """Whether any outside signature stands under a report."""
    return await _FILES.stand(session, {"report_id": report_id})
