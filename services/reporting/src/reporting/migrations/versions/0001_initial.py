"""Event log, facts partitioned by academic year, built forms."""

from alembic import op
from orgdirectory.migrations import create_groups_v1, create_organizations_v1

from servicekit.migrations import runtime, years

revision = "0001"
down_revision = None

FIRST_YEAR, LAST_YEAR = 2025, 2028

STATEMENTS = (
    """CREATE TABLE event_log (
        id uuid CONSTRAINT pk_event_log PRIMARY KEY,
        position bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        type text NOT NULL, subject text NOT NULL, sequence text NOT NULL, occurred_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(), payload jsonb NOT NULL)""",
    "CREATE UNIQUE INDEX ix_event_log_position ON event_log (position)",
    "COMMENT ON TABLE event_log IS 'Every received event, without personal data and without ids of students'",
    """CREATE TABLE placement (
        organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
        statistical_id uuid NOT NULL, group_id uuid NOT NULL, grade integer, main boolean NOT NULL,
        opened_on date, opened_recorded_at timestamptz, opened_by uuid, opened_kind text,
        closed_on date, closed_recorded_at timestamptz, closed_by uuid, closed_kind text,
        CONSTRAINT pk_placement PRIMARY KEY (organization_id, academic_year, id),
        CONSTRAINT ck_placement_moved CHECK (opened_by IS NOT NULL OR closed_by IS NOT NULL),
        CONSTRAINT ck_placement_opened CHECK (
            (opened_by IS NULL) = (opened_on IS NULL) AND (opened_by IS NULL) = (opened_recorded_at IS NULL)),
        CONSTRAINT ck_placement_closed CHECK (
            (closed_by IS NULL) = (closed_on IS NULL) AND (closed_by IS NULL) = (closed_recorded_at IS NULL))
        ) PARTITION BY LIST (academic_year)""",
    "COMMENT ON TABLE placement IS 'Stays in a class or group; each end comes by its own movement, in any order'",
    """CREATE TABLE learner (
        statistical_id uuid CONSTRAINT pk_learner PRIMARY KEY,
        birth_date date NOT NULL, sex text NOT NULL, citizenship text NOT NULL, sequence text NOT NULL)""",
    "COMMENT ON TABLE learner IS 'What forms count a learner by, under the reporting pseudonym'",
    """CREATE TABLE application (
        id uuid CONSTRAINT pk_application PRIMARY KEY,
        campaign_id uuid NOT NULL, municipality text NOT NULL, organization_id uuid, status text NOT NULL,
        changed_at timestamptz NOT NULL, sequence text NOT NULL)""",
    "CREATE INDEX ix_application_campaign_id ON application (campaign_id)",
    """CREATE TABLE lesson (
        organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
        group_id uuid NOT NULL, date date NOT NULL, subject_name text NOT NULL,
        learners integer NOT NULL, absent integer NOT NULL, marks integer NOT NULL, sequence text NOT NULL,
        CONSTRAINT pk_lesson PRIMARY KEY (organization_id, academic_year, id)) PARTITION BY LIST (academic_year)""",
    "CREATE INDEX ix_lesson_organization_id_date ON lesson (organization_id, date)",
    "COMMENT ON TABLE lesson IS 'Counts of a lesson, without names'",
    """CREATE TABLE report (
        id uuid CONSTRAINT pk_report PRIMARY KEY,
        form text NOT NULL, edition text NOT NULL, definition_digest text NOT NULL, definition jsonb NOT NULL,
        organization_id uuid, municipality text NOT NULL, unit_name text NOT NULL,
        as_of date NOT NULL, known_at timestamptz, log_position bigint NOT NULL,
        cells jsonb NOT NULL, controls jsonb NOT NULL, built_at timestamptz NOT NULL, built_by text NOT NULL,
        CONSTRAINT ck_report_log_position CHECK (log_position >= 0))""",
    "CREATE INDEX ix_report_organization_id ON report (organization_id)",
    """COMMENT ON TABLE report IS
        'Immutable: what was counted, by which definition, from the log up to which position'""",
)


def upgrade() -> None:
    runtime.create_v1()
    create_organizations_v1()
    create_groups_v1()
    for statement in STATEMENTS:
        op.execute(statement)
    runtime.grant("reporting_app", append_only=("event_log", "report"))
    years.create_year_partitions_v1("reporting_app", ("placement", "lesson"), range(FIRST_YEAR, LAST_YEAR + 1))
