"""Packages of the personified contingent for outer receivers, their receipts and the log of what was done with them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class PackageReceiver(Recorded, Base):
    """An outer system that takes packages, by what act, in which format; packages are encrypted to its ``certificate`` (PEM)."""

    __tablename__ = "package_receiver"
    __table_args__ = (
        Index("uq_package_receiver_name", "name", unique=True),
        CheckConstraint("format IN ('ndjson', 'xml')", name="format"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    certificate: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class ContingentPackage(Base):
    """A package: of the region, a municipality or an organization (``scope`` in one word) as of a day.

    ``number`` counts the packages of a receiver and scope, ``previous_id`` is the one it tells the differences to. Digests are
    SHA-256 of the archive before and after encryption; ``signer_fingerprint`` that of our certificate, whose key has signed it.
    """

    __tablename__ = "contingent_package"
    __table_args__ = (
        UniqueConstraint("receiver_id", "scope", "number"),
        CheckConstraint("municipality IS NULL OR organization_id IS NULL", name="scope"),
        CheckConstraint("(ready_at IS NULL) = (persons IS NULL)", name="ready"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    receiver_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("package_receiver.id"))
    scope: Mapped[str] = mapped_column(Text)
    municipality: Mapped[str | None] = mapped_column(Text, ForeignKey("municipality.oktmo"))
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    number: Mapped[int] = mapped_column(Integer)
    previous_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("contingent_package.id"))
    as_of: Mapped[date] = mapped_column(Date)
    format: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    principal: Mapped[Any] = mapped_column(JSONB)
    account_id: Mapped[str] = mapped_column(Text)
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    run_id: Mapped[UUID] = mapped_column(Uuid)
    ready_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    persons: Mapped[int | None] = mapped_column(Integer)
    added: Mapped[int | None] = mapped_column(Integer)
    changed: Mapped[int | None] = mapped_column(Integer)
    removed: Mapped[int | None] = mapped_column(Integer)
    content_sha256: Mapped[str | None] = mapped_column(Text)
    file_sha256: Mapped[str | None] = mapped_column(Text)
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    signer_fingerprint: Mapped[str | None] = mapped_column(Text)


class PackagePerson(Base):
    """Who was in a package; ``digest`` is a keyed hash of what was said of the person, no data."""

    __tablename__ = "package_person"

    package_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("contingent_package.id"), primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class PackageReceipt(Base):
    """What a receiver answered to a package."""

    __tablename__ = "package_receipt"

    package_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("contingent_package.id"), primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    accepted: Mapped[int] = mapped_column(Integer)
    rejected: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[str] = mapped_column(Text)


class PackageRejection(Base):
    """A person whom the receiver did not take, by its own code."""

    __tablename__ = "package_rejection"
    __table_args__ = (
        ForeignKeyConstraint(
            ["package_id", "student_id"],
            ["package_person.package_id", "package_person.student_id"],
            name="fk_package_rejection_person",
        ),
    )

    package_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)


class PackageLog(Base):
    """The log of technical exports: who did what with which package, when, of how many people. Never altered."""

    __tablename__ = "package_log"
    __table_args__ = (
        CheckConstraint("action IN ('ordered', 'made', 'downloaded', 'receipt')", name="action"),
        Index("ix_package_log_package_id", "package_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    package_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("contingent_package.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    action: Mapped[str] = mapped_column(Text)
    account_id: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    persons: Mapped[int | None] = mapped_column(Integer)
