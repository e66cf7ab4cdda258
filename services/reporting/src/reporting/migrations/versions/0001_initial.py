"""Event log, facts with two times, built forms."""

from alembic import op
from orgdirectory.migrations import create_organizations_v1

from reporting.migrations import log_partitions
from reporting.migrations.additional_forms import ADDITIONAL_FORMS
from reporting.migrations.monitoring import EXAMS, MONITORING
from servicekit.migrations import runtime, years

revision = "0001"
down_revision = None

FIRST_YEAR, LAST_YEAR = 2025, 2028


def versions(name: str, columns: str, key: str, more: str = "") -> str:
    return f"""CREATE TABLE facts.{name} ({columns},
        valid_from date NOT NULL, valid_to date NOT NULL,
        known_from timestamptz NOT NULL, known_to timestamptz NOT NULL,
        CONSTRAINT pk_{name} PRIMARY KEY ({key}, valid_from, known_from),
        CONSTRAINT ck_{name}_valid CHECK (valid_from < valid_to),
        CONSTRAINT ck_{name}_known CHECK (known_from < known_to)) {more}"""


BY_YEAR = "PARTITION BY LIST (academic_year)"
OF_YEAR = "organization_id, academic_year, id"

SUBMISSIONS = (
    """CREATE TABLE submission (
        id uuid CONSTRAINT pk_submission PRIMARY KEY, form text NOT NULL, as_of date NOT NULL,
        organization_id uuid, municipality text, state text NOT NULL,
        report_id uuid NOT NULL CONSTRAINT fk_submission_report_id REFERENCES report,
        version integer NOT NULL, changed_at timestamptz NOT NULL,
        CONSTRAINT uq_submission_form_as_of_municipality_organization_id
            UNIQUE NULLS NOT DISTINCT (form, as_of, municipality, organization_id),
        CONSTRAINT ck_submission_state CHECK (state IN ('draft', 'checked', 'approved', 'taken', 'returned')),
        CONSTRAINT ck_submission_unit CHECK (organization_id IS NULL OR municipality IS NOT NULL))""",
    "COMMENT ON TABLE submission IS 'Where a unit is with handing a form in: one a form, day and unit'",
    "CREATE INDEX ix_submission_report_id ON submission (report_id)",
    """CREATE TABLE submission_step (
        id uuid CONSTRAINT pk_submission_step PRIMARY KEY,
        submission_id uuid NOT NULL CONSTRAINT fk_submission_step_submission_id REFERENCES submission,
        at timestamptz NOT NULL, by text NOT NULL, role text NOT NULL, state text NOT NULL,
        report_id uuid NOT NULL CONSTRAINT fk_submission_step_report_id REFERENCES report,
        remark text, explanations jsonb NOT NULL)""",
    "CREATE INDEX ix_submission_step_submission_id ON submission_step (submission_id)",
    "COMMENT ON TABLE submission_step IS 'Immutable: who did what with a form that is handed in'",
)

CONSTRUCTOR = (
    """CREATE TABLE saved_report (
        id uuid CONSTRAINT pk_saved_report PRIMARY KEY, account_id text NOT NULL, unit_kind text NOT NULL,
        organization_id uuid, municipality text, founder_id uuid, version integer NOT NULL, deleted_at timestamptz,
        CONSTRAINT ck_saved_report_unit_kind CHECK (unit_kind IN ('region', 'department', 'municipality', 'organization')))""",
    "CREATE INDEX ix_saved_report_account_id_id ON saved_report (account_id, id)",
    """COMMENT ON TABLE saved_report IS
        'Reports that accounts put together, each in its unit; what stands is in the version'""",
    """CREATE TABLE saved_report_version (
        saved_report_id uuid NOT NULL CONSTRAINT fk_saved_report_version_saved_report_id REFERENCES saved_report,
        version integer NOT NULL, title text NOT NULL, shared boolean NOT NULL, query jsonb NOT NULL,
        saved_at timestamptz NOT NULL,
        CONSTRAINT pk_saved_report_version PRIMARY KEY (saved_report_id, version))""",
    "COMMENT ON TABLE saved_report_version IS 'Immutable: what a saved report asked for, version by version'",
    """CREATE TABLE published_report (
        id uuid CONSTRAINT pk_published_report PRIMARY KEY, saved_report_id uuid NOT NULL, version integer NOT NULL,
        published_by text NOT NULL, published_at timestamptz NOT NULL, withdrawn_at timestamptz, answer jsonb NOT NULL,
        CONSTRAINT fk_published_report_saved_report_id_version
            FOREIGN KEY (saved_report_id, version) REFERENCES saved_report_version)""",
    """CREATE UNIQUE INDEX uq_published_report_saved_report_id ON published_report (saved_report_id)
        WHERE withdrawn_at IS NULL""",
    """COMMENT ON TABLE published_report IS
        'What everybody may read: an answer as it was, small counts hidden, until it is withdrawn'""",
)

