CREATE TABLE queue_stay (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    campaign_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    application_id UUID NOT NULL,
    priority INTEGER NOT NULL,
    queue_seq BIGINT NOT NULL,
    age SMALLINT NOT NULL,
    grade SMALLINT,
    desired_from DATE NOT NULL,
    kinds JSONB,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entered_by TEXT NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE NOT NULL,
    left_by TEXT NOT NULL,
    CONSTRAINT pk_queue_stay PRIMARY KEY (id),
    CONSTRAINT fk_queue_stay_application_id FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT ck_queue_stay_lasted CHECK (left_at > entered_at)
);

CREATE INDEX ix_queue_stay_organization_id ON queue_stay (campaign_id, organization_id, left_at);

CREATE INDEX ix_queue_stay_application_id ON queue_stay (application_id, organization_id);

COMMENT ON COLUMN queue_stay.entered_by IS 'Step of the application that began the stay';

COMMENT ON COLUMN queue_stay.left_by IS 'Step that ended it';

-- Who stands in the queue of an organization now.
CREATE VIEW queue_standing AS
SELECT c.campaign_id, c.organization_id, c.application_id, c.priority, c.reserves, a.queue_seq, a.document_key, a.age, a.grade,
       a.desired_from, a.kinds, coalesce(c.entered_at, a.accepted_at) AS entered_at, coalesce(c.entered_by, 'submitted') AS entered_by
  FROM application_choice c JOIN application a ON a.id = c.application_id
 WHERE a.waits;

-- Keeps the stays that a change of applications ends, and dates those it begins, by the step of the history it comes with. Nothing is
-- written when an application is accepted: its stay begins then unless something else is said.
-- One statement changes one application or all of a campaign, and statistics may be of before it: every join is by index from the changed
-- rows (OFFSET keeps the planner from turning it round).
CREATE FUNCTION keep_queue_of_applications() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM former f CROSS JOIN LATERAL (SELECT * FROM application a WHERE a.id = f.id OFFSET 0) a
                WHERE f.waits <> a.waits AND f.version = a.version) THEN
        RAISE EXCEPTION 'what changes the queue is a step of the application''s history' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO queue_stay (campaign_id, organization_id, application_id, priority, queue_seq, age, grade, desired_from, kinds,
                            entered_at, entered_by, left_at, left_by)
    SELECT c.campaign_id, c.organization_id, f.id, c.priority, f.queue_seq, f.age, f.grade, f.desired_from, f.kinds,
           coalesce(c.entered_at, f.accepted_at), coalesce(c.entered_by, 'submitted'), h.at, h.reason
      FROM former f
     CROSS JOIN LATERAL (SELECT * FROM application a WHERE a.id = f.id OFFSET 0) a
     CROSS JOIN LATERAL (SELECT * FROM application_choice c WHERE c.application_id = f.id OFFSET 0) c
     CROSS JOIN LATERAL (SELECT * FROM application_history h
                          WHERE h.application_id = f.id AND h.version = a.version OFFSET 0) h
     WHERE f.waits AND h.at > coalesce(c.entered_at, f.accepted_at)
       AND (NOT a.waits OR (f.queue_seq, f.age, f.desired_from, f.kinds)
                           IS DISTINCT FROM (a.queue_seq, a.age, a.desired_from, a.kinds));
    IF EXISTS (SELECT FROM former f CROSS JOIN LATERAL (SELECT * FROM application a WHERE a.id = f.id OFFSET 0) a
                WHERE a.waits AND (NOT f.waits OR (f.queue_seq, f.age, f.desired_from, f.kinds)
                                                  IS DISTINCT FROM (a.queue_seq, a.age, a.desired_from, a.kinds))) THEN
        UPDATE application_choice c SET entered_at = moved.at, entered_by = moved.reason
          FROM (SELECT f.id, h.at, h.reason
                  FROM former f
                 CROSS JOIN LATERAL (SELECT * FROM application a WHERE a.id = f.id OFFSET 0) a
                 CROSS JOIN LATERAL (SELECT * FROM application_history h
                                      WHERE h.application_id = f.id AND h.version = a.version OFFSET 0) h
                 WHERE a.waits
                   AND (NOT f.waits OR (f.queue_seq, f.age, f.desired_from, f.kinds)
                                       IS DISTINCT FROM (a.queue_seq, a.age, a.desired_from, a.kinds))) moved
         WHERE c.application_id = moved.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER keep_queue AFTER UPDATE ON application REFERENCING OLD TABLE AS former
