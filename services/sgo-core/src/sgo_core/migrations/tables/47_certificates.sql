CREATE TABLE certificate_book (
    organization_id UUID NOT NULL,
    kind TEXT NOT NULL,
    last_number INTEGER NOT NULL,
    CONSTRAINT pk_certificate_book PRIMARY KEY (organization_id, kind),
    CONSTRAINT fk_certificate_book_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);

CREATE TABLE certificate (
    id UUID NOT NULL,
    organization_id UUID NOT NULL,
    student_id UUID NOT NULL,
    kind TEXT NOT NULL,
    academic_year INTEGER NOT NULL,
    state TEXT NOT NULL,
    honours BOOLEAN NOT NULL,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    middle_name TEXT,
    birth_date DATE NOT NULL,
    marks JSONB NOT NULL,
    order_number TEXT NOT NULL,
    order_date DATE NOT NULL,
    duplicate_of UUID,
    duplicate_reason TEXT,
    registration_number INTEGER,
    registered_on DATE,
    blank TEXT,
    handed_on DATE,
    handed_to TEXT,
    handed_note TEXT,
    federal_state TEXT NOT NULL,
    federal_on DATE,
    federal_note TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_certificate PRIMARY KEY (id),
    CONSTRAINT fk_certificate_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_certificate_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_certificate_academic_year FOREIGN KEY(academic_year) REFERENCES academic_year (year),
    CONSTRAINT fk_certificate_duplicate_of FOREIGN KEY(duplicate_of) REFERENCES certificate (id),
    CONSTRAINT ck_certificate_kind CHECK (kind IN ('basic', 'secondary', 'study_note')),
    CONSTRAINT ck_certificate_state CHECK (state IN ('draft', 'withdrawn', 'registered', 'handed')),
    CONSTRAINT ck_certificate_honours CHECK (NOT honours OR kind <> 'study_note'),
    CONSTRAINT ck_certificate_registered CHECK ((state IN ('registered', 'handed')) = (registration_number IS NOT NULL) AND (registration_number IS NULL) = (registered_on IS NULL)),
    CONSTRAINT ck_certificate_blank CHECK ((kind = 'study_note' OR registration_number IS NULL) = (blank IS NULL)),
    CONSTRAINT ck_certificate_handed CHECK ((state = 'handed') = (handed_on IS NOT NULL) AND (handed_on IS NULL) = (handed_to IS NULL) AND handed_on >= registered_on),
    CONSTRAINT ck_certificate_handed_to CHECK (handed_to IN ('graduate', 'representative', 'post')),
    CONSTRAINT ck_certificate_duplicate CHECK ((duplicate_of IS NULL) = (duplicate_reason IS NULL) AND duplicate_of <> id),
    CONSTRAINT ck_certificate_federal_state CHECK (federal_state IN ('not_sent', 'sent', 'accepted', 'rejected'))
);

CREATE UNIQUE INDEX uq_certificate_original ON certificate (student_id, kind) WHERE duplicate_of IS NULL AND kind <> 'study_note' AND state <> 'withdrawn';

CREATE UNIQUE INDEX uq_certificate_registration ON certificate (organization_id, kind, registration_number);

CREATE INDEX ix_certificate_organization_id ON certificate (organization_id, academic_year, id);

CREATE INDEX ix_certificate_student_id ON certificate (student_id);

CREATE TRIGGER keep_history BEFORE UPDATE ON certificate FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id}', '{}');

-- The book counts by itself, without gaps: a number is given when a draft is entered, in the transaction that enters it. What is entered stands; only
-- handing over, a spoilt blank and the answer of the federal register are noted beside it.
CREATE FUNCTION enter_certificate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    noted TEXT[] := '{state,blank,handed_on,handed_to,handed_note,federal_state,federal_on,federal_note,version,updated_at,recorded_at,recorded_by,reason}';
BEGIN
    IF OLD.state = 'draft' THEN
        IF NEW.state = 'registered' THEN
            INSERT INTO certificate_book AS book (organization_id, kind, last_number) VALUES (NEW.organization_id, NEW.kind, 1)
            ON CONFLICT (organization_id, kind) DO UPDATE SET last_number = book.last_number + 1
            RETURNING last_number INTO NEW.registration_number;
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('registered', 'registered'), ('registered', 'handed'), ('handed', 'handed'))
        OR to_jsonb(NEW) - noted <> to_jsonb(OLD) - noted
        OR OLD.state = 'handed' AND NEW.blank IS DISTINCT FROM OLD.blank THEN
        RAISE EXCEPTION 'certificate % is %', OLD.id, OLD.state USING ERRCODE = 'AS003';
    END IF;
    RETURN NEW;
END
$$;

-- Fires before keep_history, in the order of the alphabet.
CREATE TRIGGER enter_certificate BEFORE UPDATE ON certificate FOR EACH ROW EXECUTE FUNCTION enter_certificate();

-- Blanks of strict account: a number is used once in the region, for ever.
CREATE TABLE certificate_blank (
    number TEXT NOT NULL,
    organization_id UUID NOT NULL,
    certificate_id UUID NOT NULL,
    used_on DATE NOT NULL,
    used_by TEXT NOT NULL,
    CONSTRAINT pk_certificate_blank PRIMARY KEY (number),
    CONSTRAINT fk_certificate_blank_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id),
    CONSTRAINT fk_certificate_blank_certificate_id FOREIGN KEY(certificate_id) REFERENCES certificate (id),
    CONSTRAINT ck_certificate_blank_number CHECK (number ~ '^[0-9]{14}$')
);

CREATE INDEX ix_certificate_blank_certificate_id ON certificate_blank (certificate_id);

CREATE TABLE spoilt_blank (
    number TEXT NOT NULL,
    spoilt_on DATE NOT NULL,
    reason TEXT NOT NULL,
    act TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    CONSTRAINT pk_spoilt_blank PRIMARY KEY (number),
    CONSTRAINT fk_spoilt_blank_number FOREIGN KEY(number) REFERENCES certificate_blank (number)
)
