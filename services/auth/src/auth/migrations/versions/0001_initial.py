"""Accounts, positions and their history, sessions, clients, people offered an account."""

from alembic import op
from orgdirectory.migrations import create_organizations_v1

from servicekit.migrations import runtime

revision = "0001"
down_revision = None

STATEMENTS = (
    """CREATE TABLE account (
        id uuid CONSTRAINT pk_account PRIMARY KEY, login text NOT NULL, display_name text NOT NULL, person_id uuid,
        password_hash text NOT NULL, must_change_password boolean NOT NULL, slip_expires_at timestamptz,
        password_set_at timestamptz NOT NULL, access_version bigint NOT NULL, tokens_not_before timestamptz,
        created_at timestamptz NOT NULL, created_by text NOT NULL,
        CONSTRAINT uq_account_login UNIQUE (login),
        CONSTRAINT uq_account_person_id UNIQUE (person_id),
        CONSTRAINT ck_account_login CHECK (login ~ '^[a-z0-9][a-z0-9._@-]{2,63}$'),
        CONSTRAINT ck_account_slip CHECK (must_change_password = (slip_expires_at IS NOT NULL)),
        CONSTRAINT ck_account_cut_off CHECK ((access_version = 0) = (tokens_not_before IS NULL)))""",
    """CREATE TABLE position_grant (
        id uuid CONSTRAINT pk_position_grant PRIMARY KEY, account_id uuid NOT NULL, role text NOT NULL,
        unit_kind text NOT NULL, founder_id uuid, municipality text, organization_id uuid,
        given_at timestamptz NOT NULL, given_by text NOT NULL, ended_at timestamptz, ended_by text,
        CONSTRAINT fk_position_grant_account_id FOREIGN KEY (account_id) REFERENCES account (id),
        CONSTRAINT ck_position_grant_municipality CHECK (municipality ~ '^[0-9]{8}$'),
        CONSTRAINT ck_position_grant_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND ended_at >= given_at),
        CONSTRAINT ck_position_grant_unit_fits_role CHECK (CASE unit_kind
            WHEN 'region' THEN role IN ('region_admin', 'ministry_officer')
                AND founder_id IS NULL AND municipality IS NULL AND organization_id IS NULL
            WHEN 'department' THEN role = 'department_officer'
                AND founder_id IS NOT NULL AND municipality IS NULL AND organization_id IS NULL
            WHEN 'municipality' THEN role = 'municipality_operator'
                AND founder_id IS NULL AND municipality IS NOT NULL AND organization_id IS NULL
            WHEN 'organization' THEN role IN ('head', 'coordinator', 'organization_admin', 'secretary', 'teacher')
                AND founder_id IS NULL AND municipality IS NOT NULL AND organization_id IS NOT NULL
            WHEN 'person' THEN role IN ('guardian', 'student')
                AND founder_id IS NULL AND municipality IS NULL AND organization_id IS NULL
            ELSE false END))""",
    """CREATE UNIQUE INDEX uq_position_grant_active ON position_grant
        (account_id, role, unit_kind, founder_id, municipality, organization_id) NULLS NOT DISTINCT WHERE ended_at IS NULL""",
    "CREATE INDEX ix_position_grant_organization_id ON position_grant (organization_id, account_id)",
    "CREATE INDEX ix_position_grant_municipality ON position_grant (municipality, account_id)",
    "CREATE INDEX ix_position_grant_founder_id ON position_grant (founder_id, account_id)",
    """CREATE TABLE grant_history (
        id uuid CONSTRAINT pk_grant_history PRIMARY KEY, grant_id uuid NOT NULL, account_id uuid NOT NULL, act text NOT NULL,
        role text NOT NULL, unit_kind text NOT NULL, founder_id uuid, municipality text, organization_id uuid,
        at timestamptz NOT NULL, by text NOT NULL,
        CONSTRAINT ck_grant_history_act CHECK (act IN ('given', 'ended')))""",
    "CREATE INDEX ix_grant_history_account_id ON grant_history (account_id)",
    "CREATE UNIQUE INDEX uq_grant_history_grant_id_act ON grant_history (grant_id, act)",
    """CREATE TABLE session (
        id uuid CONSTRAINT pk_session PRIMARY KEY, account_id uuid NOT NULL, grant_id uuid NOT NULL,
        opened_at timestamptz NOT NULL, authenticated_at timestamptz NOT NULL, idle_until timestamptz NOT NULL,
        expires_at timestamptz NOT NULL, closed_at timestamptz, close_reason text,
        CONSTRAINT fk_session_account_id FOREIGN KEY (account_id) REFERENCES account (id),
        CONSTRAINT fk_session_grant_id FOREIGN KEY (grant_id) REFERENCES position_grant (id),
        CONSTRAINT ck_session_closed CHECK ((closed_at IS NULL) = (close_reason IS NULL)),
        CONSTRAINT ck_session_close_reason CHECK (close_reason IN ('signed_out', 'token_reused', 'position_ended')))""",
    "CREATE INDEX ix_session_account_id ON session (account_id)",
    "CREATE INDEX ix_session_idle_until ON session (idle_until)",
    """CREATE TABLE refresh_token (
        hash bytea CONSTRAINT pk_refresh_token PRIMARY KEY, session_id uuid NOT NULL, issued_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT fk_refresh_token_session_id FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE)""",
    "CREATE INDEX ix_refresh_token_session_id ON refresh_token (session_id)",
    "CREATE INDEX ix_refresh_token_issued_at ON refresh_token USING brin (issued_at)",
    """CREATE TABLE sign_in_throttle (
        key bytea CONSTRAINT pk_sign_in_throttle PRIMARY KEY, full_until timestamptz NOT NULL)""",
    "CREATE INDEX ix_sign_in_throttle_full_until ON sign_in_throttle (full_until)",
    """CREATE TABLE client (
        id uuid CONSTRAINT pk_client PRIMARY KEY, name text NOT NULL, role text NOT NULL, secret_hash bytea NOT NULL,
        created_at timestamptz NOT NULL, created_by text NOT NULL, access_version bigint NOT NULL,
        tokens_not_before timestamptz, ended_at timestamptz, ended_by text,
        CONSTRAINT ck_client_role CHECK (role = 'portal'),
        CONSTRAINT ck_client_cut_off CHECK ((access_version = 0) = (tokens_not_before IS NULL)),
        CONSTRAINT ck_client_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND ended_at >= created_at))""",
    """CREATE TABLE offered_guardian (
        id uuid CONSTRAINT pk_offered_guardian PRIMARY KEY, last_name text NOT NULL, first_name text NOT NULL,
        middle_name text, organization_ids uuid[] NOT NULL, sequence text NOT NULL)""",
    "CREATE INDEX ix_offered_guardian_organization_ids ON offered_guardian USING gin (organization_ids)",
    """CREATE TABLE offered_worker (
        id uuid CONSTRAINT pk_offered_worker PRIMARY KEY, last_name text NOT NULL, first_name text NOT NULL,
        middle_name text, organization_ids uuid[] NOT NULL, teaching_ids uuid[] NOT NULL, sequence text NOT NULL)""",
    "CREATE INDEX ix_offered_worker_organization_ids ON offered_worker USING gin (organization_ids)",
    """CREATE TABLE offered_student (
        id uuid CONSTRAINT pk_offered_student PRIMARY KEY, last_name text NOT NULL, first_name text NOT NULL,
        middle_name text, organization_id uuid, sequence text NOT NULL)""",
    "CREATE INDEX ix_offered_student_organization_id ON offered_student (organization_id, id)",
    """CREATE TABLE visit_count (
        id uuid CONSTRAINT pk_visit_count PRIMARY KEY, day date NOT NULL, role text NOT NULL,
        founder_id uuid, municipality text, organization_id uuid,
        holders integer NOT NULL, visitors integer NOT NULL, sessions integer NOT NULL,
        CONSTRAINT uq_visit_count_unit UNIQUE NULLS NOT DISTINCT (day, role, founder_id, municipality, organization_id),
        CONSTRAINT ck_visit_count_counts CHECK (0 <= visitors AND visitors <= holders AND sessions >= 0))""",
    """CREATE TABLE worked_day (
        grant_id uuid NOT NULL, day date NOT NULL,
        CONSTRAINT pk_worked_day PRIMARY KEY (grant_id, day),
        CONSTRAINT fk_worked_day_grant_id FOREIGN KEY (grant_id) REFERENCES position_grant (id))""",
    "CREATE INDEX ix_worked_day_day ON worked_day USING brin (day)",
)


def upgrade() -> None:
    runtime.create_v1()
    create_organizations_v1()
    for statement in STATEMENTS:
        op.execute(statement)
    runtime.grant("auth_app", append_only=("grant_history", "visit_count"))
    # A grant's own row is history too: the application writes its end and nothing else of it.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON position_grant FROM auth_app")
    op.execute("GRANT UPDATE (ended_at, ended_by) ON position_grant TO auth_app")
