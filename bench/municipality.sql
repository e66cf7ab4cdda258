-- The registry of a municipality in core: 100 schools of 600 students, a guardian each, 40 workers a school, each card edited once.
-- Ids are made of a kind and a number, so that rows find one another without joins; like the service's own they begin with a time, so that
-- the indexes are as deep and as tight as they would be.
CREATE FUNCTION pg_temp.key(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(1790000000000 + number), 12, '0') || '7' || left(md5(kind || number), 3) || '8' || substr(md5(kind || number), 4, 15))::uuid $$;

CREATE FUNCTION pg_temp.name(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT initcap(string_agg((ARRAY['ба','ве','го','ду','жи','за','ко','лю','ми','но','по','ру','са','ту','фе','хо'])
     [1 + (hashint8(number * 31 + place) & 15)], '')) FROM generate_series(1, 3) AS place $$;

INSERT INTO governing_body (id, kind, full_name, short_name, municipality, responsible, recorded_at, recorded_by, reason)
VALUES (pg_temp.key('b', 1), 'municipality', 'Управление образования', 'Управление', '03701000', '[]', now(), 'bench', 'Замер');

INSERT INTO organization (id, kind, full_name, short_name, search_name, municipality, founder_id, locality, inn, ogrn, legal_address,
                          recorded_at, recorded_by, reason)
SELECT pg_temp.key('c', o), 'school', 'Школа № ' || o, 'Школа № ' || o, 'школа ' || o || ' ' || lower(pg_temp.name(o)), '03701000',
       pg_temp.key('b', 1), 'urban', (2300000000 + o)::text, (1022300000000 + o)::text, '{"text": "г. Образцовск"}', now(), 'bench', 'Замер'
FROM generate_series(1, 100) AS o;

INSERT INTO study_group (id, organization_id, academic_year, kind, name, grade, letter, class_type, plan_type, capacity, occupied,
                         starts_on, ends_on, recorded_at, recorded_by, reason)
SELECT pg_temp.key('d', o * 100 + g), pg_temp.key('c', o), {year}, 'class', (g / 2 + 1) || (ARRAY['А', 'Б'])[g % 2 + 1], g / 2 + 1,
       (ARRAY['А', 'Б'])[g % 2 + 1], 'ordinary', 'classical', 40, 28, make_date({year}, 9, 1), make_date({year} + 1, 9, 1), now(),
       'bench', 'Замер'
FROM generate_series(1, 100) AS o, generate_series(0, 21) AS g;

INSERT INTO student (id, statistical_id, search_name, last_name, first_name, birth_date, sex, citizenship, recorded_at, recorded_by, reason)
SELECT pg_temp.key('e', s), pg_temp.key('e', s), lower(pg_temp.name(s) || ' ' || pg_temp.name(s * 7)), pg_temp.name(s),
       pg_temp.name(s * 7), make_date({year} - 7 - (s % 11)::int, 1, 1) + (s % 365)::int, (ARRAY['male', 'female'])[s % 2 + 1], '643',
       now() - interval '30 days', 'bench', 'Замер'
FROM generate_series(1, 60000) AS s;

UPDATE student SET personal_file_number = 'Л-' || right(id::text, 6), version = 2, recorded_at = now() - interval '1 day';

INSERT INTO guardian (id, search_name, last_name, first_name, recorded_at, recorded_by, reason)
SELECT pg_temp.key('f', s), lower(pg_temp.name(s) || ' ' || pg_temp.name(s * 11)), pg_temp.name(s), pg_temp.name(s * 11),
       now() - interval '30 days', 'bench', 'Замер'
FROM generate_series(1, 60000) AS s;

UPDATE guardian SET workplace = 'Завод', version = 2, recorded_at = now() - interval '1 day';

INSERT INTO guardianship (id, guardian_id, student_id, kinship, valid_from, recorded_at, recorded_by, reason)
SELECT pg_temp.key('a', s), pg_temp.key('f', s), pg_temp.key('e', s), 'mother', make_date({year} - 1, 9, 1), now(), 'bench', 'Замер'
FROM generate_series(1, 60000) AS s;

INSERT INTO movement_order (id, organization_id, number, date, state, lines, drafted_by, signed_by, signed_at, recorded_at, recorded_by, reason)
SELECT pg_temp.key('1', o * 1000 + n), pg_temp.key('c', o), n || '-у', make_date({year}, 8, 1) + n, 'signed', '[]', 'bench', 'bench', now(), now(),
       'bench', 'Замер'
FROM generate_series(1, 100) AS o, generate_series(1, 60) AS n;

INSERT INTO membership (id, student_id, organization_id, main, valid_from)
SELECT pg_temp.key('2', s), pg_temp.key('e', s), pg_temp.key('c', s % 100 + 1), true, make_date({year}, 9, 1)
FROM generate_series(1, 60000) AS s;

INSERT INTO placement (id, organization_id, membership_id, group_id, valid_from)
SELECT pg_temp.key('3', s), pg_temp.key('c', s % 100 + 1), pg_temp.key('2', s), pg_temp.key('d', (s % 100 + 1) * 100 + s / 100 % 22),
       make_date({year}, 9, 1)
FROM generate_series(1, 60000) AS s;

INSERT INTO movement (id, organization_id, order_id, student_id, kind, effective_date, opened_id, recorded_at, recorded_by)
SELECT pg_temp.key('4', s), pg_temp.key('c', s % 100 + 1), pg_temp.key('1', (s % 100 + 1) * 1000 + s / 100 % 60 + 1), pg_temp.key('e', s),
       'enrolled', make_date({year}, 9, 1), pg_temp.key('3', s), now(), 'bench'
FROM generate_series(1, 60000) AS s;

INSERT INTO duplicate_note (id, student_id, other_id, reason, noted_at)
SELECT pg_temp.key('5', s), pg_temp.key('e', s), pg_temp.key('e', s + 30000), 'same_name_and_birth_date', now()
FROM generate_series(1, 3000) AS s;

INSERT INTO worker (id, statistical_id, search_name, last_name, first_name, birth_date, sex, recorded_at, recorded_by, reason)
SELECT pg_temp.key('6', w), pg_temp.key('6', w), lower(pg_temp.name(w) || ' ' || pg_temp.name(w * 7)), pg_temp.name(w), pg_temp.name(w * 7), '1980-01-01', 'female',
       now() - interval '30 days', 'bench', 'Замер'
FROM generate_series(1, 4000) AS w;

UPDATE worker SET degree = 'Кандидат наук', version = 2, recorded_at = now() - interval '1 day';

INSERT INTO employment (id, worker_id, organization_id, post_code, main, rate, hired_on, order_number, recorded_at, recorded_by, reason)
SELECT pg_temp.key('7', w), pg_temp.key('6', w), pg_temp.key('c', w % 100 + 1), 'teacher', true, 1, '2020-09-01', '1-к', now(), 'bench', 'Замер'
FROM generate_series(1, 4000) AS w;

INSERT INTO teaching_load (id, organization_id, academic_year, group_id, subject_id, worker_id, employment_id, hours_week, valid_from, valid_to,
                           recorded_at, recorded_by, reason)
SELECT pg_temp.key('8', w * 10 + g), pg_temp.key('c', w % 100 + 1), {year}, pg_temp.key('d', (w % 100 + 1) * 100 + (w / 100 + g) % 22), s.id,
       pg_temp.key('6', w), pg_temp.key('7', w), 3, make_date({year}, 9, 1), make_date({year} + 1, 9, 1), now(), 'bench', 'Замер'
FROM generate_series(1, 4000) AS w, generate_series(0, 5) AS g, (SELECT id FROM subject WHERE organization_id IS NULL ORDER BY id LIMIT 1) AS s;

INSERT INTO achievement (id, student_id, kind, title, level, result, held_on, state, decided_by, recorded_at, recorded_by, reason)
SELECT pg_temp.key('9', s), pg_temp.key('e', s), 'olympiad', 'Олимпиада', 'municipality', 'participant', make_date({year}, 3, 1), 'confirmed',
       'bench', now(), 'bench', 'Замер'
FROM generate_series(1, 60000) AS s;

INSERT INTO attachment (id, subject_kind, subject_id, organization_id, kind, media_type, size, sha256, attached_at, stored_at,
                        recorded_at, recorded_by, reason)
SELECT pg_temp.key('0', s), 'student', pg_temp.key('e', s), pg_temp.key('c', s % 100 + 1), 'personal_file_paper', 'application/pdf', 1000,
       sha256('scan'), now(), now(), now(), 'bench', 'Замер'
FROM generate_series(1, 60000) AS s;
