-- 273-FZ, article 58, part 5: at most two attempts within a year of the day a debt arose, days of illness and leave not counted.
CREATE TABLE academic_debt (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    academic_year INTEGER NOT NULL,
    student_id UUID NOT NULL,
    subject TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    arose_on DATE NOT NULL,
    due_on DATE NOT NULL,
    paused_days INTEGER DEFAULT 0 NOT NULL,
    first_on DATE,
    first_mark TEXT,
    first_by TEXT,
    second_on DATE,
    second_mark TEXT,
    second_by TEXT,
    cleared_on DATE,
    void BOOLEAN DEFAULT false NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_academic_debt PRIMARY KEY (id),
    CONSTRAINT uq_academic_debt_student_id_academic_year_subject_key UNIQUE (student_id, academic_year, subject_key),
    CONSTRAINT fk_academic_debt_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_academic_debt_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT fk_academic_debt_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT ck_academic_debt_term CHECK (paused_days >= 0 AND due_on > arose_on AND due_on <= (arose_on + INTERVAL '1 year')::DATE + paused_days),
    CONSTRAINT ck_academic_debt_attempts CHECK (num_nulls(first_on, first_mark, first_by) IN (0, 3) AND num_nulls(second_on, second_mark, second_by) IN (0, 3)),
    CONSTRAINT ck_academic_debt_second CHECK (second_on IS NULL OR (first_on IS NOT NULL AND second_on > first_on AND first_mark IN ('2', 'нз', 'н/а'))),
    CONSTRAINT ck_academic_debt_within CHECK (first_on > arose_on AND greatest(first_on, second_on) <= (arose_on + INTERVAL '1 year')::DATE + paused_days),
    CONSTRAINT ck_academic_debt_marks CHECK (first_mark IN ('5', '4', '3', '2', 'з', 'нз', 'н/а') AND second_mark IN ('5', '4', '3', '2', 'з', 'нз', 'н/а')),
    CONSTRAINT ck_academic_debt_cleared CHECK (cleared_on IS NOT DISTINCT FROM CASE WHEN second_mark IN ('5', '4', '3', 'з') THEN second_on WHEN first_mark IN ('5', '4', '3', 'з') THEN first_on END)
);

CREATE INDEX ix_academic_debt_open ON academic_debt (id) WHERE cleared_on IS NULL AND NOT void;

CREATE INDEX ix_academic_debt_organization_id ON academic_debt (organization_id, academic_year);

CREATE TRIGGER keep_history BEFORE UPDATE ON academic_debt FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id}', '{}')
