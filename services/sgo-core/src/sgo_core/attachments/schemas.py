"""HTTP shapes of uploads and scans."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import Body, Line, Text
from sgo_core.attachments.kinds import Record
from sgo_core.catalogue.definition import CardKind

Subject = Literal[CardKind.STUDENT, CardKind.GUARDIAN, CardKind.WORKER, CardKind.ORGANIZATION]


class UploadOut(Body):
    """A file taken: to be attached within a day."""

    upload_id: UUID
    media_type: str
    size: Annotated[int, Field(title="Размер, байт")]
    sha256: str


class AttachmentIn(Body):
    """An upload to attach to a card, or to a consent or order (``record_id``) of it, as the kind of document says."""

    upload_id: UUID
    subject_kind: Subject
    subject_id: UUID
    kind: Annotated[Line, Field(title="Вид документа (код справочника)")]
    record_id: UUID | None = None


class AttachmentMade(Body):
    """A scan attached."""

    id: UUID
    version: int


class AttachmentOut(AttachmentMade):
    """A scan: what it is of, who attached it when; ``removed_at``: nobody reads it any more."""

    subject_kind: Subject
    subject_id: UUID
    kind: str
    title: str
    record_id: UUID | None
    media_type: str
    size: int
    sha256: str
    attached_at: datetime
    removed_at: datetime | None


class RemovalIn(Body):
    """Why a scan is removed."""

    reason: Text


class DocumentKindOut(Body):
    """A kind of document: whose, what field it proves, and by which rule of the catalogue it is kept."""

    code: str
    title: str
    of: list[CardKind]
    field: str | None
    record: Record | None
    retention: dict[CardKind, str]


class DocumentKindsOut(Body):
    """All kinds of documents."""

    items: list[DocumentKindOut]
