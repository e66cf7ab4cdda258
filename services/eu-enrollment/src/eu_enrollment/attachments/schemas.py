"""Bodies of files."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from eu_enrollment.attachments.model import AttachmentKind


class AttachmentOut(BaseModel):
    """A file of a document. ``application_id`` is the id of the draft or of the application: they have one."""

    id: UUID
    application_id: UUID
    kind: AttachmentKind
    title: str
    benefit: str | None
    media_type: str
    size: int
    sha256: str
    uploaded_at: datetime