LOG = (
    """CREATE TABLE event_log (
        id uuid CONSTRAINT pk_event_log PRIMARY KEY,
        position bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        type text NOT NULL, subject text NOT NULL, sequence text NOT NULL, occurred_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(), payload jsonb NOT NULL) PARTITION BY RANGE (id)""",
    "CREATE INDEX ix_event_log_position ON event_log (position)",
    "COMMENT ON TABLE event_log IS 'Every received event, without names and without ids others know a person by'",
)

FACTS = (
    "CREATE SCHEMA facts",
    """CREATE TABLE facts.told (fact text NOT NULL, subject uuid NOT NULL, event_ids uuid[] NOT NULL,
        CONSTRAINT pk_told PRIMARY KEY (fact, subject))""",
    "COMMENT ON TABLE facts.told IS 'Which events of the log tell of which subject: its facts are a function of them'",
    versions(
        "placement",
        """organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL, statistical_id uuid NOT NULL,
        group_id uuid NOT NULL, grade integer, main boolean NOT NULL, opened_kind text NOT NULL, closed_kind text""",
        OF_YEAR,
        BY_YEAR,
    ),
    "CREATE INDEX ix_placement_standing ON facts.placement (valid_to) WHERE known_to = 'infinity'",
    "COMMENT ON TABLE facts.placement IS 'Stays in a class or group'",
    versions(
        "learner",
        """statistical_id uuid NOT NULL, birth_date date NOT NULL, sex text NOT NULL, citizenship text NOT NULL,
        second_citizenship text, native_language text, instruction_language text, foreign_languages jsonb NOT NULL,
        special_needs text, adapted_programme text, disability boolean NOT NULL,
        extended_day boolean, boarding boolean, distance_learning boolean""",
        "statistical_id",
    ),
    "COMMENT ON TABLE facts.learner IS 'What forms count a learner by, under the reporting pseudonym'",
    versions(
        "worker",
        """statistical_id uuid NOT NULL, birth_date date, sex text, education text, pedagogical boolean NOT NULL,
        qualification text, staff_category text, service_since date, teaching_since date, degree boolean NOT NULL""",
        "statistical_id",
    ),
    "COMMENT ON TABLE facts.worker IS 'What forms count a worker by, under a pseudonym; education is the highest one'",
    versions(
        "post",
        """statistical_id uuid NOT NULL, id uuid NOT NULL, organization_id uuid NOT NULL, code text NOT NULL,
        category text NOT NULL, terms text NOT NULL, rate numeric(4, 3) NOT NULL""",
        "statistical_id, id",
    ),
    "CREATE INDEX ix_post_organization_id ON facts.post (organization_id)",
    """COMMENT ON TABLE facts.post IS
        'Posts that workers hold in organizations: main ones, internal and external combined ones'""",
    versions(
        "teaching_load",
        """organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL, post_id uuid,
        subject_title text, grade integer, hours_week numeric(4, 1) NOT NULL""",
        OF_YEAR,
        BY_YEAR,
    ),
    "COMMENT ON TABLE facts.teaching_load IS 'Hours a week that are taught in a post, by subject and grade'",
    versions(
        "study_group",
        """id uuid NOT NULL, organization_id uuid NOT NULL, academic_year integer NOT NULL, kind text NOT NULL,
        name text NOT NULL, grade integer,
        class_type text, plan_type text, profile text, combined_set text, shift integer, age_from integer, age_to integer,
        orientation text, disorder text, stay_mode text, programme_id uuid, capacity integer NOT NULL""",
        OF_YEAR,
        BY_YEAR,
    ),
    "COMMENT ON TABLE facts.study_group IS 'Classes, preschool groups, groups of additional education'",
    versions(
        "organization",
        """id uuid NOT NULL, kind text NOT NULL, municipality text NOT NULL, locality text NOT NULL,
        founder_id uuid, parent_id uuid""",
        "id",
    ),
    "CREATE INDEX ix_organization_municipality ON facts.organization (municipality)",
    "COMMENT ON TABLE facts.organization IS 'Organizations that were active'",
    versions(
        "study_form",
        "id uuid NOT NULL, organization_id uuid NOT NULL, statistical_id uuid NOT NULL, kind text NOT NULL",
        "id",
    ),
    "CREATE INDEX ix_study_form_statistical_id ON facts.study_form (statistical_id)",
    "COMMENT ON TABLE facts.study_form IS 'How a learner studies; who has none on a day studies full time'",
    versions(
        "application",
        """id uuid NOT NULL, campaign_id uuid NOT NULL, municipality text NOT NULL, organization_id uuid,
        status text NOT NULL, line text, grade integer, age integer""",
        "id",
    ),
    "CREATE INDEX ix_application_campaign_id ON facts.application (campaign_id)",
    "CREATE INDEX ix_application_organization_id ON facts.application (organization_id)",
    "COMMENT ON TABLE facts.application IS 'Statuses of applications, and what a place is counted by'",
    versions(
        "lesson",
        """organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL, group_id uuid NOT NULL,
        subject_name text NOT NULL, learners integer NOT NULL, absent integer NOT NULL, marks integer NOT NULL,
        attendance_checked boolean NOT NULL, first_told_at timestamptz NOT NULL""",
        OF_YEAR,
        BY_YEAR,
    ),
    "CREATE INDEX ix_lesson_organization_id_valid_from ON facts.lesson (organization_id, valid_from)",
    "COMMENT ON TABLE facts.lesson IS 'Counts of a lesson, without names'",
)

