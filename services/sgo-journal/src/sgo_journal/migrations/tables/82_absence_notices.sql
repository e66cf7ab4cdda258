CREATE TABLE absence_reason (
    code text CONSTRAINT pk_absence_reason PRIMARY KEY, title text NOT NULL,
    attendance_code text NOT NULL CONSTRAINT fk_absence_reason_attendance_code REFERENCES attendance_code,
    daycare_code text NOT NULL CONSTRAINT fk_absence_reason_daycare_code REFERENCES daycare_code, position integer NOT NULL);

INSERT INTO absence_reason (position, code, title, attendance_code, daycare_code) VALUES
    (1, 'illness', 'болезнь', 'sick', 'sick'),
    (2, 'family', 'семейные обстоятельства', 'excused', 'excused'),
    (3, 'vacation', 'отпуск родителей (законных представителей)', 'excused', 'vacation'),
    (4, 'sanatorium', 'санаторно-курортное лечение', 'excused', 'sanatorium'),
    (5, 'contest', 'соревнования, олимпиада, конкурс', 'excused', 'excused'),
    (6, 'other', 'другая причина', 'absent', 'unexcused');

CREATE TABLE absence_notice (
    organization_id uuid NOT NULL, academic_year integer NOT NULL, id uuid NOT NULL,
    student_id uuid NOT NULL, recorded_as uuid, starts_on date NOT NULL, ends_on date NOT NULL,
    reason text NOT NULL CONSTRAINT fk_absence_notice_reason REFERENCES absence_reason, note text,
    told_by uuid NOT NULL, by_staff boolean NOT NULL, told_at timestamptz NOT NULL,
    accepted_by uuid, accepted_at timestamptz, withdrawn_by uuid, withdrawn_at timestamptz, version integer NOT NULL,
    CONSTRAINT pk_absence_notice PRIMARY KEY (organization_id, academic_year, id),
    CONSTRAINT ck_absence_notice_days CHECK (starts_on <= ends_on AND ends_on - starts_on <= 366),
    CONSTRAINT ck_absence_notice_accepted CHECK ((accepted_by IS NULL) = (accepted_at IS NULL)),
    CONSTRAINT ck_absence_notice_withdrawn CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))) PARTITION BY LIST (academic_year);

CREATE INDEX ix_absence_notice_id ON absence_notice (id);

CREATE INDEX ix_absence_notice_student_id ON absence_notice (student_id, organization_id, ends_on);

CREATE INDEX ix_absence_notice_ends_on ON absence_notice (organization_id, ends_on);

CREATE INDEX ix_absence_notice_recorded_as ON absence_notice (recorded_as) WHERE recorded_as IS NOT NULL;

CREATE FUNCTION guard_notice() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('absence_notice' || NEW.student_id, 0));
    IF EXISTS (
        SELECT FROM absence_notice AS n
         WHERE n.student_id = NEW.student_id AND n.organization_id = NEW.organization_id AND n.id <> NEW.id
           AND n.starts_on <= NEW.ends_on AND n.ends_on >= NEW.starts_on AND n.withdrawn_at IS NULL) THEN
        RAISE EXCEPTION 'the absence was told of before' USING ERRCODE = 'ASJ30';
    END IF;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION guard_notice() IS 'One notice of a student for a day; those of two cards may meet when the cards are merged';

CREATE TRIGGER guard_new_notice BEFORE INSERT ON absence_notice FOR EACH ROW EXECUTE FUNCTION guard_notice();

CREATE TRIGGER guard_notice BEFORE UPDATE OF starts_on, ends_on ON absence_notice FOR EACH ROW
    WHEN (NEW.starts_on < OLD.starts_on OR NEW.ends_on > OLD.ends_on) EXECUTE FUNCTION guard_notice()