FOR EACH STATEMENT EXECUTE FUNCTION keep_queue_of_applications();

-- The same when an application that stands in the queue gets other choices, or another right at one of them. A choice that is added
-- to an application already accepted says itself when and by what step it entered.
CREATE FUNCTION keep_queue_of_choices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    INSERT INTO queue_stay (campaign_id, organization_id, application_id, priority, queue_seq, age, grade, desired_from, kinds,
                            entered_at, entered_by, left_at, left_by)
    SELECT f.campaign_id, f.organization_id, a.id, f.priority, a.queue_seq, a.age, a.grade, a.desired_from, a.kinds,
           coalesce(f.entered_at, a.accepted_at), coalesce(f.entered_by, 'submitted'), h.at, h.reason
      FROM former f
      JOIN application a ON a.id = f.application_id
      JOIN application_history h ON h.application_id = a.id AND h.version = a.version
      LEFT JOIN application_choice c ON c.application_id = f.application_id AND c.organization_id = f.organization_id
     WHERE a.waits AND h.at > coalesce(f.entered_at, a.accepted_at) AND c.priority IS DISTINCT FROM f.priority;
    UPDATE application_choice c SET entered_at = h.at, entered_by = h.reason
      FROM former f
      JOIN application a ON a.id = f.application_id
      JOIN application_history h ON h.application_id = a.id AND h.version = a.version
     WHERE c.application_id = f.application_id AND c.organization_id = f.organization_id AND c.priority <> f.priority AND a.waits;
    RETURN NULL;
END
$$;

CREATE TRIGGER keep_queue_changed AFTER UPDATE ON application_choice REFERENCING OLD TABLE AS former
FOR EACH STATEMENT EXECUTE FUNCTION keep_queue_of_choices();

CREATE TRIGGER keep_queue_removed AFTER DELETE ON application_choice REFERENCING OLD TABLE AS former
FOR EACH STATEMENT EXECUTE FUNCTION keep_queue_of_choices();

CREATE TABLE queue_look_up (
    key BYTEA NOT NULL,
    full_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_queue_look_up PRIMARY KEY (key)
);

CREATE INDEX ix_queue_look_up_full_until ON queue_look_up (full_until);

COMMENT ON TABLE queue_look_up IS 'Wrong codes of look-ups by number, as leaky buckets';

COMMENT ON COLUMN queue_look_up.key IS 'Keyed hash of the number asked for';

CREATE TABLE queue_forecast (
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    months SMALLINT NOT NULL,
    rounds SMALLINT NOT NULL,
    inflow DOUBLE PRECISION NOT NULL,
    leaving DOUBLE PRECISION NOT NULL,
    declining DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_queue_forecast PRIMARY KEY (id),
    CONSTRAINT fk_queue_forecast_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
);

CREATE INDEX ix_queue_forecast_campaign_id ON queue_forecast (campaign_id);

CREATE TABLE queue_forecast_line (
    forecast_id UUID NOT NULL,
    application_id UUID NOT NULL,
    organization_id UUID NOT NULL,
    counts SMALLINT[] NOT NULL,
    CONSTRAINT pk_queue_forecast_line PRIMARY KEY (application_id, organization_id, forecast_id),
    CONSTRAINT fk_queue_forecast_line_forecast_id FOREIGN KEY(forecast_id) REFERENCES queue_forecast (id) ON DELETE CASCADE,
    CONSTRAINT fk_queue_forecast_line_application_id FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX ix_queue_forecast_line_forecast_id ON queue_forecast_line (forecast_id);

COMMENT ON COLUMN queue_forecast_line.counts IS 'By month: in how many of the rounds the place had come true by its end';
