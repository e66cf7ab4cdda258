"""What others hear of lessons: counts, no names."""

from asu_contracts.journal import LessonRecorded
from sgo_journal.lessons.model import Lesson


def lesson_recorded(lesson: Lesson, subject: str) -> LessonRecorded:
    """State of a lesson's record."""
    return LessonRecorded(
        lesson_id=lesson.id,
        organization_id=lesson.organization_id,
        group_id=lesson.learners_id,
        academic_year=lesson.academic_year,
        date=lesson.date,
        subject_name=subject,
        learners=lesson.learners,
        absent=lesson.absent,
        marks=lesson.marks,
    )
