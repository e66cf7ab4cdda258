CREATE TABLE achievement (
    id UUID NOT NULL,
    student_id UUID,
    worker_id UUID,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    level TEXT NOT NULL,
    result TEXT NOT NULL,
    place INTEGER,
    subject TEXT,
    organizer TEXT,
    held_on DATE NOT NULL,
    document TEXT,
    state TEXT NOT NULL,
    decided_by TEXT,
    remark TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_achievement PRIMARY KEY (id),
    CONSTRAINT fk_achievement_student_id FOREIGN KEY(student_id) REFERENCES student (id),
    CONSTRAINT fk_achievement_worker_id FOREIGN KEY(worker_id) REFERENCES worker (id),
    CONSTRAINT ck_achievement_owner CHECK (num_nonnulls(student_id, worker_id) = 1),
    CONSTRAINT ck_achievement_kind CHECK (kind IN ('olympiad', 'contest', 'sport', 'conference', 'club', 'volunteering', 'award', 'other')),
    CONSTRAINT ck_achievement_level CHECK (level IN ('organization', 'municipality', 'region', 'country', 'international')),
    CONSTRAINT ck_achievement_result CHECK (result IN ('winner', 'prizewinner', 'finalist', 'participant')),
    CONSTRAINT ck_achievement_place CHECK (place BETWEEN 1 AND 1000),
    CONSTRAINT ck_achievement_state CHECK (state IN ('stated', 'confirmed', 'refused', 'withdrawn')),
    CONSTRAINT ck_achievement_decided CHECK ((state IN ('confirmed', 'refused')) = (decided_by IS NOT NULL)),
    CONSTRAINT ck_achievement_remark CHECK (state <> 'refused' OR remark IS NOT NULL)
);

CREATE INDEX ix_achievement_student_id ON achievement (student_id, id);

CREATE INDEX ix_achievement_worker_id ON achievement (worker_id, id);

CREATE TRIGGER keep_history BEFORE UPDATE ON achievement FOR EACH ROW EXECUTE FUNCTION keep_history('{student_id,worker_id}', '{}');
