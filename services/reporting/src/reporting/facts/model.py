"""Tables of facts.

Facts of organizations have the key (organization_id, academic_year, id) and are partitioned by academic year, so that they
distribute by organization without another design. Nobody's name or registry id is here: a learner is a statistical id.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

from reporting.metadata import metadata

placement = Table(
    "placement",
    metadata,
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("statistical_id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False),
    Column("grade", Integer),
    Column("main", Boolean, nullable=False),
    Column("opened_on", Date),
    Column("opened_recorded_at", DateTime(timezone=True)),
    Column("opened_by", Uuid),
    Column("opened_kind", Text),
    Column("closed_on", Date),
    Column("closed_recorded_at", DateTime(timezone=True)),
    Column("closed_by", Uuid),
    Column("closed_kind", Text),
    PrimaryKeyConstraint("organization_id", "academic_year", "id"),
    CheckConstraint("opened_by IS NOT NULL OR closed_by IS NOT NULL", name="moved"),
    CheckConstraint(
        "(opened_by IS NULL) = (opened_on IS NULL) AND (opened_by IS NULL) = (opened_recorded_at IS NULL)",
        name="opened",
    ),
    CheckConstraint(
        "(closed_by IS NULL) = (closed_on IS NULL) AND (closed_by IS NULL) = (closed_recorded_at IS NULL)",
        name="closed",
    ),
    comment="Stays in a class or group; each end comes by its own movement, in any order",
    postgresql_partition_by="LIST (academic_year)",
)

learner = Table(
    "learner",
    metadata,
    Column("statistical_id", Uuid, primary_key=True),
    Column("birth_date", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("citizenship", Text, nullable=False),
    Column("sequence", Text, nullable=False),
    comment="What forms count a learner by, under the reporting pseudonym",
)

application = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", Uuid, nullable=False),
    Column("municipality", Text, nullable=False),
    Column("organization_id", Uuid),
    Column("status", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("sequence", Text, nullable=False),
    Index("ix_application_campaign_id", "campaign_id"),
)

lesson = Table(
    "lesson",
    metadata,
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False),
    Column("date", Date, nullable=False),
    Column("subject_name", Text, nullable=False),
    Column("learners", Integer, nullable=False),
    Column("absent", Integer, nullable=False),
    Column("marks", Integer, nullable=False),
    Column("sequence", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "academic_year", "id"),
    Index("ix_lesson_organization_id_date", "organization_id", "date"),
    comment="Counts of a lesson, without names",
    postgresql_partition_by="LIST (academic_year)",
)

PARTITIONED = (placement, lesson)
"""Facts partitioned by academic year."""
