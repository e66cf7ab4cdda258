-- Students of a closing whose outcomes cannot be carried out as they stand, with what is in the way (bases.Conflict).
WITH closing AS (SELECT id, organization_id, academic_year, graduated_on, (orders #>> '{promotion,date}')::DATE AS promoted_on FROM year_closing WHERE id = :closing),
years AS (SELECT y.starts_on, y.ends_on FROM academic_year AS y JOIN closing AS c ON c.academic_year = y.year),
o AS (SELECT o.*, g.grade, g.kind FROM year_outcome AS o JOIN study_group AS g ON g.id = o.group_id WHERE o.closing_id = :closing AND NOT o.void),
leaves AS (
    SELECT p.id AS placement_id, l.valid_from, l.valid_to, y.starts_on, y.ends_on
    FROM o JOIN placement AS p ON p.id = o.placement_id JOIN academic_leave AS l USING (membership_id), years AS y
),
carried AS (SELECT * FROM o WHERE outcome IN ('promoted', 'conditional', 'repeated', 'on_leave')),
found AS (
    SELECT student_id, 'no_class' AS code FROM carried WHERE target_group_id IS NULL
    UNION ALL
    SELECT o.student_id, 'wrong_class' FROM carried AS o JOIN study_group AS t ON t.id = o.target_group_id, closing AS c
    WHERE t.organization_id <> c.organization_id OR t.academic_year <> c.academic_year + 1 OR NOT t.active OR t.kind <> o.kind
        OR o.outcome IN ('promoted', 'conditional') AND t.grade <> o.grade + 1
        OR o.outcome = 'repeated' AND t.grade <> o.grade
        OR o.outcome = 'on_leave' AND t.grade NOT IN (o.grade, o.grade + 1)
    UNION ALL
    SELECT o.student_id, 'no_place' FROM carried AS o WHERE o.movement_id IS NULL AND o.target_group_id IN (
        SELECT t.id FROM study_group AS t JOIN carried AS w ON w.target_group_id = t.id AND w.movement_id IS NULL
        GROUP BY t.id HAVING t.occupied + count(*) > t.capacity)
    UNION ALL
    SELECT o.student_id, 'moved' FROM o JOIN placement AS p ON p.id = o.placement_id JOIN membership AS m ON m.id = p.membership_id
    WHERE p.valid_to IS NOT NULL OR m.valid_to IS NOT NULL OR p.group_id <> o.group_id
    UNION ALL
    SELECT m.student_id, 'not_listed' FROM closing AS c
    JOIN study_group AS g ON g.organization_id = c.organization_id AND g.academic_year = c.academic_year
    JOIN placement AS p ON p.group_id = g.id AND p.valid_to IS NULL
    JOIN membership AS m ON m.id = p.membership_id AND m.main AND m.valid_to IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM o WHERE o.student_id = m.student_id)
    UNION ALL
    SELECT line.student_id, 'draft_order' FROM closing AS c
    JOIN movement_order AS d ON d.organization_id = c.organization_id AND d.state IN ('draft', 'checked')
    JOIN LATERAL (SELECT (one ->> 'student_id')::UUID AS student_id FROM jsonb_array_elements(d.lines) AS one) AS line ON true
    JOIN o USING (student_id)
    UNION ALL
    SELECT student_id, 'open_transfer' FROM o JOIN transfer AS t USING (student_id) WHERE t.state IN ('asked', 'agreed', 'released', 'declined')
    UNION ALL
    SELECT o.student_id, 'on_leave' FROM o JOIN leaves AS l USING (placement_id)
    WHERE o.outcome IN ('promoted', 'conditional', 'graduated') AND l.valid_from < l.ends_on AND (l.valid_to IS NULL OR l.valid_to >= l.ends_on)
    UNION ALL
    SELECT o.student_id, 'not_on_leave' FROM o
    WHERE o.outcome = 'on_leave' AND NOT EXISTS (SELECT 1 FROM leaves AS l
        WHERE l.placement_id = o.placement_id AND l.valid_from < l.ends_on AND (l.valid_to IS NULL OR l.valid_to > l.starts_on))
    UNION ALL
    SELECT student_id, 'not_a_last_grade' FROM o WHERE outcome = 'graduated' AND kind = 'class' AND grade NOT IN (9, 11)
    UNION ALL
    SELECT student_id, 'last_grade' FROM o WHERE outcome IN ('promoted', 'conditional') AND grade = 11
    UNION ALL
    SELECT o.student_id, 'graduates_with_debts' FROM o, closing AS c WHERE o.outcome = 'graduated' AND EXISTS (
        SELECT 1 FROM year_result AS r WHERE r.student_id = o.student_id AND r.academic_year = c.academic_year
        AND coalesce(r.final, r.annual) = ANY (:unsatisfactory))
    UNION ALL
    SELECT o.student_id, 'moved' FROM o JOIN placement AS p ON p.id = o.placement_id, closing AS c
    WHERE o.movement_id IS NULL AND p.valid_from > CASE o.outcome WHEN 'departed' THEN o.leaves_on WHEN 'graduated' THEN c.graduated_on END
        AND NOT EXISTS (SELECT 1 FROM placement AS f WHERE f.membership_id = p.membership_id AND f.group_id = p.group_id
            AND f.valid_to = p.valid_from AND f.valid_from <= CASE o.outcome WHEN 'departed' THEN o.leaves_on ELSE c.graduated_on END)
    UNION ALL
    SELECT o.student_id, 'leaves_outside_year' FROM o, years AS y
    WHERE o.outcome = 'departed' AND (o.leaves_on <= y.starts_on OR o.leaves_on > y.ends_on)
    UNION ALL
    SELECT o.student_id, 'debts_term' FROM o, closing AS c
    WHERE o.outcome = 'conditional' AND (o.debts_due <= c.promoted_on OR o.debts_due > c.promoted_on + INTERVAL '1 year')
)
SELECT student_id, array_agg(DISTINCT code ORDER BY code) AS codes FROM found
WHERE cardinality(CAST(:students AS UUID[])) = 0 OR student_id = ANY (:students)
GROUP BY student_id ORDER BY student_id
