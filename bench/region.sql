-- The contingent of a region in core: 700 000 students in 1 200 schools of all municipalities, each in a class of this year and in one of
-- the last, a tenth of them then in another school. Made is what a count reads; triggers, and the indexes that only search and keep two
-- stays apart, are put aside, so that the rows enter in a minute.
SET session_replication_role = replica;
DROP INDEX ix_student_search_name;
ALTER TABLE membership DROP CONSTRAINT ex_membership_one_main;
ALTER TABLE placement DROP CONSTRAINT ex_placement_one_per_membership;

CREATE FUNCTION pg_temp.key(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(1790000000000 + number), 12, '0') || '7' || left(md5(kind || number), 3) || '8' || substr(md5(kind || number), 4, 15))::uuid $$;

INSERT INTO governing_body (id, kind, full_name, short_name, municipality, responsible, recorded_at, recorded_by, reason)
SELECT pg_temp.key('b', row_number() OVER (ORDER BY oktmo)), 'municipality', 'Управление образования', 'Управление', oktmo, '[]', now(), 'bench', 'Замер'
FROM municipality;

INSERT INTO organization (id, kind, full_name, short_name, search_name, municipality, founder_id, locality, inn, ogrn, legal_address,
                          recorded_at, recorded_by, reason)
SELECT pg_temp.key('c', o), 'school', 'Школа № ' || o, 'Школа № ' || o, 'школа ' || o, b.municipality, b.id, 'urban', (2300000000 + o)::text,
       (1022300000000 + o)::text, '{"text": "г. Образцовск"}', now(), 'bench', 'Замер'
FROM (SELECT id, municipality, row_number() OVER (ORDER BY municipality) - 1 AS place, count(*) OVER () AS places FROM governing_body) AS b
JOIN generate_series(1, 1200) AS o ON o % b.places = b.place;

INSERT INTO study_group (id, organization_id, academic_year, kind, name, grade, letter, class_type, plan_type, capacity, occupied,
                         starts_on, ends_on, recorded_at, recorded_by, reason)
SELECT pg_temp.key('d', y * 1000000 + o * 100 + g), pg_temp.key('c', o), y, 'class', (g / 2 + 1) || (ARRAY['А', 'Б'])[g % 2 + 1], g / 2 + 1,
       (ARRAY['А', 'Б'])[g % 2 + 1], 'ordinary', 'classical', 40, 27, make_date(y, 9, 1), make_date(y + 1, 9, 1), now(), 'bench', 'Замер'
FROM generate_series({year} - 1, {year}) AS y, generate_series(1, 1200) AS o, generate_series(0, 21) AS g;

INSERT INTO student (id, statistical_id, search_name, last_name, first_name, birth_date, sex, citizenship, recorded_at, recorded_by, reason)
SELECT pg_temp.key('e', s), pg_temp.key('e', s), 'образцова анна', 'Образцова', 'Анна', make_date({year} - 7 - (s % 11)::int, 1, 1) + (s % 365)::int,
       (ARRAY['male', 'female'])[s % 2 + 1], '643', now(), 'bench', 'Замер'
FROM generate_series(1, 700000) AS s;

INSERT INTO membership (id, student_id, organization_id, main, valid_from, valid_to)
SELECT pg_temp.key('2', s), pg_temp.key('e', s), pg_temp.key('c', s % 1200 + 1), true,
       make_date(CASE WHEN s % 10 = 0 THEN {year} ELSE {year} - 1 END, 9, 1), NULL
FROM generate_series(1, 700000) AS s
UNION ALL
SELECT pg_temp.key('2', 1000000 + s), pg_temp.key('e', s), pg_temp.key('c', (s + 7) % 1200 + 1), true, make_date({year} - 1, 9, 1), make_date({year}, 9, 1)
FROM generate_series(10, 700000, 10) AS s;

INSERT INTO placement (id, organization_id, membership_id, group_id, valid_from, valid_to)
SELECT pg_temp.key('3', s), pg_temp.key('c', s % 1200 + 1), pg_temp.key('2', s),
       pg_temp.key('d', {year} * 1000000 + (s % 1200 + 1) * 100 + s / 1200 % 22), make_date({year}, 9, 1), NULL
FROM generate_series(1, 700000) AS s
UNION ALL
SELECT pg_temp.key('3', 1000000 + s), pg_temp.key('c', (CASE WHEN s % 10 = 0 THEN s + 7 ELSE s END) % 1200 + 1),
       pg_temp.key('2', CASE WHEN s % 10 = 0 THEN 1000000 + s ELSE s END),
       pg_temp.key('d', ({year} - 1) * 1000000 + ((CASE WHEN s % 10 = 0 THEN s + 7 ELSE s END) % 1200 + 1) * 100 + s / 1200 % 22),
       make_date({year} - 1, 9, 1), make_date({year}, 9, 1)
FROM generate_series(1, 700000) AS s;
