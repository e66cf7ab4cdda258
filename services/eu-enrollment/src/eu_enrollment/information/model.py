"""What the registry publishes of organizations, groups, programmes and governing bodies beyond the directory's copy."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from eu_enrollment.database import metadata as service_metadata


class Base(DeclarativeBase):
    """Base of the copies; ``sequence`` orders the states of a row, ``updated_at`` is when the registry told this one."""

    metadata = service_metadata
    type_annotation_map = {str: Text, UUID: Uuid, datetime: DateTime(timezone=True)}  # noqa: RUF012 - declared by SQLAlchemy as a class attribute


class OrganizationCard(Base):
    """Contacts and licence of an organization."""

    __tablename__ = "organization_card"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str | None]
    phones: Mapped[Any] = mapped_column(JSONB)
    email: Mapped[str | None]
    site: Mapped[str | None]
    licence: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    updated_at: Mapped[datetime]
    sequence: Mapped[str]


class GroupCard(Base):
    """What a family asks of a group beyond its places: its programme, type and profile of a class."""

    __tablename__ = "group_card"
    __table_args__ = (Index("ix_group_card_programme_id", "programme_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID | None]
    class_type: Mapped[str | None]
    profile: Mapped[str | None]
    updated_at: Mapped[datetime]
    sequence: Mapped[str]


class Programme(Base):
    """A programme of additional education."""

    __tablename__ = "programme"
    __table_args__ = (Index("ix_programme_organization_id", "organization_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    title: Mapped[str]
    orientation: Mapped[str]
    age_from: Mapped[int]
    age_to: Mapped[int]
    hours: Mapped[int]
    duration_months: Mapped[int]
    funding: Mapped[str]
    adapted: Mapped[bool]
    active: Mapped[bool]
    updated_at: Mapped[datetime]
    sequence: Mapped[str]


class GoverningBody(Base):
    """A governing body of education and how to reach it."""

    __tablename__ = "governing_body"
    __table_args__ = (Index("ix_governing_body_municipality", "municipality"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    full_name: Mapped[str]
    short_name: Mapped[str]
    municipality: Mapped[str | None]
    address: Mapped[str | None]
    phones: Mapped[Any] = mapped_column(JSONB)
    email: Mapped[str | None]
    site: Mapped[str | None]
    abolished_on: Mapped[date | None]
    updated_at: Mapped[datetime]
    sequence: Mapped[str]
