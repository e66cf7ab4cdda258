"""Scans: uploaded, then attached to a card or a record of one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Upload(Base):
    """A file that an account has sent: it lies in ``pending/`` and is forgotten unless it is attached to something."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_uploaded_at", "uploaded_at"),
        CheckConstraint("media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name="media_type"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Attachment(Recorded, Base):
    """A scan of a card's paper; ``id`` is the upload's. ``organization_id`` is the one that attached it.

    ``removed_at``: nobody reads it any more; ``erased_at``: the file is gone. ``stored_at``: it lies where it is kept. The file is
    encrypted under the field keys; size and digest are those of what was sent.
    """

    belongs_to = ("subject_id",)
    quiet = ("stored_at",)

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_subject_id", "subject_id", "id"),
        Index("ix_attachment_pending", "id", postgresql_where=text("stored_at IS NULL AND erased_at IS NULL")),
        Index("ix_attachment_removed", "removed_at", postgresql_where=text("erased_at IS NULL")),
        CheckConstraint("subject_kind IN ('student', 'guardian', 'worker', 'organization')", name="subject_kind"),
        CheckConstraint("num_nonnulls(consent_id, order_id) <= 1", name="record"),
        CheckConstraint("erased_at IS NULL OR removed_at IS NOT NULL", name="erased"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    organization_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(Text)
    consent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("consent.id"))
    order_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("movement_order.id"))
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    attached_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    stored_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