COUNTED = (
    versions(
        "period_result",
        """organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL, group_id uuid NOT NULL,
        period integer NOT NULL, title text NOT NULL, closed boolean NOT NULL, with_gaps boolean NOT NULL, learners integer NOT NULL, standings jsonb NOT NULL,
        success double precision, quality double precision, subjects jsonb NOT NULL,
        lessons integer NOT NULL, student_lessons integer NOT NULL, absences jsonb NOT NULL, absent_days integer NOT NULL,
        first_told_at timestamptz NOT NULL""",
        OF_YEAR,
        BY_YEAR,
    ),
    """COMMENT ON TABLE facts.period_result IS
        'Results and attendance of a class or group in a closed period; period 0 is the year'""",
    versions(
        "daycare_month",
        """organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL, group_id uuid NOT NULL,
        working_days integer NOT NULL, planned integer NOT NULL, attended integer NOT NULL,
        missed_illness integer NOT NULL, missed_other integer NOT NULL, by_code jsonb NOT NULL""",
        OF_YEAR,
        BY_YEAR,
    ),
    "COMMENT ON TABLE facts.daycare_month IS 'Child-days of a preschool group over a closed month'",
    """CREATE TABLE facts.card_quality (
        organization_id uuid NOT NULL, measured_on date NOT NULL, kind text NOT NULL, confirmed_on date,
        cards integer NOT NULL, mandatory integer NOT NULL, missing integer NOT NULL, without_ground integer NOT NULL,
        overdue integer NOT NULL, contradictions integer NOT NULL, suspicious integer NOT NULL, stale integer NOT NULL,
        duplicates integer NOT NULL, sequence text NOT NULL,
        CONSTRAINT pk_card_quality PRIMARY KEY (organization_id, measured_on, kind))""",
    """COMMENT ON TABLE facts.card_quality IS
        'How whole and true cards of a kind are, a row a day on which a number changed; each stands until the next'""",
)

VISITS = (
    """CREATE TABLE facts.visit (
        id uuid CONSTRAINT pk_visit PRIMARY KEY, day date NOT NULL, role text NOT NULL, founder_id uuid, municipality text,
        organization_id uuid, holders integer NOT NULL, visitors integer NOT NULL, sessions integer NOT NULL,
        sequence text NOT NULL)""",
    "CREATE INDEX ix_visit_organization_id_day ON facts.visit (organization_id, day)",
    "CREATE INDEX ix_visit_day ON facts.visit (day)",
    """COMMENT ON TABLE facts.visit IS
        'How many of those with a position worked in it on a day; without a unit of the region or, for families, all'""",
)

WATCH = (
    """CREATE TABLE ingest_state (
        type text CONSTRAINT pk_ingest_state PRIMARY KEY, events bigint NOT NULL, position bigint NOT NULL,
        last_occurred_at timestamptz NOT NULL, last_received_at timestamptz NOT NULL, lag_seconds double precision NOT NULL,
        CONSTRAINT ck_ingest_state_events CHECK (events > 0))""",
    """COMMENT ON TABLE ingest_state IS
        'The log by event type up to the position it was measured to; the lag is of the events that came last'""",
    """CREATE TABLE ingest_gap (
        kind text CONSTRAINT pk_ingest_gap PRIMARY KEY, missing bigint NOT NULL, measured_at timestamptz NOT NULL,
        CONSTRAINT ck_ingest_gap_missing CHECK (missing >= 0))""",
    "COMMENT ON TABLE ingest_gap IS 'How many objects facts name that no event has told of'",
)

