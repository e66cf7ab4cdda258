"""Registry and movement: every table of the service, and its reference data."""

import csv
from importlib.resources import files

import sqlalchemy as sa
from alembic import op

from servicekit.migrations import runtime

revision = "0001"
down_revision = None

TABLES = (
    """CREATE TABLE academic_year (
    year INTEGER NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    CONSTRAINT pk_academic_year PRIMARY KEY (year),
    CONSTRAINT ck_academic_year_interval CHECK (ends_on > starts_on)
)""",
    """CREATE TABLE admission_rejection (
    id UUID NOT NULL,
    admission_id UUID NOT NULL,
    application_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    reason TEXT NOT NULL,
    rejected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_admission_rejection PRIMARY KEY (id),
    CONSTRAINT ck_admission_rejection_reason CHECK (reason IN ('group_not_found', 'group_full', 'already_member', 'organization_closed', 'unreadable', 'child_differs', 'guardian_differs'))
)""",
    "CREATE UNIQUE INDEX uq_admission_rejection_admission_id ON admission_rejection (admission_id)",
    """CREATE TABLE card_change (
    id UUID NOT NULL,
    card TEXT NOT NULL,
    card_id UUID NOT NULL,
    changes JSONB NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_card_change PRIMARY KEY (id),
    CONSTRAINT ck_card_change_card CHECK (card IN ('student', 'guardian'))
)""",
    "CREATE INDEX ix_card_change_card_id ON card_change (card_id, id)",
    """CREATE TABLE guardian (
    id UUID NOT NULL,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    middle_name TEXT,
    phone TEXT,
    email TEXT,
    snils TEXT,
    snils_key BYTEA,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_guardian PRIMARY KEY (id)
)""",
    "CREATE UNIQUE INDEX uq_guardian_snils_key ON guardian (snils_key)",
    """CREATE TABLE municipality (
    oktmo TEXT NOT NULL,
    name TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_municipality PRIMARY KEY (oktmo)
)""",
    """CREATE TABLE student (
    id UUID NOT NULL,
    statistical_id UUID NOT NULL,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    middle_name TEXT,
    birth_date DATE NOT NULL,
    sex TEXT NOT NULL,
    citizenship TEXT NOT NULL,
    snils TEXT,
    snils_key BYTEA,
    document_kind TEXT,
    document_series TEXT,
    document_number TEXT,
    document_issued_on DATE,
    document_key BYTEA,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_student PRIMARY KEY (id),
    CONSTRAINT ck_student_sex CHECK (sex IN ('male', 'female'))
)""",
    "CREATE INDEX ix_student_birth_date ON student (birth_date)",
    "CREATE UNIQUE INDEX uq_student_document_key ON student (document_key)",
    "CREATE UNIQUE INDEX uq_student_snils_key ON student (snils_key)",
    "CREATE UNIQUE INDEX uq_student_statistical_id ON student (statistical_id)",
    """CREATE TABLE consent (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    operator TEXT NOT NULL,
    purposes TEXT[] NOT NULL,
    valid_until DATE,
    CONSTRAINT pk_consent PRIMARY KEY (id),
    CONSTRAINT uq_consent_student_id_operator_given_at UNIQUE (student_id, operator, given_at),
    CONSTRAINT fk_consent_student_id FOREIGN KEY(student_id) REFERENCES student (id)
)""",
    """CREATE TABLE duplicate_note (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    other_id UUID NOT NULL,
    reason TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_duplicate_note PRIMARY KEY (id),
    CONSTRAINT uq_duplicate_note_student_id_other_id UNIQUE (student_id, other_id),
    CONSTRAINT ck_duplicate_note_distinct CHECK (student_id <> other_id),
    CONSTRAINT ck_duplicate_note_reason CHECK (reason IN ('same_name_and_birth_date', 'same_document')),
    CONSTRAINT fk_duplicate_note_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_duplicate_note_other_id FOREIGN KEY(other_id) REFERENCES student (id)
)""",
    "CREATE INDEX ix_duplicate_note_other_id ON duplicate_note (other_id)",
    """CREATE TABLE guardianship (
    id UUID NOT NULL,
    guardian_id UUID NOT NULL,
    student_id UUID NOT NULL,
    kinship TEXT NOT NULL,
    may_see BOOLEAN DEFAULT true NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_guardianship PRIMARY KEY (id),
    CONSTRAINT uq_guardianship_student_id_guardian_id UNIQUE (student_id, guardian_id),
    CONSTRAINT ck_guardianship_kinship CHECK (kinship IN ('mother', 'father', 'guardian', 'other')),
    CONSTRAINT ck_guardianship_interval CHECK (valid_to >= valid_from),
    CONSTRAINT fk_guardianship_guardian_id FOREIGN KEY(guardian_id) REFERENCES guardian (id),
    CONSTRAINT fk_guardianship_student_id FOREIGN KEY(student_id) REFERENCES student (id)
)""",
    "CREATE INDEX ix_guardianship_guardian_id ON guardianship (guardian_id)",
    """CREATE TABLE organization (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    full_name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    municipality TEXT NOT NULL,
    locality TEXT NOT NULL,
    founder_id UUID,
    inn TEXT NOT NULL,
    ogrn TEXT NOT NULL,
    address TEXT NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_organization PRIMARY KEY (id),
    CONSTRAINT ck_organization_kind CHECK (kind IN ('school', 'preschool')),
    CONSTRAINT ck_organization_locality CHECK (locality IN ('urban', 'rural')),
    CONSTRAINT fk_organization_municipality FOREIGN KEY(municipality) REFERENCES municipality (oktmo)
)""",
    "CREATE INDEX ix_organization_founder_id ON organization (founder_id, id)",
    "CREATE INDEX ix_organization_municipality ON organization (municipality, id)",
    "CREATE UNIQUE INDEX uq_organization_ogrn ON organization (ogrn)",
    """CREATE TABLE membership (
    id UUID NOT NULL,
    student_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    main BOOLEAN NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_membership PRIMARY KEY (id),
    CONSTRAINT uq_membership_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ex_membership_one_main EXCLUDE USING gist (student_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (main),
    CONSTRAINT ex_membership_one_per_organization EXCLUDE USING gist (student_id WITH =, organization_id WITH =, daterange(valid_from, valid_to) WITH &&),
    CONSTRAINT ck_membership_interval CHECK (valid_to >= valid_from),
    CONSTRAINT fk_membership_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_membership_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
)""",
    "CREATE INDEX ix_membership_organization_id ON membership (organization_id, valid_from)",
    """CREATE TABLE movement_order (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    number TEXT NOT NULL,
    date DATE NOT NULL,
    CONSTRAINT pk_movement_order PRIMARY KEY (id),
    CONSTRAINT uq_movement_order_organization_id_number_date UNIQUE (organization_id, number, date),
    CONSTRAINT uq_movement_order_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT fk_movement_order_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
)""",
    """CREATE TABLE study_group (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    grade INTEGER,
    age_from INTEGER,
    age_to INTEGER,
    capacity INTEGER NOT NULL,
    occupied INTEGER DEFAULT 0 NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_study_group PRIMARY KEY (id),
    CONSTRAINT uq_study_group_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ck_study_group_kind CHECK (kind IN ('class', 'preschool_group')),
    CONSTRAINT ck_study_group_occupied CHECK (occupied BETWEEN 0 AND capacity),
    CONSTRAINT ck_study_group_grade CHECK ((kind = 'class') = (grade IS NOT NULL)),
    CONSTRAINT ck_study_group_grade_range CHECK (grade BETWEEN 1 AND 11),
    CONSTRAINT ck_study_group_ages CHECK ((kind = 'class') = (age_from IS NULL AND age_to IS NULL)),
    CONSTRAINT ck_study_group_age_range CHECK (age_from >= 0 AND age_from <= age_to AND age_to <= 8),
    CONSTRAINT fk_study_group_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_study_group_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year)
)""",
    "CREATE UNIQUE INDEX uq_study_group_name ON study_group (organization_id, academic_year, lower(name))",
    """CREATE TABLE placement (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    group_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    holds_place BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_placement PRIMARY KEY (id),
    CONSTRAINT fk_placement_membership FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id),
    CONSTRAINT fk_placement_group FOREIGN KEY(organization_id, group_id) REFERENCES study_group (organization_id, id),
    CONSTRAINT ex_placement_one_per_membership EXCLUDE USING gist (membership_id WITH =, daterange(valid_from, valid_to) WITH &&),
    CONSTRAINT ck_placement_interval CHECK (valid_to >= valid_from),
    CONSTRAINT ck_placement_holds_place CHECK (holds_place OR valid_to IS NOT NULL)
)""",
    "CREATE INDEX ix_placement_ending ON placement (valid_to) WHERE holds_place AND valid_to IS NOT NULL",
    "CREATE INDEX ix_placement_group_id ON placement (group_id, valid_from)",
    """CREATE TABLE movement (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    order_id UUID NOT NULL,
    student_id UUID NOT NULL,
    kind TEXT NOT NULL,
    effective_date DATE NOT NULL,
    opened_id UUID,
    closed_id UUID,
    reason TEXT,
    application_id UUID,
    admission_id UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_movement PRIMARY KEY (id),
    CONSTRAINT fk_movement_order FOREIGN KEY(organization_id, order_id) REFERENCES movement_order (organization_id, id),
    CONSTRAINT ck_movement_kind CHECK (kind IN ('enrolled', 'transferred_between_groups', 'transferred_between_organizations', 'departed')),
    CONSTRAINT ck_movement_effect CHECK (opened_id IS NOT NULL OR closed_id IS NOT NULL),
    CONSTRAINT fk_movement_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_movement_opened_id FOREIGN KEY(opened_id) REFERENCES placement (id),
    CONSTRAINT fk_movement_closed_id FOREIGN KEY(closed_id) REFERENCES placement (id)
)""",
    "CREATE INDEX ix_movement_organization_id ON movement (organization_id, id)",
    "CREATE INDEX ix_movement_student_id ON movement (student_id, effective_date)",
    "CREATE UNIQUE INDEX uq_movement_admission_id ON movement (admission_id)",
    "CREATE UNIQUE INDEX uq_movement_application_id ON movement (application_id)",
)

HISTORY = ("card_change", "movement", "admission_rejection")


def upgrade() -> None:
    runtime.create_v1()
    for statement in TABLES:
        op.execute(statement)
    op.execute(
        "INSERT INTO academic_year (year, starts_on, ends_on) "
        "SELECT y, make_date(y, 9, 1), make_date(y + 1, 9, 1) FROM generate_series(2000, 2100) AS y"
    )
    _load_municipalities()
    runtime.grant("core_app", append_only=(*HISTORY, "municipality", "academic_year"))


def _load_municipalities() -> None:
    """Municipalities of the region (ОКТМО), as of 2021."""
    text = files("sgo_core.organizations").joinpath("municipalities.csv").read_text(encoding="utf-8")
    table = sa.table("municipality", sa.column("oktmo"), sa.column("name"), sa.column("valid_from", sa.Date))
    start = sa.text("DATE '2021-01-01'")
    for row in csv.DictReader(text.splitlines()):
        op.execute(sa.insert(table).values(oktmo=row["oktmo"], name=row["name"], valid_from=start))
