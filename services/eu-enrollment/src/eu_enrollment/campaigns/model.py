"""Campaigns: which rules distribute the places of a municipality for an academic year."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Column, Date, DateTime, Index, Integer, Table, Text, Uuid

from eu_enrollment.campaigns.rules import CampaignKind, RuleSet, rule_sets
from eu_enrollment.database import Record, metadata

_KINDS = ", ".join(f"'{kind}'" for kind in CampaignKind)

campaign = Table(
    "campaign",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("municipality", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("opens_at", DateTime(timezone=True), nullable=False),
    Column("closes_at", DateTime(timezone=True), nullable=False),
    Column("freeze_on", Date, comment="From then on places given are not allocated anew; null: always are"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("offers_version", Integer, nullable=False, server_default="1", comment="Grows when offers are replaced"),
    Column("boarding", ARRAY(Uuid), nullable=False, server_default="{}", comment="Organizations with a boarding house"),
    CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
    CheckConstraint("closes_at > opens_at", name="period"),
    CheckConstraint("municipality ~ '^[0-9]{8}$'", name="municipality"),
    Index("ix_campaign_municipality", "municipality", "id"),
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign. Nothing of this changes after creation; the version of the offers, which does, is read apart."""

    id: UUID
    municipality: str
    kind: CampaignKind
    academic_year: int
    title: str
    rules: RuleSet
    opens_at: datetime
    closes_at: datetime
    freeze_on: date | None
    boarding: frozenset[UUID] = frozenset()

    def open_at(self, moment: datetime) -> bool:
        """Whether applications are accepted at the moment."""
        return self.opens_at <= moment < self.closes_at


def from_row(row: Record) -> Campaign:
    """A campaign read from its table."""
    return Campaign(
        id=row.id,
        municipality=row.municipality,
        kind=CampaignKind(row.kind),
        academic_year=row.academic_year,
        title=row.title,
        rules=rule_sets()[row.rules],
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        freeze_on=row.freeze_on,
        boarding=frozenset(row.boarding),
    )
