"""Signatures made elsewhere over HTTP: how a file is sent, what is told of it."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, File, UploadFile
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from servicekit.http.idempotency import Once
from servicekit.signing.cms import Signer
from servicekit.signing.errors import SignatureTooLargeError
from servicekit.signing.keeping import Attached

NOT_VERIFIED = "Подлинность подписи проверяет внешний сервис"
MAX_SIGNATURE = 128 * 1024
MEDIA_TYPE = "application/pkcs7-signature"


async def _sent(
    file: Annotated[
        UploadFile, File(description="Отсоединённая подпись CMS (.p7s, .sig; DER или PEM), не больше 128 КБ")
    ],
) -> bytes:
    content = await file.read(MAX_SIGNATURE + 1)
    if len(content) > MAX_SIGNATURE:
        raise SignatureTooLargeError
    return content


SignatureFile = Annotated[bytes, Depends(_sent)]
"""The signature file of a request, a form's ``file``."""


class Signature(BaseModel):
    """A signature file under a record: who attached it and when, its SHA-256 (hex) and size (bytes), who signed by it.

    ``verification`` says in words how far it was verified.
    """

    id: UUID
    attached_at: datetime
    attached_by: str
    role: str
    sha256: str
    size: int
    signers: list[Signer]
    verification: str = NOT_VERIFIED

    @classmethod
    def of(cls, row: Any) -> "Signature":
        """From the table's row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields if name != "verification"})


class Signatures(BaseModel):
    """Signatures under a record; ``sha256`` (hex) is that of the bytes they are made under, none while those are not fixed."""

    sha256: str | None
    items: list[Signature]

    @classmethod
    def under(cls, content: bytes | None, rows: Iterable[Any]) -> "Signatures":
        """Those under the bytes of a record."""
        digest = None if content is None else sha256(content).hexdigest()
        return cls(sha256=digest, items=[Signature.of(one) for one in rows])


async def answer_attached(once: Once, file: bytes, attach: Callable[[], Awaitable[Attached]]) -> JSONResponse:
    """201 with the signature that ``attach`` put there, 200 with the same file's that stood there before."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await attach()
        return (201 if made.new else 200), Signature.of(made.row).model_dump(mode="json")

    return await once(create, body=sha256(file).digest())
