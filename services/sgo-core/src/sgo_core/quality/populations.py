# ruff: noqa: S608 - constants
"""Which cards an organization answers for today, as SQL: the card's own columns as ``c``, and what conditions and rules need beside.

``stay_from`` is the day since when the organization answers for the card. A child is measured where its main place of study is;
one who is only in additional education there, by the earliest stay, and by less (``main`` of the conditions). Parameters:
``organization``, ``day``, ``teaching`` and ``lessons`` (codes of pedagogical posts, and of those that give lessons).
"""

from collections.abc import Mapping

from sgo_core.catalogue.definition import CardKind
from sgo_core.study_forms.titles import FORMS

_TODAY = "{0}.valid_from <= :day AND ({0}.valid_to IS NULL OR {0}.valid_to > :day)"
_STAYS = f"""
    SELECT DISTINCT ON (m.student_id) m.id, m.student_id, m.organization_id, m.main, m.valid_from
    FROM membership m
    WHERE m.organization_id = :organization AND {_TODAY.format("m")} AND (
        m.main OR NOT EXISTS (SELECT FROM membership x WHERE x.student_id = m.student_id AND x.main AND {_TODAY.format("x")})
    )
    ORDER BY m.student_id, m.main DESC, m.valid_from, m.id
"""
_FORM = f"""
    SELECT FROM study_form f WHERE f.membership_id = c.stay_id AND f.kind IN ({", ".join(f"'{one}'" for one in FORMS)})
    AND f.valid_from <= :day
"""

POPULATIONS: Mapping[CardKind, str] = {
    CardKind.ORGANIZATION: """
        SELECT c.*, c.recorded_at::date AS stay_from FROM organization c WHERE c.id = :organization
    """,
    CardKind.STUDENT: f"""
        SELECT c.*, m.id AS stay_id, m.main, m.valid_from AS stay_from, o.kind AS organization_kind,
               o.legal_address ->> 'text' AS organization_address, p.group_id, g.grade, g.starts_on AS year_from
        FROM ({_STAYS}) m
        JOIN student c ON c.id = m.student_id
        JOIN organization o ON o.id = m.organization_id
        LEFT JOIN placement p ON p.membership_id = m.id AND {_TODAY.format("p")}
        LEFT JOIN study_group g ON g.id = p.group_id
    """,
    CardKind.GUARDIAN: f"""
        SELECT c.*, f.stay_from, f.eldest_born, f.kinships
        FROM (
            SELECT t.guardian_id, min(greatest(m.valid_from, t.valid_from)) AS stay_from, min(s.birth_date) AS eldest_born,
                   array_agg(DISTINCT t.kinship) AS kinships
            FROM ({_STAYS}) m
            JOIN guardianship t ON t.student_id = m.student_id AND {_TODAY.format("t")}
            JOIN student s ON s.id = m.student_id
            GROUP BY t.guardian_id
        ) f
        JOIN guardian c ON c.id = f.guardian_id
    """,
    CardKind.WORKER: """
        SELECT c.*, e.stay_from, e.teaches, e.gives_lessons, e.rate
        FROM (
            SELECT worker_id, min(hired_on) AS stay_from, sum(rate) AS rate,
                   bool_or(post_code = ANY (:teaching)) AS teaches, bool_or(post_code = ANY (:lessons)) AS gives_lessons
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
    "lessons": "c.gives_lessons",
    "main_programme": "c.main",
    "schoolchild": "c.main AND c.organization_kind = 'school'",
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
    # Who has none recorded studies full time; one that has run out and is followed by none leaves it unsaid.
    (CardKind.STUDENT, "study_form"): f"""
        EXISTS ({_FORM} AND (f.valid_to IS NULL OR f.valid_to > :day))
        OR NOT EXISTS ({_FORM} AND f.valid_to BETWEEN f.valid_from + 1 AND :day)
    """,
    (CardKind.GUARDIAN, "children"): "true",
    (CardKind.GUARDIAN, "kinship"): "true",
    (CardKind.GUARDIAN, "consent"): """
        EXISTS (SELECT FROM consent k WHERE k.subject_id = c.id AND k.organization_id = :organization AND k.withdrawn_at IS NULL
                AND (k.valid_until IS NULL OR k.valid_until >= :day))
    """,
    (CardKind.WORKER, "hired"): "true",
    (CardKind.WORKER, "main_post"): "true",
    (CardKind.WORKER, "teaching"): f"""
        EXISTS (SELECT FROM teaching_load t WHERE t.worker_id = c.id AND t.organization_id = :organization AND {_TODAY.format("t")})
    """,
}
"""Whether a field that has no column is filled; the cards of a population have a stay or a post, whatever it is called."""
