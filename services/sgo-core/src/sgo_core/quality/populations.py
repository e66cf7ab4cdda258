# ruff: noqa: S608 - constants
"""Which cards an organization answers for today, as SQL: the card's own columns as ``c``, and what conditions and rules need beside.

``stay_from`` is the day since when the organization answers for the card. Parameters: ``organization``, ``day``, ``teaching``
(codes of pedagogical posts).
"""

from collections.abc import Mapping

from sgo_core.catalogue.definition import CardKind

_TODAY = "{0}.valid_from <= :day AND ({0}.valid_to IS NULL OR {0}.valid_to > :day)"

POPULATIONS: Mapping[CardKind, str] = {
    CardKind.ORGANIZATION: """
        SELECT c.*, c.recorded_at::date AS stay_from FROM organization c WHERE c.id = :organization
    """,
    CardKind.STUDENT: f"""
        SELECT c.*, m.valid_from AS stay_from, o.kind AS organization_kind, o.legal_address ->> 'text' AS organization_address,
               p.group_id, g.grade, g.starts_on AS year_from
        FROM membership m
        JOIN student c ON c.id = m.student_id
        JOIN organization o ON o.id = m.organization_id
        LEFT JOIN placement p ON p.membership_id = m.id AND {_TODAY.format("p")}
        LEFT JOIN study_group g ON g.id = p.group_id
        WHERE m.organization_id = :organization AND m.main AND {_TODAY.format("m")}
    """,
    CardKind.GUARDIAN: f"""
        SELECT c.*, f.stay_from, f.eldest_born, f.kinships
        FROM (
            SELECT t.guardian_id, min(greatest(m.valid_from, t.valid_from)) AS stay_from, min(s.birth_date) AS eldest_born,
                   array_agg(DISTINCT t.kinship) AS kinships
            FROM membership m
            JOIN guardianship t ON t.student_id = m.student_id AND {_TODAY.format("t")}
            JOIN student s ON s.id = m.student_id
            WHERE m.organization_id = :organization AND m.main AND {_TODAY.format("m")}
            GROUP BY t.guardian_id
        ) f
        JOIN guardian c ON c.id = f.guardian_id
    """,
    CardKind.WORKER: """
        SELECT c.*, e.stay_from, e.teaches, e.rate
        FROM (
            SELECT worker_id, min(hired_on) AS stay_from, bool_or(post_code = ANY (:teaching)) AS teaches, sum(rate) AS rate
            FROM employment
            WHERE organization_id = :organization AND hired_on <= :day AND (dismissed_on IS NULL OR dismissed_on > :day)
            GROUP BY worker_id
        ) e
        JOIN worker c ON c.id = e.worker_id
    """,
}

CONDITIONS: Mapping[str, str] = {
    "always": "true",
    "legal_entity": "length(c.ogrn) = 13",
    "teaching": "c.teaches",
    "schoolchild": "c.organization_kind = 'school'",
}
"""When a field of the catalogue must be filled (its ``mandatory``)."""

DERIVED: Mapping[tuple[CardKind, str], str] = {
    (CardKind.ORGANIZATION, "director"): """
        EXISTS (SELECT FROM employment e WHERE e.organization_id = c.id AND e.post_code = 'director' AND e.hired_on <= :day
                AND (e.dismissed_on IS NULL OR e.dismissed_on > :day))
    """,
    (CardKind.STUDENT, "enrolled_on"): "true",
    (CardKind.STUDENT, "group"): "c.group_id IS NOT NULL",
    (CardKind.STUDENT, "movement"): "true",
    (CardKind.STUDENT, "study_form"): "true",
    (CardKind.GUARDIAN, "children"): "true",
    (CardKind.GUARDIAN, "kinship"): "true",
    (CardKind.GUARDIAN, "consent"): """
        EXISTS (SELECT FROM consent k WHERE k.subject_id = c.id AND k.organization_id = :organization AND k.withdrawn_at IS NULL
                AND (k.valid_until IS NULL OR k.valid_until >= :day))
    """,
    (CardKind.WORKER, "hired"): "true",
    (CardKind.WORKER, "main_post"): "true",
    (CardKind.WORKER, "teaching"): "true",
}
"""Whether a field that has no column is filled; the cards of a population have a stay or a post, whatever it is called."""