REPORTS = (
    """CREATE TABLE report (
        id uuid CONSTRAINT pk_report PRIMARY KEY,
        form text NOT NULL, edition text NOT NULL, definition_digest text NOT NULL, definition jsonb NOT NULL,
        organization_id uuid, municipality text, unit_name text NOT NULL,
        as_of date NOT NULL, known_at timestamptz, log_position bigint NOT NULL,
        cells jsonb NOT NULL, controls jsonb NOT NULL, built_at timestamptz NOT NULL, built_by text NOT NULL,
        counted_as uuid NOT NULL CONSTRAINT fk_report_counted_as REFERENCES report,
        corrects uuid CONSTRAINT uq_report_corrects UNIQUE CONSTRAINT fk_report_corrects REFERENCES report,
        corrections jsonb NOT NULL, parts uuid[],
        previous_id uuid CONSTRAINT fk_report_previous_id_report REFERENCES report,
        CONSTRAINT ck_report_log_position CHECK (log_position >= 0),
        CONSTRAINT ck_report_unit CHECK (organization_id IS NULL OR municipality IS NOT NULL))""",
    "CREATE INDEX ix_report_unit ON report (form, municipality, organization_id, as_of)",
    """COMMENT ON TABLE report IS
        'Immutable: what was counted, by which definition, from the log up to which position; a correction is a report of its own'""",
    """CREATE TABLE report_fact (
        report_id uuid NOT NULL CONSTRAINT fk_report_fact_report_id REFERENCES report,
        dataset text NOT NULL, id uuid NOT NULL, statistical_id uuid, group_id uuid, set_id uuid, fields jsonb NOT NULL,
        CONSTRAINT pk_report_fact PRIMARY KEY (report_id, dataset, id))""",
    """COMMENT ON TABLE report_fact IS
        'Immutable: what a report of an organization was counted over, so that each cell opens to exactly its members'""",
)

OUTWARD = (
    """CREATE TABLE blank (
        id uuid CONSTRAINT pk_blank PRIMARY KEY, form text NOT NULL, edition text NOT NULL, version integer NOT NULL,
        content bytea NOT NULL, sha256 text NOT NULL, anchors jsonb NOT NULL,
        supplied_at timestamptz NOT NULL, supplied_by text NOT NULL, withdrawn_at timestamptz, withdrawn_by text,
        CONSTRAINT uq_blank_form_edition_version UNIQUE (form, edition, version),
        CONSTRAINT ck_blank_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
        CONSTRAINT ck_blank_version CHECK (version >= 1))""",
    """COMMENT ON TABLE blank IS
        'Official blanks of forms: the newest version that was not withdrawn is filled; what was filled stays to be made again'""",
    """CREATE TABLE outward_exchange (
        id uuid CONSTRAINT pk_outward_exchange PRIMARY KEY, at timestamptz NOT NULL, service text NOT NULL, kind text NOT NULL, title text,
        organization_id uuid, municipality text, founder_id uuid, format text NOT NULL, receiver text, basis text, persons integer,
        sha256 text, size bigint, role text NOT NULL, account_id text, again text,
        report_id uuid CONSTRAINT fk_outward_exchange_report_id REFERENCES report,
        blank_id uuid CONSTRAINT fk_outward_exchange_blank_id REFERENCES blank,
        content_sha256 text, printed_at timestamptz, executor text,
        handed_on uuid CONSTRAINT fk_outward_exchange_handed_on REFERENCES outward_exchange,
        CONSTRAINT ck_outward_exchange_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$' AND content_sha256 ~ '^[0-9a-f]{64}$'
            AND (sha256 IS NULL) = (size IS NULL) AND (service <> 'reporting' OR sha256 IS NOT NULL)),
        CONSTRAINT ck_outward_exchange_counts CHECK (size >= 0 AND persons >= 0),
        CONSTRAINT ck_outward_exchange_account CHECK (service <> 'reporting' OR account_id IS NOT NULL),
        CONSTRAINT ck_outward_exchange_replayed CHECK (num_nulls(report_id, content_sha256, printed_at, executor) IN (0, 4)),
        CONSTRAINT ck_outward_exchange_handed_on CHECK (CASE kind WHEN 'handover' THEN handed_on IS NOT NULL WHEN 'publication' THEN TRUE ELSE handed_on IS NULL END),
        CONSTRAINT ck_outward_exchange_receiver CHECK (kind NOT IN ('handover', 'publication', 'withdrawal') OR receiver IS NOT NULL AND basis IS NOT NULL))""",
    "CREATE INDEX ix_outward_exchange_organization_id ON outward_exchange (organization_id, id)",
    "CREATE INDEX ix_outward_exchange_report_id ON outward_exchange (report_id)",
    """COMMENT ON TABLE outward_exchange IS
        'Immutable: what left for the outside, with what is needed to make the same bytes again; executor is encrypted'""",
)

