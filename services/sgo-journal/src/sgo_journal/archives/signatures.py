"""Outside signatures under an archive of closed journals: made under its manifest, which names every journal with its digest.

An archive stays as it is whatever becomes of the journals; it may be signed while all of them are closed as it tells of them.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.crypto import FieldCipher
from servicekit.security import Principal
from servicekit.signing.keeping import Attached, SignatureFiles
from servicekit.uow import UnitOfWork
from sgo_journal.archives import repository
from sgo_journal.archives.errors import ArchiveFailedError, NotClosedError, NotFinishedError
from sgo_journal.archives.model import Archive, archive_signature

_FILES = SignatureFiles(archive_signature)


def _of(archive: Archive) -> dict[str, Any]:
    return {
        "organization_id": archive.organization_id,
        "academic_year": archive.academic_year,
        "archive_id": archive.id,
    }


async def to_sign(uow: UnitOfWork, archive: Archive) -> bytes:
    """The manifest, as it lies in the archive.

    Raises ``NotFinishedError``, ``ArchiveFailedError``; ``NotClosedError`` unless every journal was closed for the year before it was
    read, and is still.
    """
    if archive.manifest is None:
        raise NotFinishedError if archive.failed_at is None else ArchiveFailedError
    left = await repository.count_open(uow.session, archive)
    if left:
        raise NotClosedError(members={"journals": left})
    return archive.manifest.encode()


async def attach(uow: UnitOfWork, cipher: FieldCipher, principal: Principal, archive: Archive, file: bytes) -> Attached:
    """Put a signature made elsewhere under an archive.

    Raises what ``to_sign`` does, ``SignatureError``, ``OtherContentError``, ``CertificateError``.
    """
    made = await _FILES.attach(uow, cipher, principal, _of(archive), await to_sign(uow, archive), file)
    await audit.record(uow, principal, "archive.signature.attach", [archive.id])
    return made


async def listed(uow: UnitOfWork, archive: Archive) -> tuple[bytes | None, Sequence[Any]]:
    """The bytes to sign, once they are made, and the signatures under them."""
    content = None if archive.manifest is None else archive.manifest.encode()
    return content, await _FILES.of(uow.session, _of(archive))


async def file_of(
    uow: UnitOfWork, cipher: FieldCipher, principal: Principal, archive: Archive, signature_id: UUID
) -> bytes:
    """A signature file as it was attached; raises ``NotFoundError``."""
    content = await _FILES.file(uow.session, cipher, _of(archive), signature_id)
    await audit.record(uow, principal, "archive.signature.read", [archive.id])
    return content


async def files(uow: UnitOfWork, cipher: FieldCipher, archive: Archive) -> list[bytes]:
    """All signature files under an archive, in the order they were attached."""
    found = await _FILES.of(uow.session, _of(archive))
    return [await _FILES.file(uow.session, cipher, _of(archive), one.id) for one in found]
