"""Outside signatures over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from reporting.signatures.cms import Signer

NOT_VERIFIED = "Подлинность подписи проверяет внешний сервис"


class Signature(BaseModel):
    """A signature file under a report: who attached it and when, its SHA-256 (hex) and size (bytes), who signed by it.

    ``verification`` says in words how far it was verified.
    """

    id: UUID
    report_id: UUID
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
    """Signatures under a report; ``sha256`` (hex) is that of the bytes they are made under."""

    sha256: str
    items: list[Signature]