SIGNATURES = (
    """CREATE TABLE report_signature (
        id uuid CONSTRAINT pk_report_signature PRIMARY KEY,
        report_id uuid NOT NULL CONSTRAINT fk_report_signature_report_id REFERENCES report,
        attached_at timestamptz NOT NULL, attached_by text NOT NULL, role text NOT NULL,
        sha256 text NOT NULL, size integer NOT NULL, content text NOT NULL, signers jsonb NOT NULL,
        CONSTRAINT uq_report_signature_report_id_sha256 UNIQUE (report_id, sha256),
        CONSTRAINT ck_report_signature_signers CHECK (jsonb_array_length(signers) > 0))""",
    """COMMENT ON TABLE report_signature IS
        'Immutable: detached signatures under the canonical bytes of reports; content is encrypted, as it names officials'""",
)

BUNDLES = (
    """CREATE TABLE bundle (
        id uuid CONSTRAINT pk_bundle PRIMARY KEY, form text NOT NULL, as_of date NOT NULL, municipality text,
        formats text[] NOT NULL, blank_id uuid CONSTRAINT fk_bundle_blank_id REFERENCES blank,
        account_id text NOT NULL, executor text NOT NULL, ordered_at timestamptz NOT NULL,
        ready_at timestamptz, sha256 text, size bigint, failed_at timestamptz, failure text,
        CONSTRAINT ck_bundle_ready CHECK (num_nulls(ready_at, sha256, size) IN (0, 3)),
        CONSTRAINT ck_bundle_failed CHECK ((failed_at IS NULL) = (failure IS NULL)),
        CONSTRAINT ck_bundle_ended_once CHECK (ready_at IS NULL OR failed_at IS NULL))""",
    "CREATE INDEX ix_bundle_account_id ON bundle (account_id, id)",
    "CREATE UNIQUE INDEX uq_bundle_in_progress ON bundle (account_id) WHERE ready_at IS NULL AND failed_at IS NULL",
    """COMMENT ON TABLE bundle IS
        'An archive of reports taken out at once; executor is encrypted, for the footer of its files'""",
    """CREATE TABLE bundle_item (
        bundle_id uuid NOT NULL CONSTRAINT fk_bundle_item_bundle_id REFERENCES bundle, number integer NOT NULL,
        id uuid NOT NULL CONSTRAINT uq_bundle_item_id UNIQUE,
        report_id uuid NOT NULL CONSTRAINT fk_bundle_item_report_id REFERENCES report,
        format text NOT NULL, name text NOT NULL, organization_id uuid, municipality text,
        blank_id uuid CONSTRAINT fk_bundle_item_blank_id REFERENCES blank, content_sha256 text, sha256 text, size bigint,
        CONSTRAINT pk_bundle_item PRIMARY KEY (bundle_id, number),
        CONSTRAINT uq_bundle_item_bundle_id_name UNIQUE (bundle_id, name),
        CONSTRAINT ck_bundle_item_made CHECK (num_nulls(content_sha256, sha256, size) IN (0, 3)))""",
    """COMMENT ON TABLE bundle_item IS
        'A file of a bundle; without a digest it is still to be made, and its part lies in the store under its id'""",
)

APPEND_ONLY = (
    *("event_log", "report", "report_fact", "submission_step"),
    *("outward_exchange", "report_signature", "saved_report_version", "additional_answer_sent"),
    *("indicator_count", "indicator_value", "quality_alert_step", "exam_import", "exam_result"),
)


def upgrade() -> None:
    runtime.create_v1()
    create_organizations_v1()
    for statement in (*LOG, *FACTS, *COUNTED, *VISITS, *WATCH, *REPORTS, *SUBMISSIONS, *OUTWARD, *SIGNATURES, *BUNDLES, *MONITORING, *EXAMS, *CONSTRUCTOR, *ADDITIONAL_FORMS):
        op.execute(statement)
    runtime.grant("reporting_app", append_only=APPEND_ONLY, schemas=("facts",))
    log_partitions.create_v1("reporting_app")
    parents = ("placement", "study_group", "teaching_load", "lesson", "period_result", "daycare_month")
    years.create_year_partitions_v1("reporting_app", parents, range(FIRST_YEAR, LAST_YEAR + 1), "facts")
