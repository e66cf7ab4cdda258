CREATE TABLE course (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    subject_id uuid, grade smallint, title text NOT NULL, description text, author_id uuid NOT NULL, shared boolean NOT NULL,
    contents jsonb NOT NULL, edition integer NOT NULL, archived_at timestamptz, version integer NOT NULL, created_at timestamptz NOT NULL,
    CONSTRAINT pk_course PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_course_grade CHECK (grade BETWEEN 0 AND 12),
    CONSTRAINT ck_course_edition CHECK (edition >= 0)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_course_id ON course (id);

CREATE TABLE course_edition (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    course_id uuid NOT NULL, number integer NOT NULL, title text NOT NULL, description text, contents jsonb NOT NULL,
    item_ids uuid[] NOT NULL, published_by uuid NOT NULL, published_at timestamptz NOT NULL,
    CONSTRAINT pk_course_edition PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_course_edition_number UNIQUE (organization_id, academic_year, course_id, number),
    CONSTRAINT fk_course_edition_course FOREIGN KEY (organization_id, academic_year, course_id)
        REFERENCES course (organization_id, academic_year, id),
    CONSTRAINT ck_course_edition_number CHECK (number >= 1 AND cardinality(item_ids) >= 1)) PARTITION BY LIST (academic_year);

CREATE TABLE course_journal (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    course_id uuid NOT NULL, journal_id uuid NOT NULL,
    CONSTRAINT pk_course_journal PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_course_journal_journal_id UNIQUE (organization_id, academic_year, course_id, journal_id),
    CONSTRAINT fk_course_journal_course FOREIGN KEY (organization_id, academic_year, course_id)
        REFERENCES course (organization_id, academic_year, id),
    CONSTRAINT fk_course_journal_journal FOREIGN KEY (organization_id, academic_year, journal_id)
        REFERENCES journal (organization_id, academic_year, id)) PARTITION BY LIST (academic_year);

CREATE INDEX ix_course_journal_journal_id ON course_journal (organization_id, academic_year, journal_id);

CREATE TABLE course_progress (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    course_id uuid NOT NULL, student_id uuid NOT NULL, item_id uuid NOT NULL, done_at timestamptz NOT NULL,
    CONSTRAINT pk_course_progress PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT uq_course_progress_item_id UNIQUE (organization_id, academic_year, course_id, student_id, item_id),
    CONSTRAINT fk_course_progress_course FOREIGN KEY (organization_id, academic_year, course_id)
        REFERENCES course (organization_id, academic_year, id)) PARTITION BY LIST (academic_year)
