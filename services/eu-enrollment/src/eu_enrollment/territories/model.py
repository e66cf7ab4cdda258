"""Acts that assign territories to organizations, their lines, and the streets and settlements the acts name."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from eu_enrollment.database import metadata


class TerritoryKind(StrEnum):
    """Organizations of which kind an act assigns territories to."""

    SCHOOL = "school"
    PRESCHOOL = "preschool"


act = Table(
    "territory_act",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("edition", Integer, nullable=False, comment="Of the acts valid from one day the last one stands"),
    Column("valid_to", Date, comment="Exclusive; null: until the next act"),
    Column("authority", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("url", Text, comment="Where the act itself is published"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("municipality", "kind", "valid_from", "edition"),
    CheckConstraint("kind IN ('school', 'preschool')", name="kind"),
    CheckConstraint("valid_to > valid_from", name="validity"),
    CheckConstraint("municipality ~ '^[0-9]{8}$'", name="municipality"),
)

place = Table(
    "territory_place",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("settlement", Text, nullable=False),
    Column("street", Text, comment="Null: the settlement as a whole"),
    Column("settlement_type", Text, nullable=False),
    Column("settlement_words", Text, nullable=False),
    Column("street_type", Text, nullable=False),
    Column("street_words", Text, nullable=False),
    Column("search_text", Text, nullable=False, comment="Words of both names, each after a space"),
    Column("gar_id", Uuid, comment="Of the street, or of the settlement where there is none"),
    UniqueConstraint(
        *("municipality", "settlement_words", "settlement_type", "street_words", "street_type"),
        name="uq_territory_place_name",
    ),
    UniqueConstraint("gar_id"),
    CheckConstraint("(street IS NULL) = (street_words = '')", name="street"),
    Index(
        "ix_territory_place_search_text",
        "search_text",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    ),
)

line = Table(
    "territory_line",
    metadata,
    Column("act_id", ForeignKey("territory_act.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organization_id", Uuid, nullable=False),
    Column("place_id", ForeignKey("territory_place.id"), nullable=False),
    Column("houses", Text, nullable=False),
    Column("house_gar_id", Uuid, comment="Where the line is of one house"),
    Column("shared", Boolean, nullable=False, comment="Other organizations may have the same houses"),
    CheckConstraint("number > 0", name="number"),
    Index("ix_territory_line_place_id", "place_id", "act_id"),
    Index("ix_territory_line_organization_id", "organization_id", "act_id"),
    Index("ix_territory_line_house_gar_id", "house_gar_id", postgresql_where=text("house_gar_id IS NOT NULL")),
)


@dataclass(frozen=True, slots=True)
class Act:
    """An administrative act that assigns territories: order 458, clause 6 (schools, by 15 March); order 236, clause 6 (preschools).

    In force over [valid_from, valid_to), and until the next act of the municipality and kind is.
    """

    id: UUID
    municipality: str
    kind: TerritoryKind
    valid_from: date
    edition: int
    valid_to: date | None
    authority: str
    title: str
    number: str
    issued_on: date
    url: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be of an address, with what it is judged by."""

    act: Act
    organization_id: UUID
    place_id: UUID
    settlement: str
    settlement_type: str
    street: str | None
    street_type: str
    place_gar_id: UUID | None
    houses: str
    house_gar_id: UUID | None
    shared: bool
