"""Files: uploaded by an account, then attached to a homework, a hand-in, a course or a statement of marks."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from sgo_journal.base import PARTITIONED, Base, PerYear


class Upload(Base):
    """A file that belongs to nothing yet: it is forgotten unless it is attached within a day."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_uploaded_at", "uploaded_at"),
        Index("ix_upload_account_id", "account_id"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[dt.datetime]


class AttachedFile(PerYear, Base):
    """A file of ``owner_id``, which decides who reads it; ``id`` is the upload's. ``sha256`` and ``size`` are of what was sent."""

    __tablename__ = "attached_file"
    __table_args__ = (
        Index("ix_attached_file_id", "id"),
        Index("ix_attached_file_owner_id", "organization_id", "academic_year", "owner_id"),
        CheckConstraint("size > 0", name="size"),
        PARTITIONED,
    )

    owner_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    attached_at: Mapped[dt.datetime]
    attached_by: Mapped[UUID]
