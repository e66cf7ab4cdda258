"""What others hear of a lesson's cells: counts, no names."""

from uuid import UUID

from asu_contracts.journal import LessonRecorded
from sgo_journal.marks.saving import Counted


def lesson_recorded(organization_id: UUID, academic_year: int, subject: str, lesson: Counted) -> LessonRecorded:
    """State of a lesson's record."""
    return LessonRecorded(
        lesson_id=lesson.id,
        organization_id=organization_id,
        group_id=lesson.learners_id,
        academic_year=academic_year,
        date=lesson.date,
        subject_name=subject,
        learners=lesson.learners,
        absent=lesson.absent,
        marks=lesson.marks,
    )
