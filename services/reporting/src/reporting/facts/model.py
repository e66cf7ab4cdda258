"""Tables of facts, in a schema of their own: all of it can be made anew from the log.

What holds over [valid_from, valid_to) as it was known over [known_from, known_to): what is known now ends at infinity. Facts of
organizations have a key that begins with (organization_id, academic_year) and are partitioned by academic year, so that they
distribute by organization without another design. Nobody's name or registry id is here: a learner, as a worker, is a statistical id.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from reporting.metadata import metadata

SCHEMA = "facts"


def _versions(name: str, *columns: Column[Any], key: tuple[str, ...], comment: str, by_year: bool = False) -> Table:
    partitioned: dict[str, Any] = {"postgresql_partition_by": "LIST (academic_year)"} if by_year else {}
    return Table(
        name,
        metadata,
        *columns,
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date, nullable=False),
        Column("known_from", DateTime(timezone=True), nullable=False),
        Column("known_to", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint(*key, "valid_from", "known_from"),
        CheckConstraint("valid_from < valid_to", name="valid"),
        CheckConstraint("known_from < known_to", name="known"),
        schema=SCHEMA,
        comment=comment,
        **partitioned,
    )


told = Table(
    "told",
    metadata,
    Column("fact", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("event_ids", ARRAY(Uuid), nullable=False),
    PrimaryKeyConstraint("fact", "subject"),
    schema=SCHEMA,
    comment="Which events of the log tell of which subject: its facts are a function of them",
)

placement = _versions(
    "placement",
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("statistical_id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False),
    Column("grade", Integer),
    Column("main", Boolean, nullable=False),
    Column("opened_kind", Text, nullable=False),
    Column("closed_kind", Text),
    key=("organization_id", "academic_year", "id"),
    comment="Stays in a class or group",
    by_year=True,
)
Index("ix_placement_standing", placement.c.valid_to, postgresql_where=text("known_to = 'infinity'"))

learner = _versions(
    "learner",
    Column("statistical_id", Uuid, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("citizenship", Text, nullable=False),
    Column("second_citizenship", Text),
    Column("native_language", Text),
    Column("instruction_language", Text),
    Column("foreign_languages", JSONB, nullable=False),
    Column("special_needs", Text),
    Column("adapted_programme", Text),
    Column("disability", Boolean, nullable=False),
    Column("extended_day", Boolean),
    Column("boarding", Boolean),
    Column("distance_learning", Boolean),
    key=("statistical_id",),
    comment="What forms count a learner by, under the reporting pseudonym",
)
"""``foreign_languages`` is a sorted list: a name may have a comma in it, and ``?`` asks for one name."""

worker = _versions(
    "worker",
    Column("statistical_id", Uuid, nullable=False),
    Column("birth_date", Date),
    Column("sex", Text),
    Column("education", Text),
    Column("pedagogical", Boolean, nullable=False),
    Column("qualification", Text),
    Column("staff_category", Text),
    Column("service_since", Date),
    Column("teaching_since", Date),
    Column("degree", Boolean, nullable=False),
    key=("statistical_id",),
    comment="What forms count a worker by, under a pseudonym; education is the highest one",
)

post = _versions(
    "post",
    Column("statistical_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("rate", Numeric(4, 3), nullable=False),
    key=("statistical_id", "id"),
    comment="Posts that workers hold in organizations: main ones, internal and external combined ones",
)
Index("ix_post_organization_id", post.c.organization_id)

teaching_load = _versions(
    "teaching_load",
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("post_id", Uuid),
    Column("subject_title", Text),
    Column("grade", Integer),
    Column("hours_week", Numeric(4, 1), nullable=False),
    key=("organization_id", "academic_year", "id"),
    comment="Hours a week that are taught in a post, by subject and grade",
    by_year=True,
)
"""``grade`` is none of a group of several."""

study_group = _versions(
    "study_group",
    Column("id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("grade", Integer),
    Column("class_type", Text),
    Column("plan_type", Text),
    Column("profile", Text),
    Column("combined_set", Text),
    Column("shift", Integer),
    Column("age_from", Integer),
    Column("age_to", Integer),
    Column("orientation", Text),
    Column("disorder", Text),
    Column("stay_mode", Text),
    Column("programme_id", Uuid),
    Column("capacity", Integer, nullable=False),
    key=("organization_id", "academic_year", "id"),
    comment="Classes, preschool groups, groups of additional education",
    by_year=True,
)

organization = _versions(
    "organization",
    Column("id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("municipality", Text, nullable=False),
    Column("locality", Text, nullable=False),
    Column("founder_id", Uuid),
    Column("parent_id", Uuid),
    key=("id",),
    comment="Organizations that were active",
)
"""``parent_id`` is the head organization of a branch (филиал), which reports apart from it."""
Index("ix_organization_municipality", organization.c.municipality)

study_form = _versions(
    "study_form",
    Column("id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("statistical_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    key=("id",),
    comment="How a learner studies; who has none on a day studies full time",
)
Index("ix_study_form_statistical_id", study_form.c.statistical_id)

application = _versions(
    "application",
    Column("id", Uuid, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("municipality", Text, nullable=False),
    Column("organization_id", Uuid),
    Column("status", Text, nullable=False),
    Column("line", Text),
    Column("grade", Integer),
    Column("age", Integer),
    key=("id",),
    comment="Statuses of applications, and what a place is counted by",
)
Index("ix_application_campaign_id", application.c.campaign_id)
Index("ix_application_organization_id", application.c.organization_id)


lesson = _versions(
    "lesson",
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False),
    Column("subject_name", Text, nullable=False),
    Column("learners", Integer, nullable=False),
    Column("absent", Integer, nullable=False),
    Column("marks", Integer, nullable=False),
    Column("attendance_checked", Boolean, nullable=False),
    Column("first_told_at", DateTime(timezone=True), nullable=False),
    key=("organization_id", "academic_year", "id"),
    comment="Counts of a lesson, without names",
    by_year=True,
)
"""It is valid on the day of the lesson. ``first_told_at``: when the first was recorded of what is counted."""
Index("ix_lesson_organization_id_valid_from", lesson.c.organization_id, lesson.c.valid_from)

period_result = _versions(
    "period_result",
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False),
    Column("period", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("with_gaps", Boolean, nullable=False),
    Column("learners", Integer, nullable=False),
    Column("standings", JSONB, nullable=False),
    Column("success", Double),
    Column("quality", Double),
    Column("subjects", JSONB, nullable=False),
    Column("lessons", Integer, nullable=False),
    Column("student_lessons", Integer, nullable=False),
    Column("absences", JSONB, nullable=False),
    Column("absent_days", Integer, nullable=False),
    Column("first_told_at", DateTime(timezone=True), nullable=False),
    key=("organization_id", "academic_year", "id"),
    comment="Results and attendance of a class or group in a closed period; period 0 is the year",
    by_year=True,
)
"""It is valid over the days of the period. ``subjects`` is a list of what ``SubjectResults`` tells of each."""

daycare_month = _versions(
    "daycare_month",
    Column("organization_id", Uuid, nullable=False),
    Column("academic_year", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False),
    Column("working_days", Integer, nullable=False),
    Column("planned", Integer, nullable=False),
    Column("attended", Integer, nullable=False),
    Column("missed_illness", Integer, nullable=False),
    Column("missed_other", Integer, nullable=False),
    Column("by_code", JSONB, nullable=False),
    key=("organization_id", "academic_year", "id"),
    comment="Child-days of a preschool group over a closed month",
    by_year=True,
)
"""It is valid over the days of the month."""

card_quality = Table(
    "card_quality",
    metadata,
    Column("organization_id", Uuid, nullable=False),
    Column("measured_on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("confirmed_on", Date),
    Column("cards", Integer, nullable=False),
    Column("mandatory", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("without_ground", Integer, nullable=False),
    Column("overdue", Integer, nullable=False),
    Column("contradictions", Integer, nullable=False),
    Column("suspicious", Integer, nullable=False),
    Column("stale", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("sequence", Text, nullable=False),
    PrimaryKeyConstraint("organization_id", "measured_on", "kind"),
    schema=SCHEMA,
    comment="How whole and true cards of a kind are, a row a day on which a number changed; each stands until the next",
)

visit = Table(
    "visit",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    Column("role", Text, nullable=False),
    Column("founder_id", Uuid),
    Column("municipality", Text),
    Column("organization_id", Uuid),
    Column("holders", Integer, nullable=False),
    Column("visitors", Integer, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("sequence", Text, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_visit_organization_id_day", "organization_id", "day"),
    Index("ix_visit_day", "day"),
    schema=SCHEMA,
    comment="How many of those with a position worked in it on a day; without a unit of the region or, for families, all",
)

PARTITIONED = (placement, study_group, teaching_load, lesson, period_result, daycare_month)
"""Facts partitioned by academic year."""
TABLES = (
    told,
    placement,
    learner,
    study_group,
    organization,
    study_form,
    application,
    lesson,
    worker,
    post,
    teaching_load,
    period_result,
    daycare_month,
    card_quality,
    visit,
)
"""All that is made of the log."""
