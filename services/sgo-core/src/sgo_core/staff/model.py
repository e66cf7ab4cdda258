"""Workers: teaching, administrative, support; of organizations and of governing bodies."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, LargeBinary, Numeric, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sgo_core.database import Base
from sgo_core.history.recorded import Recorded


class Worker(Recorded, Base):
    """A worker's card; fields as the catalogue has them, sealed ones as ciphertext.

    ``statistical_id`` is the pseudonym forms count the worker under. ``told_on``: up to which day others know the posts that begin and
    end by themselves.
    """

    quiet = ("told_on",)

    __tablename__ = "worker"
    __table_args__ = (
        Index("uq_worker_statistical_id", "statistical_id", unique=True),
        Index("uq_worker_snils_key", "snils_key", unique=True),
        Index("uq_worker_document_key", "document_key", unique=True),
        Index(
            "ix_worker_search_name",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index("ix_worker_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        CheckConstraint("sex IN ('male', 'female')", name="sex"),
        CheckConstraint("merged_into IS NULL OR (archived_on IS NOT NULL AND merged_into <> id)", name="merged_into"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    statistical_id: Mapped[UUID] = mapped_column(Uuid)
    archived_on: Mapped[date | None] = mapped_column(Date)
    merged_into: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("worker.id"))
    told_on: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    search_name: Mapped[str] = mapped_column(Text)
    snils_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    middle_name: Mapped[str | None] = mapped_column(Text)
    birth_date: Mapped[date | None] = mapped_column(Date)
    sex: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str | None] = mapped_column(Text)
    residence: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    registration: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    home_phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    subjects: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    service_since: Mapped[date | None] = mapped_column(Date)
    family_status: Mapped[str | None] = mapped_column(Text)
    inn: Mapped[str | None] = mapped_column(Text)
    snils: Mapped[str | None] = mapped_column(Text)
    awards: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    education: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    courses: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    qualification: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    staff_category: Mapped[str | None] = mapped_column(Text)
    mobile_phone: Mapped[str | None] = mapped_column(Text)
    citizenship: Mapped[str | None] = mapped_column(Text)
    teaching_since: Mapped[date | None] = mapped_column(Date)
    degree: Mapped[str | None] = mapped_column(Text)


class Employment(Recorded, Base):
    """A post a worker holds [hired_on, dismissed_on), in an organization or a governing body; ``rate`` of a full position.

    One main employment at a time in the whole region; an organization has one director.
    """

    belongs_to = ("worker_id",)

    __tablename__ = "employment"
    __table_args__ = (
        Index("ix_employment_worker_id", "worker_id"),
        Index("ix_employment_organization_id", "organization_id", "worker_id"),
        Index("ix_employment_body_id", "body_id", "worker_id"),
        CheckConstraint("(organization_id IS NULL) <> (body_id IS NULL)", name="employer"),
        CheckConstraint("rate > 0 AND rate <= 2", name="rate"),
        CheckConstraint("dismissed_on > hired_on", name="interval"),
        CheckConstraint("(dismissed_on IS NULL) = (dismissal_order IS NULL)", name="dismissal"),
        ExcludeConstraint(
            ("worker_id", "="),
            (func.daterange(text("hired_on"), text("dismissed_on")), "&&"),
            name="ex_employment_main",
            where=text("main"),
        ),
        ExcludeConstraint(
            ("organization_id", "="),
            (func.daterange(text("hired_on"), text("dismissed_on")), "&&"),
            name="ex_employment_director",
            where=text("post_code = 'director'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("worker.id"))
    organization_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("organization.id"))
    body_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("governing_body.id"))
    post_code: Mapped[str] = mapped_column(Text)
    main: Mapped[bool] = mapped_column(Boolean)
    rate: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    hired_on: Mapped[date] = mapped_column(Date)
    order_number: Mapped[str] = mapped_column(Text)
    order_date: Mapped[date | None] = mapped_column(Date)
    dismissed_on: Mapped[date | None] = mapped_column(Date)
    dismissal_order: Mapped[str | None] = mapped_column(Text)
