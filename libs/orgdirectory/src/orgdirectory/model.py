"""The copy's tables. Their data definition is in ``orgdirectory.migrations``; ``alembic check`` holds the two together."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, MetaData, Table, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit.db import make_metadata


class Base(DeclarativeBase):
    """Base of the copy's models; ``attach`` shows their tables to a service's migrations."""

    metadata = make_metadata()
    type_annotation_map = {str: Text, UUID: Uuid}  # noqa: RUF012 - declared by SQLAlchemy as a class attribute


class Organization(Base):
    """An organization as ``core.organization.changed.v1`` last described it.

    ``municipality`` is ОКТМО, 8 digits; ``founder_id`` the governing body that founded it.
    """

    __tablename__ = "directory_organization"
    __table_args__ = (
        Index("ix_directory_organization_municipality", "municipality"),
        Index("ix_directory_organization_founder_id", "founder_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    short_name: Mapped[str]
    full_name: Mapped[str]
    municipality: Mapped[str]
    locality: Mapped[str]
    founder_id: Mapped[UUID | None]
    active: Mapped[bool]
    sequence: Mapped[str]


class Group(Base):
    """A class or preschool group as ``core.group.changed.v1`` last described it.

    It may arrive before its organization, so there is no foreign key. ``ends_on`` is exclusive. ``orientation``, ``disorder`` and
    ``stay_mode`` are of a preschool group, ``shift``
    and ``combined_set`` (classes taught together) of a class.
    """

    __tablename__ = "directory_group"
    __table_args__ = (Index("ix_directory_group_organization_id", "organization_id", "academic_year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    academic_year: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    grade: Mapped[int | None]
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    capacity: Mapped[int]
    occupied: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    active: Mapped[bool]
    orientation: Mapped[str | None]
    disorder: Mapped[str | None]
    stay_mode: Mapped[str | None]
    combined_set: Mapped[str | None]
    shift: Mapped[int | None]
    sequence: Mapped[str]


def attach(metadata: MetaData, *models: type[Base]) -> None:
    """Put the tables of ``models`` (both, if none is named) into a service's metadata, so that ``alembic check`` sees them."""
    for model in models or (Organization, Group):
        assert isinstance(model.__table__, Table)
        model.__table__.to_metadata(metadata)
