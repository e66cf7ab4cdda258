"""Archives of journals: which journals are kept, as which files, and what vouches for them."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Table, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from servicekit.signing.keeping import signature_columns
from sgo_journal.base import PARTITIONED, Base, PerYear, belongs_to

_PART = ("organization_id", "academic_year", "archive_id")


class Archive(PerYear, Base):
    """The journals of a year, of a class or group (``learners_id``) or of all.

    ``sealed_block``, ``sealed_hash``: the head of the sealed history when it was begun. ``manifest`` names every file with its digest;
    once it stands nothing of the archive is changed. Nor is it when it has failed: ``failure`` says why, in words for its readers.
    One of a year is made at a time.
    """

    __tablename__ = "archive"
    __table_args__ = (
        Index("ix_archive_id", "id"),
        CheckConstraint("(sealed_block IS NULL) = (sealed_hash IS NULL)", name="sealed"),
        Index(
            "uq_archive_in_progress",
            *("organization_id", "academic_year"),
            unique=True,
            postgresql_where=text("finished_at IS NULL AND failed_at IS NULL"),
        ),
        CheckConstraint("num_nulls(finished_at, manifest, manifest_sha256) IN (0, 3)", name="finished"),
        CheckConstraint("(failed_at IS NULL) = (failure IS NULL)", name="failed"),
        CheckConstraint("finished_at IS NULL OR failed_at IS NULL", name="ended_once"),
        PARTITIONED,
    )

    learners_id: Mapped[UUID | None]
    made_by: Mapped[UUID]
    made_at: Mapped[dt.datetime]
    sealed_block: Mapped[int | None]
    sealed_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    finished_at: Mapped[dt.datetime | None]
    manifest: Mapped[str | None]
    manifest_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    failed_at: Mapped[dt.datetime | None]
    failure: Mapped[str | None]


class ArchiveFile(PerYear, Base):
    """A journal of an archive as a document; without a digest it is still to be made. ``id`` and digest name it in the store.

    ``read_at``: the instant it tells of; ``sealed_block``, ``sealed_hash``: the head of the sealed history then; ``student_ids``:
    cards of those it tells of.
    """

    __tablename__ = "archive_file"
    __table_args__ = (
        UniqueConstraint(*_PART, "journal_id", name="uq_archive_file_journal"),
        UniqueConstraint(*_PART, "name", name="uq_archive_file_name"),
        belongs_to("archive_file", "archive"),
        belongs_to("archive_file", "journal"),
        CheckConstraint("num_nulls(size, sha256, read_at, student_ids) IN (0, 4)", name="made"),
        CheckConstraint("(sealed_block IS NULL) = (sealed_hash IS NULL)", name="sealed"),
        PARTITIONED,
    )

    archive_id: Mapped[UUID]
    journal_id: Mapped[UUID]
    learners_id: Mapped[UUID]
    name: Mapped[str]
    size: Mapped[int | None]
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    read_at: Mapped[dt.datetime | None]
    student_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    sealed_block: Mapped[int | None]
    sealed_hash: Mapped[bytes | None] = mapped_column(LargeBinary)


archive_signature = Table(
    "archive_signature",
    Base.metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("academic_year", Integer, primary_key=True, autoincrement=False),
    Column("id", Uuid, primary_key=True),
    Column("archive_id", Uuid, nullable=False),
    *signature_columns(),
    UniqueConstraint(*_PART, "sha256", name="uq_archive_signature_file"),
    belongs_to("archive_signature", "archive"),
    comment="Immutable: detached signatures under the manifests of archives; content is encrypted, as it names officials",
    postgresql_partition_by=PARTITIONED["postgresql_partition_by"],
)
